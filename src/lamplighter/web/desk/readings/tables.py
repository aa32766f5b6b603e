"""The tables of readings in question and of imported files."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lamplighter.kernel.findings import Severity
from lamplighter.usage.queries.ruletexts import RULES, RuleText, rule_text
from lamplighter.web.columns import IdColumn
from lamplighter.web.desk.readings.twice import CONFLICTS
from lamplighter.web.naming import ActorColumn
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MomentColumn, NumberColumn, Table

URGENCY = {"Stop": Tone.BAD, "Watch": Tone.WATCH, "Know": Tone.INFO}
SEVERITIES = {Severity.ERROR: "Stop", Severity.WARNING: "Watch", Severity.INFO: "Know"}
STATES = {"Accepted as read": Tone.GOOD, "Edited": Tone.NOTICE, "Estimated": Tone.WATCH}


class Exceptions(Table):
    """What waits, the gravest first: which rule, where, when, what was found."""

    rule = Column("What")
    customer = Column("Who", default="")
    meter = IdColumn("Meter", accessor="channel__meter__badge")
    day = DayColumn("Day")
    found = Column("Found", empty_values=(), orderable=False)
    threshold = Column("Limit", empty_values=(), orderable=False)
    severity = BadgeColumn("Urgency", tones=URGENCY)
    found_at = MomentColumn("Since")

    def value_rule(self, value: str) -> str:
        return RULES[value].label if value in RULES else value

    def render_rule(self, value: str) -> str:
        return self.value_rule(value)

    def value_found(self, record: Any) -> str:
        return _text(record).measured or str(record.message)

    def render_found(self, record: Any) -> str:
        return self.value_found(record)

    def value_threshold(self, record: Any) -> str:
        limit = _text(record).threshold
        return f"{limit} stored" if limit and record.rule in CONFLICTS else limit

    def render_threshold(self, record: Any) -> str:
        return self.value_threshold(record)

    def value_severity(self, value: int) -> str:
        return SEVERITIES[Severity(value)]

    def render_severity(self, value: int) -> Any:
        return self.columns["severity"].column.render(self.value_severity(value))

    def row_url(self, record: Any) -> str:
        return reverse("desk:exception", args=[record.pk])


class Decided(Table):
    """What was decided about a channel, the newest first."""

    rule = Column("What", orderable=False)
    day = DayColumn("Day", orderable=False)
    state = BadgeColumn("Decision", accessor="get_state_display", orderable=False, tones=STATES)
    by_name = ActorColumn("By", orderable=False)
    decided_at = MomentColumn("When", orderable=False)
    remark = Column("Why", orderable=False)

    def render_rule(self, value: str) -> str:
        return RULES[value].label if value in RULES else value

    def row_url(self, record: Any) -> str:
        return reverse("desk:exception", args=[record.pk])


class Files(Table):
    """Imported files, the newest first, and what waits of each."""

    name = Column("File")
    format = Column("Format")
    readings = NumberColumn("Readings")
    taken = NumberColumn("Taken in")
    unchanged = NumberColumn("In already")
    estimated = NumberColumn("Estimated")
    waiting = NumberColumn("Waiting")
    exceptions = NumberColumn("To decide")
    by_name = ActorColumn("By")
    imported_at = MomentColumn("Imported")

    def render_format(self, value: str) -> str:
        return value.upper()

    def row_url(self, record: Any) -> str:
        return reverse("desk:import", args=[record.pk])


class Findings(Table):
    """What was amiss in a file: line, field, what and what to do."""

    line = NumberColumn("Line", orderable=False)
    field = Column("Field", orderable=False)
    message = Column("What", orderable=False)
    remedy = Column("What to do", orderable=False)
    severity = BadgeColumn("Urgency", orderable=False, tones={"Error": Tone.BAD, "Warning": Tone.WATCH})

    def value_severity(self, value: str) -> str:
        return value.capitalize()

    def render_severity(self, value: str) -> Any:
        return self.columns["severity"].column.render(self.value_severity(value))


def _text(record: Any) -> RuleText:
    return rule_text(record.rule, record.channel.measure, measured=record.measured, threshold=record.threshold)
