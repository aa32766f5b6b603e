"""Pure rules of billing: which days to bill, what kind of bill that is, and how far back a correction may reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period, days


class CannotBill(Exception):
    """A bill is refused. `code` names the rule; the message is fit to be read aloud; `evidence` is data for a page."""

    def __init__(self, code: str, message: str, **evidence: object) -> None:
        super().__init__(message)
        self.code = code
        self.evidence = evidence


class CannotDefine(Exception):
    """Windows are refused; the message names the first faults, and what to do about them."""


@dataclass(frozen=True, slots=True)
class Due:
    """Service days that an agreement is to be billed for; `kind` is regular, opening or closing."""

    period: Period
    kind: str


FIRST_SERVICE_DAYS = 15


def days_to_bill(service: Period, billed_to: date | None, reads_on: date) -> Due | None:
    """The days from the last bill (or the start) to the read day, or to the stop; None when there is nothing yet.

    A first service of 15 days or less is carried into the next bill (Alameda Municipal Power, rules of 2026), unless
    it ends.
    """
    start = billed_to or service.start
    ends_here = service.end is not None and service.end <= reads_on
    end = service.end if ends_here and service.end is not None else reads_on
    if end <= start:
        return None
    if billed_to is None and not ends_here and (end - start).days <= FIRST_SERVICE_DAYS:
        return None
    kind = "closing" if ends_here else "opening" if billed_to is None else "regular"
    return Due(days(start, end), kind)


@dataclass(frozen=True, slots=True)
class BackBilling:
    """How far back a correction reaches: months of undercharge that are billed, of overcharge that are refunded; and
    the difference below which nothing is done."""

    undercharge_months: int = 12
    refund_months: int = 36
    threshold: Money = Money(100)

    def reaches(self, day: date, *, today: date, difference: Money) -> bool:
        """Whether a segment that ended on `day` may still be corrected by `difference` (positive: owed to us)."""
        months = self.undercharge_months if difference.cents > 0 else self.refund_months
        return day > months_before(today, months)

    def is_small(self, difference: Money) -> bool:
        return abs(difference).cents < self.threshold.cents


@dataclass(frozen=True, slots=True)
class LatePolicy:
    """A late charge: a percentage of what is past due, at least `least`, once a bill, after `grace` days."""

    percent: Decimal = Decimal("1.5")
    least: Money = Money(100)
    grace: int = 5
    minimum_debt: Money = Money(500)


@dataclass(frozen=True, slots=True)
class BudgetPolicy:
    """Budget billing: the level amount is rounded up to whole `step`s; one that differs by more than `off_by` percent
    from what the last twelve months say is looked at; what was used is settled with the first bill `settle_days` after
    it began, which is the twelfth whichever day it is read on."""

    step: Money = Money(100)
    off_by: int = 20
    settle_days: int = 360


class Fact(StrEnum):
    """What the customer knows and the email does not say."""

    ZIP = "zip"
    ACCOUNT = "account"

    @property
    def label(self) -> str:
        return {Fact.ZIP: "ZIP code of the service address", Fact.ACCOUNT: "Last four digits of the account number"}[
            self
        ]


@dataclass(frozen=True, slots=True)
class LinkPolicy:
    """A link to a bill is good for `days` and asks for a `fact`. After `tries` wrong ones in a row nobody can try for
    `minutes`."""

    fact: Fact = Fact.ZIP
    days: int = 60
    tries: int = 5
    minutes: int = 60


@dataclass(frozen=True, slots=True)
class Policy:
    """The utility's own rules of billing: a bill may be paid for `due_days` from the day it was issued. What stands
    here holds until the utility sets its own."""

    due_days: int = 21
    late: LatePolicy = LatePolicy()
    back: BackBilling = BackBilling()
    budget: BudgetPolicy = BudgetPolicy()
    link: LinkPolicy = LinkPolicy()

    def due_on(self, issued_on: date) -> date:
        return issued_on + timedelta(days=self.due_days)


def shifted_months(day: date, months: int) -> date:
    """The first of a month so many months later."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last day where that month is shorter."""
    first, following = shifted_months(day, -months), shifted_months(day, 1 - months)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))
