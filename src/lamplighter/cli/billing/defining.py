"""The windows of a year at the command line: told, and defined from a reading calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import click
from django.utils import timezone

from lamplighter.billing.operations.windows import define_windows
from lamplighter.billing.queries.windows import cycle_years, turns_to_define
from lamplighter.billing.reading_calendar import ReadingCalendar
from lamplighter.billing.rules import CannotDefine
from lamplighter.cli.telling import columns
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.calendars import US_HOLIDAYS, HolidayCalendar, Observance
from lamplighter.platform.transactions import unit_of_work


def define(year: int, *, holidays: Sequence[str], estimates: bool, on: date, by: Actor) -> int:
    """How many windows were added; a holiday on a weekend is observed on the nearest weekday. Refuses in words."""
    unknown = [name for name in holidays if name not in US_HOLIDAYS]
    if unknown:
        raise click.UsageError(f"There is no holiday “{unknown[0]}”. There are {', '.join(US_HOLIDAYS)}.")
    days = HolidayCalendar(tuple(US_HOLIDAYS[name] for name in holidays), Observance.NEAREST_WEEKDAY)
    calendar = ReadingCalendar(days, estimates=estimates)
    try:
        with unit_of_work(by):
            turns = turns_to_define(calendar=calendar, year=year, on=on)
            return len(define_windows(turns=turns, by=by, at=timezone.now()))
    except CannotDefine as refused:
        raise click.ClickException(str(refused)) from refused


def windows_of(year: int) -> list[dict[str, Any]]:
    """Every window of the year, cycle by cycle."""
    return [
        {
            "cycle": one.cycle.code, "month": f"{window.month:%Y-%m}", "reads_on": window.reads_on,
            "opens_on": window.opens_on, "closes_on": window.closes_on, "accounting_on": window.accounting_on,
            "estimate_on": window.estimate_on, "freeze": window.freeze,
        }
        for one in cycle_years(year)
        for _, window in sorted(one.windows.items())
    ]  # fmt: skip


def in_words(rows: Sequence[dict[str, Any]], year: int) -> str:
    if not rows:
        return f"No window of {year} is defined."
    told = [
        (row["cycle"], row["month"], row["reads_on"], row["opens_on"], row["closes_on"], row["estimate_on"] or "never",
         "for good" if row["freeze"] else "trial")
        for row in rows
    ]  # fmt: skip
    return columns(("cycle", "month", "reads on", "opens", "closes", "estimates", "mode"), told)
