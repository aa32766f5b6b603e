"""What a line of a tariff charges: so much per unit, a percentage of other lines, a minimum, a bank of credits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from lamplighter.rating.figures import Figure
from lamplighter.rating.quantities import Demand, Metered, Quantity, Step


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per unit, and of which components it is made (generation, distribution ...): they add up to it."""

    dollars: Figure
    components: tuple[tuple[str, Figure], ...] = ()


class Per(StrEnum):
    """Over which time a price is for one unit: $/kWh, $/kW a month, $/day."""

    UNIT = "unit"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Flat:
    price: Price


class Basis(StrEnum):
    """What the limit of a tier is for."""

    MONTH = "month"  # so much a month, prorated with it
    DAY = "day"  # so much a day of the bill (Seattle, Palo Alto)
    BILL = "bill"  # so much a bill, whatever its days
    KW = "kW"  # hours' use: so much for each kW of billing demand, a month
    KW_DAY = "kW day"  # the same, a day


class TierOrder(StrEnum):
    """How tiers and TOU periods go together. Never implicit."""

    PROPORTIONAL = "proportional"  # every period has its share of every tier (SVP; SAM under net metering)
    CHRONOLOGICAL = "chronological"  # the running total decides, in order of time (SAM under net billing)
    SEPARATE = "separate"  # every period fills tiers of its own


@dataclass(frozen=True, slots=True)
class Tier:
    """Units up to `limit` in all; the last tier has none."""

    price: Price
    limit: Figure | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Tiers:
    tiers: tuple[Tier, ...]
    basis: Basis = Basis.MONTH
    order: TierOrder = TierOrder.PROPORTIONAL
    demand: Demand | None = None  # whose kW hours'-use tiers are reckoned with


@dataclass(frozen=True, slots=True)
class Bands:
    """One price for the whole quantity, chosen by where another quantity falls (`below` its limit; the last open).

    An access charge by the kWh reached, an energy price by the size of the demand, kVArh by power factor.
    """

    by: Quantity | PowerFactor
    bands: tuple[Tier, ...]


Shape: TypeAlias = Flat | Tiers | Bands


@dataclass(frozen=True, slots=True)
class PowerFactor:
    """As a fraction of one: an attribute of the account where it is named and told, else measured with kVArh."""

    attribute: str = ""
    rounded: Step | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Other lines: by code, by tag, or all that stand above; `taxable` leaves out those that are not taxed."""

    codes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    above: bool = False
    taxable: bool = False
    but: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PerUnit:
    """Quantity times price. A `credit` is taken off the bill."""

    quantity: Quantity
    shape: Shape
    per: Per = Per.UNIT
    credit: bool = False


@dataclass(frozen=True, slots=True)
class Percent:
    """`rate` percent (7.5) of other lines: tax, discount (`credit`), rider.

    `gross_up` passes a tax on receipts through: with r the rate, r/(1-r) of the lines.
    """

    of: Lines
    rate: Figure
    credit: bool = False
    gross_up: bool = False


class PowerFactorForm(StrEnum):
    PER_POINT = "per point"  # so many points of a hundredth, each at `per_point` (Alameda, Silicon Valley)
    RATIO = "ratio"  # reference / PF - 1 (Clallam)
    DIFFERENCE = "difference"  # reference - PF (Batavia)


@dataclass(frozen=True, slots=True)
class PowerFactorRider:
    """A charge on other lines for a power factor below `reference`; above it a credit only where one is given.

    `reference` is a fraction (0.95); `per_point` is a percentage (0.1) for each hundredth.
    """

    of: Lines
    power_factor: PowerFactor
    form: PowerFactorForm
    reference: Decimal
    per_point: Decimal = Decimal(0)
    credit_above: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a minimum or maximum: quantity times price."""

    quantity: Quantity
    price: Figure
    per: Per


@dataclass(frozen=True, slots=True)
class Minimum:
    """A visible top-up where the lines `of` come to less than the terms. `annual`: tested when the year closes.

    Lines that come to less than nothing count as nothing: a minimum is not lifted to swallow a credit.
    """

    of: Lines
    terms: tuple[Term, ...]
    annual: bool = False


@dataclass(frozen=True, slots=True)
class Maximum:
    """A visible credit where the lines `of` come to more than the terms."""

    of: Lines
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Carry:
    """Where the lines `of` come to less than nothing, carry the credit forward in a bank of dollars."""

    of: Lines
    bank: str


@dataclass(frozen=True, slots=True)
class Draw:
    """Use a bank of dollars against the lines `of`, at most until they come to nothing."""

    of: Lines
    bank: str


@dataclass(frozen=True, slots=True)
class Settle:
    """At the true-up, pay out a bank at `price` per unit in it (1 for dollars), or let it expire at nothing."""

    bank: str
    price: Figure


Charge: TypeAlias = PerUnit | Percent | PowerFactorRider | Minimum | Maximum | Carry | Draw | Settle

__all__ = [
    "Bands", "Basis", "Carry", "Charge", "Demand", "Draw", "Flat", "Lines", "Maximum", "Metered", "Minimum", "Per",
    "PerUnit", "Percent", "PowerFactor", "PowerFactorForm", "PowerFactorRider", "Price", "Settle", "Shape", "Term",
    "Tier", "TierOrder", "Tiers",
]  # fmt: skip
