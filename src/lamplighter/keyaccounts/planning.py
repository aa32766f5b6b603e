"""Loads of buildings that do not stand yet, by planning figures that are dated and say their source. Pure.

A planning file is TOML (docs/algorithms/developments.md): kinds of buildings, transformers and feeders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from lamplighter.advice.given import Given, read, table, tables
from lamplighter.billing.rules import shifted_months
from lamplighter.keyaccounts.rules import CannotKeep

FILE = "planning figures"
HOURS = 24
MOST_SIZE = Decimal(100_000_000)


@dataclass(frozen=True, slots=True)
class Building:
    """A kind of building: VA for each square foot, dwelling or piece (`per`), the share of it that stands at the
    building's highest quarter hour, and the mean load over that highest (`load_factor`)."""

    key: str
    label: str
    per: str
    va: Decimal
    demand: Decimal
    load_factor: Decimal


@dataclass(frozen=True, slots=True)
class Feeder:
    """What a feeder may carry, and the highest that it carried."""

    name: str
    rated_kva: Decimal
    peak_kva: Decimal


@dataclass(frozen=True, slots=True)
class Planning:
    """Figures since a day. `power_factor` turns kVA into kW; `transformers_kva` are the sizes in stock, rising."""

    since: date
    source: str
    power_factor: Decimal
    transformers_kva: tuple[int, ...]
    buildings: Mapping[str, Building]
    feeders: Mapping[str, Feeder]


@dataclass(frozen=True, slots=True)
class Use:
    """So much of a kind of building: square feet, dwellings or pieces."""

    building: str
    size: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """One use with what it comes to. Connected kVA, kVA at its highest, kWh of a mean day."""

    building: Building
    size: Decimal
    connected_kva: Decimal
    demand_kva: Decimal
    kwh_day: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the uses come to together; `transformer_kva` is the smallest stocked size, None where it takes several."""

    parts: tuple[Part, ...]
    demand_kva: Decimal
    kw: Decimal
    kwh_day: Decimal
    transformer_kva: int | None


def planning_of(text: str) -> Planning:
    """Read a planning file. Raises CannotAdvise, naming the field."""
    said = read(text, FILE)
    head = table(said, "planning", FILE)
    buildings = [_building(one) for one in tables(said, "building", FILE)]
    feeders = [
        Feeder(one.words("name"), _number(one, "rated_kva", 1, 1_000_000), _number(one, "peak_kva", 0, 1_000_000))
        for one in tables(said, "feeder", FILE)
    ]
    return Planning(
        head.day("since"), head.words("source"), _number(head, "power_factor", 0.5, 1),
        tuple(sorted(head.whole("transformers_kva", 1, 100_000))),
        {one.key: one for one in buildings}, {one.name: one for one in feeders},
    )  # fmt: skip


def estimate(uses: Sequence[Use], planning: Planning) -> Estimate:
    """By the planning figures, to the tenth of a kVA. Raises CannotKeep for a use that they do not know."""
    parts = tuple(_part(one, planning) for one in uses)
    demand = sum((one.demand_kva for one in parts), Decimal(0))
    fits = next((size for size in planning.transformers_kva if size >= demand), None)
    return Estimate(
        parts, _tenth(demand), _tenth(demand * planning.power_factor),
        _tenth(sum((one.kwh_day for one in parts), Decimal(0))), fits,
    )  # fmt: skip


def sales_by_month(kwh_day: Decimal, *, begins: date, ramp_months: int, first: date, count: int) -> list[Decimal]:
    """kWh of each of `count` months from `first`: nothing before the month of `begins`, then rising by equal steps over
    `ramp_months` until the buildings are full. A month has its own days."""
    start = begins.replace(day=1)
    found = []
    for at in range(count):
        month = shifted_months(first, at)
        days = (shifted_months(month, 1) - month).days
        since = (month.year - start.year) * 12 + month.month - start.month + 1
        share = min(Decimal(max(since, 0)) / max(ramp_months, 1), Decimal(1))
        found.append((kwh_day * days * share).quantize(Decimal(1), ROUND_HALF_UP))
    return found


def _building(said: Given) -> Building:
    return Building(
        said.words("key"), said.words("label"), said.words("per"), _number(said, "va", 0.01, 10_000_000),
        _number(said, "demand", 0.01, 1), _number(said, "load_factor", 0.01, 1),
    )  # fmt: skip


def _part(use: Use, planning: Planning) -> Part:
    building = planning.buildings.get(use.building)
    if building is None:
        raise CannotKeep(f"The planning figures know no “{use.building}”. They know {', '.join(planning.buildings)}.")
    if not 0 < use.size <= MOST_SIZE:
        raise CannotKeep(f"{building.label}: say how many, above nothing.")
    connected = use.size * building.va / 1000
    demand = connected * building.demand
    energy = demand * planning.power_factor * building.load_factor * HOURS
    return Part(building, use.size, _tenth(connected), _tenth(demand), _tenth(energy))


def _number(said: Given, field: str, least: float, most: float) -> Decimal:
    return Decimal(str(said.number(field, least, most)))


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
