"""Gaps are filled by rule: which may be, with what, scaled to the registers; what stays open is said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.block import Block
from lamplighter.intervals.channeldays import estimated
from lamplighter.intervals.estimation.estimating import Estimate, estimate
from lamplighter.intervals.estimation.gaps import Policy
from lamplighter.intervals.findings import IntervalFinding, Proposal
from lamplighter.intervals.registers import RegisterDifferences
from lamplighter.intervals.slots import DAY
from lamplighter.intervals.vee.groups import Role
from lamplighter.intervals.vee.hits import runs
from lamplighter.intervals.vee.rules import Missing
from lamplighter.intervals.vee.subject import Subject
from lamplighter.intervals.vee.validating import validate
from lamplighter.intervals.vee.wording import Said, sentence
from lamplighter.kernel.findings import Severity
from lamplighter.kernel.periods import Period
from lamplighter.usage.intake.merging import own_estimates
from lamplighter.usage.intake.parts import REACH
from lamplighter.usage.intake.surroundings import Pairs, Surroundings

NEAR = Policy(farthest_days=REACH)
"""An import looks for like days in four weeks before and after, so that it need not read years."""

LONGEST_GAP = REACH * DAY + 3600
"""The longest gap in seconds that is filled by itself: four weeks, one of whose days may have 25 hours."""


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """The block with its gaps filled as far as they may be. `findings` tell what could not be scaled."""

    block: Block
    findings: tuple[IntervalFinding, ...]


def has_gaps(block: Block, before: Block, around: Surroundings) -> Bool:
    """Channels (C) that lack a served reading before their last one, or had one of our estimates."""
    order = np.arange(block.calendar.slots)
    last = np.where(block.present, order, -1).max(axis=1)
    lacking = ~block.present & (order < last[:, None]) & around.is_served(block)
    gaps: Bool = lacking.any(axis=1) | own_estimates(before).any(axis=1)
    return gaps


def between_readings(block: Block, around: Surroundings, *, within: Period) -> Bool:
    """Slots (C, S) that may be filled by themselves: served, with readings before and after, and not for too long."""
    marks: Bool = np.zeros(block.values.shape, dtype=np.bool_)
    edges = block.calendar.edges
    for row, first, end in zip(*runs(~block.present), strict=True):
        if first > 0 and end < block.calendar.slots and edges[end] - edges[first] <= LONGEST_GAP:
            marks[row, first:end] = True
    inside: Bool = np.zeros(block.calendar.slots, dtype=np.bool_)
    inside[block.calendar.slots_within(within)] = True
    return marks & inside & around.is_served(block)


def fill(block: Block, before: Block, may: Bool, around: Surroundings, *, policy: Policy = NEAR) -> Filled:
    """Fill the slots that `may` be, scale them to registers, and keep what was estimated before where there is
    nothing better. `block` is without our estimates, `before` with them; both cover all that may be referred to."""
    policy = replace(policy, chosen=around.chosen, degrees=around.degrees)
    rows = np.flatnonzero(may.any(axis=1))
    if len(rows):
        period = _days_of(block, may)
        made = estimate(block.take(rows), period=period, outages=around.dark, policy=policy)
        block = _taken_over(block, made, rows, may)
    block, findings = _scaled(block, may, around, policy)
    lost = own_estimates(before) & ~block.present
    block = replace(
        block,
        values=np.where(lost, before.values, block.values),
        quality=np.where(lost, before.quality, block.quality),
    )
    return Filled(block, findings)


def left_open(block: Block, around: Surroundings) -> list[IntervalFinding]:
    """Gaps between readings that stayed: without any basis, or too long to be filled without a person."""
    present = block.present
    found = []
    for row, first, end in zip(*runs(~present & around.is_served(block)), strict=True):
        if present[row, :first].any() and present[row, end:].any():
            found.append(_open(block, int(row), slice(int(first), int(end)), around))
    return found


def estimates_judged(block: Block, around: Surroundings) -> list[IntervalFinding]:
    """What the rules of the estimation role say about estimates: too many days of them, negative ones."""
    group = around.groups[Role.ESTIMATION]
    steps = tuple(step for step in group.steps if not isinstance(step.rule, Missing))
    subject = Subject(
        block, around.setup.measure, around.setup.flow, classes=around.classes(block), outage=around.is_out(block)
    )
    found = validate(subject, replace(group, steps=steps)).findings
    return [one for one in found if _begins_with_an_estimate(block, one)]


def _taken_over(block: Block, made: Estimate, rows: Int64, slots: Bool) -> Block:
    """The block with these slots of some rows as they were estimated; what has no basis stays missing."""
    window = block.calendar.slots_within(made.block.calendar.period)
    values, quality = block.values.copy(), block.quality.copy()
    here = slots[rows][:, window] & made.block.present
    at = np.ix_(rows, np.arange(window.start, window.stop))
    values[at] = np.where(here, made.block.values, values[at])
    quality[at] = np.where(here, made.block.quality, quality[at])
    return replace(block, values=values, quality=quality)


def _scaled(block: Block, may: Bool, around: Surroundings, policy: Policy) -> tuple[Block, tuple[IntervalFinding, ...]]:
    """Between every two exact register reads the intervals come to the register's difference: to the total first, then
    in the hours of each register by time of use to its own."""
    block, findings = _scaled_to(around.pairs, block, may, around, policy)
    for timed in around.timed:
        block, more = _scaled_to(timed.pairs, block, may, around, policy, counted=timed.counted(block.calendar))
        findings += more
    return block, tuple(findings)


def _scaled_to(
    pairs: Pairs, block: Block, may: Bool, around: Surroundings, policy: Policy, *, counted: Bool | None = None
) -> tuple[Block, list[IntervalFinding]]:
    findings: list[IntervalFinding] = []
    for start, end in pairs.spans():
        reads = pairs.between(block, start, end)
        if reads is None:
            continue
        span: Bool = np.zeros(block.calendar.slots, dtype=np.bool_)
        at = int(np.flatnonzero(reads.known)[0])
        span[int(reads.firsts[at]) : int(reads.ends[at])] = True
        if counted is not None:
            span &= counted
        rows = _to_scale(block, may, reads, span)
        if len(rows):
            made = estimate(
                block.take(rows),
                period=_days_of(block, span[None, :]),
                outages=around.dark,
                registers=replace(reads.take(rows), counted=counted),
                profile=_profiles(block.take(rows), (may & span)[rows], around),
                policy=policy,
            )
            free = (may | estimated(block.quality)) & span
            block = _taken_over(block, made, rows, free)
            findings += [one for one in made.findings if one.rule == "estimation.not-scaled"]
    return block, findings


def _profiles(block: Block, may: Bool, around: Surroundings) -> Int64 | None:
    """The shape (C, S) of each channel's class, where something is open that nothing of its own told."""
    open_: Bool = np.any(~block.present & may, axis=1)
    if not open_.any():
        return None
    classes = np.where(open_, around.classes(block), "").tolist()
    shapes = {name: around.profile(name, block.calendar) for name in set(classes) - {""}}
    nothing: Int64 = np.zeros(block.calendar.slots, dtype=np.int64)
    return np.stack([shapes.get(name, nothing) for name in classes])


