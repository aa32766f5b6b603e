"""A bill run over the seeded utility; beside it, COPY of the rows that it wrote into tables without constraints."""

from __future__ import annotations

from pathlib import Path

from django.db import connection, transaction

from lamplighter.benchmarks import utility
from lamplighter.benchmarks.sizes import Size
from lamplighter.benchmarks.stopwatch import Timing, seconds

WRITTEN = {
    "ledger_entry": "SELECT * FROM ledger_entry WHERE kind = 'bill'",
    "ledger_posting": "SELECT p.* FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id WHERE e.kind = 'bill'",
    "billing_bill": "SELECT * FROM billing_bill",
    "billing_segment": "SELECT * FROM billing_segment",
    "billing_billline": "SELECT * FROM billing_billline",
    "platform_event": "SELECT * FROM platform_event WHERE name = 'billing.bill.issued'",
}


def bill_run(size: Size, folder: Path) -> Timing:  # noqa: ARG001 - it works on the database
    """Once: what is billed cannot be billed again."""
    whole = seconds(lambda: utility.bill(size))
    rows, copied = _copy_of_the_same_rows()
    work = f"{size.accounts:,} accounts, a month of quarter hours each; {rows:,} rows written"
    return Timing(size.accounts / whole, size.accounts / copied, work)


def _copy_of_the_same_rows() -> tuple[int, float]:
    """How many rows, and how long a single transaction of COPY takes for them."""
    kept: dict[str, list[bytes]] = {}
    with connection.cursor() as cursor:
        for table, query in WRITTEN.items():
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
    return count, took
