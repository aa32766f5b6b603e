"""What gridding, validation and estimation notice about a channel, and what they propose to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lamplighter.kernel.findings import Finding, Severity


class Proposal(StrEnum):
    """What is proposed to a person, or done by rule where a policy allows."""

    NONE = "none"
    ESTIMATE = "estimate"  # replace the slots by an estimate
    REVIEW = "review"  # look at the curve, then verify or edit
    CHOOSE = "choose"  # two sources disagree: choose one
    CORRECT_SETUP = "correct-setup"  # channel, meter or file are configured differently
    FIELD_VISIT = "field-visit"
    REVENUE_PROTECTION = "revenue-protection"


REMEDIES = {
    Proposal.NONE: "",
    Proposal.ESTIMATE: "Estimate these intervals.",
    Proposal.REVIEW: "Look at the curve; verify or edit it.",
    Proposal.CHOOSE: "Choose which of the two is right.",
    Proposal.CORRECT_SETUP: "Correct the channel's setup or ask the head-end for the right data.",
    Proposal.FIELD_VISIT: "Send somebody to the meter.",
    Proposal.REVENUE_PROTECTION: "Pass it to revenue protection.",
}


@dataclass(frozen=True, slots=True)
class IntervalFinding:
    """`rule` names what noticed it (`vee.spike`); it begins at slot `slot` of local `day` and runs for `slots`
    slots, on into later days if need be. `measured` and `threshold` are counts of the channel's measure, or a
    number of slots or days where the rule counts those. Severity WARNING flags and goes on; ERROR stops.
    """

    rule: str
    channel: int
    day: date
    slot: int
    slots: int
    severity: Severity
    message: str
    measured: int | None = None
    threshold: int | None = None
    proposal: Proposal = Proposal.NONE

    def finding(self) -> Finding:
        """The same for worklists that hold findings of every kind."""
        return Finding(self.rule, self.message, self.severity, remedy=REMEDIES[self.proposal])
