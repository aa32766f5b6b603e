"""The `lamplighter` command. Each command lives in a module of its own, imported when it is called."""

from __future__ import annotations

import importlib
from typing import Any

import click

import lamplighter

COMMANDS = {
    "demo": "lamplighter.cli.demo:demo",
    "serve": "lamplighter.cli.serve:serve",
    "worker": "lamplighter.cli.worker:worker",
    "read": "lamplighter.cli.read:read",
    "import": "lamplighter.cli.importing:import_files",
    "price": "lamplighter.cli.price:price",
    "tariff": "lamplighter.cli.tariff:tariff",
    "bill": "lamplighter.cli.bill:bill",
    "check": "lamplighter.cli.check:check",
    "backup": "lamplighter.cli.backup:backup",
    "restore": "lamplighter.cli.backup:restore",
}


class LazyGroup(click.Group):
    """Imports a command only when it is asked for, so that `--help` and `read` never load Django."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: Any = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(lamplighter.__version__, prog_name="lamplighter")
def main() -> None:
    """Lamplighter: the customer side of a public power utility."""
