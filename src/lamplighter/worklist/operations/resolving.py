"""Close items by themselves when what caused them is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db import connection

from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction

RESOLVE = """
WITH due AS (
  SELECT id FROM worklist_item
  WHERE ended_at IS NULL AND (subject = ANY(%(subjects)s) OR dedupe = ANY(%(matters)s))
    AND (%(kind)s::text IS NULL OR kind = %(kind)s)
  ORDER BY kind, dedupe FOR UPDATE
), resolved AS (
  UPDATE worklist_item i SET state = 'done', outcome = 'resolved', ended_at = %(at)s
  FROM due WHERE i.id = due.id RETURNING i.id, i.kind, i.owner
), stepped AS (
  INSERT INTO worklist_step (item_id, act, at, by, owner, outcome)
  SELECT id, 'resolved', %(at)s, %(by)s, owner, 'resolved' FROM resolved
)
SELECT id, kind FROM resolved ORDER BY id
"""


@in_transaction
def finish_where(*, subjects: Collection[str], by: Actor, at: datetime, kind: str | None = None) -> tuple[int, ...]:
    """The cause is gone from these subjects (of one kind of item, or of all): what waited is done; its ids.

    It closes whoever has it; their own steps stay. One event tells each kind's figures.
    """
    return _finish(subjects, (), kind, by=by, at=at)


@in_transaction
def finish_matters(*, kind: str, matters: Collection[str], by: Actor, at: datetime) -> tuple[int, ...]:
    """The same for single matters of one kind of item, named as they were raised (`Draft.dedupe`)."""
    return _finish((), matters, kind, by=by, at=at)


def _finish(
    subjects: Collection[str], matters: Collection[str], kind: str | None, *, by: Actor, at: datetime
) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        asked = {"subjects": sorted(set(subjects)), "matters": sorted(set(matters)), "kind": kind}
        cursor.execute(RESOLVE, {**asked, "at": at, "by": str(by)})
        rows = cursor.fetchall()
    for key, count in sorted(Counter(kind for _, kind in rows).items()):
        record("worklist.items.resolved", subject=f"worklist:{key}", by=by, at=at, count=count)
    return tuple(row[0] for row in rows)
