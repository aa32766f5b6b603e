"""Days and months as they are typed after a command, and the utility's own day now."""

from __future__ import annotations

from datetime import date, datetime

import click


class Day(click.ParamType[date]):
    """`2026-08-31` as a date."""

    name = "YYYY-MM-DD"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” is not a day. Write it as 2026-08-31.", param, ctx)


class Month(click.ParamType[date]):
    """`2026-08` as the first day of that month."""

    name = "YYYY-MM"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
        except ValueError:
            self.fail(f"“{value}” is not a month. Write it as 2026-08.", param, ctx)


DAY, MONTH = Day(), Month()


def today() -> date:
    """The day on the utility's own calendar. Django is set up."""
    from django.utils import timezone

    return timezone.localdate()
