"""Keep work that was done, so that the meter can tell what it saved; and drop what was kept by mistake."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lamplighter.accounts.models import Agreement
from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.models import Organisation, Project
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction

YEAR = timedelta(days=365)


@in_transaction
def keep_project(
    *, organisation: Organisation, agreement: Agreement, name: str, began_on: date, done_on: date, on: date, by: Actor,
    at: datetime,
) -> Project:  # fmt: skip
    """Raises CannotKeep, also where other work lies within the year before: its saving would be counted twice."""
    if not name.strip():
        raise CannotKeep("Give it a name.")
    if done_on < began_on:
        raise CannotKeep("It was done before it began: look at its days.")
    if done_on > on:
        raise CannotKeep("It is not done yet. Keep it when it is.")
    Agreement.objects.select_for_update().get(pk=agreement.pk)
    standing = Project.objects.filter(agreement=agreement, dropped_at__isnull=True)
    near = standing.filter(began_on__lte=done_on + YEAR, done_on__gte=began_on - YEAR).first()
    if near is not None:
        raise CannotKeep(
            f"“{near.name}” was done here within a year of it: the meter can't tell the two apart. Keep both as one."
        )
    made = Project.objects.create(
        organisation=organisation, agreement=agreement, name=name.strip(), began_on=began_on, done_on=done_on,
        kept_at=at, kept_by=by,
    )  # fmt: skip
    record("keyaccounts.project.kept", subject=organisation.subject, by=by, at=at, project=made.pk)
    return made


@in_transaction
def drop_project(*, project: Project, by: Actor, at: datetime) -> None:
    """Raises CannotKeep where somebody else dropped it before."""
    if not Project.objects.filter(pk=project.pk, dropped_at__isnull=True).update(dropped_at=at):
        raise CannotKeep("It was dropped already.")
    record("keyaccounts.project.dropped", subject=project.organisation.subject, by=by, at=at, project=project.pk)
