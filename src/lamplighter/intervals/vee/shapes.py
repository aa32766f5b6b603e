"""Rules about the curve: spikes, flat runs, a day that repeats the one before."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from lamplighter.intervals.arrays import Int32, Int64
from lamplighter.intervals.channeldays import ABSENT, estimated
from lamplighter.intervals.slots import DAY, DayRun
from lamplighter.intervals.vee.hits import Hits, has_run, hits, no_hits, runs
from lamplighter.intervals.vee.rules import DemandChange, FlatRun, RepeatedDay, Spike
from lamplighter.intervals.vee.subject import Subject


def spike(rule: Spike, subject: Subject) -> Hits:
    """One hit per slot above the threshold: one or two a day. Measured is its value, the threshold the least value
    that the third-highest would not have borne."""
    calendar = subject.block.calendar
    if calendar.seconds == DAY:
        return no_hits()
    floor = _per_slot(rule.floor, subject)
    found = [_spikes_in(rule, subject.block.values, run, floor) for run in calendar.runs]
    rows, slots, values, bounds = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return hits(rows, slots, slots + 1, measured=values, threshold=bounds)


def flat_run(rule: FlatRun, subject: Subject) -> Hits:
    """One hit per run of equal measured values; measured is its number of slots."""
    values = subject.block.values
    if rule.slots < 2 or values.shape[1] < rule.slots:
        return no_hits()
    equal = values[:, 1:] == values[:, :-1]
    equal &= values[:, 1:] != 0
    rows = np.flatnonzero(has_run(equal, rule.slots - 1))
    if not len(rows):
        return no_hits()
    unmeasured = estimated(subject.block.quality[rows]) | (values[rows] == ABSENT)
    kept = equal[rows] & ~unmeasured[:, 1:] & ~unmeasured[:, :-1]
    at, firsts, lasts = runs(kept, least=rule.slots - 1)
    return hits(rows[at], firsts, lasts + 1, measured=lasts + 1 - firsts, threshold=rule.slots)


def repeated_day(_: RepeatedDay, subject: Subject) -> Hits:
    """One hit per repeated day; measured is its total."""
    calendar, found = subject.block.calendar, []
    if calendar.seconds == DAY:
        return no_hits()
    for run in calendar.runs:
        days = subject.block.values[:, run.slots].reshape(len(subject.block.channels), -1, run.width)
        if days.shape[1] > 1:
            sample = days[:, :, :: max(run.width // 4, 1)]
            rows, at = np.nonzero((sample[:, 1:] == sample[:, :-1]).all(axis=2))
            day = days[rows, at]
            same = (day == days[rows, at + 1]).all(axis=1) & (day != day[:, :1]).any(axis=1)
            found.append((rows[same], at[same] + run.days.start + 1))
    if not found:
        return no_hits()
    rows, on = (np.concatenate(columns) for columns in zip(*found, strict=True))
    whole = subject.whole_days[rows, on]
    rows, on = rows[whole], on[whole]
    measured = subject.day_totals[rows, on]
    return hits(rows, calendar.firsts[on], calendar.firsts[on + 1], measured=measured, threshold=0)


def demand_change(rule: DemandChange, subject: Subject) -> Hits:
    """One hit per interval that is too far over the one before. Measured is its value, the threshold what the one
    before bears. Exact in 64 bits: counts are of 32."""
    values = subject.block.values
    if values.shape[1] < 2:
        return no_hits()
    floor = _per_slot(rule.floor, subject)
    bearing = values[:, :-1].astype(np.int64) * (100 + rule.percent) // 100
    high = (values[:, 1:] > bearing) & (values[:, 1:] > floor) & (values[:, :-1] > 0)
    unknown = subject.missing if subject.outage is None else subject.missing | subject.outage
    high &= ~unknown[:, 1:] & ~unknown[:, :-1]
    rows, slots = np.nonzero(high)
    measured, threshold = values[rows, slots + 1].astype(np.int64), bearing[rows, slots]
    return hits(rows, slots + 1, slots + 2, measured=measured, threshold=threshold)


def _spikes_in(rule: Spike, values: Int32, run: DayRun, floor: int) -> tuple[Int64, Int64, Int64, Int64]:
    """Row, slot, value and bound of each spike on days of one width.

    P1 is too high when fewer than three values of the day bear it: when at most two reach P1 x 100 / (100 + percent).
    """
    days = values[:, run.slots].reshape(len(values), -1, run.width)
    highest = days.max(axis=2).astype(np.int64)
    bearing = -(-highest * 100 // (100 + rule.percent))
    few = np.count_nonzero(days >= np.maximum(bearing, 1).astype(np.int32)[:, :, None], axis=2) <= 2
    rows, on = np.nonzero(few & (highest > max(floor, 0)))
    chosen = days[rows, on].astype(np.int64)
    third = _third(chosen)
    usable = third > 0
    rows, on, chosen, third = rows[usable], on[usable], chosen[usable], third[usable]
    bound = third * (100 + rule.percent) // 100
    hit, within = np.nonzero((chosen > bound[:, None]) & (chosen > floor))
    slots = run.slots.start + on[hit] * run.width + within
    return rows[hit], slots, chosen[hit, within], bound[hit]


def _third(days: Int64) -> Int64:
    if days.shape[1] < 3:
        return np.zeros(len(days), dtype=np.int64)
    third: Int64 = np.partition(days, days.shape[1] - 3, axis=1)[:, -3]
    return third


def _per_slot(floor: Decimal, subject: Subject) -> int:
    """A floor in the plain unit per hour as counts of one slot, rounded down."""
    counts = floor.scaleb(-subject.measure.power) * subject.block.calendar.seconds / 3600
    return int(counts)
