"""Which open exceptions have lost their cause, now that there are other readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lamplighter.intervals.arrays import Bool
from lamplighter.intervals.block import Block
from lamplighter.intervals.slots import ordinal
from lamplighter.kernel.instants import Span, span_of
from lamplighter.usage.intake.merging import own_estimates
from lamplighter.usage.intake.noticing import Noticed
from lamplighter.usage.models import IntervalException
from lamplighter.usage.queries.weighing import Weighed
from lamplighter.usage.store import utility_zone

GAPS = frozenset({"vee.missing", "estimation.no-basis"})
"""Gone when every interval has a value, be it an estimate."""

KEPT_OUT = frozenset({"gridding.conflict", "gridding.too-large"})
"""Gone when every interval has been read."""

WIDE = frozenset({"vee.sum-check", "vee.prolonged-estimation", "estimation.not-scaled"})
"""Rules that look further than the days that are judged."""


def gone(weighed: Weighed) -> list[int]:
    """Ids of open exceptions that later data resolve. What a person must choose stays."""
    blocks = {int(pk): (block, row) for block in weighed.finals for row, pk in enumerate(block.channels.tolist())}
    whole = max(
        (block.calendar.period for block in weighed.finals), key=lambda period: period.days, default=weighed.looked_at
    )
    rows = IntervalException.objects.filter(
        channel__in=list(blocks), state=IntervalException.State.OPEN, span__overlap=span_of(whole, utility_zone())
    )
    found = _by_matter(weighed.noticed)
    return [row.pk for row in rows if _is_gone(row, *blocks[row.channel_id], weighed, found)]


def same_matter(span: Span, others: Sequence[Noticed]) -> Noticed | None:
    """The first of several findings of one rule and channel that is about the same instants."""
    return next((one for one in others if overlaps(span, one.span)), None)


def overlaps(one: Span, other: Span) -> bool:
    assert one.end is not None
    assert other.end is not None
    return one.start < other.end and other.start < one.end


def _by_matter(noticed: Sequence[Noticed]) -> dict[tuple[int, str], list[Noticed]]:
    found: dict[tuple[int, str], list[Noticed]] = {}
    for one in noticed:
        found.setdefault((one.finding.channel, one.finding.rule), []).append(one)
    return found


def _is_gone(
    row: IntervalException,
    block: Block,
    at: int,
    weighed: Weighed,
    found: Mapping[tuple[int, str], Sequence[Noticed]],
) -> bool:
    slots = _slots(block, row.span)
    if slots is None:
        return False
    if row.rule in GAPS:
        return bool(block.present[at, slots].all())
    if row.rule in KEPT_OUT:
        return bool((block.present & ~own_estimates(block))[at, slots].all())
    looked = row.rule in WIDE or _slots_within(weighed, row.span)
    if not (row.rule in WIDE or row.rule.startswith("vee.")) or not looked:
        return False
    if not _renewed(weighed.renewed.get(row.channel_id), weighed, row):
        return False
    return same_matter(row.span, found.get((row.channel_id, row.rule), ())) is None


def _slots(block: Block, span: Span) -> slice | None:
    """The block's slots of a span; None when it is not wholly inside."""
    assert span.end is not None
    bounds = np.array([int(span.start.timestamp()), int(span.end.timestamp())], dtype=np.int64)
    first, end = block.calendar.bounds_at(bounds).tolist()
    return slice(first, end) if 0 <= first < end else None


def _slots_within(weighed: Weighed, span: Span) -> bool:
    days = span_of(weighed.looked_at, utility_zone())
    assert days.end is not None
    assert span.end is not None
    return days.start <= span.start and span.end <= days.end


def _renewed(days: Bool | None, weighed: Weighed, row: IntervalException) -> bool:
    """Whether any day that the exception is about has other readings now."""
    if days is None:
        return False
    first = ordinal(weighed.renewed_from)
    assert row.span.end is not None
    zone = utility_zone()
    begin = ordinal(row.span.start.astimezone(zone).date()) - first
    end = ordinal(row.span.end.astimezone(zone).date()) - first
    return bool(days[max(begin, 0) : max(end + 1, 0)].any())
