"""The kinds of work that meter readings give to people."""

from __future__ import annotations

from lamplighter.worklist.kinds import Desk, ItemKind, declare
from lamplighter.worklist.rules import WorkingDays

EXCEPTIONS = declare(
    ItemKind(
        "usage.exceptions", "Readings to decide", Desk.METERS, "reads.decide", WorkingDays(2), "desk:exceptions",
        (("decided", "All decided"),),
    )
)  # fmt: skip
"""One item for each channel with open exceptions (subject `channel:ID`); the last decision finishes it."""

UNKNOWN_METER = declare(
    ItemKind(
        "usage.unknown-meter", "Readings of unknown meters", Desk.METERS, "reads.import", WorkingDays(2),
        "desk:import", (("retried", "Added and imported again"), ("not-ours", "Not our meters")),
    )
)  # fmt: skip
"""One item for each imported file (subject `import:ID`); it ends by itself when the file was taken in whole."""

BAD_LINES = declare(
    ItemKind(
        "usage.bad-lines", "Meter files not taken in whole", Desk.METERS, "reads.import", WorkingDays(2),
        "desk:import", (("asked", "The sender was asked"), ("corrected", "Corrected and imported again")),
    )
)  # fmt: skip
"""One item for each imported file (subject `import:ID`) with lines or channels that could not be used."""
