"""Readings are judged by the rules of a role; what fires is told once, with the instants it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby

import numpy as np

from lamplighter.intervals.arrays import Int64, UInt8
from lamplighter.intervals.block import Block
from lamplighter.intervals.channeldays import MISSING, estimated
from lamplighter.intervals.findings import IntervalFinding
from lamplighter.intervals.slots import day_at
from lamplighter.intervals.vee.groups import Group, Role
from lamplighter.intervals.vee.rules import HighLow, Neighbors, SumCheck
from lamplighter.intervals.vee.subject import History, Subject
from lamplighter.intervals.vee.trends import trend_of
from lamplighter.intervals.vee.validating import judged, validate
from lamplighter.intervals.vee.wording import amount
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.periods import Period
from lamplighter.usage.intake.laying import Setup, span_of_slots
from lamplighter.usage.intake.merging import Merged
from lamplighter.usage.intake.noticing import Noticed
from lamplighter.usage.intake.parts import Touched
from lamplighter.usage.intake.surroundings import Surroundings

AROUND = 7
"""Days before and after the new readings that are judged with them: runs of zeros and flat runs need neighbours."""

FOLDED = {"vee.inactive-use": "{total} were used on {days} days from {day}, while nobody is served."}
"""Rules that fire by day; days in a row are one matter."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The block with its qualities, what was noticed, and the days that were looked at."""

    block: Block
    noticed: tuple[Noticed, ...]
    period: Period


def judge(
    merged: Merged, block: Block, touched: Touched, around: Surroundings, *, role: Role, season: Block | None
) -> Judged:
    """Judge `block` (what was merged, without our own estimates) near the days that something new is about.

    `season` are the same days a year before. Only channel-days that changed get a new quality, and single slots that
    a rule about slots puts in question.
    """
    period = _judged_days(block.calendar.period, touched)
    window = block.window(period)
    subject = Subject(
        block=window,
        measure=around.setup.measure,
        flow=around.setup.flow,
        classes=around.classes(window),
        served=around.is_served(window),
        outage=around.is_out(window),
        history=_history(block, period, season, around),
        came=_came(merged, block, period),
    )
    subject = replace(subject, history=_with_trend(subject))
    validation = validate(subject, around.groups[role])
    found = [_about_readings(one, window) for one in validation.findings if one.rule != "vee.missing"]
    found += _sum_checks(block, touched, around, role=role)
    quality = judged(window, validation).quality
    slots = block.calendar.slots_within(period)
    days = merged.touched[:, block.calendar.day_of[slots]]
    doubtful = validation.questioned & (quality == np.uint8(Quality.QUESTIONABLE))
    whole = block.quality.copy()
    whole[:, slots] = np.where(days | doubtful, quality, window.quality)
    near = [one for one in _folded(found, around.setup) if is_near(one, touched, around.setup.seconds)]
    zone = block.calendar.zone
    noticed = tuple(Noticed(one, span_of_slots(one, around.setup.seconds, zone)) for one in near)
    return Judged(replace(block, quality=whole), noticed, period)


def _sum_checks(block: Block, touched: Touched, around: Surroundings, *, role: Role) -> list[IntervalFinding]:
    """The intervals between every two register reads against their difference."""
    steps = tuple(step for step in around.groups[role].steps if isinstance(step.rule, SumCheck))
    found: list[IntervalFinding] = []
    bounds = (block.calendar.edges[0], block.calendar.edges[-1])
    for start, end in around.pairs.spans():
        if start < bounds[0] or end > bounds[1]:
            continue
        differences = around.pairs.between(block, start, end)
        if differences is not None:
            subject = Subject(
                block, around.setup.measure, around.setup.flow, classes=around.classes(block), registers=differences
            )
            found += validate(subject, Group(role, steps)).findings
    return [one for one in found if is_near(one, touched, around.setup.seconds)]


