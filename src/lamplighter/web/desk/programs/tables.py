"""The tables of applications and enrollments."""

from __future__ import annotations

from typing import Any

import django_filters
from django.urls import reverse

from lamplighter.programs.models import Application, Program
from lamplighter.programs.models.applications import Channel
from lamplighter.web.columns import FromColumn, IdColumn, UntilColumn
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, Table

STATES = {
    "Papers missing": Tone.WATCH, "Approved": Tone.GOOD, "Denied": Tone.BAD, "Lapsed": Tone.PLAIN,
    "Withdrawn": Tone.PLAIN,
}  # fmt: skip


class Applications(Table):
    number = IdColumn("Application")
    program = Column("Program", accessor="program__name")
    account = IdColumn("Account", accessor="account__number")
    state = BadgeColumn("State", accessor="get_state_display", order_by="state", tones=STATES)
    received_on = DayColumn("Received")
    channel = Column("By way of", accessor="get_channel_display", order_by="channel")
    basis = Column("By", accessor="get_basis_display", order_by="basis")
    papers_by = DayColumn("Papers by")

    def row_url(self, record: Any) -> str:
        return reverse("desk:application", args=[record.number])


class Enrollments(Table):
    program = Column("Program", accessor="program__name")
    account = IdColumn("Account", accessor="account__number")
    start = FromColumn("From", accessor="period", order_by="period")
    end = UntilColumn("To", accessor="period", order_by="period__endswith")
    basis = Column("By", accessor="get_basis_display", order_by="basis")

    def row_url(self, record: Any) -> str:
        return reverse("desk:account-programs", args=[record.account.number])


class ByProgram(django_filters.FilterSet):  # type: ignore[misc]
    program = django_filters.ChoiceFilter(label="Program", empty_label="All programs", choices=list)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["program"].extra["choices"] = list(Program.objects.order_by("name").values_list("code", "name"))


class ApplicationFilters(ByProgram):
    state = django_filters.ChoiceFilter(label="State", empty_label="All states", choices=Application.State.choices)
    channel = django_filters.ChoiceFilter(label="By way of", empty_label="All ways", choices=Channel.choices)


class EnrollmentFilters(ByProgram):
    """Only by program."""
