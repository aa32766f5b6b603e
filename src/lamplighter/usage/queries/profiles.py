"""What others of a class used in the same hours: the shape in which a register's remainder is spread over a gap that
nothing of the channel's own tells."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from lamplighter.intervals.arrays import Int64
from lamplighter.intervals.estimation.gaps import Policy
from lamplighter.intervals.slots import SlotCalendar
from lamplighter.kernel.instants import span_of
from lamplighter.metering.models import Channel
from lamplighter.usage.intake.laying import Setup
from lamplighter.usage.queries.published import published
from lamplighter.usage.store import interval_store, utility_zone

MOST, LEAST = 200, 5
"""Channels that are looked at, and how many must have a reading of a slot: of fewer it would be one household's day."""

FINE = 1_000


def class_profile(customer_class: str, calendar: SlotCalendar, *, setup: Setup, besides: Collection[int]) -> Int64:
    """By slot (S) the mean of channels of the same setup whose account is of a class, in thousandths of a count; 0
    where too few tell one. Two queries and one read."""
    days = span_of(calendar.period, utility_zone())
    rows = Channel.objects.filter(
        interval=setup.seconds, unit=setup.measure.unit, power=setup.measure.power, flow=setup.flow,
        meter__installations__span__overlap=days,
        meter__installations__point__agreements__period__overlap=calendar.period,
        meter__installations__point__agreements__agreement__account__customer_class=customer_class,
    )  # fmt: skip
    ids = rows.exclude(pk__in=besides).distinct().order_by("pk").values_list("pk", flat=True)[:MOST]
    if len(ids) < LEAST:
        return np.zeros(calendar.slots, dtype=np.int64)
    block = interval_store().read(np.array(ids, dtype=np.int64), calendar, published=published())
    known = np.isin(block.quality, [int(quality) for quality in Policy().references])
    count, total = known.sum(axis=0), np.where(known, block.values, 0).sum(axis=0, dtype=np.int64)
    mean: Int64 = np.where(count >= LEAST, np.maximum(total, 0) * FINE // np.maximum(count, 1), 0)
    return mean
