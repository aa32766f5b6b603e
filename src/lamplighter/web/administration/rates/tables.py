"""The tables of the rate book."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lamplighter.web.columns import FromColumn, UntilColumn
from lamplighter.web.naming import ActorColumn
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MomentColumn, Table

STATES = {"Adopted": Tone.GOOD, "Proposed": Tone.WATCH, "Draft": Tone.NOTICE}


class Schedules(Table):
    """Every schedule, with the version in force today."""

    code = Column("Schedule")
    name = Column("Name")
    utility = Column("Utility")
    customer_class = Column("Class")
    since = DayColumn("In force since", default="not in force")
    waiting = BadgeColumn(
        "Coming", empty_values=(), orderable=False, tones={"Draft": Tone.NOTICE, "Proposed": Tone.WATCH}
    )

    def value_customer_class(self, value: str) -> str:
        return value.capitalize()

    def render_customer_class(self, value: str) -> str:
        return value.capitalize()

    def value_waiting(self, record: Any) -> str:
        return str(record.coming or "").capitalize()

    def render_waiting(self, record: Any) -> Any:
        words = self.value_waiting(record)
        return self.columns["waiting"].column.render(words) if words else ""

    def row_url(self, record: Any) -> str:
        return reverse("admin-desk:schedule", args=[record.pk])


class Versions(Table):
    """The versions of a schedule, the newest first."""

    start = FromColumn("Valid from", accessor="period", order_by="period")
    end = UntilColumn("Until", accessor="period", orderable=False)
    state = BadgeColumn("State", accessor="get_state_display", order_by="state", tones=STATES)
    resolution = Column("By", orderable=False)
    drafter = ActorColumn("Drafted by", orderable=False)
    adopter = ActorColumn("Entered by", orderable=False)
    adopted_at = MomentColumn("Adopted")

    def row_url(self, record: Any) -> str:
        return reverse("admin-desk:version", args=[record.pk])
