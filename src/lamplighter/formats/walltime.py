"""What the clock on the wall said, turned into instants: zones by name, and the hours that occur twice or never.

A label is the wall clock's reading as if it were UTC, in seconds. See docs/algorithms/meter-files.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from lamplighter.formats.meterdata import Ints, Mask

DAY = 86_400
EARLIEST, LATEST = 0, 4_102_444_800  # 1970 to 2100: a reading outside is a mistake


class Marks(StrEnum):
    """Which end of an interval its time stamp names."""

    BEGIN = "begin"
    END = "end"


def zone_named(name: str) -> tzinfo:
    """`"America/Los_Angeles"`, `"UTC"`, `"+10:00"`, `"UTC-8"`. Raises ValueError for any other."""
    text = name.strip()
    if text.upper() in {"UTC", "Z", "GMT"}:
        return UTC
    if fixed := re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?([0-5]\d))?", text, re.IGNORECASE):
        offset = timedelta(hours=int(fixed[2]), minutes=int(fixed[3] or 0))
        if offset <= timedelta(hours=14):
            return timezone(-offset if fixed[1] == "-" else offset)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone: name it as America/Los_Angeles, UTC or +10:00") from None


@dataclass(frozen=True, slots=True)
class Changes:
    """The clock changes of a zone in a range: at `instants` its offset goes from `before` to `after` (seconds)."""

    first: int
    instants: Ints
    before: Ints
    after: Ints


@dataclass(frozen=True, slots=True)
class WallClock:
    """Turns labels into instants for a zone whose clocks may change."""

    zone: tzinfo
    marks: Marks = Marks.BEGIN

    def starts(self, labels: Ints, seconds: Ints, heads: Ints) -> tuple[Ints, Mask]:
        """When each reading begins (epoch seconds UTC), and which labels never occurred on that clock.

        Readings of one channel stand together in the order in which they were sent; `heads` says where each channel
        begins. Of an hour that occurs twice, that order tells the first from the second.
        """
        if not len(labels):
            return labels, np.zeros(0, np.bool_)
        changes = clock_changes(self.zone, int(labels.min()) - DAY, int(labels.max()) + DAY)
        instants, never, twice = self._plain(labels, changes)
        firsts = set(heads.tolist())
        for i in twice.tolist():
            previous = None if i in firsts else int(instants[i - 1])
            instants[i] = _settled(int(labels[i]), int(seconds[i]), previous, changes)
        return instants - seconds if self.marks is Marks.END else instants, never

    def between(self, begins: Ints, ends: Ints) -> Ints:
        """Seconds that pass from one label to another."""
        return self._alone(ends) - self._alone(begins)

    def later(self, labels: Ints, seconds: Ints) -> Ints:
        """What the clock shows so many seconds after it showed each label."""
        instants = self._alone(labels) + seconds
        changes = clock_changes(self.zone, int(instants.min()) - DAY, int(instants.max()) + DAY)
        passed = np.searchsorted(changes.instants, instants, side="right")
        shown: Ints = instants + np.append(changes.first, changes.after)[passed]
        return shown

    def _alone(self, labels: Ints) -> Ints:
        """Instants of labels that have nothing to do with each other."""
        changes = clock_changes(self.zone, int(labels.min()) - DAY, int(labels.max()) + DAY)
        return self._plain(labels, changes)[0]

    def _plain(self, labels: Ints, changes: Changes) -> tuple[Ints, Mask, Ints]:
        """Instants with the first of two equal hours, labels that never occurred, and those that may mean two."""
        if not len(changes.instants):
            return labels - changes.first, np.zeros(len(labels), np.bool_), np.zeros(0, np.int64)
        begins = changes.instants + np.minimum(changes.before, changes.after)
        ends = changes.instants + np.maximum(changes.before, changes.after)
        passed = np.searchsorted(ends, labels, side="right")
        offsets = np.append(changes.first, changes.after)[passed]
        here = np.minimum(passed, len(ends) - 1)
        forward = (changes.after > changes.before)[here]
        inside = (labels >= begins[here]) & (labels < ends[here])
        if self.marks is Marks.END:
            never = inside & forward & (labels > begins[here])
            done = np.maximum(passed - 1, 0)
            twice = (inside & ~forward) | ((labels == ends[done]) & (changes.after < changes.before)[done])
        else:
            never = inside & forward
            twice = inside & ~forward
        return labels - offsets, never, np.flatnonzero(twice)


def _settled(label: int, step: int, previous: int | None, changes: Changes) -> int:
    """The instant of a label that stands for two: the one that continues the sequence, forward or backward.

    Where neither does, the first one after the reading before; but the label at which a doubled hour ends means its
    later end.
    """
    ends = changes.instants + np.maximum(changes.before, changes.after)
    change = int(np.searchsorted(ends, label, side="left"))
    early, late = int(label - changes.before[change]), int(label - changes.after[change])
    closing = label == int(ends[change])
    if previous is None:
        return late if closing else early
    for expected in (previous + step, previous - step) if step else ():
        if expected in {early, late}:
            return expected
    return early if early > previous and not closing else late


def time_label(digits: str) -> int | None:
    """`20250131`, `202501310815` or `20250131081500` as a label; 24:00 is the next midnight; None for no time."""
    if len(digits) not in {8, 12, 14} or not (digits.isascii() and digits.isdigit()):
        return None
    year, (month, day, *time) = int(digits[:4]), [int(digits[i : i + 2]) for i in range(4, len(digits), 2)]
    hour, minute, second = (*time, 0, 0, 0)[:3]
    try:
        midnight = int(datetime(year, month, day, tzinfo=UTC).timestamp())
    except ValueError:
        return None
    within = hour < 24 and minute < 60 and second < 60
    return midnight + hour * 3600 + minute * 60 + second if within or (hour, minute, second) == (24, 0, 0) else None


def months_before(labels: Ints, months: int) -> Ints:
    """The same day and time of an earlier month, or that month's last day where it is shorter."""
    days = labels.astype("datetime64[s]")
    month = days.astype("datetime64[M]")
    into = days - month.astype("datetime64[s]")
    earlier = month - months
    longest = (earlier + 1).astype("datetime64[D]") - earlier.astype("datetime64[D]")
    day = np.minimum(into.astype("timedelta64[D]"), longest - 1)
    begin = (earlier.astype("datetime64[D]") + day).astype("datetime64[s]")
    shifted: Ints = (begin + (into - into.astype("timedelta64[D]"))).astype(np.int64)
    return shifted


