"""What a plan's goals can measure, and how far a goal is: each figure is taken by the program, never typed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Measure:
    """`less` says that less is better. `places` are the decimals shown; `source` is where the figure comes from; `of`
    stands behind a figure that has a highest one: 4.0 of 5."""

    label: str
    unit: str
    source: str
    less: bool = True
    places: int = 0
    of: str = ""


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
    "outages": Measure("Outages, 12 months", "", "what its meters told of power lost for more than five minutes"),
    "outage-minutes": Measure("Time without power, 12 months", "min", "what its meters told of power lost and back"),
    "program-kwh": Measure(
        "Saved with rebates, 12 months",
        "kWh",
        "the savings of rebates paid in the last 365 days, as reported for a year",
        less=False,
    ),
    "program-paid": Measure("Rebates paid, 12 months", "$", "rebates paid in the last 365 days", less=False),
    "survey-score": Measure(
        "Satisfaction, 12 months",
        "",
        "the ratings that the account's people gave in surveys of the last 365 days",
        less=False,
        places=1,
        of="of 5",
    ),
    "kept-promises": Measure("Promises kept in time, a year", "%", "issues closed by their promised day", less=False),
    "touches": Measure("Contacts, 90 days", "", "the contact log", less=False),
}


def said(measure: str, value: Decimal) -> str:
    """The figure with its unit: `412 kW`, `$12,400`, `0.91`."""
    one = MEASURES[measure]
    return with_unit(value, one.of or one.unit, one.places)


def with_unit(value: Decimal, unit: str, places: int) -> str:
    sign = "−" if value < 0 else ""
    figure = f"{abs(value):,.{places}f}"
    return f"{sign}${figure}" if unit == "$" else f"{sign}{figure} {unit}".strip()


def reached(measure: str, value: Decimal, target: Decimal) -> bool:
    return value <= target if MEASURES[measure].less else value >= target


class GoalState(StrEnum):
    """Where a goal is; `ON_COURSE`: as much of the way is done as of its time is gone."""

    REACHED = "Reached"
    ON_COURSE = "On course"
    BEHIND = "Behind"
    MISSED = "Missed"
    UNMEASURED = "Not measured"


@dataclass(frozen=True, slots=True)
class Aim:
    """From where a goal began to where it should come to, and in which days."""

    measure: str
    baseline: Decimal
    target: Decimal
    began_on: date
    due_on: date


def state_of(aim: Aim, value: Decimal | None, *, on: date) -> GoalState:
    if value is None:
        return GoalState.UNMEASURED
    if reached(aim.measure, value, aim.target):
        return GoalState.REACHED
    if on > aim.due_on:
        return GoalState.MISSED
    days = max((aim.due_on - aim.began_on).days, 1)
    gone = Decimal((on - aim.began_on).days) / days
    done = (value - aim.baseline) / (aim.target - aim.baseline)
    return GoalState.ON_COURSE if done >= gone else GoalState.BEHIND


def progress(aim: Aim, value: Decimal | None, *, on: date) -> str:
    """Where a goal stands, in words: its state, how much is lacking, and whether it is worse than at the start."""
    state = state_of(aim, value, on=on)
    if value is None or state is GoalState.REACHED:
        return str(state)
    one = MEASURES[aim.measure]
    gap = with_unit(abs(value - aim.target), one.unit, one.places)
    where = f"Missed by {gap}" if state is GoalState.MISSED else f"{state}, {gap} to go"
    worse = value > aim.baseline if one.less else value < aim.baseline
    return f"{where}, and worse than at the start" if worse else where
