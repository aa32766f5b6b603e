"""What is odd in a load curve: a base load that drifts or steps, nights left on, exports, lights on Fridays.

Each finding is a sentence with its figures. Thresholds stand beside the tests that they decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from lamplighter.intervals.curves.curve import Floats, LoadCurve
from lamplighter.intervals.curves.rhythms import bursts, dips, restless
from lamplighter.intervals.curves.shapes import heat_map

DRIFT, STEP, NIGHT = 0.10, 0.15, 1.4
NIGHT_HOURS = slice(1, 5)
WEEKS = 8


class Oddity(StrEnum):
    DRIFT = "drift"
    STEP = "step"
    LEFT_ON = "left on"
    EXPORT = "export"
    WEEKLY = "weekly"
    NIGHTLY = "nightly"
    POWER_FACTOR = "power factor"
    DIPS = "dips"
    BURSTS = "bursts"
    RESTLESS = "restless"


@dataclass(frozen=True, slots=True)
class Odd:
    """What was found, since when, in kW (of drift and step: the change; else the level), and the sentence."""

    kind: Oddity
    on: date
    kw: float
    words: str


def oddities(curve: LoadCurve) -> list[Odd]:
    """Everything odd, in the order in which a manager would tell it."""
    cells = heat_map(curve)
    found = [
        *_base(curve, cells),
        *_nights(curve, cells),
        *_exports(curve),
        *_evenings(curve, cells),
        *_cooled(cells, curve),
    ]
    factor = _power_factor(curve)
    return [*found, *([factor] if factor else []), *_rhythms(curve, cells)]


def _rhythms(curve: LoadCurve, cells: Floats) -> Iterator[Odd]:
    """What comes again and again. Bursts are jumps too: the more telling of the two is told."""
    if (found := dips(curve, cells)) is not None:
        yield Odd(Oddity.DIPS, found.on, found.kw, found.words)
    if (found := bursts(curve)) is not None:
        yield Odd(Oddity.BURSTS, found.on, found.kw, found.words)
    elif (found := restless(curve)) is not None:
        yield Odd(Oddity.RESTLESS, found.on, found.kw, found.words)


def _base(curve: LoadCurve, cells: Floats) -> Iterator[Odd]:
    """The night's level by week: one straight line (drift), or two levels (step), whichever explains it better."""
    hours = cells[:, NIGHT_HOURS]
    weeks = len(hours) // 7
    if weeks < WEEKS or np.isnan(hours).all(axis=1).any():
        return
    nights = np.nanmean(hours, axis=1)
    level = np.median(nights[: weeks * 7].reshape(weeks, 7), axis=1)
    middle = float(np.median(level))
    if middle <= 1:
        return
    line = np.polyfit(np.arange(weeks), level, 1)
    rise = float(line[0] * (weeks - 1))
    drift_left = float(((level - np.polyval(line, np.arange(weeks))) ** 2).sum())
    cut = min(range(4, weeks - 3), key=lambda at: _left(level, at))
    step_left, change = _left(level, cut), float(level[cut:].mean() - level[:cut].mean())
    spread = float(np.std(np.diff(level))) or 1e-9
    if abs(change) > STEP * middle and step_left < 0.5 * drift_left and abs(change) > 3 * spread:
        day = curve.calendar.period.start + timedelta(days=7 * cut)
        yield Odd(
            Oddity.STEP,
            day,
            change,
            f"The load at night {_went(change)} by {abs(change):.0f} kW in the week of {day:%B %-d}, and stayed.",
        )
    elif abs(rise) > DRIFT * middle and drift_left < 0.5 * float(((level - level.mean()) ** 2).sum()):
        yield Odd(
            Oddity.DRIFT,
            curve.calendar.period.start,
            rise,
            f"The load at night {_went(rise)} steadily: {level[0]:.0f} kW at first, {level[-1]:.0f} kW now,"
            f" {abs(rise) / weeks * 4.35:.1f} kW a month. Equipment that wears does that, or more of it.",
        )


def _left(level: Floats, cut: int) -> float:
    """What two levels leave unexplained."""
    parts = (level[:cut], level[cut:])
    return float(sum(((part - part.mean()) ** 2).sum() for part in parts))


