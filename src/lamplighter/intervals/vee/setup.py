"""Whether data come in the unit, interval and multiplier that the channel is set up with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lamplighter.intervals.findings import IntervalFinding, Proposal
from lamplighter.kernel.energy import Measure
from lamplighter.kernel.findings import Severity


@dataclass(frozen=True, slots=True)
class Setup:
    """What counts mean: their measure, the seconds of an interval, the multiplier (CT x PT) already applied."""

    measure: Measure
    seconds: int
    multiplier: Decimal = Decimal(1)


def mismatches(channel: int, day: date, *, configured: Setup, supplied: Setup) -> tuple[IntervalFinding, ...]:
    """One finding per property in which a delivery differs from the channel. Any of them keeps the delivery out."""
    compared = (
        ("vee.unit", "unit", configured.measure, supplied.measure),
        ("vee.interval-size", "interval in seconds", configured.seconds, supplied.seconds),
        ("vee.multiplier", "multiplier", configured.multiplier, supplied.multiplier),
    )
    return tuple(
        IntervalFinding(
            rule=rule,
            channel=channel,
            day=day,
            slot=0,
            slots=0,
            severity=Severity.ERROR,
            message=f"The data come with the {words} {found}; the channel is set up with {expected}.",
            proposal=Proposal.CORRECT_SETUP,
        )
        for rule, words, expected, found in compared
        if expected != found
    )
