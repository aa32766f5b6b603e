"""The rules there are, with their thresholds: data, told apart by type."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from lamplighter.intervals.findings import Proposal


@dataclass(frozen=True, slots=True)
class Missing:
    """A slot that the calendar has and the data have not, while the point is served and not in a known outage."""

    code: ClassVar[str] = "vee.missing"
    proposal: ClassVar[Proposal] = Proposal.ESTIMATE


@dataclass(frozen=True, slots=True)
class Negative:
    """Less than nothing."""

    code: ClassVar[str] = "vee.negative"
    proposal: ClassVar[Proposal] = Proposal.ESTIMATE


@dataclass(frozen=True, slots=True)
class InactiveUse:
    """Use in a day while nobody is served: more than `noise_percent` of the average day before, if one is known."""

    noise_percent: int = 1
    code: ClassVar[str] = "vee.inactive-use"
    proposal: ClassVar[Proposal] = Proposal.REVENUE_PROTECTION


@dataclass(frozen=True, slots=True)
class ZeroRun:
    """Nothing at all for `days` whole days at a point that is served."""

    days: int = 7
    code: ClassVar[str] = "vee.zero-run"
    proposal: ClassVar[Proposal] = Proposal.FIELD_VISIT


@dataclass(frozen=True, slots=True)
class FlatRun:
    """The same measured value, not zero, `slots` times in a row."""

    slots: int = 12
    code: ClassVar[str] = "vee.flat-run"
    proposal: ClassVar[Proposal] = Proposal.REVIEW


@dataclass(frozen=True, slots=True)
class FlaggedRun:
    """The head-end itself put `slots` readings in a row in one of these `codes` (names of qualities, lower case): what
    it says once is noise of the network, what it says again and again is the meter. Looks at what comes in alone.
    """

    slots: int = 4
    codes: str = "questionable other"
    code: ClassVar[str] = "vee.flagged-run"
    proposal: ClassVar[Proposal] = Proposal.REVIEW


@dataclass(frozen=True, slots=True)
class RepeatedDay:
    """A whole day, not flat, with the very values of the day before: sent twice under two dates."""

    code: ClassVar[str] = "vee.repeated-day"
    proposal: ClassVar[Proposal] = Proposal.REVIEW


@dataclass(frozen=True, slots=True)
class ProlongedEstimation:
    """Nothing but estimates for `days` days in a row."""

    days: int = 45
    code: ClassVar[str] = "vee.prolonged-estimation"
    proposal: ClassVar[Proposal] = Proposal.FIELD_VISIT


@dataclass(frozen=True, slots=True)
class Spike:
    """The highest of a local day against its third-highest: (P1 - P3) / P3 above `percent`.

    Skipped when P3 is zero or not there, and when P1 is under `floor`, in the plain unit per hour (Wh: watts).
    """

    percent: int = 180
    floor: Decimal = Decimal(0)
    code: ClassVar[str] = "vee.spike"
    proposal: ClassVar[Proposal] = Proposal.REVIEW


@dataclass(frozen=True, slots=True)
class DemandChange:
    """An interval against the one before it: more than `percent` over it (250: from 40 to over 140). Skipped where
    the higher one is under `floor`, in the plain unit per hour (Wh: watts), and after an outage or a gap.
    """

    percent: int = 400
    floor: Decimal = Decimal(0)
    code: ClassVar[str] = "vee.demand-change"
    proposal: ClassVar[Proposal] = Proposal.REVIEW


@dataclass(frozen=True, slots=True)
class HighLow:
    """Average use of whole days against the same season's and the period's before: outside `low_percent` to
    `high_percent` of each that is known. Skipped with fewer than `days` whole days, or when both sides are under
    `floor`, in the plain unit per day.
    """

    low_percent: int = 25
    high_percent: int = 300
    days: int = 1
    floor: Decimal = Decimal(0)
    code: ClassVar[str] = "vee.high-low"
    proposal: ClassVar[Proposal] = Proposal.REVIEW


@dataclass(frozen=True, slots=True)
class PeakChange:
    """The highest interval of whole days against the highest of the period before: more than `percent` over it.
    Skipped where it is under `floor`, in the plain unit per hour (Wh: watts), and where fewer than `days` whole days
    before are known: a meter that came yesterday has no peak yet.
    """

    percent: int = 200
    days: int = 7
    floor: Decimal = Decimal(0)
    code: ClassVar[str] = "vee.peak-change"
    proposal: ClassVar[Proposal] = Proposal.REVIEW


@dataclass(frozen=True, slots=True)
class Neighbors:
    """Average use of whole days against the period before, corrected by what the others of its class did meanwhile:
    outside `low_percent` to `high_percent` of that. A cold week raises all of them, and is no finding. Skipped with
    fewer than `others` to compare with, where all of them did what no weather does (an outage), and when both sides are
    under `floor`, in the plain unit per day, and where fewer than `days` whole days before are known.
    """

    low_percent: int = 40
    high_percent: int = 250
    others: int = 20
    days: int = 7
    floor: Decimal = Decimal(0)
    code: ClassVar[str] = "vee.neighbors"
    proposal: ClassVar[Proposal] = Proposal.REVIEW


@dataclass(frozen=True, slots=True)
class SumCheck:
    """Sum of intervals against the register's difference: further apart than `units` register units and than
    `permille` thousandths of the difference. Skipped while a slot between the reads is missing.
    """

    units: int = 1
    permille: int = 5
    code: ClassVar[str] = "vee.sum-check"
    proposal: ClassVar[Proposal] = Proposal.REVIEW


@dataclass(frozen=True, slots=True)
class Formula:
    """A utility's own comparison, under its own `name`, over the quantities of `formulas.QUANTITIES`."""

    name: str = ""
    formula: str = "max > 3 * before_peak"
    code: ClassVar[str] = "vee.formula"
    proposal: ClassVar[Proposal] = Proposal.REVIEW


Rule = (
    Missing
    | Negative
    | InactiveUse
    | ZeroRun
    | FlatRun
    | FlaggedRun
    | RepeatedDay
    | ProlongedEstimation
    | Spike
    | HighLow
    | SumCheck
    | DemandChange
    | PeakChange
    | Neighbors
    | Formula
)

MARKING = (Negative, InactiveUse, FlatRun, FlaggedRun, RepeatedDay, Spike, DemandChange, PeakChange)
"""Rules that put single slots in question, where a person may have verified them before."""
