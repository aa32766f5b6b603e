"""A head-end hands over a file of readings: kept by its content, told of on the wire's page, and taken in soon."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from pathlib import PurePosixPath

from lamplighter.kernel.actors import Actor
from lamplighter.network.models import HeadEnd, Message
from lamplighter.network.operations.commanding import keep_message
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.operations.queueing import AlreadyQueued, queue_run
from lamplighter.platform.transactions import advisory_lock, in_transaction

IMPORT, KIND = "usage.import-file", "usage.import"
OPERATION = "readings"


@in_transaction
def take_file(*, head_end: HeadEnd, name: str, content: bytes, by: Actor, at: datetime) -> StoredFile:
    """The same file again is told of as repeated and imported again, which changes nothing."""
    plain = PurePosixPath(name).name[:120] or "readings"
    stored, _ = store_file(iter([content]), name=plain, media_type="application/octet-stream", by=by, at=at)
    advisory_lock(f"network.file:{head_end.key}:{stored.pk}")
    taken = Message.objects.filter(head_end=head_end, direction="in", outcome="taken", operation=OPERATION)
    again = taken.filter(message=stored.pk[:80]).exists()
    keep_message(
        head_end=head_end, direction=Message.Direction.IN, operation=OPERATION, message=stored.pk, body="",
        outcome="repeated" if again else "taken", at=at, words=f"{plain}, {len(content):,} bytes",
    )  # fmt: skip
    with suppress(AlreadyQueued):
        queue_run(
            IMPORT, kind=KIND, subject=plain, alone=f"import:{stored.pk}", by=by, at=at, file=stored.pk,
            options=json.dumps({"zone": head_end.zone}),
        )  # fmt: skip
    return stored
