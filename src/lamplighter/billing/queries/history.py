"""Whether a service has enough history of its own to compare rates on: the one gate of every comparison.

The desk's ranking, the account manager's comparison, what-ifs and the advice to everybody all go by it
(docs/algorithms/rate-comparison.md).
"""

from __future__ import annotations

from decimal import Decimal

from lamplighter.kernel.findings import Finding

BILLS, DAYS = 12, 330
MOST_ESTIMATED = Decimal("0.10")
"""Of what was measured in twelve months. With more, the peak that sets demand may be a guess."""


def too_little(*, bills: int, days: int, estimated: Decimal = Decimal(0)) -> Finding | None:
    """Why so many bills over so many days, with so large a share of estimates, are too little; None where they do."""
    if bills < BILLS or days < DAYS:
        return Finding(
            "compare.short",
            f"There are {bills} bills here over {days} days. A comparison needs {BILLS} bills over {DAYS} days of its"
            " own use, or summer or winter would be left out.",
            remedy="Look again when a year of bills is there.",
        )
    if estimated > MOST_ESTIMATED:
        return Finding(
            "compare.estimated",
            f"{estimated:.0%} of the readings are estimates; a comparison stands on {1 - MOST_ESTIMATED:.0%} real"
            " ones.",
            remedy="Look again when they have been replaced, or a year has passed.",
        )
    return None
