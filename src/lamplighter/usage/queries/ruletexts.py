"""The rules in words, with what was measured and the threshold in the units in which a person thinks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from lamplighter.intervals.vee.wording import amount
from lamplighter.kernel.energy import Measure


@dataclass(frozen=True, slots=True)
class RuleText:
    """`says` is the rule; `measured` and `threshold` are empty where it has none."""

    label: str
    says: str
    measured: str = ""
    threshold: str = ""


class Counts(Enum):
    """What the figures of a rule are."""

    AMOUNT = auto()
    INTERVALS = auto()
    DAYS = auto()
    PLAIN = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class _Rule:
    label: str
    says: str
    counts: Counts = Counts.AMOUNT


RULES = {
    "vee.missing": _Rule(
        "Missing readings", "The meter was in service, and these intervals were not read. A gap of four weeks or less"
        " is filled by itself.", Counts.INTERVALS,
    ),
    "estimation.no-basis": _Rule(
        "No basis for an estimate", "Neither neighbours nor like days nor register reads tell what these intervals"
        " were.", Counts.INTERVALS,
    ),
    "estimation.not-scaled": _Rule(
        "Estimate not scaled", "Estimates are scaled so that all intervals come to the register's difference. Here they"
        " could not be.", Counts.NOTHING,
    ),
    "vee.negative": _Rule("Negative use", "A channel that counts one way never counts below zero."),
    "vee.inactive-use": _Rule("Use without service", "Nobody has service on these days, or the switch is off."),
    "vee.zero-run": _Rule("Nothing used", "Nothing at all was used for a week or longer, with service.", Counts.DAYS),
    "vee.flat-run": _Rule("Flat line", "The same value, not zero, came many times in a row.", Counts.INTERVALS),
    "vee.flagged-run": _Rule(
        "Flagged by the head-end", "The head-end itself put reading after reading in question.", Counts.INTERVALS,
    ),
    "vee.repeated-day": _Rule("Repeated day", "A whole day has the very values of the day before it."),
    "vee.prolonged-estimation": _Rule(
        "Estimated for long", "Nothing but estimates came for 45 days or longer.", Counts.DAYS
    ),
    "vee.spike": _Rule(
        "Spike", "The day's highest interval is far above the day's third-highest: more than 180 % over it."
    ),
    "vee.demand-change": _Rule(
        "Sudden change", "An interval is far above the one before it, by the percentage that the rules in force give."
    ),
    "vee.high-low": _Rule(
        "High or low use", "The average day is outside a quarter to three times of the days before and of the same days"
        " last year.",
    ),
    "vee.peak-change": _Rule(
        "Higher peak than before", "The highest interval is far above the highest of the days before, by the percentage"
        " that the rules in force give.",
    ),
    "vee.neighbors": _Rule(
        "Unlike others", "The average day is outside two fifths to two and a half times of the days before, corrected"
        " by what others of the class used meanwhile.",
    ),
    "vee.formula": _Rule(
        "A formula of our own", "A comparison that the utility adopted, by its name. Its two sides are shown.",
        Counts.PLAIN,
    ),
    "vee.sum-check": _Rule(
        "Intervals against register", "The intervals between two register reads add up to what the register counted,"
        " within one register unit or half a percent.",
    ),
    "siblings.missing": _Rule(
        "A channel stayed away", "On days that another channel of the meter brought whole, this one brought nothing.",
        Counts.DAYS,
    ),
    "siblings.triangle": _Rule(
        "Less than the power triangle allows", "Apparent energy is at least the root of real and reactive energy"
        " squared and added. A channel is set up wrongly, or a multiplier is."
    ),
    "siblings.reactive": _Rule(
        "Reactive energy alone", "Reactive energy was counted for a day or longer, and no real energy at all."
    ),
    "siblings.swapped": _Rule(
        "Channels exchanged", "In the middle of the night power was only sent back, night after night."
    ),
    "registers.high-low": _Rule(
        "Register high or low", "A day, the register counted less than half or more than twice of what it counted"
        " before the last read, and of what it counted in the same season last year.",
    ),
    "registers.zero": _Rule(
        "Register stands still", "The register counted nothing for 25 days or longer, with service.", Counts.DAYS
    ),
    "registers.inactive-use": _Rule(
        "Register moved without service", "Nobody has service on these days, or the switch is off, and the register"
        " moved.",
    ),
    "registers.time-of-use": _Rule(
        "Times of use against total", "The registers by time of use add up to the total register, within a unit each.",
    ),
    "store.conflict": _Rule(
        "Sent again with other values", "Intervals that were stored came again with other values. The stored ones stay"
        " until a person chooses.",
    ),
    "store.interval-size": _Rule(
        "Other interval length", "The day is stored with intervals of another length.", Counts.NOTHING
    ),
    "gridding.conflict": _Rule(
        "Two readings for one time", "One file gives two values for the same time. Both were left out."
    ),
    "gridding.too-large": _Rule("Too large", "The reading is too large to be a reading."),
    "read.conflict": _Rule(
        "Register read twice", "A register read came again with another count. The recorded one stays until a person"
        " chooses.",
    ),
}  # fmt: skip


def rule_text(rule: str, measure: Measure, *, measured: int | None, threshold: int | None) -> RuleText:
    """A rule that is not known any more speaks for itself by its code."""
    found = RULES.get(rule, _Rule(rule, ""))
    return RuleText(
        found.label, found.says, _said(measured, found.counts, measure), _said(threshold, found.counts, measure)
    )


def _said(count: int | None, counts: Counts, measure: Measure) -> str:
    if count is None or counts is Counts.NOTHING:
        return ""
    if counts is Counts.PLAIN:
        return f"{count:,}"
    return amount(count, measure) if counts is Counts.AMOUNT else f"{count:,} {counts.name.lower()}"
