"""The kinds of work that programs give to people."""

from __future__ import annotations

from lamplighter.worklist.kinds import Desk, ItemKind, declare
from lamplighter.worklist.rules import WorkingDays

PAPERS = declare(
    ItemKind(
        "programs.papers", "Applications that wait for papers", Desk.PROGRAMS, "programs.apply", WorkingDays(10),
        "desk:work", (("asked", "Asked again"), ("withdrawn", "Withdrawn")),
    )
)  # fmt: skip
"""One item for each application (subject `application:NUMBER`); it ends when the application is decided."""

RENEW = declare(
    ItemKind(
        "programs.renew", "Households to recertify", Desk.PROGRAMS, "programs.apply", WorkingDays(10),
        "desk:work", (("reached", "Reached"), ("refused", "Does not want it"), ("not-reached", "Not reached")),
    )
)  # fmt: skip
"""One item for each enrollment near its end (subject `enrollment:ID`); it ends when it is renewed or over."""

AUDIT = declare(
    ItemKind(
        "programs.audit", "Enrollments drawn for an audit", Desk.PROGRAMS, "programs.work", WorkingDays(20),
        "desk:work", (("found", "A finding was written down"),),
    )
)  # fmt: skip
"""One item for each case of a sample (subject `sample-case:ID`); it ends with the finding."""

UNTOLD = declare(
    ItemKind(
        "programs.untold", "Program letters that could not be written", Desk.PROGRAMS, "programs.apply",
        WorkingDays(1), "desk:work", (("told", "Told otherwise"), ("corrected", "Template or address corrected")),
    )
)  # fmt: skip
"""One item for each letter: no adopted template, no usable address, no sender."""
