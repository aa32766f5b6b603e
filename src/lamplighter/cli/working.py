"""Run jobs until told to stop, through the loss of the database and the deaths of other workers."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import suppress

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

STALLED_SECONDS = 30.0
log = logging.getLogger(__name__)


async def work(*, concurrency: int, stalled_seconds: float = STALLED_SECONDS) -> None:
    """Take jobs until SIGTERM or SIGINT, then end those that are begun, and return.

    A worker that ends by itself, as it does when it loses the database, is begun again once the database answers.
    Jobs of a worker that gave no sign for `stalled_seconds` are queued again, by every worker that lives.
    """
    _quieten()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    while not stop.is_set():
        try:
            await _work_until(stop, concurrency=concurrency, stalled_seconds=stalled_seconds)
        except Exception as fault:  # noqa: BLE001 - a worker outlives whatever befalls it, and says what it was
            log.warning("The worker lost its footing: %s", fault)
        if not stop.is_set():
            log.warning("The worker begins again.")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), timeout=1)


async def rescue(worker: App, *, stalled_seconds: float) -> int:
    """Queue again the jobs whose worker is dead; how many there were."""
    rescued = 0
    for job in await worker.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_seconds):
        with suppress(ConnectorException):  # another worker was quicker
            await worker.job_manager.retry_job(job)
            rescued += 1
            log.warning("Job %s (%s) was begun by a worker that died, and is queued again.", job.id, job.task_name)
    return rescued


def _quieten() -> None:
    """A lost database is told once, not by each connection with its stack."""
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    logging.getLogger("procrastinate.utils").setLevel(logging.CRITICAL)
    logging.getLogger("procrastinate.worker.worker").addFilter(_without_stack)


def _without_stack(record: logging.LogRecord) -> bool:
    if getattr(record, "action", "") == "side_task_failed":
        record.exc_info = None
    return True


async def _work_until(stop: asyncio.Event, *, concurrency: int, stalled_seconds: float) -> None:
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        async with worker.open_async():
            faults = await _work_with(worker, stop, concurrency=concurrency, stalled_seconds=stalled_seconds)
    if faults:
        raise faults[0]


async def _work_with(worker: App, stop: asyncio.Event, *, concurrency: int, stalled_seconds: float) -> list[Exception]:
    """Until told to stop, or until a part of the worker ends; what went wrong."""
    jobs = asyncio.create_task(
        worker.run_worker_async(
            concurrency=concurrency,
            install_signal_handlers=False,
            update_heartbeat_interval=stalled_seconds / 3,
            stalled_worker_timeout=stalled_seconds,
        )
    )
    rescuing = asyncio.create_task(_rescue_always(worker, stalled_seconds))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({jobs, rescuing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    for task in (stopping, rescuing, jobs):
        task.cancel()  # `jobs` ends what is begun before it is cancelled
    ended = await asyncio.gather(jobs, rescuing, return_exceptions=True)
    return [fault for fault in ended if isinstance(fault, Exception)]


async def _rescue_always(worker: App, stalled_seconds: float) -> None:
    while True:
        await rescue(worker, stalled_seconds=stalled_seconds)
        await asyncio.sleep(stalled_seconds / 3)
