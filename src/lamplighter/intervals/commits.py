"""Commits to the Delta table: data files that exist are added, or replaced by others with the same rows."""

from __future__ import annotations

import json
from collections.abc import Sequence

from deltalake import DeltaTable
from deltalake.transaction import AddAction, CommitProperties, RemoveAction, Transaction

from lamplighter.intervals.arrowrows import TABLE_SCHEMA
from lamplighter.intervals.datafiles import RANGED, Written
from lamplighter.intervals.fileindex import FileIndex
from lamplighter.intervals.slots import day_at

CONFIGURATION = {
    "delta.appendOnly": "true",  # corrections are revisions; only compaction removes files, and no rows
    "delta.checkpointInterval": "50",
}


def append(table: DeltaTable, written: Sequence[Written], transaction: Transaction) -> None:
    """Commit new files under an app transaction id, which the caller has found unused."""
    table.create_write_transaction(
        [_add(file, data_change=True) for file in written],
        "append",
        TABLE_SCHEMA,
        ["month"],
        commit_properties=CommitProperties(app_transactions=[transaction]),
    )


def replace(table: DeltaTable, written: Sequence[Written], index: FileIndex, replaced: Sequence[int]) -> None:
    """Commit files that hold the rows of others, and remove those, at once."""
    now = max(file.modified for file in written)
    removed = [
        RemoveAction(
            path=index.paths[i],
            data_change=False,
            deletion_timestamp=now,
            size=int(index.sizes[i]),
            partition_values={"month": index.months[i]},
        )
        for i in replaced
    ]
    added = [_add(file, data_change=False) for file in written]
    table.create_write_transaction([*added, *removed], "append", TABLE_SCHEMA, ["month"])


def _add(file: Written, *, data_change: bool) -> AddAction:
    return AddAction(
        path=file.path,
        size=file.size,
        partition_values={"month": file.month},
        modification_time=file.modified,
        data_change=data_change,
        stats=json.dumps(
            {
                "numRecords": file.rows,
                "minValues": _stated(file.low),
                "maxValues": _stated(file.high),
                "nullCount": dict.fromkeys(RANGED, 0),
            }
        ),
    )


def _stated(ranges: tuple[int, int, int]) -> dict[str, int | str]:
    channel, day, revision = ranges
    return {"channel": channel, "day": day_at(day).isoformat(), "revision": revision}
