"""Write rows of several tables by COPY, or few of them by one statement.

A COPY is three messages to and fro: a single payment has seven tables, and is written by one INSERT of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType, NoneType
from typing import Any, TypeAlias

from django.db import connection
from django.db.backends.utils import CursorWrapper

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period

Rows: TypeAlias = list[Sequence[object]]
NATIVE = frozenset({NoneType, str, int, bool, date})
"""What the driver writes by itself, in compiled code; the rest is checked, and written as text."""
NULL = r"\N"
FEW, SENT = 60, 256  # rows that are written by one statement, and lines that are sent at a time
NEXT_IDS = """
SELECT nextval(own.sequence)
FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence OFFSET 0) AS own, generate_series(1, %s)
"""
"""The sequence is looked up once: without OFFSET it would be for every key."""
_waiting: ContextVar[dict[str, Rows] | None] = ContextVar("rows that are written together", default=None)


def copy_in(cursor: CursorWrapper, into: str, rows: Iterable[Sequence[object]]) -> None:
    """Append `rows` to `into`, a table with its columns: "ledger_entry (id, source)".

    Values are None, text, whole numbers, decimals, days, instants with a zone, truth values, actors or periods; JSON is
    passed as text. What the database refuses is raised as Django raises it.
    """
    waiting = _waiting.get()
    if waiting is not None:
        waiting.setdefault(into, []).extend(rows)
        return
    whole = [[value if type(value) in NATIVE else _plain(value) for value in row] for row in rows]
    if not whole:
        return
    with connection.wrap_database_errors, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in whole:
            copy.write_row(row)


def copy_lines(cursor: CursorWrapper, into: str, lines: Sequence[str]) -> None:
    """Append what `fields` and `alike` put together as lines, one for each row and without their ends: for the rows of
    a run, most of whose fields are those of the row before. Raises as `copy_in` does."""
    assert _waiting.get() is None, "lines are written at once, not together with others"
    if lines:
        with connection.wrap_database_errors, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for begin in range(0, len(lines), SENT):  # together they would be copied thrice on their way
                copy.write("\n".join((*lines[begin : begin + SENT], "")))


def fields(*values: object) -> str:
    """Fields of a line as COPY reads them, by the rules of `copy_in`."""
    return "\t".join([NULL if value is None else escaped(_plain(value)) for value in values])


alike = lru_cache(maxsize=4096, typed=True)(fields)
"""The same of fields that many lines share, kept. Typed, as 1 and True are equal; no decimals, as 1 and 1.0 are."""


def escaped(text: str) -> str:
    """A text as COPY reads it; of most nothing is replaced, which to look for is quicker than to replace."""
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")
    return text


@contextmanager
def written_together() -> Iterator[None]:
    """What is copied in the block is written when it ends, few rows of all tables by one statement, more by a COPY for
    each table in order. Nothing in the block can read them yet, and what the database refuses is raised at the end."""
    waiting: dict[str, Rows] = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    filled = {into: rows for into, rows in waiting.items() if rows}
    with connection.cursor() as cursor:
        if sum(map(len, filled.values())) > FEW:
            for into, rows in filled.items():
                copy_in(cursor, into, rows)
        elif filled:
            _insert(cursor, filled)


def next_ids(cursor: CursorWrapper, table: str, count: int) -> list[int]:
    """So many new keys of a table's `id`."""
    cursor.execute(NEXT_IDS, [table, count])
    return [int(row[0]) for row in cursor.fetchall()]


def _insert(cursor: CursorWrapper, filled: Mapping[str, Rows]) -> None:
    """One INSERT within another's WITH, and so on: the database looks at what they refer to when all are in."""
    inserts, values = [], list[str | None]()
    for into, rows in filled.items():
        row = f"({', '.join(['%s'] * len(rows[0]))})"
        inserts.append(f"INSERT INTO {into} VALUES {', '.join([row] * len(rows))}")  # noqa: S608
        values += [None if value is None else _plain(value) for each in rows for value in each]
    *before, last = inserts
    within = ", ".join(f"written_{place} AS ({insert})" for place, insert in enumerate(before))
    cursor.execute(f"WITH {within} {last}" if within else last, values)


def _plain(value: object) -> str:
    return (PLAIN.get(type(value)) or _writer_of(value))(value)


def _writer_of(value: object) -> Callable[[Any], str]:
    """Of a word from an enumeration, say, that of text."""
    for parent in type(value).__mro__:
        if parent in PLAIN:
            return PLAIN[parent]
    raise TypeError(f"there is no exact text for a {type(value).__name__}")


def _decimal(value: Decimal) -> str:
    assert value.is_finite(), f"a finite number, not {value}"
    return str(value)


@lru_cache(maxsize=8)  # the rows of a batch were written at one instant
def _instant(value: datetime) -> str:
    assert value.tzinfo is not None, "an instant has a zone"
    return value.isoformat()


PLAIN: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {
        str: str,
        bool: lambda value: "t" if value else "f",
        int: str,
        Decimal: _decimal,
        datetime: _instant,
        date: date.isoformat,
        Period: lambda days: f"[{days.start},{days.end or ''})",
        Actor: str,
    }
)
