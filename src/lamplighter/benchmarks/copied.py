"""The least that writing could cost: COPY of the rows that were written, into tables without constraints."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection, transaction

from lamplighter.benchmarks.stopwatch import seconds


def copied_again(written: Mapping[str, str]) -> tuple[int, float]:
    """`written` are tables and the queries that find the rows: how many, and how long one transaction of COPY takes."""
    kept: dict[str, list[bytes]] = {}
    with connection.cursor() as cursor:
        for table, query in written.items():
            with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as rows:
                kept[table] = [bytes(part) for part in rows]
            cursor.execute(f"CREATE TABLE bench_{table} AS SELECT * FROM {table} WITH NO DATA")  # noqa: S608

        def copied() -> None:
            with transaction.atomic(), connection.cursor() as inner:
                for table, parts in kept.items():
                    with inner.copy(f"COPY bench_{table} FROM STDIN (FORMAT binary)") as rows:
                        for part in parts:
                            rows.write(part)

        took = seconds(copied)
        count = 0
        for table in kept:
            cursor.execute(f"SELECT count(*) FROM bench_{table}")  # noqa: S608
            count += int(cursor.fetchone()[0])
            cursor.execute(f"DROP TABLE bench_{table}")
    return count, took
