"""What a plan's goals can measure: each figure comes from meters, bills, touches or issues, never from typing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Measure:
    """`less` says that less is better. `places` are the decimals shown; `source` is where the figure comes from."""

    label: str
    unit: str
    source: str
    less: bool = True
    places: int = 0


MEASURES = {
    "peak-kw": Measure("Highest demand, 90 days", "kW", "the meter's intervals of the last 90 days"),
    "base-kw": Measure("Base load, 90 days", "kW", "the meter's intervals of the last 90 days"),
    "load-factor": Measure(
        "Load factor, 12 months", "%", "the meter's intervals of the last 365 days", less=False, places=1
    ),
    "power-factor": Measure("Power factor, 12 months", "", "kWh and kVArh of the last 365 days", less=False, places=3),
    "kwh-year": Measure("Energy, 12 bills", "kWh", "twelve bills"),
    "cost-year": Measure("Cost, 12 bills", "$", "twelve bills"),
    "cents-kwh": Measure("Average price, 12 bills", "¢/kWh", "twelve bills", places=2),
    "saved-kwh": Measure(
        "Verified savings, a year", "kWh", "the meters beside the year before each project", less=False
    ),
    "kept-promises": Measure("Promises kept in time, a year", "%", "issues closed by their promised day", less=False),
    "touches": Measure("Contacts, 90 days", "", "the contact log", less=False),
}


def reached(measure: str, value: Decimal, target: Decimal) -> bool:
    return value <= target if MEASURES[measure].less else value >= target


def progress(measure: str, *, baseline: Decimal, target: Decimal, value: Decimal) -> str:
    """Where a goal stands, in words: reached, missed by how much, or worse than at the start."""
    one = MEASURES[measure]
    if reached(measure, value, target):
        return "Reached"
    gap = abs(value - target)
    worse = value > baseline if one.less else value < baseline
    said = f"Missed by {gap:,.{one.places}f} {one.unit}".strip()
    return f"{said}, and worse than at the start" if worse else said