def _about_readings(found: IntervalFinding, window: Block) -> IntervalFinding:
    """What is about the use of all days is about those that have readings, not about all that were looked at."""
    if found.rule not in (HighLow.code, Neighbors.code):
        return found
    row = int(np.searchsorted(window.channels, found.channel))
    present = np.flatnonzero(window.present[row])
    first, last = int(present[0]), int(present[-1])
    day = int(window.calendar.day_of[first])
    return replace(
        found, day=window.calendar.day(day), slot=first - int(window.calendar.firsts[day]), slots=last + 1 - first
    )


def _judged_days(whole: Period, touched: Touched) -> Period:
    near = touched.period
    wanted = Period(near.start - timedelta(days=AROUND), near.closed_end + timedelta(days=AROUND))
    shared = whole & wanted
    assert shared is not None
    return shared


def _came(merged: Merged, block: Block, period: Period) -> UInt8:
    """The quality codes (C, S) with which readings came that were not there before; MISSING elsewhere."""
    before = merged.before
    new = (block.values != before.values) | (block.quality != before.quality)
    new &= merged.touched[:, block.calendar.day_of]
    came: UInt8 = np.where(new, block.quality, MISSING)[:, block.calendar.slots_within(period)]
    return came


def _history(block: Block, period: Period, season: Block | None, around: Surroundings) -> History:
    """Use before: the days of the block before those that are judged, and the same days a year before."""
    before = Period(block.calendar.period.start, period.start)
    nothing: Int64 = np.zeros(len(block.channels), dtype=np.int64)
    earlier = _actual(block.window(before), around, known=True) if before.days else None
    previous = (nothing, nothing) if earlier is None else earlier.use
    same = (nothing, nothing) if season is None else _actual(season, around, known=False).use
    return History(*same, *previous, previous_peaks=None if earlier is None else earlier.peak)


def _with_trend(subject: Subject) -> History | None:
    """The history with what others of each channel's class, in the same delivery, use now beside before."""
    history = subject.history
    if history is None or subject.classes is None:
        return history
    trend, others = trend_of(subject.use, (history.previous_totals, history.previous_days), subject.classes)
    return replace(history, trend=trend, others=others)


def _actual(block: Block, around: Surroundings, *, known: bool) -> Subject:
    """Readings without estimates."""
    measured = replace(block, quality=np.where(estimated(block.quality), MISSING, block.quality))
    return Subject(
        measured, around.setup.measure, around.setup.flow,
        served=around.is_served(block) if known else None, outage=around.is_out(block) if known else None,
    )  # fmt: skip


def is_near(found: IntervalFinding, touched: Touched, seconds: int) -> bool:
    """Whether a finding touches the days of its channel that something new is about, or the days beside them."""
    row = int(np.searchsorted(touched.channels, found.channel))
    if row == len(touched) or touched.channels[row] != found.channel:
        return False
    days = -(-(found.slot + max(found.slots, 1)) * seconds // 86_400)
    first, last = day_at(int(touched.firsts[row]) - 1), day_at(int(touched.lasts[row]) + 1)
    return found.day <= last and found.day + timedelta(days=days - 1) >= first


def _folded(found: Sequence[IntervalFinding], setup: Setup) -> Iterator[IntervalFinding]:
    """Findings of a day-by-day rule on days in a row become one."""
    rest = sorted((one for one in found if one.rule in FOLDED), key=lambda one: (one.rule, one.channel, one.day))
    for _, run in groupby(
        enumerate(rest), key=lambda pair: (pair[1].rule, pair[1].channel, pair[1].day.toordinal() - pair[0])
    ):
        several = [one for _, one in run]
        yield several[0] if len(several) == 1 else _one_of(several, setup)
    yield from (one for one in found if one.rule not in FOLDED)


def _one_of(several: list[IntervalFinding], setup: Setup) -> IntervalFinding:
    first, total = several[0], sum(one.measured or 0 for one in several)
    words = FOLDED[first.rule].format(total=amount(total, setup.measure), days=len(several), day=first.day)
    return replace(first, slots=sum(one.slots for one in several), measured=total, message=words)
