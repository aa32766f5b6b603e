"""What the store would hold after new readings, an edit or an estimation: merged, judged, its gaps filled.

A draft: it writes nothing. The operations publish exactly what was weighed here, under the lock it was read under.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.block import Block, by_day
from lamplighter.intervals.channeldays import ChannelDays
from lamplighter.intervals.findings import IntervalFinding
from lamplighter.intervals.published import Published
from lamplighter.intervals.slots import slot_calendar
from lamplighter.intervals.vee.groups import Role
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.usage.intake import gaps
from lamplighter.usage.intake.judging import Judged, is_near, judge
from lamplighter.usage.intake.laying import Setup, span_of_slots
from lamplighter.usage.intake.merging import Merged, merged, own_estimates, untouched, without
from lamplighter.usage.intake.noticing import Noticed
from lamplighter.usage.intake.parts import MARGIN, REACH, WIDE, Touched
from lamplighter.usage.intake.surroundings import Surroundings
from lamplighter.usage.queries.surroundings import surroundings
from lamplighter.usage.store import interval_store, utility_zone

YEAR = 364
"""Days to the same weekday a year before."""


@dataclass(frozen=True, slots=True)
class Change:
    """Days of a channel whose values differ from what was published. `known`: there were values before, so that bills
    may stand on them; else only gaps were filled."""

    channel: int
    period: Period
    known: bool


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """`days` are to be published. `noticed` waits for a person; `looked_at` are the days that were judged again, of
    `touched` channels. `finals` are the blocks as they would be, with all that surrounds them."""

    touched: Touched
    around: Surroundings
    looked_at: Period
    days: tuple[ChannelDays, ...]
    changes: tuple[Change, ...]
    noticed: tuple[Noticed, ...]
    finals: tuple[Block, ...]
    taken: int = 0
    unchanged: int = 0
    estimated: int = 0
    renewed: Mapping[int, Bool] = field(default_factory=dict)  # by channel, the days whose readings are others now
    renewed_from: date = date.min


def weigh(
    touched: Touched,
    upper: ChannelDays | None,
    *,
    setup: Setup,
    channels: Mapping[int, Channel],
    published: Published,
    role: Role = Role.INITIAL_LOAD,
) -> Weighed:
    """Lay `upper` over what is published for the touched channels and days; without it, judge and estimate again."""
    around = surroundings(
        [channels[pk] for pk in touched.channels.tolist()], setup=setup, period=widened(touched.period, WIDE)
    )
    stored = read(touched.channels, widened(touched.period, MARGIN), setup=setup, published=published)
    laid = untouched(stored) if upper is None else merged(stored, upper)
    return weigh_merged(laid, touched, around, published=published, role=role)


def weigh_merged(laid: Merged, touched: Touched, around: Surroundings, *, published: Published, role: Role) -> Weighed:
    """The same for readings that lie over the stored ones already."""
    setup = around.setup
    season = read(
        touched.channels, _earlier(widened(touched.period, 7), YEAR), setup=setup, published=published, raw=False
    )
    judged = judge(laid, laid.block, touched, around, role=role, season=season)
    gappy = gaps.has_gaps(judged.block, laid.before, around)
    finals, befores, noticed = [], [], [*laid.noticed, *judged.noticed]
    if not gappy.all():
        finals.append(judged.block.take(~gappy))
        befores.append(laid.before.take(~gappy))
    if gappy.any():
        rows = np.flatnonzero(gappy)
        before, filled, found = _filled(judged, rows, touched, around, published)
        finals.append(filled)
        befores.append(before)
        noticed += found
    drafts = [_draft(final, before) for final, before in zip(finals, befores, strict=True)]
    return Weighed(
        touched=touched,
        around=around,
        looked_at=judged.period,
        days=tuple(days for days, _ in drafts if len(days)),
        changes=tuple(change for _, changes in drafts for change in changes),
        noticed=tuple(noticed),
        finals=tuple(finals),
        taken=laid.taken,
        unchanged=laid.unchanged,
        estimated=sum(_newly_estimated(final, before) for final, before in zip(finals, befores, strict=True)),
        renewed={int(pk): laid.touched[row] for row, pk in enumerate(laid.block.channels.tolist())},
        renewed_from=laid.block.calendar.period.start,
    )


def read(channels: Int64, period: Period, *, setup: Setup, published: Published, raw: bool = True) -> Block:
    calendar = slot_calendar(period, seconds=setup.seconds, zone=utility_zone())
    return interval_store().read(channels, calendar, published=published, raw=raw)


def _filled(
    judged: Judged, rows: Int64, touched: Touched, around: Surroundings, published: Published
) -> tuple[Block, Block, list[Noticed]]:
    """Channels with gaps, seen so widely that every estimate in reach finds all days that it may refer to."""
    some = judged.block.take(rows)
    before = read(some.channels, widened(touched.period, WIDE), setup=around.setup, published=published)
    wide = _pasted(without(before, own_estimates(before)), some)
    may = gaps.between_readings(wide, around, within=widened(touched.period, REACH))
    filled = gaps.fill(wide, before, may, around)
    found = [*filled.findings, *gaps.left_open(filled.block, around), *gaps.estimates_judged(filled.block, around)]
    return before, filled.block, noticed_near(found, touched, around)


def noticed_near(found: Sequence[IntervalFinding], touched: Touched, around: Surroundings) -> list[Noticed]:
    seconds, zone = around.setup.seconds, utility_zone()
    near = [one for one in found if is_near(one, touched, seconds)]
    return [Noticed(one, span_of_slots(one, seconds, zone)) for one in near]


def _pasted(wide: Block, narrow: Block) -> Block:
    """The wide block with the days of the narrow one as that has them."""
    slots = wide.calendar.slots_within(narrow.calendar.period)
    assert wide.raw is not None
    assert narrow.raw is not None
    values, quality, raw = wide.values.copy(), wide.quality.copy(), wide.raw.copy()
    values[:, slots], quality[:, slots], raw[:, slots] = narrow.values, narrow.quality, narrow.raw
    return replace(wide, values=values, quality=quality, raw=raw)


def draft_of(
    final: Block, before: Block, *, touched: Touched, around: Surroundings, noticed: Sequence[Noticed]
) -> Weighed:
    """One block as it would be, where nothing new was read."""
    days, changes = _draft(final, before)
    return Weighed(
        touched=touched,
        around=around,
        looked_at=touched.period,
        days=(days,) if len(days) else (),
        changes=tuple(changes),
        noticed=tuple(noticed),
        finals=(final,),
        estimated=_newly_estimated(final, before),
    )


def _draft(final: Block, before: Block) -> tuple[ChannelDays, list[Change]]:
    """The channel-days that differ, and by channel their first and last day."""
    assert final.raw is not None
    assert before.raw is not None
    values = final.values != before.values
    differs = values | (final.quality != before.quality) | (final.raw != before.raw)
    days = by_day(final.calendar, differs) > 0
    known = (values & before.present).any(axis=1)
    moved = by_day(final.calendar, values) > 0
    changes = [
        Change(int(final.channels[row]), _hull(final, moved[row]), bool(known[row]))
        for row in np.flatnonzero(moved.any(axis=1)).tolist()
    ]
    return final.channel_days(days), changes


def _hull(block: Block, days: Bool) -> Period:
    at = np.flatnonzero(days)
    return Period(block.calendar.day(int(at[0])), block.calendar.day(int(at[-1])) + timedelta(days=1))


def _newly_estimated(final: Block, before: Block) -> int:
    ours = own_estimates(final) & ((final.values != before.values) | ~before.present)
    return int(np.count_nonzero(ours))


def widened(period: Period, days: int) -> Period:
    return Period(period.start - timedelta(days=days), period.closed_end + timedelta(days=days))


def _earlier(period: Period, days: int) -> Period:
    return Period(period.start - timedelta(days=days), period.closed_end - timedelta(days=days))
