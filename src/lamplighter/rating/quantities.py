"""Quantities that a line of a tariff multiplies by its price: metered energy, billing demand, time, account facts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from lamplighter.kernel.energy import Flow
from lamplighter.rating.determinants import DemandWindow, Determinant, What
from lamplighter.rating.figures import Figure
from lamplighter.rating.hours import Clock
from lamplighter.rating.peakhours import PeakHours


class RoundTo(StrEnum):
    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Step:
    """Round a quantity to a multiple: whole kWh, a tenth of a kW, the next kW, an integer power factor."""

    size: Decimal
    to: RoundTo = RoundTo.NEAREST


@dataclass(frozen=True, slots=True)
class Metered:
    """Energy over time. `periods` of `clock` limit it; where the price varies by period it is split by all of them.

    `bank` names a bank of kWh that is set off before pricing (with flow NET); what is left over goes back into it.
    At `peak_hours` it is the kW with which the account was part of the system's peak.
    """

    what: What = What.KWH
    flow: Flow = Flow.DELIVERED
    clock: Clock | None = None
    periods: tuple[str, ...] = ()
    netting: int = 0
    bank: str = ""
    losses: Figure | None = None
    rounded: Step | None = None
    peak_hours: PeakHours | None = None


@dataclass(frozen=True, slots=True)
class Ratchet:
    """At least `percent` of the highest past demand of the last `back` months; of all past months or of `months`.

    `of` looks back at another determinant than the one billed (a ratchet on the summer on-peak, say).
    """

    percent: Decimal
    back: int
    months: frozenset[int] = frozenset()
    of: Determinant | None = None


@dataclass(frozen=True, slots=True)
class ContractDemand:
    """At least this share of the demand contracted for, which is an attribute of the account."""

    attribute: str
    share: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class LeastDemand:
    kw: Figure


@dataclass(frozen=True, slots=True)
class MeanWithPast:
    """The mean of this month's demand and the highest of the last `back` months (Silicon Valley Power)."""

    back: int


DemandRule: TypeAlias = Ratchet | ContractDemand | LeastDemand | MeanWithPast


@dataclass(frozen=True, slots=True)
class Demand:
    """Billing demand: what was measured, then `rules` (the highest of them counts), then less what is `free`."""

    what: What = What.KW
    window: DemandWindow = DemandWindow(15)  # noqa: RUF009
    flow: Flow = Flow.DELIVERED
    clock: Clock | None = None
    periods: tuple[str, ...] = ()
    daily: bool = False
    rules: tuple[DemandRule, ...] = ()
    free: Figure | None = None
    losses: Figure | None = None
    rounded: Step | None = None


@dataclass(frozen=True, slots=True)
class Excess:
    """What a quantity exceeds an allowance by: kVAr above 62 % of kW, kW above the account's firm kW. Never below
    nothing."""

    quantity: Demand | Metered
    allowance: Decimal
    of: Demand | Metered | OfAccount


@dataclass(frozen=True, slots=True)
class Once:
    """The bill itself: with a price per month or per day, a customer or base charge."""


@dataclass(frozen=True, slots=True)
class OfAccount:
    """A number of the account less what is free: connected kW over 10, lamps, contract kW."""

    attribute: str
    unit: str
    free: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class OfLines:
    """The quantity billed on other lines, added up."""

    codes: tuple[str, ...]
    unit: str


Quantity: TypeAlias = Metered | Demand | Excess | Once | OfAccount | OfLines


def unit_of(quantity: Quantity) -> str:
    """The unit of a quantity as a rate book prints it."""
    match quantity:
        case Metered(peak_hours=PeakHours()):
            return str(What.KW)
        case Metered(what=what) | Demand(what=what):
            return str(what)
        case Excess(quantity=inner):
            return str(inner.what)
        case OfAccount(unit=unit) | OfLines(unit=unit):
            return unit
        case Once():
            return ""


def periods_of(quantity: Quantity) -> tuple[str, ...]:
    """The TOU periods by which a price of it may vary: those that it is limited to, else all of its clock; or none."""
    clock = clock_of(quantity)
    own = quantity.periods if isinstance(quantity, Metered | Demand) else ()
    return own or (clock.names if clock is not None else ())


def clock_of(quantity: Quantity) -> Clock | None:
    match quantity:
        case Metered(clock=clock) | Demand(clock=clock):
            return clock
        case Excess(quantity=inner):
            return inner.clock
        case _:
            return None
