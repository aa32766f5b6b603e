"""The kind of work that policies and articles give to people."""

from __future__ import annotations

from lamplighter.worklist.kinds import Desk, ItemKind, declare
from lamplighter.worklist.rules import WorkingDays

REVIEW = declare(
    ItemKind(
        "policies.review", "Texts due for review", Desk.SERVICE, "policies.write", WorkingDays(10), "desk:text",
        (("reviewed", "Read, and still right"), ("drafted", "A new version is drafted")),
    )
)  # fmt: skip
"""One item for each text whose day of review is near (subject `text:SLUG`), with its owner; it ends by itself when the
text was reviewed, or when a new version is in force."""
