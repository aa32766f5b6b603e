"""Spans of exact time, half-open, in UTC, and where local days begin and end in a zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from lamplighter.kernel.periods import Period


@dataclass(frozen=True, slots=True)
class Span:
    """Instants from `start` up to, not including, `end`; both aware. `end=None`: still running."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        assert self.start.tzinfo is not None, "an instant has a zone"
        assert self.end is None or self.end.tzinfo is not None
        assert self.end is None or self.start <= self.end, f"span runs backwards: {self.start} to {self.end}"

    @property
    def seconds(self) -> int:
        assert self.end is not None, f"the span from {self.start} is still open"
        return int((self.end - self.start).total_seconds())

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= instant and (self.end is None or instant < self.end)


@lru_cache(maxsize=4096)  # the bills of a cycle begin and end on a few days
def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which `day` begins in `zone`.

    Where clocks go forward over midnight, the day begins at its first existing instant.
    """
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def span_of(period: Period, zone: ZoneInfo) -> Span:
    return Span(midnight(period.start, zone), None if period.end is None else midnight(period.end, zone))


def day_seconds(day: date, zone: ZoneInfo) -> int:
    """How long the local day is: 86,400 s, or 82,800 and 90,000 when clocks change by an hour."""
    return int((midnight(day + timedelta(days=1), zone) - midnight(day, zone)).total_seconds())


def local_days(span: Span, zone: ZoneInfo) -> Iterator[date]:
    """Every local day that a closed span touches."""
    assert span.end is not None
    day = span.start.astimezone(zone).date()
    while midnight(day, zone) < span.end:
        yield day
        day += timedelta(days=1)
