"""The kind of work that incidents give to people."""

from __future__ import annotations

from lamplighter.worklist.kinds import Desk, ItemKind, declare
from lamplighter.worklist.rules import WorkingDays

OPEN_INCIDENT = declare(
    ItemKind(
        "incidents.incident", "Errors at interfaces", Desk.SERVICE, "interfaces.work", WorkingDays(1), "desk:incident",
        (("fixed", "Fixed"), ("vendor", "With the vendor")),
    )
)  # fmt: skip
"""One item for each incident (subject `incident:ID`); it ends by itself when the incident is fixed."""
