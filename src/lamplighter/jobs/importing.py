"""Take in a meter file that was uploaded."""

from __future__ import annotations

import json

from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.formats.refusals import Unreadable
from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS, told
from lamplighter.journeys.reading import import_stored
from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import StoredFile
from lamplighter.usage.intake.options import ImportOptions


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
