"""The kinds of work that key accounts give to people."""

from __future__ import annotations

from lamplighter.worklist.kinds import Desk, ItemKind, declare
from lamplighter.worklist.rules import WorkingDays

HANDED_OVER = declare(
    ItemKind(
        "keyaccounts.handed-over", "Issues handed over", Desk.KEY_ACCOUNTS, "keyaccounts.work", WorkingDays(1),
        "key:issue", (("taken", "Taken"), ("returned", "Given back with advice")),
    )
)  # fmt: skip
"""One item for each issue that a representative hands over (subject `issue:NUMBER`); it ends when somebody owns it."""

SHORTFALL = declare(
    ItemKind(
        "keyaccounts.shortfall", "Contracts fallen short of", Desk.KEY_ACCOUNTS, "keyaccounts.work", WorkingDays(5),
        "key:contract", (("told", "The customer was told"), ("waived", "Let go")),
    )
)  # fmt: skip
"""One item for each bill that fell short of its contract (subject `contract:CODE`)."""

ENDING = declare(
    ItemKind(
        "keyaccounts.contract-ending", "Contracts near their end", Desk.KEY_ACCOUNTS, "keyaccounts.work",
        WorkingDays(10), "key:contract", (("talking", "We are talking"), ("ends", "It will end")),
    )
)  # fmt: skip
"""One item at 18, 12 and 6 months before a contract's end, and before its day of notice (subject `contract:CODE`)."""
