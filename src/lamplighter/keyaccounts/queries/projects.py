"""What the projects of an organisation saved, by their meters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from lamplighter.accounts.models import Agreement
from lamplighter.intervals.curves.verifying import CannotVerify
from lamplighter.keyaccounts.models import Organisation, Project
from lamplighter.usage.queries.verifying import ByMeter, saving_by_meter

SINCE = timedelta(days=366)
"""After a year the meter has told it: what comes later is other changes as much as the work."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A project with what the meter tells of it as of a day; `refused` says why it tells nothing."""

    project: Project
    by_meter: ByMeter | None
    refused: str = ""


def projects_of(organisation: Organisation) -> list[Project]:
    """Those that stand, the one done last first."""
    rows = Project.objects.filter(organisation=organisation, dropped_at__isnull=True)
    return list(rows.select_related("agreement__premise", "agreement__account").order_by("-done_on", "-pk"))


def outcome(project: Project, *, on: date) -> Outcome:
    until = min(on, project.done_on + SINCE)
    try:
        return Outcome(
            project,
            saving_by_meter(project.agreement, began=project.began_on, done=project.done_on, until=until),
        )
    except CannotVerify as fault:
        return Outcome(project, None, str(fault))


def saved_kwh(organisation: Organisation, services: Iterable[Agreement], *, on: date) -> Decimal | None:
    """kWh of a year that the meters of some services tell; None where they tell of no project."""
    of = {service.pk for service in services}
    told = [
        found.by_meter.verified.kwh
        for project in projects_of(organisation)
        if project.agreement_id in of
        for found in (outcome(project, on=on),)
        if found.by_meter is not None
    ]
    return Decimal(sum(told)) if told else None
