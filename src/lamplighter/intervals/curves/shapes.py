"""Read a load curve: its shape by hour and kind of day, base load, duration, load factor, peaks, and what is odd in it.

For drawing and advice: floats of kW, NaN where nothing was read. Nothing here prices a bill.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.curves.curve import Floats, LoadCurve

BASE_SHARE = 0.05
"""Base load is what is exceeded in 95 % of the hours."""

MOST_OF, NEARLY_ALL = 0.6, 0.8
"""So many peaks at one time of day are a habit; so many of these on one or two weekdays are the habit of those days."""


@dataclass(frozen=True, slots=True)
class Peak:
    """A high interval: the highest of its day. `before` are the kW of the hours before it and after."""

    slot: int
    at: datetime
    day: date
    kw: float


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a curve in kW and kWh; `power_factor` where the meter counts kVArh."""

    kwh: float
    kwh_sent: float
    peak_kw: float
    mean_kw: float
    base_kw: float
    load_factor: float
    power_factor: float | None


def figures(curve: LoadCurve) -> Figures:
    """Of all the days of a curve. Raises ValueError where nothing was read."""
    kw = curve.kw()
    known = kw[~np.isnan(kw)]
    if not len(known):
        raise ValueError("nothing was read")
    kwh = float(known.sum() * curve.hours)
    peak, mean = float(known.max()), float(known.mean())
    kvar = curve.kvar()
    factor = None
    if kvar is not None:
        kvarh = float(np.nansum(kvar) * curve.hours)
        factor = kwh / float(np.hypot(kwh, kvarh)) if kwh or kvarh else 1.0
    return Figures(
        kwh, float(np.nansum(curve.kw_sent()) * curve.hours), peak, mean, float(np.quantile(known, BASE_SHARE)),
        mean / peak if peak else 0.0, factor,
    )  # fmt: skip


def heat_map(curve: LoadCurve) -> Floats:
    """Mean kW by local day and hour: (D, 24), NaN where nothing was read or the hour is skipped in spring."""
    kw, hours = curve.kw_net(), curve.calendar.minutes // 60
    cell = curve.calendar.day_of.astype(np.int64) * 24 + hours
    known = ~np.isnan(kw)
    size = curve.calendar.days * 24
    total = np.bincount(cell[known], weights=kw[known], minlength=size)
    count = np.bincount(cell[known], minlength=size)
    with np.errstate(invalid="ignore"):
        means: Floats = (total / np.where(count, count, np.nan)).reshape(-1, 24)
    return means


def duration(curve: LoadCurve, points: int = 101) -> Floats:
    """kW that is reached or exceeded in 0, 1, ... 100 % of the time (P)."""
    kw = curve.kw()
    return np.quantile(kw[~np.isnan(kw)], 1 - np.linspace(0, 1, points))


def profile(curve: LoadCurve, days: Bool) -> Floats:
    """Mean kW by local hour (24) over some days (D)."""
    cells = heat_map(curve)[days]
    known = ~np.isnan(cells)
    total, count = np.where(known, cells, 0).sum(axis=0), known.sum(axis=0)
    with np.errstate(invalid="ignore"):
        means: Floats = total / np.where(count, count, np.nan)
    return means


def day_kinds(curve: LoadCurve, summer: Sequence[int] = (6, 7, 8, 9)) -> dict[str, Bool]:
    """Days (D) by their kind: working days and weekends, of summer and of winter."""
    days = list(curve.calendar.period)
    weekend = np.array([day.weekday() >= 5 for day in days])
    warm = np.array([day.month in summer for day in days])
    return {
        "Weekdays, summer": ~weekend & warm, "Weekdays, winter": ~weekend & ~warm,
        "Weekends, summer": weekend & warm, "Weekends, winter": weekend & ~warm,
    }  # fmt: skip


def top_peaks(curve: LoadCurve, count: int = 10) -> list[Peak]:
    """The highest interval of each of the highest days, the highest first; the earliest of equal ones."""
    kw = curve.kw()
    firsts = curve.calendar.firsts
    highest = [
        (float(part[slot]), int(firsts[day]) + slot, day)
        for day in range(curve.calendar.days)
        if (part := kw[firsts[day] : firsts[day + 1]]).size and not np.isnan(part).all()
        for slot in [int(np.nanargmax(part))]
    ]
    best = sorted(highest, key=lambda one: (-one[0], one[1]))[:count]
    zone = curve.calendar.zone
    return [
        Peak(slot, datetime.fromtimestamp(int(curve.calendar.edges[slot]), zone), curve.calendar.day(day), value)
        for value, slot, day in best
    ]


def habit_of(peaks: Sequence[Peak]) -> str:
    """The time of day, and the one or two weekdays, that the peaks have in common, in words; "" where they have none.

    A single peak on another weekday does not hide the habit: it is not counted among them.
    """
    if len(peaks) < 5:
        return ""
    clock = [peak.at.strftime("%-I:%M %p").lower() for peak in peaks]
    time = max(set(clock), key=clock.count)
    same = [peak.day.weekday() for peak, at in zip(peaks, clock, strict=True) if at == time]
    if len(same) < MOST_OF * len(peaks):
        return ""
    counted = Counter(same).most_common()
    for usual in (counted[:1], counted[:2]):
        there = sum(count for _, count in usual)
        if there >= NEARLY_ALL * len(same) and there >= MOST_OF * len(peaks):
            days = sorted(weekday for weekday, _ in usual)
            names = " and ".join(f"{date(2024, 1, 1) + timedelta(days=weekday):%A}s" for weekday in days)
            return f"{there} of the {len(peaks)} highest are at {time} on {names}."
    return f"{len(same)} of the {len(peaks)} highest are at {time}."


def days_reaching(curve: LoadCurve, kw: float) -> list[date]:
    """The days on which some interval reached that level, oldest first."""
    high = np.nan_to_num(curve.kw()) >= kw
    return [curve.calendar.day(int(day)) for day in np.unique(curve.calendar.day_of[high])]


def capped(curve: LoadCurve, level: float, slots: Int64 | None = None) -> LoadCurve:
    """The curve with what it takes limited to `level` kW: everywhere, or in some slots."""
    most = int(np.floor(level * curve.hours / float(curve.unit) + 1e-9))
    counts = curve.delivered.copy()
    if slots is None:
        counts = np.minimum(counts, most)
    else:
        counts[slots] = np.minimum(counts[slots], most)
    return curve.with_delivered(counts)
