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

AUTOPAY = declare(
    ItemKind(
        "payments.autopay-untold", "AutoPay notices that could not be written", Desk.SERVICE, "payments.take",
        WorkingDays(1), "desk:draft", (("told", "Told in another way"),),
    )
)  # fmt: skip
"""One item for a notice (subject `draft:ID` or `autopay:ID`) of which the customer must hear before they are drawn."""

RETURNED_DRAFT = declare(
    ItemKind(
        "payments.returned-draft", "Drafts and refunds that came back", Desk.SERVICE, "payments.take", WorkingDays(1),
        "desk:draft", (("spoken", "Spoke with the customer"), ("written", "Wrote to the customer")),
    )
)  # fmt: skip
"""One item for a draft (subject `draft:ID`) that the customer's bank returned, with what its code asks for."""

ACH = declare(
    ItemKind(
        "payments.ach", "Lines of ACH files for a person", Desk.FINANCE, "ledger.post", WorkingDays(2), "desk:autopay",
        (("settled", "Settled with the bank"),),
    )
)  # fmt: skip
"""What stands in a file of the bank's and can't be handled by its code: a fault of data, an entry that is not ours."""

RATES = declare(
    ItemKind(
        "payments.ach-rate", "Return rates over the network's limit", Desk.FINANCE, "ledger.post", WorkingDays(2),
        "desk:autopay", (("explained", "Cause found and mended"),),
    )
)  # fmt: skip
"""One item for a rate (subject `ach-rate:NAME`) that is over what Nacha allows."""

PAYABLES = declare(
    ItemKind(
        "payments.payables", "Refunds that accounts payable did not pay", Desk.FINANCE, "ledger.post", WorkingDays(2),
        "desk:refunds", (("settled", "Settled with accounts payable"),),
    )
)  # fmt: skip
"""A voucher that was refused, and a line of an answer that fits no voucher of ours (subject `file:SHA`)."""

CARDS = declare(
    ItemKind(
        "payments.cards", "Card payments for a person", Desk.FINANCE, "ledger.post", WorkingDays(1), "desk:refunds",
        (("settled", "Settled with the processor"),),
    )
)  # fmt: skip
"""What the processor tells and nothing of ours fits: a payment for nothing, a part that was given back."""

UNAPPLIED = declare(
    ItemKind(
        "payments.unapplied", "Payments of files that belong to no account yet", Desk.LEAD, "cash.verify",
        WorkingDays(2), "lead:do-remitted", (("settled", "Applied, or sent back"),),
    )
)  # fmt: skip
"""One item for a line of a lockbox's or pay station's file (subject `remitted-line:ID`) whose account is not known."""
