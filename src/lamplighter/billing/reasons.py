"""Why days are billed again: one word for each kind of fact that may turn out to have been otherwise."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """The word stands on the request, on the cancelled segment and, through it, in the letter to the customer."""

    LATE_ACTUAL = "late-actual"
    READ = "corrected-read"
    MULTIPLIER = "corrected-multiplier"
    RATE = "changed-rate"
    FACT = "changed-fact"  # an exemption, a discount, a medical allowance, the heating source
    CROSSED = "crossed-meters"
    MOVE = "changed-move"
    TARIFF = "adopted-rate"
    SHARES = "changed-shares"  # of what a roof elsewhere sends back
