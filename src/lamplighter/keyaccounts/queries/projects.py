"""What the projects of an organisation saved, by their meters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

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
