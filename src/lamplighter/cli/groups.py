"""Groups of commands that are listed in the order in which they are used."""

from __future__ import annotations

import click


class Ordered(click.Group):
    """Lists its commands as they were written, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)
