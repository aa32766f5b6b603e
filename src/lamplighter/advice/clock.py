"""Hours of the local clock on a calendar of slots: slots between two hours, one day's profile on all days."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lamplighter.intervals.arrays import Bool
from lamplighter.intervals.curves.curve import Floats
from lamplighter.intervals.slots import SlotCalendar

DAY_MINUTES = 1440


def between(calendar: SlotCalendar, first: float, last: float) -> Bool:
    """The slots (S) that begin from one hour to before another; over midnight where the first is the later one."""
    at = calendar.minutes / 60
    return (at >= first) & (at < last) if first <= last else (at >= first) | (at < last)


def on_days(calendar: SlotCalendar, days_a_week: float) -> Bool:
    """The slots (S) of that many days of each week, from Monday on."""
    return calendar.weekdays < days_a_week


def everyday(calendar: SlotCalendar, minutes: Floats) -> Floats:
    """A profile by minute of the day (1440) as the mean of each slot (S)."""
    width = min(calendar.seconds // 60, DAY_MINUTES)
    means = minutes.reshape(-1, width).mean(axis=1)
    found: Floats = means[np.minimum(calendar.minutes // width, len(means) - 1)]
    return found


def windows(calendar: SlotCalendar, first: float, last: float, days_a_week: float) -> Iterator[slice]:
    """The slots from one hour to another on each of those days; over midnight, into the next morning."""
    begins, ends = int(first * 60), int(last * 60)
    for day in range(calendar.days):
        here = slice(int(calendar.firsts[day]), int(calendar.firsts[day + 1]))
        if calendar.weekdays[here.start] >= days_a_week:
            continue
        start = _reaches(calendar, here, begins)
        if begins < ends:
            yield slice(start, _reaches(calendar, here, ends))
        elif day + 1 < calendar.days:
            there = slice(int(calendar.firsts[day + 1]), int(calendar.firsts[day + 2]))
            yield slice(start, _reaches(calendar, there, ends))


def _reaches(calendar: SlotCalendar, day: slice, minute: int) -> int:
    """The first slot of a day that begins at a minute or later; the day's end where none does."""
    later = calendar.minutes[day] >= minute
    first: int = day.start + int(np.argmax(later)) if later.any() else day.stop
    return first


def filled(load: Floats, most: float, energy: float, hours: float) -> Floats:
    """`energy` kWh put into slots where the load is lowest, at `most` kW each: the level reached is the same in all
    that are not full. What does not fit is left out."""
    if energy <= 0 or not len(load):
        return np.zeros_like(load)
    if energy >= most * hours * len(load):
        return np.full_like(load, most)
    low, high = float(load.min()), float(load.max()) + most
    for _ in range(48):
        level = (low + high) / 2
        if float(np.clip(level - load, 0, most).sum()) * hours < energy:
            low = level
        else:
            high = level
    return np.clip(high - load, 0, most)
