"""The kinds of work that contacts give to people."""

from __future__ import annotations

from lamplighter.cases.departments import DEPARTMENTS
from lamplighter.worklist.kinds import Desk, ItemKind, declare
from lamplighter.worklist.rules import WithinHours, WorkingDays

MESSAGE = declare(
    ItemKind(
        "cases.message", "Messages to answer", Desk.SERVICE, "contacts.work", WorkingDays(1), "desk:contact",
        (("answered", "Answered"), ("called", "Called back"), ("nothing", "Needs no answer")),
    )
)  # fmt: skip
"""One item for each message that came in (subject `contact:ID`); it ends by itself when the thread is answered."""

MISSED = declare(
    ItemKind(
        "cases.missed", "Calls to return", Desk.SERVICE, "contacts.work", WithinHours(4), "desk:contact",
        (("called", "Called back"), ("again", "They called again"), ("nothing", "No number to call")),
    )
)  # fmt: skip
"""One item for each call that nobody took."""

FOLLOW_UP = declare(
    ItemKind(
        "cases.follow-up", "Follow-ups", Desk.SERVICE, "contacts.work", WorkingDays(1), "desk:contact",
        (("done", "Done"), ("called", "Called back"), ("withdrawn", "No longer wanted")),
    )
)  # fmt: skip
"""One item for each contact after which we owe an answer, due on the day that was promised."""

RETURNED = declare(
    ItemKind(
        "cases.returned-mail", "Returned mail", Desk.SERVICE, "contacts.work", WorkingDays(2), "desk:letter",
        (("again", "Sent again to another address"), ("called", "Called instead"), ("nothing", "No longer needed")),
    )
)  # fmt: skip
"""One item for each letter that the post brought back (subject `notice:ID`)."""

UNSENT = declare(
    ItemKind(
        "cases.unsent", "Messages that did not go out", Desk.SERVICE, "contacts.work", WorkingDays(0), "desk:contact",
        (("again", "Sent another way"), ("called", "Called instead"), ("nothing", "No longer needed")),
    )
)  # fmt: skip
"""One item for each message of ours that was refused or came back."""

TO = {
    one.key: declare(
        ItemKind(
            f"cases.to-{one.key}", f"Requests to {one.label.lower()}", one.desk, one.permission, WorkingDays(2),
            "desk:request", (("answered", "Answered"), ("elsewhere", "Done elsewhere")),
        )
    )
    for one in DEPARTMENTS.values()
}  # fmt: skip
"""One item for each request (subject `request:ID`) on the worklist of who is asked, due on its day."""

ANSWERED = declare(
    ItemKind(
        "cases.answered", "Answers to requests", Desk.SERVICE, "contacts.work", WorkingDays(1), "desk:request",
        (("read", "Read, and told the customer"), ("again", "Asked again")),
    )
)  # fmt: skip
"""One item for each request that was answered or declined, until who asked closes it."""
