"""The kinds of work that outreach gives to people."""

from __future__ import annotations

from lamplighter.worklist.kinds import Desk, ItemKind, declare
from lamplighter.worklist.rules import WithinHours

CONFIRM = declare(
    ItemKind(
        "outreach.confirm", "Critical customers to confirm", Desk.KEY_ACCOUNTS, "keyaccounts.work", WithinHours(48),
        "key:notice", (("confirmed", "Somebody there confirmed"), ("elsewhere", "Confirmed another way")),
    )
)  # fmt: skip
"""One item for each critical customer of an announcement (subject `announcement:ID`); it ends when somebody notes who
confirmed, or when the announcement is superseded."""
