"""Small calendars, blocks and readings for the tests of the interval engine."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from lamplighter.intervals.arrays import Int64
from lamplighter.intervals.block import NO_REVISION, Block
from lamplighter.intervals.channeldays import ABSENT, ChannelDays
from lamplighter.intervals.slots import SlotCalendar, slot_calendar
from lamplighter.kernel.calendars import HolidayCalendar
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.periods import Period

PACIFIC = ZoneInfo("America/Los_Angeles")
QUARTER = 900
SPRING = date(2025, 3, 9)  # 23 hours in the Pacific zone
AUTUMN = date(2025, 11, 2)  # 25 hours


def at(day: date, hours: float = 0, zone: ZoneInfo = PACIFIC) -> int:
    """Epoch seconds, so many elapsed hours after a local day begins."""
    return int(midnight(day, zone).timestamp()) + round(hours * 3600)


def days_from(first: date, count: int) -> Period:
    return Period(first, first + timedelta(days=count))


def calendar(
    first: date, count: int = 1, *, seconds: int = QUARTER, holidays: HolidayCalendar | None = None
) -> SlotCalendar:
    return slot_calendar(days_from(first, count), seconds=seconds, zone=PACIFIC, holidays=holidays or HolidayCalendar())


def block(calendar: SlotCalendar, values: object, quality: object = None, *, first_channel: int = 1) -> Block:
    """Rows of counts; None is a missing slot. `quality` stands for all or is given per slot."""
    table = np.array([[ABSENT if value is None else value for value in row] for row in values], dtype=np.int32)
    codes = np.broadcast_to(np.uint8(Quality.VALID) if quality is None else np.asarray(quality, np.uint8), table.shape)
    channels: Int64 = np.arange(first_channel, first_channel + len(table), dtype=np.int64)
    return Block(
        channels=channels,
        calendar=calendar,
        values=table,
        quality=np.where(table == ABSENT, np.uint8(Quality.MISSING), codes),
        revisions=np.full((len(table), calendar.days), NO_REVISION, dtype=np.int64),
    )


def flat(calendar: SlotCalendar, value: int = 100, channels: int = 1) -> Block:
    return block(calendar, [[value] * calendar.slots] * channels)


def with_slots(given: Block, changes: dict[tuple[int, int], int | None]) -> Block:
    """The block with some slots changed: `{(row, slot): count or None}`."""
    rows = given.values.tolist()
    for (row, slot), value in changes.items():
        rows[row][slot] = ABSENT if value is None else value
    return block(
        given.calendar,
        [[None if value == ABSENT else value for value in row] for row in rows],
        np.where(given.quality == Quality.MISSING, np.uint8(Quality.VALID), given.quality),
        first_channel=int(given.channels[0]),
    )


def one_day(channel: int, day: date, counts: list[int | None], quality: int = Quality.VALID) -> ChannelDays:
    cut = calendar(day, seconds=86_400 if len(counts) == 1 else QUARTER)
    return block(cut, [counts], quality, first_channel=channel).channel_days(np.ones((1, 1), dtype=np.bool_))
