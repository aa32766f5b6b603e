"""Raise items, one or many thousand, by one statement; what already waits is counted, not doubled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.findings import Severity
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.kinds import kind_of
from lamplighter.worklist.rules import Office, due_at

RAISE = """
WITH raised AS (
  INSERT INTO worklist_item AS held (kind, dedupe, subject, account, summary, data, severity, due_at, times,
                                     state, outcome, raised_at, raised_by, last_seen_at)
  SELECT kind, dedupe, subject, account, summary, data::jsonb, severity, due_at, times,
         'open', '', %(at)s, %(by)s, %(at)s
  FROM unnest(%(kind)s::text[], %(dedupe)s::text[], %(subject)s::text[], %(account)s::bigint[], %(summary)s::text[],
              %(data)s::text[], %(severity)s::smallint[], %(due_at)s::timestamptz[], %(times)s::int[])
       AS d (kind, dedupe, subject, account, summary, data, severity, due_at, times)
  ORDER BY kind, dedupe
  ON CONFLICT (kind, dedupe) WHERE ended_at IS NULL DO UPDATE SET
    times = held.times + excluded.times,
    severity = greatest(held.severity, excluded.severity),
    due_at = least(held.due_at, excluded.due_at),
    summary = CASE WHEN excluded.last_seen_at >= held.last_seen_at THEN excluded.summary ELSE held.summary END,
    data = CASE WHEN excluded.last_seen_at >= held.last_seen_at THEN excluded.data ELSE held.data END,
    last_seen_at = greatest(held.last_seen_at, excluded.last_seen_at)
  RETURNING id, kind, xmax = 0 AS new
), stepped AS (
  INSERT INTO worklist_step (item_id, act, at, by, outcome)
  SELECT id, 'raised', %(at)s, %(by)s, '' FROM raised WHERE new
)
SELECT id, kind, new FROM raised ORDER BY id
"""

REWORD = """
UPDATE worklist_item AS held SET summary = d.summary, data = d.data::jsonb, severity = d.severity
FROM unnest(%(kind)s::text[], %(dedupe)s::text[], %(summary)s::text[], %(data)s::text[], %(severity)s::smallint[])
     AS d (kind, dedupe, summary, data, severity)
WHERE held.kind = d.kind AND held.dedupe = d.dedupe AND held.ended_at IS NULL AND held.summary <> d.summary
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """A matter before it is raised. `subject` is `kind:key`; `dedupe` names the matter within its kind (the subject
    unless said); `due_at` is the kind's own rule unless said. No personal data in `summary` and `data`.
    """

    kind: str
    subject: str
    summary: str
    account: int | None = None
    dedupe: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.WARNING
    due_at: datetime | None = None

    def __post_init__(self) -> None:
        assert ":" in self.subject, f"kind:key, not {self.subject!r}"
        assert self.summary
        assert self.due_at is None or self.due_at.tzinfo is not None, "an instant has a zone"

    @property
    def matter(self) -> tuple[str, str]:
        return self.kind, self.dedupe or self.subject


@dataclass(frozen=True, slots=True)
class Raised:
    """Ids of the items that are new, and of those that waited already."""

    new: tuple[int, ...] = ()
    again: tuple[int, ...] = ()


@in_transaction
def raise_items(*, drafts: Sequence[Draft], at: datetime, by: Actor, office: Office | None = None) -> Raised:
    """Put matters on the worklists, all or none. Any order and any grouping of the same drafts ends the same.

    The newest words win, the sooner due time and the graver severity. Without an `office`, working days are Monday to
    Friday in the utility's zone. One event tells each kind's figures. An undeclared kind is a fault.
    """
    if not drafts:
        return Raised()
    office = office or Office(ZoneInfo(settings.UTILITY_ZONE))
    matters = _folded([replace(draft, due_at=_due(draft, at, office)) for draft in drafts])
    with connection.cursor() as cursor:
        cursor.execute(RAISE, {**_columns(matters), "at": at, "by": str(by)})
        rows = cursor.fetchall()
    new, again = Counter(kind for _, kind, is_new in rows if is_new), Counter(kind for _, kind, old in rows if not old)
    for kind in sorted(new | again):
        record("worklist.items.raised", subject=f"worklist:{kind}", by=by, at=at, new=new[kind], again=again[kind])
    return Raised(tuple(row[0] for row in rows if row[2]), tuple(row[0] for row in rows if not row[2]))


@in_transaction
def reword_items(*, drafts: Sequence[Draft]) -> None:
    """Say of matters that wait what is left of them. Nothing new was met: how often, and when they are due, stays."""
    if drafts:
        with connection.cursor() as cursor:
            cursor.execute(REWORD, _columns([(draft, 1) for draft in drafts]))


def _due(draft: Draft, at: datetime, office: Office) -> datetime:
    kind = kind_of(draft.kind)
    assert kind, f"no context declares {draft.kind!r}"
    return draft.due_at or due_at(kind.due, at, office)


def _folded(drafts: Sequence[Draft]) -> list[tuple[Draft, int]]:
    """One draft a matter and how often it was met: an INSERT can't meet the same row twice."""
    matters: dict[tuple[str, str], tuple[Draft, int]] = {}
    for draft in drafts:
        last, times = matters.get(draft.matter, (draft, 0))
        assert draft.due_at
        assert last.due_at
        graver, sooner = max(last.severity, draft.severity), min(last.due_at, draft.due_at)
        matters[draft.matter] = replace(draft, severity=graver, due_at=sooner), times + 1
    return list(matters.values())


def _columns(matters: list[tuple[Draft, int]]) -> dict[str, list[Any]]:
    return {
        "kind": [draft.kind for draft, _ in matters],
        "dedupe": [draft.matter[1] for draft, _ in matters],
        "subject": [draft.subject for draft, _ in matters],
        "account": [draft.account for draft, _ in matters],
        "summary": [draft.summary for draft, _ in matters],
        "data": [json.dumps(dict(draft.data)) for draft, _ in matters],
        "severity": [int(draft.severity) for draft, _ in matters],
        "due_at": [draft.due_at for draft, _ in matters],
        "times": [times for _, times in matters],
    }
