"""How a hit is said to a person."""

from __future__ import annotations

from dataclasses import dataclass

from lamplighter.intervals.vee.rules import (
    DemandChange,
    FlaggedRun,
    FlatRun,
    Formula,
    HighLow,
    InactiveUse,
    Missing,
    Negative,
    Neighbors,
    PeakChange,
    ProlongedEstimation,
    RepeatedDay,
    Rule,
    Spike,
    SumCheck,
    ZeroRun,
)
from lamplighter.kernel.energy import Measure


@dataclass(frozen=True, slots=True)
class Said:
    """One hit in numbers and local labels: from `begin`, for `slots` slots."""

    begin: str
    slots: int
    measured: int
    threshold: int
    measure: Measure


def sentence(rule: Rule, hit: Said) -> str:  # noqa: C901, PLR0911, PLR0912 - one sentence a rule
    measured, threshold = amount(hit.measured, hit.measure), amount(hit.threshold, hit.measure)
    match rule:
        case Missing():
            return f"{_intervals(hit.slots)} missing from {hit.begin}."
        case Negative():
            return f"{_intervals(hit.slots)} negative from {hit.begin}: {measured} in all."
        case InactiveUse():
            return f"{measured} were used on the day from {hit.begin}, while nobody is served."
        case ZeroRun():
            return f"Nothing was used for {hit.measured} days from {hit.begin}, at a point that is served."
        case FlatRun():
            return f"{hit.measured:,} intervals from {hit.begin} have the same value."
        case FlaggedRun():
            return f"The head-end flagged {hit.measured:,} intervals in a row from {hit.begin}."
        case RepeatedDay():
            return f"The day from {hit.begin} repeats the day before, interval by interval."
        case ProlongedEstimation():
            return f"There are only estimates for {hit.measured} days from {hit.begin}."
        case Spike():
            return f"The interval from {hit.begin} has {measured}; the day's third-highest bears {threshold}."
        case DemandChange():
            return f"The interval from {hit.begin} has {measured}; the one before bears {threshold} after it."
        case HighLow():
            side = "High" if hit.measured > hit.threshold else "Low"
            return f"{side} use: {measured} a day, where history lets expect a bound of {threshold} a day."
        case PeakChange():
            return f"The interval from {hit.begin} has {measured}; the highest of the days before bears {threshold}."
        case Neighbors():
            side = "high" if hit.measured > hit.threshold else "low"
            return f"{measured} a day are {side}: others like it let expect a bound of {threshold} a day."
        case Formula():
            return f"{rule.name}: {rule.formula}. Here {hit.measured:,} against {hit.threshold:,}."
        case SumCheck():
            return f"The intervals from {hit.begin} add up to {measured}, the register says {threshold}."


def _intervals(count: int) -> str:
    return "1 interval is" if count == 1 else f"{count:,} intervals are"


def amount(count: int, measure: Measure) -> str:
    """`4,200 Wh`: counts in the plain unit."""
    return f"{measure.value(count):,f} {measure.unit}"
