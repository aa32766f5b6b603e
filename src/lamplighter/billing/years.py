"""Years of billing: in which month one closes, for net metering that is settled and for minimums of a year.

Months are those of billing, as windows have them. Pure: docs/algorithms/net-metering.md tells the rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lamplighter.billing.rules import CannotBill, shifted_months
from lamplighter.rating.tariff import TrueUp

FACT = "true_up_month"
"""The fact of an agreement that names its own month, "1" to "12"."""


@dataclass(frozen=True, slots=True)
class Year:
    """The year in which a bill falls: it closes in the billing month `ends`; `begun` is the month in which the account
    came onto the tariff, where that is later than the year's begin, so that only a part of it was served."""

    ends: date
    closes: bool
    begun: date | None = None

    @property
    def after(self) -> date:
        """Bills of later months than this belong to it."""
        return shifted_months(self.ends, -12)


def year_of(
    rule: TrueUp | None, *, own: object, since: date, month: date, before: date | None, leaves: bool
) -> Year | None:
    """The year of a bill of a `month`; None where nothing names one.

    `own` is the account's word (`FACT`), `since` the day from which the account is on the tariff, `before` the month
    of the bill before, and `leaves` says that no bill follows. A month that no bill has (a reading that came late) is
    closed by the next bill, once. A second bill of the same month belongs to the new year.
    """
    if own in (None, "") and rule is None:
        return None
    anniversary = rule is not None and rule.month is None and own in (None, "")
    ends_in = since.month if anniversary else _month(own) if own not in (None, "") else rule and rule.month
    assert ends_in, "a year that does not close with an anniversary closes in a month"
    first = since.replace(day=1)
    latest = _latest(month, ends_in)
    counts = latest > first if anniversary else latest >= first
    due = counts and (latest == month if before is None else before < latest)
    ends = latest if due else shifted_months(latest, 12)
    partial = first if since > shifted_months(ends, -11) else None
    return Year(month if leaves and not due else ends, due or leaves, partial)


def _latest(month: date, ends_in: int) -> date:
    """The last month of that number, up to this one."""
    return date(month.year - (month.month < ends_in), ends_in, 1)


def _month(own: object) -> int:
    text = str(own)
    if not text.isdigit() or not 1 <= int(text) <= 12:
        raise CannotBill("billing.true-up", f"{FACT} is “{text}”. State a month from 1 to 12.")
    return int(text)
