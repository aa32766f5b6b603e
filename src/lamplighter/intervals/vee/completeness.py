"""Rules about what is there: missing slots, days of nothing but estimates."""

from __future__ import annotations

import numpy as np

from lamplighter.intervals.channeldays import estimated
from lamplighter.intervals.vee.hits import Hits, day_runs, hits, no_hits, runs
from lamplighter.intervals.vee.rules import Missing, ProlongedEstimation
from lamplighter.intervals.vee.subject import Subject


def missing(_: Missing, subject: Subject) -> Hits:
    """One hit per gap; measured is its number of slots."""
    gaps = subject.missing
    if not gaps.any():
        return no_hits()
    if subject.served is not None:
        gaps = gaps & subject.served
    if subject.outage is not None:
        gaps = gaps & ~subject.outage
    rows, firsts, ends = runs(gaps)
    return hits(rows, firsts, ends, measured=ends - firsts, threshold=0)


def prolonged_estimation(rule: ProlongedEstimation, subject: Subject) -> Hits:
    """One hit per run of days; measured is its number of days."""
    if subject.block.calendar.days < rule.days:
        return no_hits()
    actual = ~estimated(subject.block.quality) & ~subject.missing
    calendar = subject.block.calendar
    has_actual = np.logical_or.reduceat(actual, calendar.firsts[:-1], axis=1)
    has_any = np.logical_or.reduceat(~subject.missing, calendar.firsts[:-1], axis=1)
    rows, firsts, ends, days = day_runs(~has_actual & has_any, calendar, least=rule.days)
    return hits(rows, firsts, ends, measured=days, threshold=rule.days)
