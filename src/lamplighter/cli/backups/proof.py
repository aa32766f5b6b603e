"""The control totals of an installation, as a backup keeps them and a restored copy must show them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from lamplighter.cli.check import report_controls
from lamplighter.journeys.control import Control, controls

Told = Mapping[str, Any]


def taken() -> tuple[bool, tuple[Told, ...]]:
    """Print every control of the database that Django is connected to; whether all hold, and what they told."""
    found = controls()
    return report_controls(found), tuple(_told(control) for control in found)


def differing(now: Sequence[Told], then: Sequence[Told]) -> list[str]:
    """The names of controls that tell something else than they told of the original. One that the original's program
    did not know has nothing to be compared with."""
    before = {control["name"]: control for control in then}
    return [control["name"] for control in now if before.get(control["name"], control) != control]


def compared(now: Sequence[Told], then: Sequence[Told]) -> bool:
    """Print the controls that differ from the original's; whether none does."""
    names = differing(now, then)
    before = {control["name"]: control for control in then}
    for name in names:
        told = ", ".join(f"{what} {value}" for what, value in before[name]["totals"])
        click.echo(f"DIFFERS from the original: {name}: it was {told}")
    return not names


def _told(control: Control) -> Told:
    """In the form in which it comes back from JSON."""
    return {
        "name": control.name,
        "totals": [list(pair) for pair in control.totals],
        "differences": list(control.differences),
    }
