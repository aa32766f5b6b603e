"""The kinds of work that billing gives to people."""

from __future__ import annotations

from lamplighter.worklist.kinds import Desk, ItemKind, declare
from lamplighter.worklist.rules import WorkingDays

PARKED = declare(
    ItemKind(
        "billing.parked", "Accounts that could not be billed", Desk.BILLING, "billing.run", WorkingDays(2),
        "desk:parked", (("corrected", "Cause corrected, goes on with the next run"),),
    )
)  # fmt: skip
"""One item for each agreement (subject `agreement:ID`) and window; the bill that is issued at last finishes it."""

REBILL = declare(
    ItemKind(
        "billing.rebill", "Days to bill again", Desk.BILLING, "billing.correct", WorkingDays(5), "desk:rebills",
        (("settled", "Settled otherwise"),),
    )
)  # fmt: skip
"""One item for each agreement; settling its last request finishes it."""

UNTOLD = declare(
    ItemKind(
        "billing.untold", "Notices about bills that could not be written", Desk.BILLING, "billing.run",
        WorkingDays(2), "desk:cycles", (("told", "Told otherwise"), ("corrected", "Template or address corrected")),
    )
)  # fmt: skip
"""One item for each notice (subject `bill:NUMBER`): no adopted template, no usable address, no sender."""

BUDGET = declare(
    ItemKind(
        "billing.budget", "Budgets that no longer fit", Desk.SERVICE, "credit.work", WorkingDays(5), "",
        (("kept", "Amount kept, the customer agrees"), ("told", "Told the customer, who decides")),
    )
)  # fmt: skip
"""One item for each agreement whose level amount its months no longer bear out; a change of it finishes the item."""

BOUNCED = declare(
    ItemKind(
        "billing.bounced", "Bills by email that came back", Desk.SERVICE, "notices.send", WorkingDays(3),
        "desk:account", (("address", "New email address on file"), ("paper", "Gets bills on paper from now on")),
    )
)  # fmt: skip
"""One item for each account (subject `account:NUMBER`) whose bill went on paper since its email did not arrive."""

RETURNED = declare(
    ItemKind(
        "billing.returned", "Bills that the post brought back", Desk.SERVICE, "notices.send", WorkingDays(2),
        "desk:bill-piece", (("again", "Sent again to another address"), ("called", "Called instead")),
    )
)  # fmt: skip
"""One item for each piece (subject `piece:ID`); sending it again finishes the item."""
