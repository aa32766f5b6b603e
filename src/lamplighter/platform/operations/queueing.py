"""Ask for background work, in the transaction that needs it: rolled back with it, begun once it has committed.

Contexts and faces name a task, since tasks live above them in `jobs`; a name that no task has fails at once.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import Run
from lamplighter.platform.operations.runs import start_run
from lamplighter.platform.transactions import in_transaction


class AlreadyQueued(Exception):
    """The same work is waiting to be done; nothing was asked for again."""


@in_transaction
def queue(task: str, *, alone: str, **arguments: str | int) -> int:
    """The job's number. Jobs with the same `alone` never run at the same time, and only one of them waits."""
    return _defer(task, alone, None, arguments)


@in_transaction
def queue_later(task: str, *, alone: str, not_before: datetime, **arguments: str | int) -> int:
    """The same, begun at an instant or soon after."""
    return _defer(task, alone, not_before, arguments)


@in_transaction
def queue_run(
    task: str, *, kind: str, subject: str, alone: str, by: Actor, at: datetime, **arguments: str | int
) -> Run:
    """The same for long work with progress: its row, which a page can follow, goes to the task as `run`."""
    run = start_run(kind=kind, subject=subject, total=0, by=by, at=at, queued=True)
    queue(task, alone=alone, run=run.pk, by=str(by), **arguments)
    return run


def _defer(task: str, alone: str, not_before: datetime | None, arguments: dict[str, str | int]) -> int:
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    assert task in app.tasks, f"there is no task {task}"
    # Always through Django's connection: in a worker, the app's own goes past the transaction that a task is in.
    manager = JobManager(DjangoConnector())
    asked = configure_task(
        name=task, job_manager=manager, lock=alone, queueing_lock=alone, schedule_at=not_before
    )  # fmt: skip
    try:
        with transaction.atomic():  # a refused row must not spoil the caller's transaction
            return asked.defer(**arguments)
    except AlreadyEnqueued as again:
        raise AlreadyQueued("This is waiting to be done already; it was not asked for again.") from again
