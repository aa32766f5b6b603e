"""The calendar months that a load with times of its own is billed by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from lamplighter.cli.pricing.refused import refused
from lamplighter.kernel.periods import Period
from lamplighter.rating.load import Load
from lamplighter.rating.tariff import BillKind


def months_covered(load: Load, zone: ZoneInfo, name: str) -> tuple[tuple[Period, ...], tuple[BillKind, ...]]:
    """The calendar months between the first and the last whole day; a month cut short opens or closes service."""
    slots = [slots for slots in load.channels.values() if slots]
    first = max(each[0].at for each in slots).astimezone(zone)
    last = min(each[-1].at + timedelta(minutes=each[-1].minutes) for each in slots).astimezone(zone)
    start = first.date() + timedelta(days=first.time() != time.min)
    end = last.date()
    if start >= end:
        raise refused("load", f"{name} does not hold one whole day.")
    periods = tuple(Period(start, end).split(*_firsts(start, end)))
    return periods, tuple(_kind(period) for period in periods)


def _firsts(start: date, end: date) -> Iterator[date]:
    day = start.replace(day=1)
    while day < end:
        day = (day + timedelta(days=32)).replace(day=1)
        yield day


def _kind(period: Period) -> BillKind:
    if period.start.day != 1:
        return BillKind.OPENING
    return BillKind.REGULAR if period.closed_end.day == 1 else BillKind.CLOSING
