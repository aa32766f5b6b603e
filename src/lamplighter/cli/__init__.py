"""The `lamplighter` command. Each command lives in a module of its own, imported when it is called."""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass

import click

import lamplighter

MEMORY = {"NUMPY_MADVISE_HUGEPAGE": "0", "ARROW_DEFAULT_MEMORY_POOL": "system"}
"""Arrays that live for a batch, in ordinary pages of the system's own allocator. Huge ones, which NumPy and Arrow ask
for, are cleared whole when their first byte is touched: up to a quarter of a bill run's first second. They are read
where these libraries are loaded, and by the processes that this one begins."""

for _name, _value in MEMORY.items():
    os.environ.setdefault(_name, _value)


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command is, as `module:name` below this package, and what it does in a few words."""

    place: str
    summary: str


COMMANDS = {
    "demo": Entry("demo:demo", "Run the demo city."),
    "serve": Entry("serve:serve", "Serve the desks until interrupted."),
    "found": Entry("founding:found", "Begin a utility: books, bank, cycles, the first login."),
    "convert": Entry("converting:convert", "Take a utility over from another system."),
    "processor": Entry("processor:processor", "Simulate the card processor of the demo city."),
    "head-end": Entry("headend:head_end", "Simulate the meter network of the demo city."),
    "worker": Entry("worker:worker", "Run background jobs until interrupted."),
    "read": Entry("read:read", "Say what meter files hold."),
    "import": Entry("importing:import_files", "Take meter files in."),
    "price": Entry("price:price", "Price a tariff on a load, month by month."),
    "whatif": Entry("whatif:whatif", "Work out what a measure would do to a load."),
    "savings": Entry("savings:savings", "Work out what work saved, by the meter."),
    "tariff": Entry("tariff:tariff", "Check, explain, draft and adopt tariffs."),
    "bill": Entry("bill:bill", "Run a cycle; preview, show and redo bills."),
    "explain": Entry("explain:explain", "Say how a line of a bill came about."),
    "recompute": Entry("recompute:recompute", "Work frozen bills out again, to the byte."),
    "ratelab": Entry("ratelab:ratelab", "Price a rate for every customer over a year."),
    "weather": Entry("weather:weather", "Take in a station's daily temperatures."),
    "check": Entry("check:check", "Prove the control totals."),
    "backup": Entry("backup:backup", "Copy everything that is kept here."),
    "restore": Entry("backup:restore", "Bring a backup back, and prove it."),
    "ring": Entry("ring:ring", "Let a call ring in the demo."),
    "bench": Entry("bench:bench", "Measure speed beside references."),
}


class LazyGroup(click.Group):
    """Imports a command only when it is asked for, so that `--help` is instant and `read` never loads Django."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = f"{__name__}.{COMMANDS[cmd_name].place}".partition(":")
        try:
            command = getattr(importlib.import_module(module), name)
        except ModuleNotFoundError as absent:
            if absent.name != module:
                raise
            raise click.UsageError(f"This build of Lamplighter has no “{cmd_name}”.", ctx) from absent
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(lamplighter.__version__, prog_name="lamplighter")
def main() -> None:
    """Lamplighter: the customer side of a public power utility.

    Exit codes: 0 done, 1 done but something needs a person, or refused, 2 not understood.
    """
