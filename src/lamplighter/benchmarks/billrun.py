"""A bill run over the seeded utility; beside it, COPY of the rows that it wrote into tables without constraints."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

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
    worker's run, whose server has loaded; what the run reaches in its second half is told beside."""
    if size.processes > 1:
        load_ahead()
        context()  # is there once the server has loaded: a worker's has, long before somebody asks for a run
    told: list[tuple[int, float]] = []

    def progress(done: int, _: int) -> None:
        told.append((done, perf_counter()))

    whole = seconds(lambda: utility.bill(size, processes=size.processes, progress=progress))
    rows, copied = copied_again(WRITTEN)
    later = second_half(told)
    shared = f", shared by {size.processes} processes" if size.processes > 1 else ""
    shared += f", the second half of it at {later:,.0f} bills/s" if later else ""
    work = (
        f"{size.billed:,} of {size.accounts:,} accounts, a month of quarter hours each{shared}; {rows:,} rows written"
    )
    return Timing(size.billed / whole, size.billed / copied, work)


def second_half(told: Sequence[tuple[int, float]]) -> float:
    """Bills a second from when half of them were made, of how many there were at which second; 0 if made at once."""
    count, ended = told[-1]
    done, at = next(one for one in told if 2 * one[0] >= count)
    return (count - done) / (ended - at) if done < count else 0.0
