"""Keep the interval store quick to read: months whose readings came day by day are rewritten into few files."""

from __future__ import annotations

from datetime import datetime

from lamplighter.intervals.compaction import compact, crowded
from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.usage.operations.publishing import hold_store
from lamplighter.usage.store import interval_store


def crowded_months() -> list[str]:
    """Months (`2026-03`) in which a channel's readings lie in many files, the oldest first."""
    store = interval_store()
    store.refresh()
    return crowded(store.index)


@in_transaction
def compact_month(*, month: str, by: Actor, at: datetime) -> int:
    """Rewrite a month, with every revision; how many files were replaced. Nobody publishes meanwhile; readers go on.

    What is published does not change, so that a crash at any point leaves the same readings: files that were not
    committed are swept, and a month that was committed counts whether or not its event was.
    """
    hold_store()
    replaced = compact(interval_store(), month)
    if replaced:
        record("usage.store.compacted", subject=f"month:{month}", by=by, at=at, month=month, files=replaced)
    return replaced


def sweep() -> int:
    """Delete what no version of the last week needs; how many files."""
    return len(interval_store().sweep())
