"""What a forecast assumes besides the past: customers, electric cars, heat pumps, solar, each with its source. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from lamplighter.advice.assumptions import OURS, Assumption, Values
from lamplighter.ratestudies.forecasting import Month

HOMES = "residential"
PLAN = "From the utility's own plan."
YEAR = 12


def assumptions(classes: Sequence[str]) -> tuple[Assumption, ...]:
    """Growth of every class, and what homes take up. Units stand for what comes in a year from the first month on."""
    growth = [
        Assumption(f"growth_{name}", f"More {name} customers", "% a year", 0, -20, 50, 0.1, PLAN) for name in classes
    ]
    return (
        *growth,
        Assumption("evs", "More electric cars at homes", "a year", 0, 0, 1_000_000, 10, PLAN),
        Assumption("ev_kwh", "An electric car takes", "kWh a year", 3_450, 0, 20_000, 50,
                   f"11,500 miles a year at 0.3 kWh a mile. {OURS}"),
        Assumption("heat_pumps", "More heat pumps in homes", "a year", 0, 0, 1_000_000, 10, PLAN),
        Assumption("heat_pump_kwh", "A heat pump takes", "kWh a year", 2_500, 0, 30_000, 50,
                   f"By how cold each month is. {OURS}"),
        Assumption("solar_kw", "More solar at homes", "kW a year", 0, 0, 10_000_000, 10, PLAN),
        Assumption("solar_kwh", "A kW of it gives", "kWh a year", 1_500, 0, 3_000, 10, f"Evenly over the year. {OURS}"),
    )  # fmt: skip


def growth(values: Values, customer_class: str, at: int) -> float:
    """Customers of the month `at` (0 is the first) over those of the same month a year before."""
    grown: float = (1 + values.get(f"growth_{customer_class}", 0.0) / 100) ** ((at + 0.5) / YEAR)
    return grown


def taken_up(values: Values, coming: Sequence[Month]) -> list[float]:
    """kWh that homes take more in each month: units come evenly, each counts from the middle of its month."""
    cold = [one.heating * one.days for one in coming[:YEAR]]
    winter = sum(cold)
    found = []
    for at, _ in enumerate(coming):
        years = (at + 0.5) / YEAR
        heat = cold[at % YEAR] / winter if winter else 1 / YEAR
        found.append(years * (
            values["evs"] * values["ev_kwh"] / YEAR + values["heat_pumps"] * values["heat_pump_kwh"] * heat
            - values["solar_kw"] * values["solar_kwh"] / YEAR
        ))  # fmt: skip
    return found
