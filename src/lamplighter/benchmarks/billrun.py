"""A bill run over the seeded utility; beside it, COPY of the rows that it wrote into tables without constraints."""

from __future__ import annotations

from pathlib import Path

from lamplighter.benchmarks import utility
from lamplighter.benchmarks.copied import copied_again
from lamplighter.benchmarks.sizes import Size
from lamplighter.benchmarks.stopwatch import Timing, seconds
from lamplighter.platform.ahead import context, load_ahead

WRITTEN = {
    "ledger_entry": "SELECT * FROM ledger_entry WHERE kind = 'bill'",
    "ledger_posting": "SELECT p.* FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id WHERE e.kind = 'bill'",
    "billing_bill": "SELECT * FROM billing_bill",
    "billing_segment": "SELECT * FROM billing_segment",
    "billing_billline": "SELECT * FROM billing_billline",
    "platform_event": "SELECT * FROM platform_event WHERE name = 'billing.bill.issued'",
}


def bill_run(size: Size, folder: Path) -> Timing:  # noqa: ARG001 - it works on the database
    """Once: what is billed cannot be billed again. The time in which its processes begin is part of it, as it is of a
    worker's run, whose server has loaded."""
    if size.processes > 1:
        load_ahead()
        context()  # is there once the server has loaded: a worker's has, long before somebody asks for a run
    whole = seconds(lambda: utility.bill(size, processes=size.processes))
    rows, copied = copied_again(WRITTEN)
    shared = f", shared by {size.processes} processes" if size.processes > 1 else ""
    work = (
        f"{size.billed:,} of {size.accounts:,} accounts, a month of quarter hours each{shared}; {rows:,} rows written"
    )
    return Timing(size.billed / whole, size.billed / copied, work)
