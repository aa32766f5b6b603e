"""Channels of one meter held against each other: what one measures bounds what another can. Pure.

No public rule book that we could read gives figures for these checks (California's standard has one under the heading
kVARh check); every figure here is a reading of ours. Docs: docs/algorithms/vee.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from lamplighter.intervals.arrays import Bool
from lamplighter.intervals.block import by_day
from lamplighter.intervals.slots import DAY, SlotCalendar
from lamplighter.intervals.vee.hits import runs

Floats = npt.NDArray[np.float64]

TOLERANCE = 0.05
"""By how much the power triangle may be missed: meters count each quantity for itself, and cut off each."""

ALONE_HOURS = 24
"""Hours in a row of reactive energy without any other: a transformer that runs idle does that for a night."""

NIGHT = (0, 4 * 60)
"""Minutes of the local day in which next to no roof gives anything."""

NIGHTS = 3


class Side(StrEnum):
    """What a channel of the meter measures."""

    DELIVERED = "delivered"
    RECEIVED = "received"
    REACTIVE = "reactive"
    APPARENT = "apparent"


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """The interval channels of one meter over the slots (S) of a calendar, in kWh, kVARh and kVAh a slot; NaN where
    nothing was read or nobody was served. `steps`: what the coarsest count of each is."""

    calendar: SlotCalendar
    sides: Mapping[Side, Floats]
    steps: Mapping[Side, float]


@dataclass(frozen=True, slots=True)
class Odd:
    """What does not fit: `side` is the channel in question; `first` to `end` the slots; `measured` and `threshold` in
    that channel's unit."""

    rule: str
    side: Side
    first: int
    end: int
    words: str
    measured: float | None = None
    threshold: float | None = None


def odd_ones(family: Family) -> list[Odd]:
    """Everything in which the channels of a meter contradict each other, at most one of a kind for each day."""
    return [*_lacking(family), *_triangle(family), *_reactive_alone(family), *_swapped(family)]


def _lacking(family: Family) -> Iterator[Odd]:
    """Days that one channel brought whole and another did not bring at all."""
    calendar = family.calendar
    slots = np.diff(calendar.firsts)
    counts = {side: by_day(calendar, ~np.isnan(values)[None, :])[0] for side, values in family.sides.items()}
    whole = np.logical_or.reduce([count == slots for count in counts.values()])
    for side, count in counts.items():
        _, firsts, ends = runs((whole & (count == 0))[None, :])
        for day, last in zip(firsts.tolist(), ends.tolist(), strict=True):
            words = f"Nothing came for {_days(last - day)} that another channel of the meter brought whole."
            yield Odd("siblings.missing", side, int(calendar.firsts[day]), int(calendar.firsts[last]), words,
                      0, last - day)  # fmt: skip


def _triangle(family: Family) -> Iterator[Odd]:
    """Apparent energy is never less than real and reactive energy together allow: S² is at least P² + Q²."""
    apparent, real = family.sides.get(Side.APPARENT), _real(family)
    if apparent is None or real is None:
        return
    reactive = np.nan_to_num(family.sides.get(Side.REACTIVE, np.zeros_like(apparent)))
    least = np.hypot(real, reactive)
    slack = 2 * max(family.steps.values())
    for first, end in _of_days(family.calendar, least * (1 - TOLERANCE) > apparent + slack):
        where = slice(first, end)
        words = "The meter counted less apparent energy than real and reactive energy together allow."
        yield Odd("siblings.triangle", Side.APPARENT, first, end, words, float(np.nansum(apparent[where])),
                  float(np.nansum(least[where])))  # fmt: skip


def _reactive_alone(family: Family) -> Iterator[Odd]:
    """Reactive energy for a day and longer, and none that is real."""
    reactive, real = family.sides.get(Side.REACTIVE), _real(family)
    if reactive is None or real is None:
        return
    least = max(ALONE_HOURS * 3600 // family.calendar.seconds, 1)
    _, firsts, ends = runs(((reactive > 0) & (real == 0))[None, :], least=least)
    for first, end in zip(firsts.tolist(), ends.tolist(), strict=True):
        words = f"Reactive energy for {(end - first) * family.calendar.seconds // 3600} hours, and no real energy."
        yield Odd("siblings.reactive", Side.REACTIVE, first, end, words, float(reactive[first:end].sum()), 0)


def _swapped(family: Family) -> Iterator[Odd]:
    """In the middle of the night power was only sent back, night after night: the sun does the contrary."""
    delivered, received = family.sides.get(Side.DELIVERED), family.sides.get(Side.RECEIVED)
    calendar = family.calendar
    if delivered is None or received is None or calendar.seconds >= DAY:
        return
    night = (calendar.minutes >= NIGHT[0]) & (calendar.minutes < NIGHT[1])
    gave, took = (by_day(calendar, (night & (one > 0))[None, :]) > 0 for one in (received, delivered))
    _, firsts, ends = runs(gave & ~took, least=NIGHTS)
    for day, last in zip(firsts.tolist(), ends.tolist(), strict=True):
        words = (
            f"In {last - day} nights in a row power was sent back and none was taken: the channels may be exchanged."
        )
        yield Odd("siblings.swapped", Side.RECEIVED, int(calendar.firsts[day]), int(calendar.firsts[last]), words)


def _days(count: int) -> str:
    return "a day" if count == 1 else f"{count} days"


def _real(family: Family) -> Floats | None:
    """Real energy through the meter, whichever way."""
    both = [family.sides[side] for side in (Side.DELIVERED, Side.RECEIVED) if side in family.sides]
    return sum(both[1:], both[0]) if both else None


def _of_days(calendar: SlotCalendar, marks: Bool) -> Iterator[tuple[int, int]]:
    """From the first to the last marked slot of each day that has one."""
    for day in np.unique(calendar.day_of[np.flatnonzero(marks)]).tolist():
        mine = np.flatnonzero(marks & (calendar.day_of == day))
        yield int(mine[0]), int(mine[-1]) + 1
