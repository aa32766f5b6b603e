"""The tables of the rate book."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MomentColumn, Table

STATES = {"Adopted": Tone.GOOD, "Proposed": Tone.WATCH, "Draft": Tone.NOTICE}


class Schedules(Table):
    """Every schedule, with the version in force today."""

    code = Column("Schedule")
    name = Column("Name")
    utility = Column("Utility")
    customer_class = Column("Class")
    in_force = Column("In force since", empty_values=(), orderable=False)

    def value_in_force(self, record: Any) -> str:
        return record.since.isoformat() if record.since else "not in force"

    def render_in_force(self, record: Any) -> str:
        return self.value_in_force(record)

    def row_url(self, record: Any) -> str:
        return reverse("admin-desk:schedule", args=[record.pk])


class Versions(Table):
    """The versions of a schedule, the newest first."""

    start = DayColumn("Valid from", accessor="period__start", order_by="period")
    end = DayColumn("Until", accessor="period__end", orderable=False)
    state = BadgeColumn("State", accessor="get_state_display", order_by="state", tones=STATES)
    resolution = Column("Adopted by", orderable=False)
    drafted_by = Column("Drafted by")
    adopted_at = MomentColumn("Adopted")

    def row_url(self, record: Any) -> str:
        return reverse("admin-desk:version", args=[record.pk])
