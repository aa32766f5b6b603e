"""What a measure saved: claimed, evaluated, net; its carbon and what a tonne cost.

Gross savings are claimed by the manual or the meter. Times the realisation rate they are evaluated savings: what an
evaluator finds of what was claimed. Times net-to-gross they are net: what would not have come without the program
(U.S. DOE, Uniform Methods Project, chapter 21; National Action Plan for Energy Efficiency, 2007). Docs: rebates.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from lamplighter.kernel.money import Money

KG_PER_TONNE = 1000
NINETY = 1.645
"""Standard errors on each side that hold nine times in ten, of many cases."""


@dataclass(frozen=True, slots=True)
class Saved:
    """Of one year: kWh (negative: more is used), kW at the peak, and kg of CO2 of fuel that is no longer burnt."""

    kwh: Decimal
    kw: Decimal
    fuel_kg: Decimal
    years: int

    def __mul__(self, units: Decimal) -> Saved:
        return Saved(self.kwh * units, self.kw * units, self.fuel_kg * units, self.years)

    def kg(self, kg_per_mwh: Decimal) -> Decimal:
        """CO2 of a year, by the grid's factor."""
        return self.kwh * kg_per_mwh / KG_PER_TONNE + self.fuel_kg


@dataclass(frozen=True, slots=True)
class Factor:
    """kg of CO2 of a MWh from the grid, and whose figure it is."""

    kg_per_mwh: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What the meter tells of a year: kWh saved and how far off they may be (90 %), and how that was found."""

    kwh: Decimal
    off_kwh: Decimal
    fit: str


@dataclass(frozen=True, slots=True)
class Counted:
    """One project of a program: what was saved and paid, with the rates of its day in percent."""

    saved: Saved
    kg: Decimal
    paid: Money
    realisation_percent: int
    net_percent: int

    @property
    def evaluated_kwh(self) -> Decimal:
        return self.saved.kwh * self.realisation_percent / 100

    @property
    def net_kwh(self) -> Decimal:
        return self.evaluated_kwh * self.net_percent / 100

    @property
    def net_kw(self) -> Decimal:
        return self.saved.kw * self.realisation_percent * self.net_percent / 10_000

    @property
    def net_tonnes(self) -> Decimal:
        """Of a year."""
        return self.kg * self.realisation_percent * self.net_percent / 10_000 / KG_PER_TONNE


@dataclass(frozen=True, slots=True)
class Sums:
    """Several projects together; `lifetime` tonnes are those of all years that the measures last."""

    projects: int
    kwh: Decimal
    evaluated_kwh: Decimal
    net_kwh: Decimal
    net_kw: Decimal
    tonnes: Decimal
    lifetime: Decimal
    paid: Money

    @property
    def per_tonne(self) -> Money | None:
        """Rebates paid for each net tonne of all years; None where no carbon is saved."""
        if self.lifetime <= 0:
            return None
        return Money.nearest(self.paid.dollars / self.lifetime)


@dataclass(frozen=True, slots=True)
class Inspected:
    """A case of the sample: the weight that its papers claimed, and what was found of it."""

    claimed: Decimal
    found: Decimal


@dataclass(frozen=True, slots=True)
class Ratio:
    """Found over claimed, of so many cases; `within` is how far off it may be, nine times in ten (None of one case)."""

    value: Decimal
    cases: int
    within: Decimal | None


def summed(projects: Iterable[Counted]) -> Sums:
    rows = list(projects)
    return Sums(
        len(rows),
        sum((one.saved.kwh for one in rows), Decimal(0)),
        sum((one.evaluated_kwh for one in rows), Decimal(0)),
        sum((one.net_kwh for one in rows), Decimal(0)),
        sum((one.net_kw for one in rows), Decimal(0)),
        sum((one.net_tonnes for one in rows), Decimal(0)),
        sum((one.net_tonnes * one.saved.years for one in rows), Decimal(0)),
        Money(sum(one.paid.cents for one in rows)),
    )


def realisation(cases: Sequence[Inspected], *, population: int) -> Ratio | None:
    """The ratio estimator of a simple random sample without replacement (Cochran, Sampling Techniques, chapter 6).

    None where nothing was inspected, or nothing claimed.
    """
    claimed = sum((one.claimed for one in cases), Decimal(0))
    if not cases or not claimed:
        return None
    ratio = sum((one.found for one in cases), Decimal(0)) / claimed
    count = len(cases)
    if count < 2:
        return Ratio(ratio, count, None)
    off = sum(float(one.found - ratio * one.claimed) ** 2 for one in cases) / (count - 1)
    rest = max(1 - count / max(population, count), 0.0)
    error = sqrt(off / count * rest) / (float(claimed) / count)
    return Ratio(ratio, count, Decimal(NINETY * error))
