"""Columns that several desks share: numbers in one piece, and from when until when something runs."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django_tables2 import Column

from lamplighter.kernel.periods import Period
from lamplighter.web.ui.tables import DayColumn
from lamplighter.web.ui.wording import day


class IdColumn(Column):  # type: ignore[misc]
    """A number that names something: never broken over two lines."""

    attrs: ClassVar = {"td": {"class": "day"}}


class FromColumn(DayColumn):
    """The first day of a period."""

    def render(self, value: Period) -> str:
        return day(value.start)

    def value(self, value: Period) -> date:
        return value.start


class UntilColumn(DayColumn):
    """The last day of a period; empty while it runs."""

    def render(self, value: Period) -> str:
        return day(value.last_day) if value.end is not None and value.days else ""

    def value(self, value: Period) -> Any:
        return value.last_day if value.end is not None and value.days else None
