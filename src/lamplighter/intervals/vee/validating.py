"""A group of rules is run over a subject; what fires becomes findings, and what stops is skipped from then on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

import numpy as np

from lamplighter.intervals.arrays import Bool
from lamplighter.intervals.block import Block
from lamplighter.intervals.channeldays import MISSING, estimated
from lamplighter.intervals.findings import IntervalFinding, Proposal
from lamplighter.intervals.measuring import chunks
from lamplighter.intervals.vee import completeness, formulas, levels, shapes
from lamplighter.intervals.vee.groups import Group, Step
from lamplighter.intervals.vee.hits import Hits, no_hits
from lamplighter.intervals.vee.rules import (
    MARKING,
    DemandChange,
    FlatRun,
    Formula,
    HighLow,
    InactiveUse,
    Missing,
    Negative,
    Neighbors,
    PeakChange,
    ProlongedEstimation,
    RepeatedDay,
    Rule,
    Spike,
    SumCheck,
    ZeroRun,
)
from lamplighter.intervals.vee.subject import Subject
from lamplighter.intervals.vee.wording import Said, sentence
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.findings import Severity

ACCEPTED = (Quality.EDITED, Quality.VERIFIED, Quality.REVENUE)
"""Qualities by which a person has judged a slot: rules about single slots say no more about it."""

UNJUDGED = (Quality.VALID, Quality.RAW, Quality.OTHER, Quality.QUESTIONABLE)
"""Qualities that validation replaces by its own judgement."""

PASSED = np.arange(256, dtype=np.uint8)
PASSED[list(UNJUDGED)] = Quality.VALIDATED


@dataclass(frozen=True, slots=True, eq=False)
class Validation:
    """`findings` in the order of channels' chunks and steps; `stopped[C]`; `questioned[C,S]` slots that a rule about
    single slots put in question; `rejected[C,S]` those that are proposed to be estimated."""

    findings: tuple[IntervalFinding, ...]
    stopped: Bool
    questioned: Bool
    rejected: Bool


def validate(subject: Subject, group: Group) -> Validation:
    """Run the group's steps in order over many channels at once."""
    block = subject.block
    shape = (len(block.channels), block.calendar.slots)
    questioned, rejected = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    stopped: Bool = np.zeros(shape[0], dtype=np.bool_)
    findings: list[IntervalFinding] = []
    for rows in chunks(block):
        part = subject.take(rows)
        for step in group.steps:
            found = _fired(step, part, ~stopped[rows])
            if isinstance(step.rule, PeakChange):  # a spike is in doubt already, and is not told twice
                found = found.take(~questioned[rows][found.rows, found.firsts])
            _mark(found, questioned[rows] if isinstance(step.rule, MARKING) else None)
            _mark(found, rejected[rows] if step.rule.proposal is Proposal.ESTIMATE else None)
            if step.severity is Severity.ERROR:
                stopped[rows][found.rows] = True
            findings.extend(_findings(step, part, found))
    return Validation(tuple(findings), stopped, questioned, rejected)


def judged(block: Block, validation: Validation) -> Block:
    """The block with its judgement: what nobody has judged becomes VALIDATED, or QUESTIONABLE where in question.

    Slots of stopped channels keep their quality unless they are in question; missing and estimated ones keep it.
    """
    quality = PASSED[block.quality]
    quality[validation.stopped] = block.quality[validation.stopped]
    rows = np.flatnonzero(validation.questioned.any(axis=1))
    codes = block.quality[rows]
    doubtful = validation.questioned[rows] & ~estimated(codes) & (codes != MISSING)
    quality[rows] = np.where(doubtful, np.uint8(Quality.QUESTIONABLE), quality[rows])
    return replace(block, quality=quality)


def _fired(step: Step, subject: Subject, running: Bool) -> Hits:
    """Hits of a step among the channels still running for which it holds."""
    holds = running
    if step.classes is not None and subject.classes is not None:
        holds = holds & np.isin(subject.classes, list(step.classes))
    if step.flows is not None and subject.flow not in step.flows:
        holds = np.zeros_like(holds)
    if step.units is not None and subject.measure.unit not in step.units:
        holds = np.zeros_like(holds)
    if not holds.any():
        return no_hits()
    if holds.all():
        found = hits_of(step.rule, subject)
    else:
        some = np.flatnonzero(holds)
        found = hits_of(step.rule, subject.take(some))
        found = replace(found, rows=some[found.rows])
    return _unaccepted(found, subject.block) if isinstance(step.rule, MARKING) else found


def hits_of(rule: Rule, subject: Subject) -> Hits:  # noqa: C901, PLR0911, PLR0912 - one return a rule
    """What one rule finds. Pure."""
    match rule:
        case Missing():
            return completeness.missing(rule, subject)
        case Negative():
            return levels.negative(rule, subject)
        case InactiveUse():
            return levels.inactive_use(rule, subject)
        case ZeroRun():
            return levels.zero_run(rule, subject)
        case FlatRun():
            return shapes.flat_run(rule, subject)
        case RepeatedDay():
            return shapes.repeated_day(rule, subject)
        case ProlongedEstimation():
            return completeness.prolonged_estimation(rule, subject)
        case Spike():
            return shapes.spike(rule, subject)
        case HighLow():
            return levels.high_low(rule, subject)
        case SumCheck():
            return levels.sum_check(rule, subject)
        case DemandChange():
            return shapes.demand_change(rule, subject)
        case PeakChange():
            return levels.peak_change(rule, subject)
        case Neighbors():
            return levels.neighbors(rule, subject)
        case Formula():
            return formulas.formula(rule, subject)
        case _:
            assert_never(rule)


def _unaccepted(found: Hits, block: Block) -> Hits:
    keep = [
        not np.isin(block.quality[row, first:end], ACCEPTED).all()
        for row, first, end in zip(found.rows, found.firsts, found.ends, strict=True)
    ]
    return found if all(keep) else found.take(np.array(keep, dtype=np.bool_))


def _mark(found: Hits, slots: Bool | None) -> None:
    if slots is not None:
        for row, first, end in zip(found.rows, found.firsts, found.ends, strict=True):
            slots[row, first:end] = True


def _findings(step: Step, subject: Subject, found: Hits) -> Iterator[IntervalFinding]:
    calendar, channels = subject.block.calendar, subject.block.channels
    columns: Sequence[list[int]] = [
        column.tolist() for column in (found.rows, found.firsts, found.ends, found.measured, found.thresholds)
    ]
    for row, first, end, measured, threshold in zip(*columns, strict=True):
        day = int(calendar.day_of[first])
        said = Said(calendar.clock(first), end - first, measured, threshold, subject.measure)
        yield IntervalFinding(
            rule=step.rule.code,
            channel=int(channels[row]),
            day=calendar.day(day),
            slot=first - int(calendar.firsts[day]),
            slots=end - first,
            severity=step.severity,
            message=sentence(step.rule, said),
            measured=measured,
            threshold=threshold,
            proposal=step.rule.proposal,
        )
