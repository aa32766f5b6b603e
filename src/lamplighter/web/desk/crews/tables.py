"""The tables of crews, of areas, and of who rides with a crew."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from lamplighter.web.ui.tables import Column, DayColumn, Table
from lamplighter.web.visits import visit


class Crews(Table):
    """Crews from `crews_of`."""

    name = Column("Crew")
    area = Column("Area", accessor="area__name")
    riders = Column("Rides today", orderable=False, default="nobody")
    ended_on = DayColumn("Ends")

    def render_riders(self, value: list[str]) -> str:
        return ", ".join(value)

    def value_riders(self, value: list[str]) -> str:
        return self.render_riders(value)

    def row_url(self, record: Any) -> str:
        return reverse("desk:crew", args=[record.key])


class Areas(Table):
    """Parts of town."""

    name = Column("Area")
    postcodes = Column("Postcodes", orderable=False, default="none: nobody goes there")

    def render_postcodes(self, value: list[str]) -> str:
        return ", ".join(value)

    def value_postcodes(self, value: list[str]) -> str:
        return self.render_postcodes(value)

    def row_url(self, record: Any) -> str:
        return reverse("desk:do-change-area", args=[record.key])


class Members(Table):
    """Who rides with one crew, and when."""

    name = Column("Name", accessor="user__name")
    start = DayColumn("From", accessor="period__start", order_by="period")
    last_day = DayColumn("Last day", empty_values=(), orderable=False)
    end = Column("Act", empty_values=(), orderable=False, exclude_from_export=True)

    def value_last_day(self, record: Any) -> date | None:
        return record.period.last_day if record.period.end else None

    def render_last_day(self, record: Any) -> str:
        return f"{record.period.last_day:%b %-d, %Y}" if record.period.end else "–"

    def render_end(self, record: Any) -> str:
        if record.period.end and record.period.end <= visit(self.request).on:
            return ""
        url = reverse("desk:do-leave-crew", args=[record.pk])
        return format_html('<a class="btn btn-sm" href="{}" data-panel>End<span class="visually-hidden"> {}</span></a>',
                           url, record.user.name)  # fmt: skip
