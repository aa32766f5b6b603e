"""One moment of the database, held open while it is copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

LOCK = "pg_advisory_{verb}(hashtextextended(%s, 0))"


@dataclass(frozen=True, slots=True)
class Moment:
    """`snapshot` is PostgreSQL's name of it, for pg_dump. `release` lets go of the lock that holds publications up:
    to be called as soon as the version of the interval store is known."""

    snapshot: str
    release: Callable[[], None]


@contextmanager
def moment(*, holding: str) -> Iterator[Moment]:
    """Within the block this connection sees the database as it was at its beginning. Nobody else held the advisory
    lock `holding` then: whatever the snapshot publishes is in the store, and every revision in the store was allotted
    before."""
    released = False

    def release() -> None:
        nonlocal released
        if not released:
            _ask(f"SELECT {LOCK.format(verb='unlock')}", holding)
            released = True

    _ask(f"SELECT {LOCK.format(verb='lock')}", holding)
    try:
        with transaction.atomic():
            _ask("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield Moment(str(_ask("SELECT pg_export_snapshot()")), release)
            release()
    finally:
        if not released:
            connection.close()  # the lock goes with the session, whatever state that is in


def _ask(sql: str, *parameters: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None
