"""`lamplighter check`: the control totals, and every difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lamplighter.journeys.control import Control


@click.command()
def check() -> None:
    """Print control totals, and every difference.

    The ledger balances, sub-ledgers equal the general ledger, every frozen bill recomputes to the cent, every
    tender is in a control, and the tender journals hold.

    \b
    Exit codes: 0 everything holds, 1 something does not.
    """
    from lamplighter.cli.booting import boot

    boot()
    from lamplighter.journeys.control import controls

    raise SystemExit(0 if report_controls(controls()) else 1)


def report_controls(controls: Iterable[Control]) -> bool:
    """Print each control with its totals; whether all hold."""
    whole = True
    for control in controls:
        totals = ", ".join(f"{name} {value}" for name, value in control.totals)
        click.echo(f"{'ok      ' if not control.differences else 'DIFFERS '} {control.name}: {totals}")
        for difference in control.differences:
            click.echo(f"           {difference}")
        whole = whole and not control.differences
    return whole
