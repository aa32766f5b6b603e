"""The kinds of work that credit gives to people."""

from __future__ import annotations

from lamplighter.worklist.kinds import Desk, ItemKind, declare
from lamplighter.worklist.rules import WorkingDays

CALL = declare(
    ItemKind(
        "credit.call", "Customers to reach before power may go off", Desk.COLLECTIONS, "credit.work", WorkingDays(1),
        "desk:work", (("reached", "Reached"), ("left", "A notice was left"), ("not-reached", "Not reached")),
    )
)  # fmt: skip
"""One item for each process (subject `collection:ID`); what was done is written on the account's page."""

REVIEW = declare(
    ItemKind(
        "credit.review", "Debts whose notices have run out", Desk.COLLECTIONS, "credit.work", WorkingDays(1),
        "desk:work", (("arranged", "Arranged or paid"), ("ordered", "Shut-off asked for"), ("waits", "Waits")),
    )
)  # fmt: skip
"""One item for each process whose last notice ran out: a person looks, nothing is turned off by itself."""

LATE = declare(
    ItemKind(
        "credit.plan-late", "Plans about to break", Desk.SERVICE, "credit.work", WorkingDays(0),
        "desk:work", (("reminded", "Reminded"), ("changed", "Changed")),
    )
)  # fmt: skip
"""One item for each arrangement (subject `arrangement:ID`) with an instalment that is late; paying finishes it."""

UNTOLD = declare(
    ItemKind(
        "credit.untold", "Credit letters that could not be written", Desk.COLLECTIONS, "credit.work", WorkingDays(1),
        "desk:work", (("told", "Told otherwise"), ("corrected", "Template or address corrected")),
    )
)  # fmt: skip
"""One item for each letter (subject: what it is about): no adopted template, no usable address, no sender. Its clock
does not run. It is finished when the letter is written, or when the collection, plan or promise ends."""

WRITE_OFF = declare(
    ItemKind(
        "credit.write-off", "Closed accounts that still owe", Desk.COLLECTIONS, "credit.work", WorkingDays(5),
        "desk:closed", (("proposed", "Write-off proposed"), ("moved", "Moved to another account"), ("waits", "Waits")),
    )
)  # fmt: skip
"""One item for each account (subject `account:ID`) whose last letter ran out; writing off, moving or paying ends it."""

RECOVERY = declare(
    ItemKind(
        "credit.recovery", "Lines of agencies that could not be taken in", Desk.COLLECTIONS, "credit.work",
        WorkingDays(2), "desk:agencies", (("asked", "The agency was asked"), ("entered", "Entered otherwise")),
    )
)  # fmt: skip
"""One item for each line (subject `agency:KEY`, kept apart by its reference); the rest of its file was taken in."""

CASE = declare(
    ItemKind(
        "credit.case", "Bankruptcies with a day that passes", Desk.COLLECTIONS, "credit.view", WorkingDays(1),
        "desk:bankruptcies", (("decided", "Decided"), ("filed", "Claim filed"), ("waits", "Waits")),
    )
)  # fmt: skip
"""One item for each case (subject `bankruptcy:ID`); the end of the case finishes it."""

DEPOSIT = declare(
    ItemKind(
        "credit.deposit", "Deposits that are less than the policy asks for", Desk.COLLECTIONS, "credit.work",
        WorkingDays(10),
        "desk:work", (("asked", "Asked for more"), ("enough", "It is enough")),
    )
)  # fmt: skip
"""One item for each account (subject `account:ID`) that started so, or that the yearly review found; a
decision finishes it."""

UNAUTHORIZED = declare(
    ItemKind(
        "credit.unauthorized", "Cases of unauthorized use", Desk.COLLECTIONS, "credit.work", WorkingDays(1),
        "desk:investigation", (("worked", "Worked on"), ("waits", "Waits")),
    )
)  # fmt: skip
"""One item for each case (subject `investigation:ID`); closing the case finishes it."""

ASSISTANCE_CHECK = declare(
    ItemKind(
        "credit.assistance-check", "Money of assistance agencies that fits no pledge", Desk.COLLECTIONS, "credit.work",
        WorkingDays(2), "desk:assistance", (("asked", "The agency was asked"), ("agreed", "The difference is agreed")),
    )
)  # fmt: skip
"""One item for each line (subject `assistance-line:ID`) that names no pledge that waits, or pays another amount than
was pledged. Putting the line to an account finishes the first."""

SEARCH = declare(
    ItemKind(
        "credit.search", "Customers who left and whose mail comes back", Desk.COLLECTIONS, "credit.work",
        WorkingDays(5), "desk:closed", (("found", "Found"), ("not-found", "Not found")),
    )
)  # fmt: skip
"""One item for each search (subject `account:ID`); finding them, giving up or payment finishes it."""

GUARANTOR = declare(
    ItemKind(
        "credit.guarantor", "Guarantors whose days to answer are over", Desk.COLLECTIONS, "credit.work",
        WorkingDays(2), "desk:closed", (("moved", "Asked for on their account"), ("waits", "Waits")),
    )
)  # fmt: skip
"""One item for each claim (subject `claim:ID`); moving it, taking it back or payment finishes it."""
