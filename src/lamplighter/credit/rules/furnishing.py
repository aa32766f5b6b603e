"""What credit bureaus are told of a written-off debt, and until when: pure. FCRA 605, 623 (15 USC 1681c, 1681s-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lamplighter.formats.agencies.metro2 import Dispute, Status
from lamplighter.kernel.money import Money

YEARS = 7
GRACE = timedelta(days=180)
"""The seven years begin 180 days after the first delinquency (15 USC 1681c(c)(1))."""
MONTHS = 24
FILED = {7: "A", 11: "B", 12: "C", 13: "D"}
DISCHARGED = {7: "E", 11: "F", 12: "G", 13: "H"}
DISMISSED = {7: "I", 11: "J", 12: "K", 13: "L"}
NO_MORE = "Q"
"""Takes an indicator back that was told before."""


class CannotFurnish(Exception):
    """Nothing is furnished so; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class Case:
    """A bankruptcy of the customer: its chapter, and how it ended ("" while it is open)."""

    chapter: int
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What the bureaus heard of a debt the last time."""

    status: Status
    dispute: Dispute
    indicator: str

    @property
    def last(self) -> bool:
        """Nothing follows it."""
        return self.status in {Status.PAID, Status.DELETE} and self.dispute in {Dispute.NONE, Dispute.OVER}


@dataclass(frozen=True, slots=True)
class Stand:
    """How a debt stands: what is owed, whether the consumer disputes it, a case, whether we furnish it no more."""

    owed: Money
    disputed: bool
    case: Case | None
    stopped: bool


def to_tell(stand: Stand, before: Told | None) -> Told | None:
    """What the next file says; None where it says nothing.

    A debt that was furnished once is told of each month until it is paid or deleted. One that was never furnished is
    not begun while it is disputed, or by a deletion.
    """
    if before is not None and before.last:
        return None
    if stand.stopped:
        return Told(Status.DELETE, Dispute.NONE, before.indicator) if before else None
    if before is None and (stand.disputed or stand.owed.cents <= 0):
        return None
    discharged = stand.case is not None and stand.case.outcome == "discharged"
    status = Status.PAID if stand.owed.cents <= 0 and not discharged else Status.UNPAID
    return Told(status, _dispute(stand, before), _indicator(stand.case, before))


def obsolete(first_late: date, *, on: date) -> bool:
    """Whether nobody may report it any more."""
    began = first_late + GRACE
    leap = began.month == 2 and began.day == 29
    return on >= date(began.year + YEARS, began.month, 28 if leap else began.day)


def history(written_on: date, *, as_of: date) -> str:
    """The 24 months before the one reported, the newest first: charged off since then, and nothing told before."""
    months = (as_of.year - written_on.year) * 12 + as_of.month - written_on.month
    since = min(max(months, 0), MONTHS)
    return "L" * since + "B" * (MONTHS - since)


def _dispute(stand: Stand, before: Told | None) -> Dispute:
    was = before.dispute if before else Dispute.NONE
    if stand.disputed:
        return Dispute.OPEN
    return {Dispute.OPEN: Dispute.ANSWERED, Dispute.ANSWERED: Dispute.OVER}.get(was, Dispute.NONE)


def _indicator(case: Case | None, before: Told | None) -> str:
    if case is None:
        return NO_MORE if before and before.indicator not in {"", NO_MORE} else ""
    if case.outcome == "discharged":
        return DISCHARGED[case.chapter]
    return (DISMISSED if case.outcome else FILED)[case.chapter]
