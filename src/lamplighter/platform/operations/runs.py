"""Progress of long work, written from outside its transactions so that a page can follow it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import Run


def start_run(*, kind: str, subject: str, total: int, by: Actor, at: datetime, queued: bool = False) -> Run:
    state = Run.State.QUEUED if queued else Run.State.RUNNING
    return Run.objects.create(kind=kind, subject=subject, total=total, state=state, started_by=by, started_at=at)


def advance_run(*, run: Run, done: int, total: int | None = None, message: str = "") -> None:
    run.done, run.state, run.message = done, Run.State.RUNNING, message[:300]
    if total is not None:
        run.total = total
    run.save(update_fields=["done", "total", "state", "message"])


def end_run(*, run: Run, at: datetime, message: str = "", failed: bool = False, **result: Any) -> None:
    run.state = Run.State.FAILED if failed else Run.State.DONE
    run.ended_at, run.message, run.result = at, message[:300], result
    run.save(update_fields=["state", "ended_at", "message", "result"])
