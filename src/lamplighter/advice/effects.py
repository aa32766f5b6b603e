"""What a measure does: power added in each slot, fuel that is no longer burnt, what it costs and earns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lamplighter.advice.assumptions import Assumption, Values
from lamplighter.advice.surroundings import Surroundings
from lamplighter.intervals.curves.curve import Floats, LoadCurve

YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class Fuel:
    """Fuel saved in a year: how much of it, what it would have cost in dollars, and its carbon in kg of CO2."""

    name: str
    amount: float
    unit: str
    dollars: float
    kg: float


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """`kw` (S) is added to the load, negative taken off. `kvar` (S) likewise. `cost` in dollars once, `earned` a year.

    `cannot` says in a sentence what part of it the load had no room for; "" where all of it is there. `paid` says
    who pays what is earned, and for what.
    """

    kw: Floats
    cost: float
    fuel: tuple[Fuel, ...] = ()
    kvar: Floats | None = None
    earned: float = 0.0
    cannot: str = ""
    paid: str = ""


@dataclass(frozen=True, slots=True)
class Battery:
    """`kwh` that can be used, `kw` at the inverter, `efficiency` there and back."""

    kwh: float
    kw: float
    efficiency: float
    cost: float


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What a model works on: a load, the values of its assumptions, and where the load stands."""

    curve: LoadCurve
    values: Values
    around: Surroundings


Model = Callable[[Given], Effect]


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that may be changed. `model` says what it does to a load; a battery's depends on the rate, and is
    told apart (`advice.battery`)."""

    name: str
    label: str
    about: str
    assumptions: tuple[Assumption, ...]
    model: Model | None


def share_of_year(curve: LoadCurve) -> float:
    """How much of a year the curve is: yearly figures are taken for that part of them."""
    return curve.calendar.days / YEAR_DAYS
