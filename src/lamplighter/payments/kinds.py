"""The kinds of work that payments give to people."""

from __future__ import annotations

from lamplighter.worklist.kinds import Desk, ItemKind, declare
from lamplighter.worklist.rules import WorkingDays

BANK = declare(
    ItemKind(
        "payments.bank-difference", "Differences with the bank", Desk.LEAD, "cash.verify", WorkingDays(1),
        "lead:bank", (("found", "Found and settled"),),
    )
)  # fmt: skip
"""One item for each line of a statement (subject `bank-line:ID`) that does not tie; settling it finishes the item."""

TOTALS = declare(
    ItemKind(
        "payments.control-total", "Periods without their sender's total", Desk.LEAD, "cash.verify", WorkingDays(1),
        "lead:sources", (("found", "Found and balanced"),),
    )
)  # fmt: skip
"""One item for a period (subject `control:ID`) that waits for its sender's total, or differs from it."""
