"""Called once when the job queue is ready: where its tasks are."""

from __future__ import annotations

from procrastinate import App

TASKS = (
    "lamplighter.jobs.addresses",
    "lamplighter.jobs.billing",
    "lamplighter.jobs.cards",
    "lamplighter.jobs.credit",
    "lamplighter.jobs.importing",
    "lamplighter.jobs.messages",
    "lamplighter.jobs.network",
    "lamplighter.jobs.keyaccounts",
    "lamplighter.jobs.metering",
    "lamplighter.jobs.notices",
    "lamplighter.jobs.payments",
    "lamplighter.jobs.policies",
    "lamplighter.jobs.ratestudies",
    "lamplighter.jobs.programs",
    "lamplighter.jobs.retaining",
    "lamplighter.jobs.upkeep",
)


def ready(app: App) -> None:
    """Find the tasks of every module here, once somebody asks for one."""
    app.import_paths = list(TASKS)
