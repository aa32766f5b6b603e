"""Lay a plain sequence of intervals out as a load curve: the same readings in whole counts, gaps staying gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from lamplighter.intervals.arrays import Int64
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.energy import Flow
from lamplighter.kernel.periods import Period
from lamplighter.rating.determinants import What
from lamplighter.rating.load import Load, Slot
from lamplighter.rating.refusals import CannotMeasure

MOST_DIGITS = 9
"""Of a kWh: a finer reading is rounded to it."""


def curve_of_load(load: Load, period: Period) -> LoadCurve:
    """The days of a period. Raises CannotMeasure for readings of several lengths, or that don't fill their day."""
    own = {key: _within(slots, period) for key, slots in load.channels.items()}
    delivered = own.get((What.KWH, Flow.DELIVERED), [])
    received, reactive = own.get((What.KWH, Flow.RECEIVED), []), own.get((What.KVARH, Flow.DELIVERED))
    lengths = Counter(slot.minutes for slots in (delivered, received, reactive or []) for slot in slots)
    if not delivered:
        raise CannotMeasure("load.channel", f"The load has no readings of energy delivered in {period}.")
    if len(lengths) > 1:
        told = " and ".join(f"{minutes}" for minutes in sorted(lengths))
        raise CannotMeasure("load.lengths", f"The readings of {period} are of {told} minutes: one length is needed.")
    (minutes,) = lengths
    try:
        calendar = slot_calendar(period, seconds=minutes * 60, zone=load.zone)
    except ValueError as fault:
        raise CannotMeasure("load.lengths", f"{fault}".capitalize()) from fault
    digits = _digits((*delivered, *received, *(reactive or ())))
    places = {int(at): i for i, at in enumerate(calendar.starts.tolist())}
    made = [_counts(slots, places, calendar.slots, digits) for slots in (delivered, received)]
    present, estimated = np.zeros(calendar.slots, dtype=np.bool_), np.zeros(calendar.slots, dtype=np.bool_)
    for slot in delivered:
        place = _place(slot, places)
        present[place], estimated[place] = True, slot.estimated
    return LoadCurve(
        calendar, Decimal(1).scaleb(-digits), made[0], made[1], present, estimated,
        None if reactive is None else _counts(reactive, places, calendar.slots, digits),
    )  # fmt: skip


def _within(slots: Sequence[Slot], period: Period) -> list[Slot]:
    return [slot for slot in slots if slot.day in period]


def _digits(slots: Sequence[Slot]) -> int:
    """The decimals of the finest kWh, so that no count is rounded where that can be."""
    found = 0
    for slot in slots:
        exponent = (slot.hours / 60).normalize().as_tuple().exponent
        found = max(found, -exponent if isinstance(exponent, int) else 0)
        if found >= MOST_DIGITS:
            return MOST_DIGITS
    return found


def _counts(slots: Sequence[Slot], places: dict[int, int], count: int, digits: int) -> Int64:
    counts = np.zeros(count, dtype=np.int64)
    for slot in slots:
        counts[_place(slot, places)] = int((slot.hours / 60).scaleb(digits).to_integral_value())
    return counts


def _place(slot: Slot, places: dict[int, int]) -> int:
    at = int(slot.at.timestamp())
    if at not in places:
        raise CannotMeasure("load.clock", f"A reading begins at {slot.at:%Y-%m-%d %H:%M}, which is not on the quarter.")
    return places[at]
