"""One channel's gaps: found, filled in order of method, and scaled to its register."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lamplighter.intervals.arrays import Bool, Int64, UInt8
from lamplighter.intervals.block import Block
from lamplighter.intervals.channeldays import LARGEST, MISSING, estimated
from lamplighter.intervals.estimation.gaps import QUALITIES, Method, Policy
from lamplighter.intervals.estimation.interpolation import line, rounded
from lamplighter.intervals.estimation.likedays import LikeDays
from lamplighter.intervals.estimation.scaling import apportion
from lamplighter.kernel.energy import Quality


@dataclass(frozen=True, slots=True)
class Piece:
    """Block slots `first:end` filled by one method."""

    first: int
    end: int
    method: Method
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unscaled:
    """Why estimates between two register reads were not scaled."""

    piece: Piece
    reason: str


class ChannelGaps:
    """The row of one channel while it is being filled. `values[S]` are int64; only the target's slots change."""

    def __init__(
        self,
        block: Block,
        row: int,
        target: slice,
        *,
        dark: Bool,
        dimmed: Bool,
        rejected: Bool,
        policy: Policy,
        like_days: LikeDays,
    ) -> None:
        self.calendar, self.target, self.policy, self.like_days = block.calendar, target, policy, like_days
        self.channel = int(block.channels[row])
        self.values: Int64 = block.values[row].astype(np.int64)
        self.quality: UInt8 = block.quality[row].copy()
        self.pieces: list[Piece] = []
        self.unscaled: Unscaled | None = None
        self._scaled: Bool = np.zeros(len(self.values), dtype=np.bool_)
        self._missing: Bool = self.quality == MISSING
        self._dark = dark & self._missing
        self._open: Bool = (self._missing | rejected) & ~self._dark
        usable = ~dimmed & ~self._open
        self._end_points = _is_one_of(policy.end_points)[self.quality] & usable
        self._references = _is_one_of(policy.references)[self.quality] & usable
        self._spoilt: Bool = np.logical_or.reduceat(dimmed, self.calendar.firsts[:-1])
        self._measured = self.values.copy()

    def fill_outages(self) -> None:
        """Without power there was nothing: nought, validated, and never an estimate."""
        for first, end in _runs(self._dark):
            begin, stop = max(first, self.target.start), min(end, self.target.stop)
            if begin < stop:
                self._put(Piece(begin, stop, Method.OUTAGE), np.zeros(stop - begin, dtype=np.int64))

    def fill_gaps(self) -> None:
        for first, end in _runs(self._open):
            begin, stop = max(first, self.target.start), min(end, self.target.stop)
            if begin < stop:
                self._fill_gap(first, end, begin, stop)

    def scale(self, span: slice, total: int, profile: Int64 | None, counted: Bool | None = None) -> None:
        """Bring the estimates between two reads, in the slots that are `counted[S]`, to `total`, and spread it over
        what has no other basis."""
        between = np.arange(span.start, span.stop)
        between = between if counted is None else between[counted[between]]
        slots = between[(between >= self.target.start) & (between < self.target.stop)]
        own = slots[estimated(self.quality[slots])]
        unfilled = slots[self.quality[slots] == MISSING]
        free = np.sort(np.concatenate((own, unfilled)))
        if not len(free):
            return
        fixed = np.setdiff1d(between, free)
        if (self.quality[fixed] == MISSING).any():
            self._leave(free, "Estimates are not scaled to the register: intervals before or after are missing too.")
            return
        remainder = total - int(self.values[fixed].sum())
        weights = self._weights(free, own, unfilled, profile)
        if remainder < 0 or (weights < 0).any():
            self._leave(free, f"Estimates are not scaled: the register leaves {remainder} for them.")
            return
        shares = apportion(remainder, weights)
        if shares.max() > LARGEST:
            self._leave(free, f"Estimates are not scaled: {remainder} in {len(free)} intervals exceeds 32 bits.")
            return
        shaped = profile is not None and profile[unfilled].any()
        self._fill_from_register(slots, unfilled, Method.PROFILE if shaped else Method.FLAT_REMAINDER)
        self.values[free] = shares
        self._scaled[free] = True

    def is_scaled(self, piece: Piece) -> bool:
        return bool(self._scaled[piece.first : piece.end].any())

    def _fill_gap(self, first: int, end: int, begin: int, stop: int) -> None:
        """One gap `first:end`, of which `begin:stop` lies in the target."""
        choice = self.policy.choice(self.channel, int(self.calendar.edges[end] - self.calendar.edges[first]))
        if choice.line:
            left, right = self._end_point(first - 1), self._end_point(end)
            drawn = line(left, right, end - first)
            if drawn is not None:
                method = Method.FLAT_LOAD if left is None or right is None else Method.LINEAR
                self._put(Piece(begin, stop, method), drawn[begin - first : stop - first])
                return
        cuts = self.calendar.firsts[(self.calendar.firsts > begin) & (self.calendar.firsts < stop)].tolist()
        for a, b in zip([begin, *cuts], [*cuts, stop], strict=True):
            known = np.arange(a, b), self._measured, self._references, self._spoilt
            mean = self.like_days.mean(*known, wanted=choice.days, proxy=choice.proxy)
            if mean is None and choice.proxy:
                mean = self.like_days.mean(*known)
            if mean is None:
                self._put(Piece(a, b, Method.NONE), np.zeros(b - a, dtype=np.int64))
            else:
                sums, days = mean
                self._put(Piece(a, b, Method.LIKE_DAYS, tuple(days.tolist())), rounded(sums, len(days)))

    def _end_point(self, slot: int) -> int | None:
        inside = 0 <= slot < len(self.values) and self._end_points[slot]
        return int(self._measured[slot]) if inside else None

    def _put(self, piece: Piece, values: Int64) -> None:
        self.values[piece.first : piece.end] = values
        self.quality[piece.first : piece.end] = QUALITIES[piece.method]
        self.pieces.append(piece)

    def _weights(self, free: Int64, own: Int64, unfilled: Int64, profile: Int64 | None) -> Int64:
        """Estimates weigh what they are; slots without any weigh by the profile, or all alike, at the same level."""
        weights = self.values.copy()
        weights[unfilled] = 1 if profile is None or not profile[unfilled].any() else profile[unfilled]
        if len(own) and len(unfilled):
            level = max(int(self.values[own].sum()) // len(own), 1)
            mean = max(int(weights[unfilled].sum()) // len(unfilled), 1)
            weights[unfilled] = weights[unfilled] * level // mean
        return weights[free]

    def _fill_from_register(self, slots: Int64, unfilled: Int64, method: Method) -> None:
        """Pieces without a basis get one as far as they lie between the reads."""
        self.quality[unfilled] = QUALITIES[method]
        low, high = int(slots[0]), int(slots[-1]) + 1
        pieces = []
        for piece in self.pieces:
            begin, stop = max(piece.first, low), min(piece.end, high)
            if piece.method is not Method.NONE or begin >= stop:
                pieces.append(piece)
            else:
                parts = ((piece.first, begin, Method.NONE), (begin, stop, method), (stop, piece.end, Method.NONE))
                pieces.extend(Piece(*part) for part in parts if part[0] < part[1])
        self.pieces = pieces

    def _leave(self, free: Int64, reason: str) -> None:
        self.unscaled = Unscaled(Piece(int(free[0]), int(free[-1]) + 1, Method.NONE), reason)


def _runs(marks: Bool) -> Iterator[tuple[int, int]]:
    padded = np.zeros(len(marks) + 2, dtype=np.bool_)
    padded[1:-1] = marks
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


@lru_cache(maxsize=64)
def _is_one_of(qualities: frozenset[Quality]) -> Bool:
    """A table by quality code."""
    table: Bool = np.zeros(256, dtype=np.bool_)
    table[list(qualities)] = True
    return table
