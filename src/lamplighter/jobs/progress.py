"""Long work that may be begun several times, and one row that tells how it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy

from lamplighter.platform.models import Run
from lamplighter.platform.operations.runs import advance_run, end_run

TRANSIENT = (OperationalError, InterfaceError, BrokenProcessPool)
"""The database went away or broke a deadlock, or a process that shared the work was ended from outside."""
WHEN_THE_DATABASE_RETURNS = RetryStrategy(max_attempts=100, wait=1, linear_wait=1, retry_exceptions=TRANSIENT)


@contextmanager
def told(run: int) -> Iterator[Run]:
    """The run's row, for work that ends it. A fault ends it as failed, with its words; after a loss of the database
    it stays as it was, since the same job is tried again."""
    found = Run.objects.get(pk=run)
    try:
        yield found
    except TRANSIENT:
        raise
    except Exception as fault:
        end_run(run=found, at=timezone.now(), failed=True, message=f"{type(fault).__name__}: {fault}")
        raise


def telling(run: Run) -> Callable[[int, int], None]:
    """Keeps how many of how many are done, counting what an earlier attempt did: its total was the larger one."""

    def progress(done: int, waiting: int) -> None:
        total = max(run.total, waiting)
        advance_run(run=run, done=total - waiting + done, total=total)

    return progress
