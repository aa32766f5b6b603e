"""Record facts beside the rows that they concern, in the same transaction."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from lamplighter.kernel.actors import Actor
from lamplighter.platform.copying import NULL, copy_in, copy_lines, escaped, fields
from lamplighter.platform.models import AccessRecord, Event, Remark
from lamplighter.platform.transactions import in_transaction

NAME = re.compile(r"[a-z]+\.[a-z_]+\.[a-z_]+")
AS_JSON = json.JSONEncoder(ensure_ascii=False).encode  # made once, not once an event
ADD = """
INSERT INTO platform_event (name, subject, account, actor, at, reason, data, remark_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""
"""Written as it is, since nearly every act records an event, and the ORM takes thrice as long to put it together."""


@in_transaction
def record(
    name: str,
    *,
    subject: str,
    by: Actor,
    at: datetime,
    account: int | None = None,
    reason: str = "",
    remark: str = "",
    **data: Any,
) -> Event:
    """Write one event. `name` is `context.noun.verbed`; words of people go into `remark`, never into `data`."""
    assert NAME.fullmatch(name), f"context.noun.verbed, not {name!r}"
    assert ":" in subject, f"kind:key, not {subject!r}"
    assert at.tzinfo is not None, "an event happens at an instant"
    event = Event(
        name=name, subject=subject, account=account, actor=by, at=at, reason=reason, data=data,
        remark=write_remark(remark, at=at) if remark else None,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ADD, [name, subject, account, str(by), at, reason, json.dumps(data), event.remark_id])
        ((event.pk,),) = cursor.fetchall()
    return event


class Happening(NamedTuple):
    """An event of a batch, without a remark; `at` when it happened at another instant than the batch."""

    name: str
    subject: str
    account: int | None
    data: Mapping[str, Any]
    at: datetime | None = None
    reason: str = ""


@in_transaction
def record_many(happenings: Iterable[Happening], *, by: Actor, at: datetime) -> None:
    """Write events by COPY: the batch form of `record`."""
    rows = (_row(happening, by=by, at=at) for happening in happenings)
    with connection.cursor() as cursor:
        copy_in(cursor, "platform_event (name, subject, account, actor, at, reason, data)", rows)


@in_transaction
def record_alike(name: str, told: Iterable[tuple[str, int | None, str]], *, by: Actor, at: datetime) -> None:
    """Write the events of a run, of one name and instant: of each its subject, account and data as JSON."""
    assert _is_name(name), f"context.noun.verbed, not {name!r}"
    alike = fields(name, by, at, "")
    lines = [
        f"{escaped(subject)}\t{NULL if account is None else account}\t{escaped(data)}\t{alike}"
        for subject, account, data in told
    ]
    with connection.cursor() as cursor:
        copy_lines(cursor, "platform_event (subject, account, data, name, actor, at, reason)", lines)


def _row(event: Happening, *, by: Actor, at: datetime) -> tuple[object, ...]:
    assert _is_name(event.name), f"context.noun.verbed, not {event.name!r}"
    data = AS_JSON(dict(event.data))
    return event.name, event.subject, event.account, by, event.at or at, event.reason, data


@lru_cache(maxsize=512)  # events of a batch have few
def _is_name(name: str) -> bool:
    return NAME.fullmatch(name) is not None


@in_transaction
def write_remark(words: str, *, at: datetime) -> Remark:
    return Remark.objects.create(words=words, written_at=at)


def record_access(*, subject: str, permission: str, by: Actor, at: datetime) -> None:
    """Somebody read a sensitive record. Own transaction: a page that fails afterwards was still read."""
    AccessRecord.objects.create(actor=by, subject=subject, permission=permission, at=at)