def _to_scale(block: Block, may: Bool, reads: RegisterDifferences, span: Bool) -> Int64:
    """Channels with reads at both ends, with something estimated or to be estimated between, and nothing else open."""
    missing = ~block.present & span
    ours = (estimated(block.quality) & span) | (missing & may)
    return np.flatnonzero(reads.known & ours.any(axis=1) & ~(missing & ~may).any(axis=1))


def _days_of(block: Block, marks: Bool) -> Period:
    slots = np.flatnonzero(marks.any(axis=0))
    first, last = (block.calendar.day(int(block.calendar.day_of[at])) for at in (slots[0], slots[-1]))
    return Period(first, last + timedelta(days=1))


def _open(block: Block, row: int, slots: slice, around: Surroundings) -> IntervalFinding:
    calendar, count = block.calendar, slots.stop - slots.start
    long = bool(calendar.edges[slots.stop] - calendar.edges[slots.start] > LONGEST_GAP)
    day = int(calendar.day_of[slots.start])
    said = sentence(Missing(), Said(calendar.clock(slots.start), count, count, 0, around.setup.measure))
    why = "That is too long to be estimated without a look." if long else "Nothing tells what they were."
    return IntervalFinding(
        rule="vee.missing" if long else "estimation.no-basis",
        channel=int(block.channels[row]),
        day=calendar.day(day),
        slot=slots.start - int(calendar.firsts[day]),
        slots=count,
        severity=Severity.ERROR,
        message=f"{said} {why}",
        measured=count,
        threshold=0,
        proposal=Proposal.ESTIMATE if long else Proposal.REVIEW,
    )


def _begins_with_an_estimate(block: Block, found: IntervalFinding) -> bool:
    row = int(np.searchsorted(block.channels, found.channel))
    slot = block.calendar.slots_of(found.day).start + found.slot
    return bool(estimated(block.quality[row, slot : slot + 1])[0])