def _nights(curve: LoadCurve, cells: Floats) -> Iterator[Odd]:
    """Nights far above the others: something was left on."""
    nights = cells[:, NIGHT_HOURS].mean(axis=1)
    known = ~np.isnan(nights)
    if known.sum() < 60:
        return
    usual, spread = float(np.median(nights[known])), float(np.median(np.abs(nights[known] - np.median(nights[known]))))
    high = known & (nights > max(usual * NIGHT, usual + 8 * max(spread, 0.5)))
    if 0 < high.sum() <= 20:
        days = [curve.calendar.day(int(at)) for at in np.flatnonzero(high)]
        most = float(nights[high].max())
        yield Odd(
            Oddity.LEFT_ON,
            days[0],
            most,
            f"On {len(days)} night{'s' if len(days) > 1 else ''} (first {days[0]:%B %-d}) the load was up to"
            f" {most:.0f} kW instead of {usual:.0f} kW: something was left on.",
        )


def _exports(curve: LoadCurve) -> Iterator[Odd]:
    """The month that sends back most."""
    if not curve.sends:
        return
    sent = np.nan_to_num(curve.kw_sent()) * curve.hours
    used = np.nan_to_num(curve.kw()) * curve.hours
    months = np.array([day.year * 12 + day.month - 1 for day in curve.calendar.period])[curve.calendar.day_of]
    by = {
        int(month): (float(sent[months == month].sum()), float(used[months == month].sum()))
        for month in np.unique(months)
    }
    month = max(by, key=lambda one: by[one][0] - by[one][1])
    back, taken = by[month]
    first = date(month // 12, month % 12 + 1, 1)
    if back > taken:
        yield Odd(
            Oddity.EXPORT,
            first,
            -back,
            f"In {first:%B} more went out than came in: {back:,.0f} kWh sent back, {taken:,.0f} kWh taken.",
        )


def _evenings(curve: LoadCurve, cells: Floats) -> Iterator[Odd]:
    """One evening of the week that stands out: Friday-night lights."""
    evening = np.nanmax(np.where(np.isnan(cells[:, 18:23]), -np.inf, cells[:, 18:23]), axis=1)
    weekday = np.array([day.weekday() for day in curve.calendar.period])
    known = np.isfinite(evening)
    means = np.array(
        [
            np.quantile(evening[known & (weekday == day)], 0.75) if (known & (weekday == day)).any() else 0.0
            for day in range(7)
        ]
    )
    best, second = (int(at) for at in np.argsort(means)[::-1][:2])
    if means[best] > 1.5 * max(float(means[second]), 1.0) and means[best] - means[second] > 20:
        day = date(2024, 1, 1) + timedelta(days=best)
        yield Odd(
            Oddity.WEEKLY,
            curve.calendar.period.start,
            float(means[best]),
            f"{day:%A} evenings stand out: {means[best]:.0f} kW after 6 pm, {means[second]:.0f} kW on other days.",
        )


def _cooled(cells: Floats, curve: LoadCurve) -> Iterator[Odd]:
    """Nights far above days: rooms that are cooled ahead."""
    night, day = float(np.nanmean(cells[:, [0, 1, 2, 3, 4, 23]])), float(np.nanmean(cells[:, 8:20]))
    if day > 0 and night > 1.35 * day:
        yield Odd(
            Oddity.NIGHTLY,
            curve.calendar.period.start,
            night,
            f"Nights are above days: {night:.0f} kW against {day:.0f} kW, as where rooms are cooled ahead or water is"
            " pumped at night.",
        )


def _power_factor(curve: LoadCurve) -> Odd | None:
    if curve.reactive is None:
        return None
    kwh, kvarh = int(curve.delivered.sum()), int(curve.reactive.sum())
    factor = kwh / float(np.hypot(kwh, kvarh)) if kwh or kvarh else 1.0
    if factor >= 0.9:
        return None
    kvar = (kvarh - kwh * float(np.tan(np.arccos(0.95)))) * float(curve.unit) / (curve.calendar.slots * curve.hours)
    return Odd(
        Oddity.POWER_FACTOR,
        curve.calendar.period.start,
        factor,
        f"The power factor is {factor:.2f}. About {kvar:,.0f} kVAr of capacitors would bring it to 0.95.",
    )


def _went(change: float) -> str:
    return "rose" if change > 0 else "fell"
