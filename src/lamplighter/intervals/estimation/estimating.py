"""Gaps of many channels are filled, each in the way that its length and its history allow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.block import Block
from lamplighter.intervals.channeldays import ABSENT, MISSING, estimated
from lamplighter.intervals.estimation.channelgaps import ChannelGaps, Piece
from lamplighter.intervals.estimation.gaps import QUALITIES, Gap, Method, Policy
from lamplighter.intervals.estimation.likedays import LikeDays
from lamplighter.intervals.findings import IntervalFinding, Proposal
from lamplighter.intervals.registers import RegisterDifferences
from lamplighter.intervals.spans import NO_SPANS, Spans, covered, touched
from lamplighter.kernel.findings import Severity
from lamplighter.kernel.periods import Period


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """`block` is the period's block after estimation, `raw` in it what was before; `changed[C,D]` the channel-days
    that differ; `gaps` how each was filled; `findings` what could not be filled or scaled."""

    block: Block
    changed: Bool
    gaps: tuple[Gap, ...]
    findings: tuple[IntervalFinding, ...]


def estimate(
    block: Block,
    *,
    period: Period | None = None,
    outages: Spans = NO_SPANS,
    registers: RegisterDifferences | None = None,
    profile: Int64 | None = None,
    rejected: Bool | None = None,
    policy: Policy | None = None,
) -> Estimate:
    """Fill what is missing, and what is `rejected[C,S]`, in `period` (default: all); the rest of the block is history.

    `registers` are differences between exact reads at slot bounds: estimates between them are scaled so that the
    total is the register's. `profile[S]` or `[C,S]` is the class's shape, any unit, for channels without history.
    """
    target = block.calendar.slots_within(period or block.calendar.period)
    after = block.window(period or block.calendar.period)
    values, quality = after.values.copy(), after.quality.copy()
    work = _Work(block, target, outages=outages, registers=registers, profile=profile, rejected=rejected, policy=policy)
    gaps: list[Gap] = []
    findings: list[IntervalFinding] = []
    for row in work.rows():
        filled = work.fill(row)
        values[row], quality[row] = filled.values[target], filled.quality[target]
        gaps.extend(_gaps(block, row, filled))
        findings.extend(_findings(block, row, filled))
    values[quality == MISSING] = ABSENT
    raw = after.values if after.raw is None else after.raw
    differs = (values != after.values) | (quality != after.quality)
    changed = np.logical_or.reduceat(differs, after.calendar.firsts[:-1], axis=1)
    return Estimate(replace(after, values=values, quality=quality, raw=raw), changed, tuple(gaps), tuple(findings))


class _Work:
    """What is shared by the channels of one call."""

    def __init__(
        self,
        block: Block,
        target: slice,
        *,
        outages: Spans,
        registers: RegisterDifferences | None,
        profile: Int64 | None,
        rejected: Bool | None,
        policy: Policy | None,
    ) -> None:
        self.block, self.target, self.policy = block, target, policy or Policy()
        self.registers, self.profile, self.rejected = registers, profile, rejected
        self.like_days = LikeDays(block.calendar, self.policy)
        known = len(outages.channels) > 0
        self.dark = covered(block, outages) if known else None
        self.dimmed = touched(block, outages) if known else None

    def rows(self) -> list[int]:
        """Channels with a gap in the target, or with estimates that a register may scale."""
        quality = self.block.quality[:, self.target]
        needed = (quality == MISSING).any(axis=1)
        if self.rejected is not None:
            needed |= self.rejected[:, self.target].any(axis=1)
        if self.registers is not None:
            needed |= estimated(quality).any(axis=1) & self.registers.known
        found: list[int] = np.flatnonzero(needed).tolist()
        return found

    def fill(self, row: int) -> ChannelGaps:
        nothing = np.zeros(self.block.calendar.slots, dtype=np.bool_)
        channel = ChannelGaps(
            self.block, row, self.target,
            dark=nothing if self.dark is None else self.dark[row],
            dimmed=nothing if self.dimmed is None else self.dimmed[row],
            rejected=nothing if self.rejected is None else self.rejected[row],
            policy=self.policy, like_days=self.like_days,
        )  # fmt: skip
        channel.fill_outages()
        channel.fill_gaps()
        if self.registers is not None and self.registers.known[row]:
            span = slice(int(self.registers.firsts[row]), int(self.registers.ends[row]))
            profile = self.profile if self.profile is None or self.profile.ndim == 1 else self.profile[row]
            channel.scale(span, int(self.registers.totals[row]), profile, self.registers.counted)
        return channel


def _gaps(block: Block, row: int, filled: ChannelGaps) -> Iterator[Gap]:
    calendar = block.calendar
    for piece in filled.pieces:
        day = int(calendar.day_of[piece.first])
        total = 0 if piece.method is Method.NONE else int(filled.values[piece.first : piece.end].sum(dtype=np.int64))
        yield Gap(
            channel=int(block.channels[row]),
            day=calendar.day(day),
            slot=piece.first - int(calendar.firsts[day]),
            slots=piece.end - piece.first,
            method=piece.method,
            references=tuple(calendar.day(reference) for reference in piece.references),
            total=total,
            scaled=filled.is_scaled(piece),
        )


def _findings(block: Block, row: int, filled: ChannelGaps) -> Iterator[IntervalFinding]:
    for piece in filled.pieces:
        if piece.method is Method.NONE:
            yield _finding(
                block, row, piece, "estimation.no-basis",
                f"{piece.end - piece.first} intervals from {block.calendar.clock(piece.first)} cannot be estimated:"
                " no neighbour, no like day and no register reads tell what they were.",
            )  # fmt: skip
    if filled.unscaled is not None:
        yield _finding(block, row, filled.unscaled.piece, "estimation.not-scaled", filled.unscaled.reason)


def _finding(block: Block, row: int, piece: Piece, rule: str, message: str) -> IntervalFinding:
    day = int(block.calendar.day_of[piece.first])
    return IntervalFinding(
        rule=rule,
        channel=int(block.channels[row]),
        day=block.calendar.day(day),
        slot=piece.first - int(block.calendar.firsts[day]),
        slots=piece.end - piece.first,
        severity=Severity.ERROR,
        message=message,
        proposal=Proposal.REVIEW,
    )


assert set(QUALITIES) == set(Method)
