"""The rate book as the database has it: its schedules, their versions, and what is in force on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import click

from lamplighter.kernel.periods import Period
from lamplighter.rating.tariff import Tariff
from lamplighter.tariffs import queries
from lamplighter.tariffs.models import Schedule, Version


def schedules(*, on: date) -> list[dict[str, Any]]:
    """Every schedule with the version in force, and how many versions wait for somebody."""
    in_force = {
        row.schedule_id: row for row in Version.objects.filter(state=Version.State.ADOPTED, period__contains=on)
    }
    waiting = Version.objects.filter(state__in=(Version.State.DRAFT, Version.State.PROPOSED))
    counts: dict[str, int] = {}
    for key in waiting.values_list("schedule", flat=True):
        counts[key] = counts.get(key, 0) + 1
    return [
        {
            "schedule": row.pk, "name": row.name, "class": row.customer_class,
            "since": in_force[row.pk].period.start if row.pk in in_force else None,
            "version": in_force[row.pk].pk if row.pk in in_force else None, "waiting": counts.get(row.pk, 0),
        }
        for row in Schedule.objects.order_by("utility", "code")
    ]  # fmt: skip


def schedule_named(name: str) -> Schedule:
    """By its key (`marisol-bay-power/r-1`) or, where only one utility has it, its code."""
    found = list(Schedule.objects.filter(pk=name.lower()) or Schedule.objects.filter(code__iexact=name))
    if len(found) == 1:
        return found[0]
    if not found:
        raise click.UsageError(f"There is no schedule “{name}”. `lamplighter tariff list` names them.")
    keys = ", ".join(one.pk for one in found)
    raise click.UsageError(f"Several schedules are called {name}: {keys}. Name one of these.")


def versions_of(schedule: Schedule) -> list[dict[str, Any]]:
    return [
        {
            "version": row.pk, "from": row.period.start, "to": row.period.last_day if row.period.end else None,
            "state": row.state, "drafted_by": str(row.drafted_by),
            "adopted_by": str(row.adopted_by) if row.adopted_by else None, "resolution": row.resolution,
            "sha256": row.source_id,
        }
        for row in Version.objects.filter(schedule=schedule).order_by("period", "pk")
    ]  # fmt: skip


def in_force(schedule: Schedule, *, on: date) -> Tariff | None:
    """As it was adopted, valid for the days of the adoption."""
    found = queries.in_force([schedule.pk], period=Period(on, on + timedelta(days=1)))[schedule.pk]
    return found[0].tariff if found else None


def version_numbered(number: int) -> Version:
    found = Version.objects.filter(pk=number).select_related("schedule").first()
    if found is None:
        raise click.UsageError(f"There is no version {number}. `lamplighter tariff show SCHEDULE` lists them.")
    return found
