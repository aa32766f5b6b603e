"""New readings are laid over those that are stored: what is known stays, gaps and estimates are filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from lamplighter.intervals.arrays import Bool, UInt8
from lamplighter.intervals.block import NO_REVISION, Block
from lamplighter.intervals.channeldays import ABSENT, MISSING, ChannelDays, estimated
from lamplighter.intervals.filling import dense
from lamplighter.intervals.findings import IntervalFinding, Proposal
from lamplighter.intervals.overlays import overlay
from lamplighter.intervals.slots import day_at
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.findings import Severity
from lamplighter.usage.intake.laying import span_of_slots
from lamplighter.usage.intake.noticing import Noticed


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """`block` has the new over what was read before, without our own estimates; `before` is as stored. Both have raw
    values. `touched[C,D]` marks the channel-days whose readings differ. `taken` readings went in, `unchanged` ones
    were there."""

    before: Block
    block: Block
    touched: Bool
    noticed: tuple[Noticed, ...] = ()
    taken: int = 0
    unchanged: int = 0


def merged(stored: Block, upper: ChannelDays) -> Merged:
    """Lay `upper` over a block that covers its days and channels."""
    assert stored.raw is not None
    upper, odd = _without_other_lengths(upper, stored)
    bare = without(stored, own_estimates(stored))
    laid = overlay(bare.channel_days(stored.revisions != NO_REVISION), _without_decided(upper, stored))
    rows = np.searchsorted(stored.channels, laid.days.channels)
    days = laid.days.days.astype(np.int64) - int(stored.calendar.ordinals[0])
    touched: Bool = np.zeros(stored.revisions.shape, dtype=np.bool_)
    touched[rows, days] = laid.changed
    block = _with(bare, laid.days, touched)
    taken = int(np.count_nonzero((block.values != bare.values) | (block.quality != bare.quality)))
    given = int(np.count_nonzero(upper.quality != MISSING))
    conflicts = tuple(_conflicts(laid.findings, upper, stored))
    lost = sum(len(one.evidence["slots"]) for one in conflicts)
    return Merged(stored, block, touched, (*odd, *conflicts), taken, given - taken - lost)


def untouched(stored: Block) -> Merged:
    """Nothing new was read; what is stored may be judged and estimated anew."""
    none: Bool = np.zeros(stored.revisions.shape, dtype=np.bool_)
    return Merged(stored, without(stored, own_estimates(stored)), none)


def own_estimates(block: Block) -> Bool:
    """Slots (C, S) to which we gave a value because nothing was read: an estimate, or nought for an outage. They are
    made anew whenever readings near them change. What a person entered is none of them."""
    assert block.raw is not None
    made = estimated(block.quality) | (block.quality == np.uint8(Quality.VALIDATED))
    own: Bool = made & (block.raw == ABSENT)
    return own


def without(block: Block, slots: Bool) -> Block:
    """The block with these slots missing."""
    if not slots.any():
        return block
    quality: UInt8 = np.where(slots, MISSING, block.quality)
    return replace(block, values=np.where(slots, np.int32(ABSENT), block.values), quality=quality)


def _with(stored: Block, days: ChannelDays, touched: Bool) -> Block:
    """The block with some channel-days replaced."""
    if not touched.any():
        return stored
    above = dense(days, stored.calendar, stored.channels)
    slots = touched[:, stored.calendar.day_of]
    assert stored.raw is not None
    assert above.raw is not None
    return replace(
        stored,
        values=np.where(slots, above.values, stored.values),
        quality=np.where(slots, above.quality, stored.quality),
        raw=np.where(slots, above.raw, stored.raw),
    )


def _without_decided(upper: ChannelDays, stored: Block) -> ChannelDays:
    """A reading that was replaced by an estimate on purpose doesn't come back by being sent again."""
    assert stored.raw is not None
    decided = estimated(stored.quality) & (stored.raw != ABSENT) & (stored.raw != stored.values)
    rows = np.flatnonzero(decided.any(axis=1))
    if not len(rows):
        return upper
    above = dense(upper, stored.calendar, stored.channels)
    again = decided & (above.values == stored.raw)
    known = np.zeros(stored.revisions.shape, dtype=np.bool_)
    at = np.searchsorted(stored.channels, upper.channels)
    known[at, upper.days.astype(np.int64) - int(stored.calendar.ordinals[0])] = True
    return without(above, again).channel_days(known)


def _without_other_lengths(upper: ChannelDays, stored: Block) -> tuple[ChannelDays, tuple[Noticed, ...]]:
    """Days that are stored with intervals of another length are not overwritten: a person changed the channel."""
    others = {(one.channel, one.day): one.seconds for one in stored.other_lengths}
    keys = list(zip(upper.channels.tolist(), upper.days.tolist(), strict=True)) if others else []
    clash = [i for i, (channel, day) in enumerate(keys) if (channel, day_at(day)) in others]
    if not clash:
        return upper, ()
    keep: Bool = np.ones(len(upper), dtype=np.bool_)
    keep[clash] = False
    zone = stored.calendar.zone
    found = [
        IntervalFinding(
            rule="store.interval-size", channel=keys[i][0], day=day_at(keys[i][1]), slot=0,
            slots=int(upper.widths[i]), severity=Severity.ERROR, proposal=Proposal.CORRECT_SETUP,
            message=f"The day is stored with intervals of {others[keys[i][0], day_at(keys[i][1])]} s; those of"
            f" {upper.seconds} s that came now stay out.",
        )
        for i in clash
    ]  # fmt: skip
    return upper.take(keep), tuple(Noticed(one, span_of_slots(one, upper.seconds, zone)) for one in found)


def _conflicts(found: tuple[IntervalFinding, ...], upper: ChannelDays, stored: Block) -> Iterator[Noticed]:
    """With every interval that came with another value, so that the newer one can be chosen."""
    if not found:
        return
    place = {key: i for i, key in enumerate(zip(upper.channels.tolist(), upper.days.tolist(), strict=True))}
    first = stored.calendar.period.start
    for one in found:
        at = place[one.channel, int(stored.calendar.ordinals[0]) + (one.day - first) // timedelta(days=1)]
        came = upper.values[upper.offsets[at] : upper.offsets[at + 1]]
        row = int(np.searchsorted(stored.channels, one.channel))
        own = stored.calendar.slots_of(one.day)
        assert stored.raw is not None
        kept, raw = stored.values[row, own], stored.raw[row, own]
        filled = estimated(stored.quality[row, own]) | (stored.quality[row, own] == MISSING)
        slots = np.flatnonzero((came != ABSENT) & ~filled & (came != kept) & (came != raw))
        evidence = {"slots": slots.tolist(), "came": came[slots].tolist(), "stored": kept[slots].tolist()}
        yield Noticed(one, span_of_slots(one, upper.seconds, stored.calendar.zone), evidence)
