"""Rules about how much: negative, nothing for days, use where nobody is served, high and low against history."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.block import by_day
from lamplighter.intervals.vee.hits import Hits, day_runs, hits, no_hits, runs
from lamplighter.intervals.vee.rules import (
    HighLow,
    InactiveUse,
    Negative,
    Neighbors,
    PeakChange,
    SumCheck,
    ZeroRun,
)
from lamplighter.intervals.vee.subject import Subject

WEATHER = (200, 5_000)
"""What weather may do to a class, for each 1000 before: further goes an outage or a fault of the delivery, and who had
power beside it is no finding."""


def negative(_: Negative, subject: Subject) -> Hits:
    """One hit per run; measured is its sum."""
    below = subject.block.values < 0
    below &= ~subject.missing
    rows, firsts, ends = runs(below)
    totals = [int(subject.block.values[r, a:b].sum(dtype=np.int64)) for r, a, b in zip(rows, firsts, ends, strict=True)]
    return hits(rows, firsts, ends, measured=np.array(totals, dtype=np.int64), threshold=0)


def inactive_use(rule: InactiveUse, subject: Subject) -> Hits:
    """One hit per day; measured is the use while not served, the threshold what counts as noise."""
    if subject.served is None or subject.served.all():
        return no_hits()
    calendar = subject.block.calendar
    unserved = ~subject.served & ~subject.missing
    use = by_day(calendar, np.where(unserved, subject.block.values, np.int32(0)))
    noise = np.zeros(len(use), dtype=np.int64)
    if subject.history is not None:
        average, known = subject.history.averages()[1]
        noise = np.where(known, average * rule.noise_percent // 100, 0)
    rows, days = np.nonzero(use > noise[:, None])
    return hits(rows, calendar.firsts[days], calendar.firsts[days + 1], measured=use[rows, days], threshold=noise[rows])


def zero_run(rule: ZeroRun, subject: Subject) -> Hits:
    """One hit per run of days; measured is its number of days."""
    if subject.block.calendar.days < rule.days:
        return no_hits()
    calendar = subject.block.calendar
    nothing = (by_day(calendar, subject.block.values != 0) == 0) & subject.ordinary_days
    rows, firsts, ends, days = day_runs(nothing, calendar, least=rule.days)
    return hits(rows, firsts, ends, measured=days, threshold=rule.days)


def high_low(rule: HighLow, subject: Subject) -> Hits:
    """One hit per channel, over the whole block; measured and threshold are counts a day."""
    if subject.history is None:
        return no_hits()
    total, days = subject.use
    average = total // np.maximum(days, 1)
    floor = _per_day(rule.floor, subject)
    low: Int64 = np.full(len(days), np.iinfo(np.int64).max, dtype=np.int64)
    high: Int64 = np.full(len(days), np.iinfo(np.int64).min, dtype=np.int64)
    judged: Bool = np.zeros(len(days), dtype=np.bool_)
    for before, known in subject.history.averages():
        usable = known & (np.maximum(before, average) >= floor) & (before >= 0)
        low = np.where(usable, np.minimum(low, before * rule.low_percent // 100), low)
        high = np.where(usable, np.maximum(high, before * rule.high_percent // 100), high)
        judged |= usable
    judged &= days >= rule.days
    rows = np.flatnonzero(judged & ((average < low) | (average > high)))
    threshold = np.where(average[rows] > high[rows], high[rows], low[rows])
    return hits(
        rows, np.zeros_like(rows), np.full_like(rows, subject.block.calendar.slots), measured=average[rows],
        threshold=threshold,
    )  # fmt: skip


def peak_change(rule: PeakChange, subject: Subject) -> Hits:
    """One hit per channel, at its highest interval; the threshold is what the period before bears."""
    history = subject.history
    if history is None or history.previous_peaks is None:
        return no_hits()
    floor = int(rule.floor.scaleb(-subject.measure.power) * subject.block.calendar.seconds / 3600)
    bound = history.previous_peaks * (100 + rule.percent) // 100
    known = (history.previous_peaks > 0) & (history.previous_days >= rule.days)
    rows = np.flatnonzero(known & (subject.peak > bound) & (subject.peak >= floor))
    ordinary = subject.ordinary_days[rows][:, subject.block.calendar.day_of]
    firsts = np.where(ordinary, subject.block.values[rows], -1).argmax(axis=1).astype(np.int64)
    return hits(rows, firsts, firsts + 1, measured=subject.peak[rows], threshold=bound[rows])


def neighbors(rule: Neighbors, subject: Subject) -> Hits:
    """One hit per channel, over the whole block; measured and threshold are counts a day."""
    history = subject.history
    if history is None or history.trend is None or history.others is None:
        return no_hits()
    total, days = subject.use
    average, (before, _) = total // np.maximum(days, 1), history.averages()[1]
    expected = before * history.trend // 1000
    judged = (history.previous_days >= max(rule.days, 1)) & (days > 0) & (history.others >= rule.others)
    judged &= (history.trend >= WEATHER[0]) & (history.trend <= WEATHER[1])
    judged &= np.maximum(expected, average) >= _per_day(rule.floor, subject)
    low, high = expected * rule.low_percent // 100, expected * rule.high_percent // 100
    rows = np.flatnonzero(judged & ((average < low) | (average > high)))
    threshold = np.where(average[rows] > high[rows], high[rows], low[rows])
    return hits(
        rows, np.zeros_like(rows), np.full_like(rows, subject.block.calendar.slots), measured=average[rows],
        threshold=threshold,
    )  # fmt: skip


def sum_check(rule: SumCheck, subject: Subject) -> Hits:
    """One hit per channel, between its reads; measured is the sum of intervals, the threshold the register's."""
    registers = subject.registers
    if registers is None:
        return no_hits()
    slots = np.arange(subject.block.calendar.slots)
    between = (slots >= registers.firsts[:, None]) & (slots < registers.ends[:, None])
    complete = registers.known & ~(between & subject.missing).any(axis=1)
    total = np.where(between, subject.block.values, np.int32(0)).sum(axis=1, dtype=np.int64)
    tolerance = np.maximum(registers.units * rule.units, np.abs(registers.totals) * rule.permille // 1000)
    rows = np.flatnonzero(complete & (np.abs(total - registers.totals) > tolerance))
    return hits(
        rows, registers.firsts[rows], registers.ends[rows], measured=total[rows], threshold=registers.totals[rows]
    )


def _per_day(floor: Decimal, subject: Subject) -> int:
    return int(floor.scaleb(-subject.measure.power))
