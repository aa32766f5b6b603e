"""What a decision about exceptions would make of the readings. A draft: a page shows it, an operation publishes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from lamplighter.intervals.arrays import Bool, Int32
from lamplighter.intervals.block import Block
from lamplighter.intervals.channeldays import ABSENT, LARGEST
from lamplighter.intervals.published import Published
from lamplighter.intervals.slots import ordinal
from lamplighter.intervals.vee.groups import Role
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.periods import Period
from lamplighter.usage.intake import gaps
from lamplighter.usage.intake.laying import setup_of
from lamplighter.usage.intake.merging import Merged, own_estimates, without
from lamplighter.usage.intake.parts import MARGIN, WIDE, Touched
from lamplighter.usage.intake.surroundings import Surroundings
from lamplighter.usage.models import IntervalException
from lamplighter.usage.queries.lacking import FAR, SEASON
from lamplighter.usage.queries.surroundings import surroundings
from lamplighter.usage.queries.weighing import Weighed, draft_of, noticed_near, read, weigh_merged, widened
from lamplighter.usage.store import utility_zone

Values = Mapping[tuple[date, int], int]
"""Counts by local day and slot."""


class CannotDecide(Exception):
    """A decision is refused; the message is fit to be read aloud."""


def days_of(rows: Sequence[IntervalException]) -> Period:
    """The local days that exceptions are about."""
    zone = utility_zone()
    ends = [row.span.end for row in rows if row.span.end]
    last = max(end - timedelta(seconds=1) for end in ends).astimezone(zone).date()
    return Period(min(row.day for row in rows), last + timedelta(days=1))


def touched_by(rows: Sequence[IntervalException]) -> Touched:
    """Their channels with their days."""
    by_channel: dict[int, list[IntervalException]] = {}
    for row in rows:
        by_channel.setdefault(row.channel_id, []).append(row)
    periods = [(channel, days_of(by_channel[channel])) for channel in sorted(by_channel)]
    columns = (
        [channel for channel, _ in periods],
        [ordinal(period.start) for _, period in periods],
        [ordinal(period.last_day) for _, period in periods],
    )
    return Touched(*(np.array(column, dtype=np.int64) for column in columns))


def as_read(rows: Sequence[IntervalException], published: Published) -> Weighed:
    """The readings as they came count, verified by a person. What was never read stays as it is."""
    touched, around = touched_by(rows), _around(rows, WIDE)
    stored = _stored(rows, MARGIN, published)
    assert stored.raw is not None
    marked = slots_in_question(stored, rows) & (stored.raw != ABSENT)
    return _overridden(
        stored, stored.raw, marked, quality=Quality.VERIFIED, touched=touched, around=around, published=published
    )


def edited(rows: Sequence[IntervalException], published: Published, *, values: Values) -> Weighed:
    """Some intervals have the values that a person entered. The exceptions are of one channel. Raises CannotDecide."""
    touched, around = touched_by(rows), _around(rows, WIDE)
    assert len(touched) == 1, "values are of one channel"
    stored = _stored(rows, MARGIN, published)
    entered, marked = stored.values.copy(), np.zeros(stored.values.shape, dtype=np.bool_)
    allowed = days_of(rows)
    for (day, slot), count in values.items():
        slots = stored.calendar.slots_of(day) if day in allowed else slice(0, 0)
        if not 0 <= slot < slots.stop - slots.start:
            raise CannotDecide(f"{day:%b %-d, %Y} has no interval {slot + 1} here.")
        if not -LARGEST <= count <= LARGEST:
            raise CannotDecide(f"{count:,} is too large for an interval.")
        entered[0, slots.start + slot], marked[0, slots.start + slot] = count, True
    return _overridden(
        stored, entered, marked, quality=Quality.EDITED, touched=touched, around=around, published=published
    )


def estimated(rows: Sequence[IntervalException], published: Published) -> Weighed:
    """The intervals in question are estimated: by a line, by like days of the season, scaled to registers.

    Raises CannotDecide where nothing tells what they were.
    """
    touched, around = touched_by(rows), _around(rows, SEASON)
    stored = _stored(rows, SEASON, published)
    marked = slots_in_question(stored, rows) & (around.is_served(stored) | stored.present)
    doubtful = without(stored, marked)
    filled = gaps.fill(doubtful, doubtful, marked, around, policy=FAR)
    if (marked & ~filled.block.present).any():
        raise CannotDecide("Nothing tells what these intervals were. Enter values, or wait for the readings.")
    found = [*filled.findings, *gaps.estimates_judged(filled.block, around)]
    return draft_of(filled.block, stored, touched=touched, around=around, noticed=noticed_near(found, touched, around))


def newest_revision(rows: Sequence[IntervalException], published: Published) -> int:
    """The newest revision of the channel-days that exceptions are about; 0 where nothing is stored."""
    stored = _stored(rows, 0, published)
    return max(int(stored.revisions.max(initial=0)), 0)


def _around(rows: Sequence[IntervalException], days: int) -> Surroundings:
    channels = {row.channel_id: row.channel for row in rows}
    setup = setup_of(next(iter(channels.values())))
    return surroundings([channels[pk] for pk in sorted(channels)], setup=setup, period=widened(days_of(rows), days))


def _stored(rows: Sequence[IntervalException], days: int, published: Published) -> Block:
    setup = setup_of(rows[0].channel)
    ids = np.array(sorted({row.channel_id for row in rows}), dtype=np.int64)
    return read(ids, widened(days_of(rows), days), setup=setup, published=published)


def slots_in_question(block: Block, rows: Sequence[IntervalException]) -> Bool:
    """The slots (C, S) that exceptions are about; of a conflict only those that came with two values."""
    marks: Bool = np.zeros(block.values.shape, dtype=np.bool_)
    for row in rows:
        at = int(np.searchsorted(block.channels, row.channel_id))
        first = block.calendar.slots_of(row.day).start
        if "slots" in row.evidence:
            marks[at, first + np.array(row.evidence["slots"], dtype=np.int64)] = True
        else:
            marks[at, first + row.slot : first + row.slot + row.slots] = True
    return marks


def _overridden(
    stored: Block,
    values: Int32,
    marked: Bool,
    *,
    quality: Quality,
    touched: Touched,
    around: Surroundings,
    published: Published,
) -> Weighed:
    """Some slots with other values, judged as a person's override, and the estimates near them made anew.

    The other slots of the day keep their judgement: nothing new was read.
    """
    bare = without(stored, own_estimates(stored) & ~marked)
    block = replace(
        bare,
        values=np.where(marked, values, bare.values),
        quality=np.where(marked, np.uint8(quality), bare.quality),
    )
    none: Bool = np.zeros(stored.revisions.shape, dtype=np.bool_)
    laid = Merged(stored, block, none)
    return weigh_merged(laid, touched, around, published=published, role=Role.MANUAL_OVERRIDE)
