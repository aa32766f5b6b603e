"""Runs of service days, half-open: a period ends on the first day that it does not cover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to, not including, `end`. `end=None`: still running."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        assert type(self.start) is date, f"a period is of days, not {self.start!r}"
        assert self.end is None or type(self.end) is date
        assert self.end is None or self.start <= self.end, f"period runs backwards: {self.start} to {self.end}"

    @property
    def open(self) -> bool:
        return self.end is None

    @property
    def days(self) -> int:
        return (self.closed_end - self.start).days

    @property
    def closed_end(self) -> date:
        """`end` of a period that has one. Asking an open period is a fault."""
        assert self.end is not None, f"the period from {self.start} is still open"
        return self.end

    @property
    def last_day(self) -> date:
        assert self.days > 0, "an empty period has no last day"
        return self.closed_end - timedelta(days=1)

    def ending(self, day: date) -> Period:
        """The same start, ending (exclusive) on `day`."""
        return Period(self.start, day)

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def __and__(self, other: Period) -> Period | None:
        if self is other:
            return self
        for one, whole in ((self, other), (other, self)):  # nearly always one of them lies in the other
            if whole.start <= one.start and (whole.end is None or (one.end is not None and one.end <= whole.end)):
                return one
        start, end = max(self.start, other.start), min(end for end in (self.end, other.end) if end is not None)
        return Period(start, end) if start < end else None

    def overlaps(self, other: Period) -> bool:
        return (self & other) is not None

    def __iter__(self) -> Iterator[date]:
        day = self.start
        while day < self.closed_end:
            yield day
            day += timedelta(days=1)

    def split(self, *cuts: date) -> tuple[Period, ...]:
        """Cut at each day inside the period. The pieces always add up to the whole."""
        inside = sorted({day for day in cuts if day in self and day != self.start})
        edges: list[date | None] = [self.start, *inside, self.end]
        return tuple(Period(start, end) for start, end in pairwise(edges) if start is not None)

    def __str__(self) -> str:
        return f"{self.start} to {self.last_day}" if self.end and self.days else f"from {self.start}"


days = lru_cache(maxsize=1024)(Period)
"""A period of which there are many that are the same: `days(start, end)` is the very same one."""
