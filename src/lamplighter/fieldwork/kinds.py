"""The kinds of work that field work gives to people."""

from __future__ import annotations

from lamplighter.worklist.kinds import Desk, ItemKind, declare
from lamplighter.worklist.rules import WithinHours, WorkingDays

RETURNED = declare(
    ItemKind(
        "fieldwork.returned", "Orders that could not be done", Desk.SERVICE, "orders.raise", WorkingDays(1),
        "desk:order", (("planned", "Planned again"), ("cancelled", "Cancelled"), ("asked", "The customer was asked")),
    )
)  # fmt: skip
"""One item for each order (subject `order:NUMBER`); it ends by itself when the order is planned, done or cancelled."""

FAULTY = declare(
    ItemKind(
        "fieldwork.faulty", "Orders that can't go out", Desk.SERVICE, "orders.raise", WorkingDays(1), "desk:order",
        (("corrected", "Cause corrected"), ("cancelled", "Cancelled")),
    )
)  # fmt: skip
"""One item for each order that failed its checks; it ends by itself when the order passes them or is cancelled."""

LATE = declare(
    ItemKind(
        "fieldwork.late-report", "Reports on orders that were over", Desk.SERVICE, "orders.raise", WithinHours(4),
        "desk:order", (("corrected", "Entered by hand"), ("nothing", "Nothing was changed at the meter")),
    )
)  # fmt: skip
"""One item for each order on which a crew reported after it was cancelled or done: nothing of it is applied."""

READ = declare(
    ItemKind(
        "fieldwork.read", "Field reads out of range", Desk.METERS, "reads.decide", WorkingDays(2), "desk:order",
        (("right", "The read is right"), ("corrected", "The read was corrected")),
    )
)  # fmt: skip
"""One item for each order whose crew confirmed a read that its history does not expect."""

WRONG_METER = declare(
    ItemKind(
        "fieldwork.wrong-meter", "Meters out of limits", Desk.BILLING, "billing.correct", WorkingDays(3), "desk:meter",
        (("corrected", "Bills corrected"), ("nothing", "No bill stood on it")),
    )
)  # fmt: skip
"""One item for each meter (subject `meter:BADGE`) whose test found it fast or slow in service; it ends by itself when
its bills are corrected."""

UNTOLD = declare(
    ItemKind(
        "fieldwork.untold", "Results of meter tests that could not be written", Desk.SERVICE, "orders.raise",
        WorkingDays(1), "desk:work", (("told", "Told otherwise"), ("corrected", "Template or address corrected")),
    )
)  # fmt: skip
"""One item for each result that its customer could not be written of."""
