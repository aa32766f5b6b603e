"""Score methods of estimation on a channel's own readings: hide what is known, estimate it, and compare.

The method is chosen on gaps of the earlier half of the days and measured on gaps of the later half: measured where it
was chosen, it would look better than it is. Pure and repeatable: which slots are hidden follows from the channel and
the gap's length alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from lamplighter.intervals.arrays import Bool, Int64
from lamplighter.intervals.block import Block
from lamplighter.intervals.channeldays import estimated
from lamplighter.intervals.estimation.gaps import Choice, Policy, by_rule
from lamplighter.intervals.estimation.interpolation import line, rounded
from lamplighter.intervals.estimation.likedays import LikeDays
from lamplighter.kernel.energy import Quality

HOURS = (2, 6, 24, 72)
"""Lengths of gap that are scored; a gap is filled as the shortest of them that holds it."""

TRIALS, LEAST_TRIALS = 16, 8
CLEARLY = 0.9  # another method takes the rule's place when its error is a tenth smaller
CHOICES = (Choice(line=True), Choice(1), Choice(3), Choice(5), Choice(3, proxy=True))


@dataclass(frozen=True, slots=True)
class Score:
    """`error` is the sum of the errors of gaps' energy over their energy, `band` what nine of ten `trials` stayed
    within, both in percent and of the later half. The `best` choice of a length is the rule's own unless another was
    clearly better on the earlier half."""

    channel: int
    hours: int
    choice: Choice
    trials: int
    error: float
    band: float
    best: bool = False


def scores(
    block: Block, *, holding: Bool | None = None, degrees: Mapping[date, float] | None = None
) -> Iterator[Score]:
    """Every choice for every length of gap, of each channel with enough known readings. `holding[C,S]` marks slots
    of outages, which are neither hidden nor referred to; `degrees` are the days' mean temperatures, without which no
    proxy day is tried."""
    like_days = LikeDays(block.calendar, Policy(degrees=degrees or {}))
    known = ~estimated(block.quality) & block.present & (block.quality != np.uint8(Quality.QUESTIONABLE))
    if holding is not None:
        known &= ~holding
    for row, channel in enumerate(block.channels.tolist()):
        readings = Readings(block.values[row].astype(np.int64), known[row], like_days)
        for hours in HOURS:
            yield from _of_length(readings, channel, hours, block.calendar.seconds)


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """One channel's values (S) in counts, which of them are known, and the days that may stand for each other."""

    values: Int64
    known: Bool
    like_days: LikeDays


def _of_length(readings: Readings, channel: int, hours: int, seconds: int) -> Iterator[Score]:
    slots = max(hours * 3600 // seconds, 1)
    earlier, later = _hidden(readings.known, slots, channel)
    chosen = best_of(_measured(readings, earlier, slots, channel, hours), hours)
    for one in _measured(readings, later, slots, channel, hours):
        yield replace(one, best=one.choice == chosen)


def _measured(readings: Readings, hidden: Int64, slots: int, channel: int, hours: int) -> list[Score]:
    """Every choice that could fill enough of these gaps."""
    found = []
    for choice in CHOICES if len(hidden) >= LEAST_TRIALS else ():
        errors, truths = _tried(readings, hidden, slots, choice)
        if len(errors) >= LEAST_TRIALS:
            found.append(_score(channel, hours, choice, errors, truths))
    return found


def _hidden(known: Bool, slots: int, channel: int) -> tuple[Int64, Int64]:
    """First slots of gaps that are known throughout, with a known neighbour on both sides: those that end in the
    earlier half, and those that begin in the later."""
    worn = np.convolve(known, np.ones(slots + 2, dtype=np.int64), mode="valid") == slots + 2
    firsts, middle = np.flatnonzero(worn) + 1, len(known) // 2
    random = np.random.default_rng((channel, slots))
    return _some(firsts[firsts + slots <= middle], random), _some(firsts[firsts >= middle], random)


def _some(firsts: Int64, random: np.random.Generator) -> Int64:
    return np.sort(random.choice(firsts, size=min(TRIALS, len(firsts)), replace=False)) if len(firsts) else firsts


def _tried(readings: Readings, hidden: Int64, slots: int, choice: Choice) -> tuple[list[int], list[int]]:
    """Errors of the gaps' energy, and the energy, in counts; of the trials that the choice could fill."""
    errors, truths = [], []
    for first in hidden.tolist():
        guessed = filled(readings, first, first + slots, choice)
        if guessed is not None:
            truth = int(readings.values[first : first + slots].sum())
            errors.append(abs(guessed - truth))
            truths.append(truth)
    return errors, truths


def filled(readings: Readings, first: int, end: int, choice: Choice) -> int | None:
    """The energy that a choice gives to a gap; None where it has nothing to go by."""
    values, like_days = readings.values, readings.like_days
    if choice.line:
        drawn = line(int(values[first - 1]), int(values[end]), end - first)
        return None if drawn is None else int(drawn.sum())
    good = readings.known.copy()
    good[first:end] = False
    total = 0
    for part in like_days.by_day(first, end):
        mean = like_days.mean(part, values, good, like_days.no_outage, wanted=choice.days, proxy=choice.proxy)
        if mean is None:
            return None
        sums, days = mean
        total += int(rounded(sums, len(days)).sum())
    return total


def _score(channel: int, hours: int, choice: Choice, errors: Sequence[int], truths: Sequence[int]) -> Score:
    each = np.array(errors) / np.maximum(np.array(truths), 1)
    whole = sum(errors) / max(sum(truths), 1)
    return Score(
        channel, hours, choice, len(errors), round(100 * whole, 1), round(100 * float(np.quantile(each, 0.9)), 1)
    )


def best_of(found: Sequence[Score], hours: int) -> Choice:
    """The choice with the least error, where it is clearly less than that of the rule's own; the rule's own where that
    could not be tried."""
    rule = by_rule(hours * 3600)
    usual = next((one for one in found if one.choice == rule), None)
    least = min(found, key=lambda one: one.error, default=None)
    if usual is None or least is None or least.error >= usual.error * CLEARLY:
        return rule
    return least.choice
