"""What a scenario comes to: bills now and then under every rate, peak and capacity, carbon, and simple payback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from lamplighter.advice.changing import Changed
from lamplighter.advice.surroundings import Carbon
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.curves.pricing import PricedYear, YearPricer
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period

COST_LOW, COST_HIGH = Decimal("0.7"), Decimal("1.5")
"""How far a cost may be off before there is a quote: AACE International 18R-97, an estimate of class 4."""

BILLS_OF_YEAR = 12


@dataclass(frozen=True, slots=True)
class Option:
    """A rate to price. `why_not` says why a load of that highest kW may not be on it; "" where it may."""

    code: str
    name: str
    current: bool
    pricer: YearPricer
    why_not: Callable[[Decimal], str]


@dataclass(frozen=True, slots=True, eq=False)
class RateAnswer:
    """A rate with its bills now and then; `refused` says why there are none. `closed` and `closed_then` say why the
    load may not be on it now, and then. `curve` is the load then, with the battery run by this rate."""

    code: str
    name: str
    current: bool
    now: PricedYear | None
    then: PricedYear | None
    closed: str
    closed_then: str
    curve: LoadCurve
    charged_kwh: float = 0.0
    refused: str = ""

    @property
    def saving(self) -> Money | None:
        """What the bills would come to less; negative: more."""
        return None if self.now is None or self.then is None else self.now.total - self.then.total


@dataclass(frozen=True, slots=True)
class Peaks:
    """The highest mean of an interval in kW, and when; `capacity_kw` is what the service carries, where it is told."""

    now_kw: Decimal
    now_at: datetime
    then_kw: Decimal
    then_at: datetime
    capacity_kw: Decimal | None

    @property
    def over(self) -> bool:
        return self.capacity_kw is not None and self.then_kw > self.capacity_kw


@dataclass(frozen=True, slots=True)
class Tonnes:
    """CO2 of a year: of the power now and then, and of the fuel that is no longer burnt."""

    now: float
    then: float
    fuel: float
    factors: tuple[Carbon, ...]

    @property
    def less(self) -> float:
        return self.now - self.then + self.fuel


@dataclass(frozen=True, slots=True)
class Payback:
    """What it costs once (after rebates), what it brings in a year, and the years; with what it may cost at least and
    at most. None where it never pays back, or where no year is known."""

    cost: Money
    rebates: Money
    bills: Money
    fuel: Money
    earned: Money
    years: float | None
    soonest: float | None
    latest: float | None

    @property
    def yearly(self) -> Money:
        return self.bills + self.fuel + self.earned


def after_rebates(payback: Payback, rebates: Money) -> Payback:
    """The same with so much off the cost, and how long it takes then."""
    soonest, years, latest = (
        years_of(max(Money.nearest(payback.cost.dollars * share) - rebates, Money(0)), payback.yearly)
        for share in (COST_LOW, Decimal(1), COST_HIGH)
    )
    return replace(payback, rebates=rebates, years=years, soonest=soonest, latest=latest)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """`rates` as they were given; `on` is the rate that the yearly figures go by."""

    period: Period
    bills: int
    measures: tuple[Changed, ...]
    rates: tuple[RateAnswer, ...]
    on: RateAnswer
    kwh_now: Decimal
    kwh_then: Decimal
    kwh_sent: Decimal
    peaks: Peaks
    tonnes: Tonnes
    payback: Payback | None

    @property
    def moved(self) -> bool:
        """Whether the present rate is not open any more to what the load would be."""
        return not self.on.current


def years_of(cost: Money, yearly: Money) -> float | None:
    return cost.cents / yearly.cents if yearly.cents > 0 else None
