"""Channel-days validated again by a cluster: what fired, and the channel-days whose quality changed, to be appended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lamplighter.intervals.arrowrows import SCHEMA, rows_of, table_of
from lamplighter.intervals.block import Block, by_day
from lamplighter.intervals.channeldays import ABSENT, MISSING, ChannelDays
from lamplighter.intervals.cluster.scanning import Days, by_blocks, scanned
from lamplighter.intervals.filling import stored
from lamplighter.intervals.findings import IntervalFinding, Proposal
from lamplighter.intervals.published import Published
from lamplighter.intervals.vee.groups import Group
from lamplighter.intervals.vee.subject import Subject
from lamplighter.intervals.vee.validating import judged, validate
from lamplighter.kernel.findings import Severity

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DAY_COLUMNS = [name for name in SCHEMA.names if name != "revision"]
FINDING: list[Any] = [
    pa.field("rule", pa.string()), pa.field("slot", pa.int32()), pa.field("slots", pa.int32()),
    pa.field("severity", pa.int32()), pa.field("message", pa.string()), pa.field("measured", pa.int64()),
    pa.field("threshold", pa.int64()), pa.field("proposal", pa.string()),
]  # fmt: skip
TOLD = pa.schema([cast(Any, SCHEMA.field("channel")), cast(Any, SCHEMA.field("day")), *FINDING])
BOTH = pa.schema([*(SCHEMA.field(name).with_nullable(True) for name in DAY_COLUMNS), *FINDING])  # noqa: FBT003 - Arrow's
SPARK_SCHEMA = (
    "channel long, day date, seconds int, values array<int>, quality array<smallint>, raw array<int>,"
    " rule string, slot int, slots int, severity int, message string, measured long, threshold long, proposal string"
)


@dataclass(frozen=True, slots=True, eq=False)
class Revalidated:
    """`changed` are the channel-days whose quality is another now, with what came in before; None where none is."""

    findings: tuple[IntervalFinding, ...]
    changed: ChannelDays | None


def revalidated(
    spark: SparkSession,
    uri: str,
    days: Days,
    group: Group,
    subject: Callable[[Block], Subject],
    *,
    published: Published,
    parts: int = 16,
) -> Revalidated:
    """Run a group of rules over every channel of the days. `subject` is called by workers, with all that is known
    beside a block's readings; findings are in order of channel, day and slot."""
    frame = scanned(spark, uri, days.period, published=published, parts=parts)
    return gathered(frame.mapInArrow(by_blocks(days, Judge(group, subject), raw=True), SPARK_SCHEMA).toArrow(), days)


@dataclass(frozen=True, slots=True)
class Judge:
    """What a worker makes of a block; on one machine the same is called on what `IntervalStore.read` gives."""

    group: Group
    subject: Callable[[Block], Subject]

    def __call__(self, block: Block) -> Iterator[pa.RecordBatch]:
        validation = validate(self.subject(block), self.group)
        after = judged(block, validation)
        changed = after.channel_days(by_day(block.calendar, after.quality != block.quality) > 0)
        if len(changed):
            yield from _widened(table_of(stored(changed, revision=0)).select(DAY_COLUMNS))
        if validation.findings:
            yield from _widened(pa.Table.from_pylist(list(map(_told, validation.findings)), schema=TOLD))


def gathered(rows: pa.Table, days: Days) -> Revalidated:
    """What all workers found, in order."""
    told = rows.filter(pc.is_valid(rows["rule"])).select(TOLD.names).to_pylist()
    found = sorted(map(_finding, told), key=lambda one: (one.channel, one.day, one.slot, one.rule))
    changed = rows.filter(pc.is_null(rows["rule"])).sort_by([("channel", "ascending"), ("day", "ascending")])
    return Revalidated(tuple(found), _channel_days(changed, days) if changed.num_rows else None)


def _channel_days(changed: pa.Table, days: Days) -> ChannelDays:
    """Rows of channel-days, in order, as the store takes them."""
    columns: dict[str, Any] = {name: changed[name] for name in DAY_COLUMNS}
    columns["revision"] = pa.array(np.zeros(changed.num_rows, dtype=np.int64))
    whole = pa.Table.from_pydict({name: columns[name] for name in SCHEMA.names}).cast(SCHEMA).combine_chunks()
    [batch] = whole.to_batches()
    rows = rows_of(batch, raw=True)
    values = np.where(rows.quality == MISSING, np.int32(ABSENT), rows.values)
    return ChannelDays(days.seconds, rows.channels, rows.days, rows.offsets, values, rows.quality, rows.raw)


def _told(found: IntervalFinding) -> dict[str, Any]:
    row = {name: getattr(found, name) for name in TOLD.names}
    return {**row, "severity": int(found.severity), "proposal": str(found.proposal)}


def _finding(row: dict[str, Any]) -> IntervalFinding:
    return IntervalFinding(**{**row, "severity": Severity(row["severity"]), "proposal": Proposal(row["proposal"])})


def _widened(rows: pa.Table) -> list[pa.RecordBatch]:
    """With nulls for the columns of the other kind of row."""
    columns: list[Any] = [
        rows[field.name] if field.name in rows.schema.names else pa.nulls(rows.num_rows, field.type) for field in BOTH
    ]
    return pa.Table.from_arrays(columns, schema=BOTH).to_batches()
