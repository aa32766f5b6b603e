"""What a shut-off is judged by: facts of one service, each with the day or instant from which it is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from lamplighter.credit.law.parameters import HoldKind
from lamplighter.kernel.instants import Span
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period


class Reason(StrEnum):
    """Why a service is turned off; each has its own rules."""

    NON_PAYMENT = "non-payment"
    MOVE_OUT = "move-out"
    HAZARD = "hazard"
    UNAUTHORIZED_USE = "unauthorized-use"
    REQUEST = "request"

    @property
    def label(self) -> str:
        return {
            Reason.NON_PAYMENT: "Non-payment", Reason.MOVE_OUT: "Moved out", Reason.HAZARD: "Hazard",
            Reason.UNAUTHORIZED_USE: "Unauthorized use", Reason.REQUEST: "Customer's request",
        }[self]  # fmt: skip


class How(StrEnum):
    """How somebody tried to reach a customer. A notice left at the door is POSTED; TENANTS is one on every door."""

    PHONE = "phone"
    VISIT = "visit"
    POSTED = "posted"
    TENANTS = "tenants"


class Tenants(StrEnum):
    """How people are metered who live behind a service that is in somebody else's name."""

    INDIVIDUAL = "individually-metered"
    MASTER = "master-metered"


@dataclass(frozen=True, slots=True)
class Debt:
    """What is still owed of what was asked for on a day and was due by another. `mailed_on` is None without a proof."""

    mailed_on: date | None
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Mailing:
    """A past-due notice that left our hands: when, for how much, and whether it came back."""

    notice: int
    mailed_on: date
    amount: Money
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """An attempt to reach somebody; `reached` when they spoke with us."""

    how: How
    at: datetime
    reached: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A protection and the days that it runs."""

    kind: HoldKind
    period: Period


@dataclass(frozen=True, slots=True)
class Alerted:
    """A weather alert by its official name, and its days."""

    name: str
    days: Period


@dataclass(frozen=True, slots=True)
class Weather:
    """What the weather service said of the place: when it was asked, for which days, and who answers for the feed."""

    asked_at: datetime
    owner: str
    covers: Period
    alerts: tuple[Alerted, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a person saw, for a hazard, unauthorized use or a customer's own request; and who decided on it."""

    reference: str
    seen_at: datetime
    seen_by: str
    decided_by: str = ""
    for_day: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a certificate reads. What is None or empty is not known, which is never a yes.

    `arranged` and `promised` are the days of arrangements and extensions; `served` the days of the agreement, and
    `successor` whether somebody else has or begins service there. `tenants` is "" or how they are metered.
    """

    account: int
    agreement: int
    customer_class: str
    read_at: datetime
    served: Period
    successor: bool = False
    debts: tuple[Debt, ...] = ()
    mailings: tuple[Mailing, ...] = ()
    contacts: tuple[Contact, ...] = ()
    holds: tuple[Held, ...] = ()
    arranged: tuple[Period, ...] = ()
    promised: tuple[Period, ...] = ()
    tenants: str = ""
    weather: Weather | None = None
    staffed: tuple[Span, ...] = ()
    evidence: Evidence | None = None


def plain(facts: Facts) -> Mapping[str, object]:
    """The facts as JSON keeps them, exactly and in order; no personal data is among them."""
    return {name: _plain(getattr(facts, name)) for name in facts.__slots__}


def evidence_of(kept: Mapping[str, Any]) -> Evidence | None:
    """What a person saw, from the facts that a certificate kept."""
    said = kept.get("evidence")
    if not said:
        return None
    day = date.fromisoformat(said["for_day"]) if said["for_day"] else None
    seen_at = datetime.fromisoformat(said["seen_at"])
    return Evidence(said["reference"], seen_at, said["seen_by"], said["decided_by"], day)


def _plain(value: object) -> object:
    match value:
        case None | bool() | int() | StrEnum():
            return value
        case Money():
            return value.cents
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(each) for each in value]
        case str():
            return value
    return {name: _plain(getattr(value, name)) for name in value.__slots__}  # type: ignore[attr-defined]
