"""Take in a meter file that was uploaded, and again what waited for a meter that is known now."""

from __future__ import annotations

import json
from contextlib import suppress

from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.formats.refusals import Unreadable
from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS, told
from lamplighter.journeys.reading import import_stored
from lamplighter.kernel.actors import Actor, system
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.queueing import AlreadyQueued, queue_run
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.intake.options import ImportOptions
from lamplighter.usage.queries.meters import waiting_for_known_meters

BY = system("import")


@app.task(name="usage.import-file", retry=WHEN_THE_DATABASE_RETURNS)
def import_file(*, run: int, by: str, file: str, options: str) -> None:
    """A kept file by its SHA-256, with the options (JSON) with which it is read. A file of which nothing can be used
    ends the run as failed, in words, and is not tried again."""
    with told(run) as found:
        found.done = found.total = 0  # an attempt that was cut short begins again; what is in changes nothing
        try:
            import_stored(
                file=StoredFile.objects.get(pk=file), options=ImportOptions(**json.loads(options)),
                by=Actor.parse(by), at=timezone.now(), run=found,
            )  # fmt: skip
        except Unreadable:
            return


@app.periodic(cron="*/10 * * * *")
@app.task(name="usage.import-waiting", queueing_lock="usage.import-waiting", lock="usage.import-waiting")
def import_waiting(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Ask for the import again of every file that waited for a meter which somebody has added; how many."""
    files = waiting_for_known_meters()
    for one in files:
        with suppress(AlreadyQueued), unit_of_work(BY):
            queue_run(
                "usage.import-file", kind="usage.import", subject=one.name[:120], alone=f"import:{one.file_id}", by=BY,
                at=timezone.now(), file=one.file_id, options=json.dumps(one.options),
            )  # fmt: skip
    return len(files)
