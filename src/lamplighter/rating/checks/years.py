"""Check what a tariff says of its year: a bank that is settled, or a minimum for the year, needs one that closes."""

from __future__ import annotations

from collections.abc import Iterator

from lamplighter.kernel.findings import Severity
from lamplighter.rating.charges import Minimum, Settle
from lamplighter.rating.checks.fault import Fault
from lamplighter.rating.tariff import Tariff

REMEDY = "Write [true_up] with month = 6 or anniversary = true; or state true_up_month for each account."


def year_faults(tariff: Tariff) -> Iterator[Fault]:
    """A warning, since the accounts may state their own months."""
    if tariff.true_up is not None:
        return
    for i, line in enumerate(tariff.lines):
        match line.charge:
            case Settle():
                message = f"“{line.code}” settles a bank once a year, and nothing says when the year closes."
            case Minimum(annual=True):
                message = f"“{line.code}” is a minimum for the year, and nothing says when the year closes."
            case _:
                continue
        yield Fault(("line", i), "true_up", message, REMEDY, Severity.WARNING)
