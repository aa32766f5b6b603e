"""The highest hour of each month to come, by class and of all classes together, with what it stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from lamplighter.billing.rules import months_before, shifted_months
from lamplighter.intervals.arrays import Bool
from lamplighter.kernel.periods import Period
from lamplighter.ratestudies.forecasting import Floats, Hindsight, Range, TooShort, mape
from lamplighter.ratestudies.peaks import WATTS, Day, fit_days, held_honestly, peak_of, peaks_in_hindsight, widening
from lamplighter.ratestudies.queries.classloads import ClassLoad, class_loads
from lamplighter.ratestudies.queries.sales import KNOWN, YEARS_OF_WEATHER, Degrees
from lamplighter.ratestudies.queries.studying import Customer

YEAR = 12
ALL = "all"


@dataclass(frozen=True, slots=True)
class Peaks:
    """kW of the highest hour by class (and ALL) and month; of a class that is not `told`, `why`. Ranges are as many
    times `wider` than chance alone makes them as hindsight taught."""

    told: Mapping[str, Mapping[date, Range]]
    tried: Mapping[str, Sequence[Hindsight]]
    why: Mapping[str, str]
    loads: Mapping[str, ClassLoad]
    wider: float

    @property
    def result(self) -> dict[str, Any]:
        """As a forecast keeps it (Forecast.result)."""
        return {
            "all": [[f"{month:%Y-%m}", one.low, one.middle, one.high] for month, one in self.told.get(ALL, {}).items()],
            "mape": {name: mape(several) for name, several in self.tried.items()},
            "tried": [
                [name, f"{one.month:%Y-%m}", one.actual, one.foretold.low, one.foretold.middle, one.foretold.high]
                for name, several in self.tried.items() for one in several
            ],
            "meters": {name: [load.meters, load.share] for name, load in self.loads.items()},
            "why": dict(self.why),
            "wider": round(self.wider, 2),
        }  # fmt: skip


def foretold_peaks(
    who: Sequence[Customer], *, first: date, degrees: Degrees, billed: Mapping[str, float],
    more: Mapping[str, Mapping[date, float]],
) -> Peaks:  # fmt: skip
    """From the hours of the year before `first`. `billed` are kWh of that year by class; `more` is by how much a
    class's use of a month is assumed to grow: its highest hour grows with it."""
    loads = class_loads(who, Period(months_before(first, YEAR), first), billed)
    told: dict[str, Mapping[date, Range]] = {}
    tried: dict[str, Sequence[Hindsight]] = {}
    why = {name: "No meter of theirs tells hours." for name in billed if name not in loads}
    why |= {name: f"Only {one.meters} meters tell hours, {one.share:.0%} of what they use."
            for name, one in loads.items() if not one.told}  # fmt: skip
    for name, highest, known in _series(loads, why):
        try:
            days = _days(highest, known, first, degrees)
            told[name] = _months(days, first, degrees, _growth(name, more, billed))
            tried[name] = peaks_in_hindsight(days)
        except TooShort as short:
            why[name] = str(short)
    by = widening(tried)
    told = {name: {month: one.wider(by) for month, one in months.items()} for name, months in told.items()}
    return Peaks(told, held_honestly(tried), why, loads, by)


def _series(loads: Mapping[str, ClassLoad], why: Mapping[str, str]) -> list[tuple[str, Floats, Bool]]:
    """The highest hour of each day of every class that is told, and of all together where every class is."""
    found = [(name, one.highest, one.known) for name, one in sorted(loads.items()) if name not in why]
    if found and not why:
        kw = sum((one.kw for one in loads.values()), np.zeros(1))
        firsts = next(iter(loads.values())).calendar.firsts
        known = np.logical_and.reduce([one.known for one in loads.values()])
        found.append((ALL, np.maximum.reduceat(kw, firsts[:-1]), known))
    return found


def _days(highest: Floats, known: Bool, first: date, degrees: Degrees) -> list[Day]:
    begin = months_before(first, YEAR)
    found = []
    for at, (kw, told) in enumerate(zip(highest, known, strict=True)):
        day = begin + timedelta(days=at)
        if told and (felt := degrees.over(Period(day, day + timedelta(days=1)))) is not None:
            found.append(Day(day, *felt, round(float(kw), WATTS)))
    return found


def _months(days: Sequence[Day], first: date, degrees: Degrees, growth: Mapping[date, float]) -> dict[date, Range]:
    fitted, found = fit_days(days), {}
    for at in range(YEAR):
        month = shifted_months(first, at)
        years = [year for back in range(1, YEARS_OF_WEATHER + 1) if (year := _felt(month, degrees, back))]
        if not years:
            raise TooShort(f"The temperatures of no {month:%B} are known: take them in with `lamplighter weather`.")
        one, by = peak_of(fitted, years), growth.get(month, 1.0)
        found[month] = Range(one.low * by, one.middle * by, one.high * by)
    return found


def _felt(month: date, degrees: Degrees, back: int) -> list[Day]:
    """The days of a month to come at the weather of so many years before; none where too few days are known."""
    then, days = months_before(month, YEAR * back), Period(month, shifted_months(month, 1))
    found = []
    for at, day in enumerate(days):
        felt = degrees.over(Period(then + timedelta(days=at), then + timedelta(days=at + 1)))
        if felt is not None:
            found.append(Day(day, *felt))
    return found if len(found) >= KNOWN * days.days else []


def _growth(name: str, more: Mapping[str, Mapping[date, float]], billed: Mapping[str, float]) -> Mapping[date, float]:
    """Of all classes together, each by what it uses."""
    if name != ALL:
        return more.get(name, {})
    whole = sum(billed.values())
    months = next(iter(more.values()), {})
    return {month: sum(kwh * more[one][month] for one, kwh in billed.items()) / whole for month in months}
