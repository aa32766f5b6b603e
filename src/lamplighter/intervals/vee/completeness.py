"""Rules about what is there: missing slots, slots that the head-end flagged, days of nothing but estimates."""

from __future__ import annotations

import numpy as np

from lamplighter.intervals.channeldays import estimated
from lamplighter.intervals.vee.hits import Hits, day_runs, hits, no_hits, runs
from lamplighter.intervals.vee.rules import FlaggedRun, Missing, ProlongedEstimation
from lamplighter.intervals.vee.subject import Subject
from lamplighter.kernel.energy import Quality


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


def flagged_run(rule: FlaggedRun, subject: Subject) -> Hits:
    """One hit per run of readings that came with one of the codes; measured is its number of slots."""
    if subject.came is None:
        return no_hits()
    codes = [int(one) for one in qualities_named(rule.codes)]
    rows, firsts, ends = runs(np.isin(subject.came, codes), least=max(rule.slots, 1))
    return hits(rows, firsts, ends, measured=ends - firsts, threshold=rule.slots)


def qualities_named(names: str) -> tuple[Quality, ...]:
    """`questionable other`: the qualities of these names. Raises ValueError, in words."""
    known = {quality.name.lower().replace("_", "-"): quality for quality in Quality if quality is not Quality.MISSING}
    said = names.replace(",", " ").lower().split()
    unknown = [name for name in said if name not in known]
    if unknown or not said:
        raise ValueError(f"There is no code {' '.join(unknown) or names!r}. There are: {', '.join(known)}.")
    return tuple(known[name] for name in said)


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
