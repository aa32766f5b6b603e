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
    FlaggedRun,
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

PASSED = bytes(Quality.VALIDATED if code in UNJUDGED else code for code in range(256))
"""What each code becomes: bytes are translated seven times as quickly as NumPy looks them up."""


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
        run = _Run(part, stopped[rows], questioned[rows], rejected[rows], findings)
        for step, mine in zip(group.steps, _eligible(group.steps, part), strict=True):
            fired = run.step(step, mine)
            if step.then and fired.any():
                further = group.further.get(step.then, ())
                for next_step, holds in zip(further, _eligible(further, part), strict=True):
                    run.step(next_step, holds & fired)
    return Validation(tuple(findings), stopped, questioned, rejected)


def judged(block: Block, validation: Validation) -> Block:
    """The block with its judgement: what nobody has judged becomes VALIDATED, or QUESTIONABLE where in question.

    Slots of stopped channels keep their quality unless they are in question; missing and estimated ones keep it.
    """
    quality = np.frombuffer(bytearray(block.quality).translate(PASSED), dtype=np.uint8).reshape(block.quality.shape)
    quality[validation.stopped] = block.quality[validation.stopped]
    rows = np.flatnonzero(validation.questioned.any(axis=1))
    codes = block.quality[rows]
    doubtful = validation.questioned[rows] & ~estimated(codes) & (codes != MISSING)
    quality[rows] = np.where(doubtful, np.uint8(Quality.QUESTIONABLE), quality[rows])
    return replace(block, quality=quality)


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """Channels while they are judged: what was found so far is written into the arrays."""

    subject: Subject
    stopped: Bool
    questioned: Bool
    rejected: Bool
    findings: list[IntervalFinding]

    def step(self, step: Step, holds: Bool) -> Bool:
        """Run one step over the channels for which it holds and that nothing has stopped; those in which it fired."""
        found = _fired(step, self.subject, holds & ~self.stopped)
        if isinstance(step.rule, PeakChange):  # a spike is in doubt already, and is not told twice
            found = found.take(~self.questioned[found.rows, found.firsts])
        _mark(found, self.questioned if isinstance(step.rule, MARKING) else None)
        _mark(found, self.rejected if step.rule.proposal is Proposal.ESTIMATE else None)
        if step.severity is Severity.ERROR:
            self.stopped[found.rows] = True
        self.findings.extend(_findings(step, self.subject, found))
        fired: Bool = np.zeros(len(self.stopped), dtype=np.bool_)
        fired[found.rows] = True
        return fired


def _eligible(steps: Sequence[Step], subject: Subject) -> list[Bool]:
    """The channels (C) for which each step holds. Of steps with one rule the narrowest holds: that of the channel
    itself, else that of its class, else that of all."""
    holds = [_holds(step, subject) for step in steps]
    return [
        mine & ~np.logical_or.reduce([
            other for wide, other in zip(steps, holds, strict=True)
            if wide.rule_of_its_own == step.rule_of_its_own and wide.narrowness > step.narrowness
        ] or [np.zeros_like(mine)])
        for step, mine in zip(steps, holds, strict=True)
    ]  # fmt: skip


def _holds(step: Step, subject: Subject) -> Bool:
    channels = subject.block.channels
    fits = (step.flows is None or subject.flow in step.flows) and (
        step.units is None or subject.measure.unit in step.units
    )
    holds: Bool = np.full(len(channels), fits, dtype=np.bool_)
    if step.channels is not None:
        holds &= np.isin(channels, list(step.channels))
    if step.classes is not None and subject.classes is not None:
        holds &= np.isin(subject.classes, list(step.classes))
    return holds


def _fired(step: Step, subject: Subject, holds: Bool) -> Hits:
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
        case FlaggedRun():
            return completeness.flagged_run(rule, subject)
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
