"""The shape of a rule pack: every parameter with its value, where it stands, and what it says in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from lamplighter.kernel.calendars import HolidayCalendar
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.kernel.policies import POLICY

__all__ = ["POLICY", "HoldKind", "Hours", "IncomePlan", "Pack", "Rule", "Season"]

T = TypeVar("T")


class HoldKind(StrEnum):
    """What protects an account from being turned off, or from being collected from at all."""

    DISPUTE = "dispute"
    REVIEW = "review"
    MEDICAL = "medical"
    LIFE_SUPPORT = "life-support"
    PLEDGE = "pledge"
    BANKRUPTCY = "bankruptcy"
    WINTER = "winter"
    LEGAL = "legal"

    @property
    def label(self) -> str:
        return _LABELS[self]


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """One parameter. `cites` is a statute or "Utility policy"; `says` is fit to be read aloud."""

    value: T
    cites: str
    says: str

    def __post_init__(self) -> None:
        assert self.cites
        assert self.says


@dataclass(frozen=True, slots=True)
class Hours:
    """When an office is open on its working days, in the utility's zone."""

    opens: time
    closes: time

    def __contains__(self, moment: time) -> bool:
        return self.opens <= moment < self.closes


@dataclass(frozen=True, slots=True)
class Season:
    """Days of the year from one (month, day) to another, both included; it may run over New Year."""

    first: tuple[int, int]
    last: tuple[int, int]

    def __contains__(self, day: date) -> bool:
        at = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last


@dataclass(frozen=True, slots=True)
class IncomePlan:
    """A payment a month of at most `share` of income and one part in `parts` of what is in arrears."""

    share: Decimal
    parts: int

    def most(self, income: Money, arrears: Money) -> Money:
        return Money.nearest(income.dollars * self.share + arrears.dollars / self.parts)


@dataclass(frozen=True, slots=True)
class Pack:
    """The law and policy of one jurisdiction, in force for a period. Days and hours are counted in `law.days`.

    The value of a hold's rule is the customer classes that it protects.
    """

    key: str
    label: str
    version: int
    in_force: Period
    calendar: Rule[HolidayCalendar]
    office: Rule[Hours]
    open_days_after: Rule[int]
    bill_to_notice_days: Rule[int]
    mail_days: Rule[int]
    notice_days: Rule[int]
    whole_last_days: Rule[int]
    notice_lasts_days: Rule[int]
    extension_request_days: Rule[int]
    complaint_days: Rule[int]
    contact_hours: Rule[int]
    posted_hours: Rule[int]
    tenant_notice_days: Mapping[str, Rule[int]]
    holds: Mapping[HoldKind, Rule[frozenset[str]]]
    heat_alerts: Rule[frozenset[str]]
    plan_months: Rule[int]
    minimum_debt: Rule[Money]
    weather_age_hours: Rule[int]
    fact_age_minutes: Rule[int]
    reconnect_hours: Rule[int]
    theft_months: Rule[int]
    winter: Rule[Season] | None = None
    winter_plan: Rule[IncomePlan] | None = None

    @property
    def name(self) -> str:
        """`california-municipal/1`, as certificates keep it."""
        return f"{self.key}/{self.version}"


_LABELS = {
    HoldKind.DISPUTE: "Disputed bill under investigation",
    HoldKind.REVIEW: "Request for more time under review",
    HoldKind.MEDICAL: "Medical certificate",
    HoldKind.LIFE_SUPPORT: "Life support at the premise",
    HoldKind.PLEDGE: "Assistance pledged",
    HoldKind.BANKRUPTCY: "Bankruptcy",
    HoldKind.WINTER: "Winter protection",
    HoldKind.LEGAL: "Legal hold",
}