def clock_changes(zone: tzinfo, low: int, high: int) -> Changes:
    """The changes of a zone's offset between two instants (epoch seconds)."""
    low, high = max(low, EARLIEST - 2 * DAY), min(high, LATEST + 2 * DAY)
    years = range(_year(low), _year(max(high, low)) + 1)
    found = [change for year in years for change in _changes_of_year(zone, year) if low <= change[0] <= high]
    columns = np.array(found, np.int64).reshape(-1, 3).T
    first = int(columns[1][0]) if found else _offset(zone, low)
    return Changes(first, *columns)


@lru_cache(maxsize=1024)
def _changes_of_year(zone: tzinfo, year: int) -> tuple[tuple[int, int, int], ...]:
    begin = int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
    end = int(datetime(year + 1, 1, 1, tzinfo=UTC).timestamp())
    return tuple(
        (_moment(zone, at, at + DAY), before, after)
        for at in range(begin, end, DAY)
        if (before := _offset(zone, at)) != (after := _offset(zone, at + DAY))
    )


def _moment(zone: tzinfo, low: int, high: int) -> int:
    """The first second with the new offset, by bisection."""
    before = _offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high


def _offset(zone: tzinfo, epoch: int) -> int:
    offset = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=epoch)).astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def _year(epoch: int) -> int:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=epoch)).year
