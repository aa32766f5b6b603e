"""Begin a log, write a line into it, correct a line by a second one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max
from django.utils.text import slugify

from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.workforce.models import Log, LogLine
from lamplighter.workforce.rules.columns import CannotKeep, LogColumn, checked

USUAL: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Cash log", ("Where: choice of Safe, Change box, Lobby box", "What: choice of Counted, Taken out, Put in",
                  "Amount: money", "Note (optional): text")),
    ("Key log", ("Key: text", "What: choice of Out, Back, Lost, Made", "Who has it: text", "Note (optional): text")),
    ("Returned mail", ("Account (optional): text", "Why: choice of Moved, No such number, Refused, Vacant",
                       "What was done: text")),
)  # fmt: skip
"""Title and columns of the logs that most offices keep."""


@in_transaction
def begin_log(*, title: str, columns: Sequence[LogColumn], by: Actor, at: datetime) -> Log:
    """A new log. Its columns stay: one that needs others is a new log."""
    key = slugify(title)[:40]
    if not key:
        raise CannotKeep("Give the log a title.")
    advisory_lock(f"log:{key}")
    if Log.objects.filter(key=key).exists():
        raise CannotKeep(f"There is a log “{title}” already.")
    made = Log.objects.create(
        key=key, title=title.strip()[:60], columns=[one.as_data() for one in columns], begun_at=at, begun_by=by
    )
    record("workforce.log.begun", subject=made.subject, by=by, at=at, columns=len(columns))
    return made


@in_transaction
def write_line(*, log: Log, said: Sequence[str], by: Actor, at: datetime, corrects: LogLine | None = None) -> LogLine:
    """A line, numbered without gaps; with `corrects`, the second entry for a wrong one."""
    values = checked(log.asks, said)
    advisory_lock(log.subject)
    if corrects is not None:
        if LogLine.objects.filter(corrects=corrects).exists():
            raise CannotKeep(f"Line {corrects.number} was corrected already. Correct the newer line.")
        if corrects.values == values:
            raise CannotKeep("That is what the line says.")
    last = LogLine.objects.filter(log=log).aggregate(last=Max("number"))["last"] or 0
    kept = write_remark(json.dumps(values, ensure_ascii=False), at=at)
    made = LogLine.objects.create(log=log, number=last + 1, corrects=corrects, written=kept, at=at, by=by)
    verb = "corrected" if corrects else "written"
    record(f"workforce.line.{verb}", subject=log.subject, by=by, at=at, line=made.number,
           wrong=corrects.number if corrects else None)  # fmt: skip
    return made
