"""Something new that runs in the same hours of every day: since when, in which hours, how much. Told from hours alone.

Of every day on which it could have begun, four weeks before and up to four weeks after are compared by the hour, as
medians, so that single days count little. The hours in which the difference stands out together are the finding; where
the other hours changed as well, it was no one thing, and nothing is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from lamplighter.intervals.arrays import Int64
from lamplighter.intervals.curves.curve import Floats, LoadCurve
from lamplighter.intervals.curves.shapes import heat_map

WEEKS, LEAST_DAYS = 28, 14
LEAST_KW, STANDS_OUT, ELSEWHERE, SPREADS = 0.3, 0.5, 0.4, 3.0
SHORTEST, LONGEST = 2, 12
NIGHT = frozenset((*range(20, 24), *range(6)))


@dataclass(frozen=True, slots=True)
class DailyStep:
    """From the hour `first` up to the hour `after`, `kw` more on every day since `began`."""

    began: date
    first: int
    after: int
    kw: float

    @property
    def hours(self) -> int:
        return (self.after - self.first) % 24

    @property
    def by_night(self) -> bool:
        """Whether most of its hours are those of sleep."""
        inside = [(self.first + one) % 24 in NIGHT for one in range(self.hours)]
        return sum(inside) * 2 > len(inside)


def daily_step(curve: LoadCurve) -> DailyStep | None:
    """The clearest one of a curve; None where nothing is clear, or it has too few days."""
    cells = heat_map(curve)
    days = len(cells)
    best: tuple[float, DailyStep] | None = None
    for cut in range(LEAST_DAYS, days - LEAST_DAYS + 1):
        before, after = cells[max(cut - WEEKS, 0) : cut], cells[cut : cut + WEEKS]
        if _lacking(before) or _lacking(after):
            continue
        change = np.nanmedian(after, axis=0) - np.nanmedian(before, axis=0)
        score, first, hours = _block(change)
        block = (first + np.arange(hours)) % 24
        if (best is None or score > best[0]) and _clear(before, after, change, block):
            kw = float(change[block].mean())
            best = score, DailyStep(curve.calendar.day(cut), first, (first + hours) % 24, kw)
    return best[1] if best else None


def _lacking(cells: Floats) -> bool:
    """Whether some hour of the day is known on too few of these days."""
    return bool((np.isnan(cells).sum(axis=0) > len(cells) // 4).any())


def _block(change: Floats) -> tuple[float, int, int]:
    """The best run of hours of this change, around midnight too, with its score: how much, in how many hours."""
    twice = np.concatenate([[0.0], np.cumsum(np.tile(change, 2))])
    return max(
        (float(twice[first + hours] - twice[first]) / hours**0.5, first, hours)
        for hours in range(SHORTEST, LONGEST + 1)
        for first in range(24)
    )


def _clear(before: Floats, after: Floats, change: Floats, block: Int64) -> bool:
    """It is no small thing, every hour of it rose, the others hardly did, and days differ by much less among them."""
    mean = float(change[block].mean())
    others = change[~np.isin(np.arange(24), block)]
    if mean < LEAST_KW or change[block].min() < STANDS_OUT * mean or np.abs(others).mean() > ELSEWHERE * mean:
        return False
    return all(mean > SPREADS * _spread(cells[:, block].mean(axis=1)) for cells in (before, after))


def _spread(levels: Floats) -> float:
    known = levels[~np.isnan(levels)]
    return float(np.median(np.abs(known - np.median(known))))
