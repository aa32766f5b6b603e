"""Columns that several desks share: from when and until when something runs."""

from __future__ import annotations

from datetime import date
from typing import Any

from lamplighter.kernel.periods import Period
from lamplighter.web.ui.tables import DayColumn
from lamplighter.web.ui.wording import day


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
