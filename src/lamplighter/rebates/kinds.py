"""The kinds of work that rebates give to people."""

from __future__ import annotations

from lamplighter.worklist.kinds import Desk, ItemKind, declare
from lamplighter.worklist.rules import WorkingDays

DESK = declare(
    ItemKind(
        "rebates.desk", "Rebates that wait for the program desk", Desk.PROGRAMS, "rebates.work", WorkingDays(5),
        "desk:rebate", (("done", "Done on its page"),),
    )
)  # fmt: skip
"""One item for each application (subject `rebate:NUMBER`) while it waits for the desk; its next step finishes it."""
