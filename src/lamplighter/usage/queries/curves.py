"""The load curve of an agreement's points, from what is published: meters added up, exchanges joined, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.channeldays import MISSING, estimated
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.slots import DAY, SlotCalendar, slot_calendar
from lamplighter.kernel.energy import Flow
from lamplighter.kernel.periods import Period
from lamplighter.rating.determinants import What
from lamplighter.rating.refusals import CannotMeasure
from lamplighter.usage.measuring import PointUse, Wanted
from lamplighter.usage.queries.channels import Stretch, stretches
from lamplighter.usage.queries.published import published
from lamplighter.usage.store import interval_store, utility_zone

COLUMNS = ((What.KWH, Flow.DELIVERED), (What.KWH, Flow.RECEIVED), (What.KVARH, Flow.DELIVERED))


def load_curve(points: Sequence[PointUse], *, period: Period) -> LoadCurve:
    """What these points took and sent back on the days of a period. A slot in which some meter of them that stood
    there has no reading is not present. Raises CannotMeasure: no interval meter, lengths that differ, daily readings.
    """
    (found,) = stretches([Wanted("curve", tuple(points), period, ())])
    parts = [part for part in found if not part.channel.is_register and (part.what, part.flow) in COLUMNS]
    if not any(part.what is What.KWH for part in parts):
        raise CannotMeasure("usage.no-intervals", "No meter here was read by intervals: there is no load curve.")
    lengths = {part.channel.interval for part in parts}
    if len(lengths) > 1 or DAY in lengths:
        raise CannotMeasure("usage.lengths", "The meters here are read in intervals of different lengths.")
    calendar = slot_calendar(period, seconds=parts[0].channel.interval or DAY, zone=utility_zone())
    return _laid(parts, calendar)


def _laid(parts: Sequence[Stretch], calendar: SlotCalendar) -> LoadCurve:
    unit = Decimal(1).scaleb(min(_exponent(part.thousandths) for part in parts))
    ids = np.unique(np.array([part.channel.pk for part in parts], dtype=np.int64))
    block = interval_store().read(ids, calendar, published=published())
    row = {int(channel): i for i, channel in enumerate(block.channels)}
    sums = {key: np.zeros(calendar.slots, dtype=np.int64) for key in COLUMNS}
    read, lacking, guess = (np.zeros(calendar.slots, dtype=np.bool_) for _ in range(3))
    for part in parts:
        quality, values = block.quality[row[part.channel.pk]], block.values[row[part.channel.pk]]
        touched, inside = _stood(part, calendar)
        known = quality != MISSING
        sums[part.what, part.flow] += np.where(known & touched, values.astype(np.int64), 0) * int(
            part.thousandths / unit
        )
        lacking |= inside & ~known
        guess |= touched & estimated(quality)
        if part.what is What.KWH:
            read |= touched & known
    present = read & ~lacking
    reactive = sums[What.KVARH, Flow.DELIVERED] if any(part.what is What.KVARH for part in parts) else None
    return LoadCurve(
        calendar, unit, _clean(sums[What.KWH, Flow.DELIVERED], present), _clean(sums[What.KWH, Flow.RECEIVED], present),
        present, guess & present, None if reactive is None else _clean(reactive, present),
    )  # fmt: skip


def _stood(part: Stretch, calendar: SlotCalendar) -> tuple[Bool, Bool]:
    """The slots that a stretch touches, and those that lie wholly within it."""
    start = int(part.span.start.timestamp())
    end = int(part.span.end.timestamp()) if part.span.end is not None else int(calendar.edges[-1])
    begins, ends = calendar.edges[:-1], calendar.edges[1:]
    return (ends > start) & (begins < end), (begins >= start) & (ends <= end)


def _clean(counts: Int64, present: Bool) -> Int64:
    """Nought where nothing is known; a subtraction of meters below nought by rounding counts as nought."""
    return np.where(present, np.maximum(counts, 0), 0)


def _exponent(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return min(exponent, 0)
