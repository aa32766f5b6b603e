"""A load as a sequence of intervals: what was measured, in which flow, exactly and in exact time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from itertools import pairwise
from typing import TypeAlias
from zoneinfo import ZoneInfo

from lamplighter.kernel.energy import Flow
from lamplighter.kernel.instants import midnight
from lamplighter.rating.determinants import What

EXACT = Context(prec=60)  # sums of a year of readings with many decimals lose nothing
Channel: TypeAlias = tuple[What, Flow]


@dataclass(frozen=True, slots=True)
class Interval:
    """Energy over `seconds` from `start` (aware): kWh, kVArh or kVAh by the channel it stands in."""

    start: datetime
    seconds: int
    value: Decimal
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """An interval by the local clock. `hours` is value times 60: kW times minutes, which no division has touched."""

    at: datetime
    day: date
    minute: int
    minutes: int
    block: int  # minutes since 1970 by the local clock, so that windows align with it
    offset: int
    hours: Decimal
    estimated: bool


@dataclass(frozen=True, slots=True)
class Load:
    """Channels of one service in one zone, each in order of time and without overlaps; gaps stay gaps."""

    zone: ZoneInfo
    channels: Mapping[Channel, tuple[Slot, ...]] = field(repr=False)

    @property
    def first_day(self) -> date:
        return min(slots[0].day for slots in self.channels.values() if slots)

    def has(self, channel: Channel) -> bool:
        return channel in self.channels


def load_of(zone: ZoneInfo, channels: Mapping[Channel, Iterable[Interval]]) -> Load:
    """Raises ValueError for intervals that overlap or are not whole minutes."""
    return Load(zone, {key: _slots(zone, intervals) for key, intervals in channels.items()})


def load_of_kw(zone: ZoneInfo, start: date | datetime, minutes: int, kw: Sequence[Decimal]) -> Load:
    """Mean kW of equal intervals from an instant, or from the first minute of a day: positive is delivered."""
    first = start.astimezone(UTC) if isinstance(start, datetime) else midnight(start, zone)
    slots = [
        _slot(zone, first + timedelta(minutes=minutes * i), minutes, EXACT.multiply(value, Decimal(minutes)))
        for i, value in enumerate(kw)
    ]
    nothing = Decimal(0)
    channels = {
        (What.KWH, Flow.DELIVERED): tuple(slot if slot.hours >= 0 else _with(slot, nothing) for slot in slots),
    }
    if any(slot.hours < 0 for slot in slots):
        received = tuple(_with(slot, slot.hours.copy_negate() if slot.hours < 0 else nothing) for slot in slots)
        channels[What.KWH, Flow.RECEIVED] = received
    return Load(zone, channels)


def _slots(zone: ZoneInfo, intervals: Iterable[Interval]) -> tuple[Slot, ...]:
    ordered = sorted(intervals, key=lambda interval: interval.start)
    for earlier, later in pairwise(ordered):
        if later.start < earlier.start + timedelta(seconds=earlier.seconds):
            raise ValueError(f"two readings cover {later.start.astimezone(zone):%Y-%m-%d %H:%M}")
    for interval in ordered:
        if interval.seconds % 60 or interval.seconds <= 0:
            raise ValueError(f"a reading of {interval.seconds} seconds is not of whole minutes")
    return tuple(
        _slot(
            zone, i.start.astimezone(UTC), i.seconds // 60, EXACT.multiply(i.value, Decimal(60)), estimated=i.estimated
        )
        for i in ordered
    )


def _slot(zone: ZoneInfo, at: datetime, minutes: int, hours: Decimal, *, estimated: bool = False) -> Slot:
    local = at.astimezone(zone)
    shift = local.utcoffset()
    assert shift is not None
    offset = int(shift.total_seconds()) // 60
    block = int(at.timestamp()) // 60 + offset
    return Slot(at, local.date(), local.hour * 60 + local.minute, minutes, block, offset, hours, estimated)


def _with(slot: Slot, hours: Decimal) -> Slot:
    return Slot(slot.at, slot.day, slot.minute, slot.minutes, slot.block, slot.offset, hours, slot.estimated)
