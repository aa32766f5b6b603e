"""What a crew sends about an order, and what is lacking in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from lamplighter.fieldwork.types import FOUND, NOT_DONE, Act

ON, OFF = "on", "off"
READS = "Enter what every register shows."


@dataclass(frozen=True, slots=True)
class FieldRead:
    """What the dials of a register showed; `confirmed`: looked at twice, since its history expects something else."""

    channel: int
    count: int
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class ReportIn:
    """A report before it is kept. `draft` is the phone's own id for it, `found_at` the instant at which it was so.

    `set_reads` are the dials of the meter that was set, in the order of its registers. A test gives the registration
    at full and at light load in percent, as found, and as left where the meter was adjusted; `standard` is what it was
    held against. `photos` are keys of stored files.
    """

    draft: UUID
    done: bool
    found_at: datetime
    reason: str = ""
    safe: bool = False
    reads: tuple[FieldRead, ...] = ()
    switch: str = ""
    set_badge: str = ""
    set_reads: tuple[int, ...] = ()
    found: str = ""
    full_load: Decimal | None = None
    light_load: Decimal | None = None
    left_full: Decimal | None = None
    left_light: Decimal | None = None
    standard: str = ""
    words: str = ""
    photos: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same report, however often it is sent."""
        return hashlib.sha256(json.dumps(asdict(self), default=str, sort_keys=True).encode()).hexdigest()

    @property
    def figures(self) -> dict[str, Any]:
        """What is kept as keys and figures; words and photos stand in rows of their own."""
        told = {
            "reads": [asdict(read) for read in self.reads], "switch": self.switch, "set": self.set_badge,
            "set_reads": list(self.set_reads), "found": self.found, "safe": self.safe,
            "full_load": None if self.full_load is None else str(self.full_load),
            "light_load": None if self.light_load is None else str(self.light_load),
            "left_full": None if self.left_full is None else str(self.left_full),
            "left_light": None if self.left_light is None else str(self.left_light), "standard": self.standard,
        }  # fmt: skip
        return {name: value for name, value in told.items() if value}


def lacking(report: ReportIn, acts: Collection[Act], *, registers: Collection[int]) -> str:
    """What must still be said before the order is done, or not done; nothing when all is said.

    `registers` are the channels with dials of the meter that stands there.
    """
    if not report.done:
        return "" if report.reason in NOT_DONE else "Say why it could not be done."
    read = {one.channel for one in report.reads}
    needed = {
        Act.READ: (set(registers) <= read, READS),
        Act.EXCHANGE: (set(registers) <= read and bool(report.set_badge), f"{READS} Enter the meter that was set."),
        Act.SET_METER: (bool(report.set_badge), "Enter the number of the meter that was set."),
        Act.SAFETY: (report.safe, "Say that the load side is safe before service is on."),
        Act.SWITCH_ON: (report.switch == ON, "Service must be on when this is done. If it is not, report it so."),
        Act.SWITCH_OFF: (report.switch == OFF, "Service must be off when this is done. If it is not, report it so."),
        Act.INSPECT: (report.found in FOUND, "Say what was found."),
        Act.TEST: (_is_tested(report), "Enter the registration at both loads, in %, as found and as left."),
    }
    return next((words for act in acts for said, words in [needed[act]] if not said), "")


def _is_tested(report: ReportIn) -> bool:
    left = (report.left_full is None) == (report.left_light is None)
    return None not in (report.full_load, report.light_load) and left
