"""What a load does again and again: a dip on the same day of each month, bursts of one interval, restless machines.

Each is a sentence with its figures, beside the thresholds that decide it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from lamplighter.intervals.curves.curve import Floats, LoadCurve

DIP, STEADY, LEAST_DIPS, ALIKE = 0.75, 0.10, 4, 0.9
"""A dip is below three quarters of what its hour usually is, where that is steady to a tenth; nine of ten are alike."""
BURST, SHORT, A_DAY = 0.5, 0.8, 1.0
"""A burst goes above the middle between base and peak; four of five last one interval; at least one comes a day."""
JUMP = 0.25
"""Of the mean: a tenth of the changes from one interval to the next is larger than this."""
LEAST_DAYS = 60


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Since when it is told, in kW what it takes or leaves, and the sentence."""

    on: date
    kw: float
    words: str


def dips(curve: LoadCurve, cells: Floats) -> Rhythm | None:
    """A load that falls at the same hour of the same weekday, as where a site runs its generators to test them."""
    days = list(curve.calendar.period)
    if len(days) < LEAST_DAYS or np.isnan(cells).all(axis=0).any():
        return None
    usual = np.nanmedian(cells, axis=0)
    spread = np.nanmedian(np.abs(cells - usual), axis=0)
    steady = (usual > 5) & (spread < STEADY * usual)
    low = (np.nan_to_num(cells, nan=np.inf) < DIP * usual) & steady
    found = [(days[int(day)], int(hour)) for day, hour in np.argwhere(low)]
    if not LEAST_DIPS <= len(found) <= len(days) // 4:
        return None
    (weekday, hour), count = Counter((day.weekday(), hour) for day, hour in found).most_common(1)[0]
    if count < ALIKE * len(found):
        return None
    those = [day for day, at in found if (day.weekday(), at) == (weekday, hour)]
    fell = float(usual[hour] - np.mean([cells[(day - days[0]).days, hour] for day in those]))
    name = f"{date(2024, 1, 1) + timedelta(days=weekday):%A}"
    when = f"on the first {name} of a month" if all(day.day <= 7 for day in those) else f"on {name}s"
    clock = f"{hour % 12 or 12} {'am' if hour < 12 else 'pm'}"
    what = f"On {count} days the load fell by {fell:,.0f} kW from {clock}, each time {when}"
    words = f"{what}: as where generators are tested."
    return Rhythm(those[0], -fell, words)


def bursts(curve: LoadCurve) -> Rhythm | None:
    """High for one interval, many times a day: a ferry that charges at each call, a fast charger."""
    kw = curve.kw()
    if np.isnan(kw).all() or curve.calendar.days < LEAST_DAYS:
        return None
    base, peak = float(np.nanquantile(kw, 0.05)), float(np.nanmax(kw))
    high = np.nan_to_num(kw) > base + BURST * (peak - base)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], high.astype(np.int8), [0]))))
    lasts = edges[1::2] - edges[::2]
    a_day = len(lasts) / curve.calendar.days
    if peak < 2 * max(base, 1.0) or a_day < A_DAY or (lasts == 1).mean() < SHORT:
        return None
    level, minutes = float(np.median(kw[high])), round(curve.hours * 60)
    near = f"{a_day:.0f} times a day it is near {level:,.0f} kW for one interval of {minutes} minutes"
    words = (
        f"The load comes in bursts: {near}, and near {base:,.0f} kW between. Demand is the mean of {minutes} minutes:"
        " what runs for less of them takes more while it runs."
    )
    return Rhythm(curve.calendar.period.start, level, words)


def restless(curve: LoadCurve) -> Rhythm | None:
    """Large machines that start and stop all the time: the load jumps from one interval to the next. Where a roof
    sends back, the clouds do that."""
    if curve.sends:
        return None
    kw = curve.kw()
    jumps = np.abs(np.diff(kw))
    jumps = jumps[~np.isnan(jumps)]
    if curve.calendar.days < LEAST_DAYS or not jumps.size:
        return None
    often, mean, minutes = float(np.quantile(jumps, 0.9)), float(np.nanmean(kw)), round(curve.hours * 60)
    if mean <= 1 or often < JUMP * mean:
        return None
    jumps_by = f"the load jumps by {often:,.0f} kW or more a tenth of the time, at a mean of {mean:,.0f} kW"
    words = f"From one interval of {minutes} minutes to the next {jumps_by}: large machines start and stop."
    return Rhythm(curve.calendar.period.start, often, words)
