"""Channel-days of a Delta table as a cluster reads them, and as its workers put them into dense blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from lamplighter.intervals.arrowrows import SCHEMA, rows_of
from lamplighter.intervals.block import Block
from lamplighter.intervals.fileindex import month_of
from lamplighter.intervals.filling import Filling, Stored
from lamplighter.intervals.published import Published
from lamplighter.intervals.slots import SlotCalendar, slot_calendar
from lamplighter.kernel.periods import Period

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

COLUMNS = ("channel", "day", "revision", "seconds", "values", "quality", "raw")
BLOCK_SLOTS = 4_000_000
"""A worker holds about so many slots at once: some 20 MB, whatever the size of the table."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days, intervals and zone of a calendar, as they are sent to workers, who make the calendar themselves."""

    period: Period
    seconds: int
    zone: str

    def calendar(self) -> SlotCalendar:
        return slot_calendar(self.period, seconds=self.seconds, zone=ZoneInfo(self.zone))


def scanned(spark: SparkSession, uri: str, period: Period, *, published: Published, parts: int) -> DataFrame:
    """Published channel-days of a period, all revisions of them, whole channels in each of `parts`, in order."""
    found = spark.read.format("delta").load(uri)
    found = found.where(found["month"].between(month_of(period.start), month_of(period.last_day)))
    found = found.where(found["day"].between(period.start, period.last_day))
    found = found.where(found["revision"] <= published.watermark)
    if published.ignored:
        found = found.where(~found["revision"].isin(sorted(published.ignored)))
    whole = found.select(*COLUMNS).repartition(parts, "channel")
    return whole.sortWithinPartitions("channel", "day", "revision")


def by_blocks(
    days: Days, per_block: Callable[[Block], Iterable[pa.RecordBatch]], *, raw: bool = False
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What `mapInArrow` takes: batches of ordered rows in, what a function makes of each block of channels out."""

    def mapped(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for block in blocks(batches, days.calendar(), raw=raw):
            yield from per_block(block)

    return mapped


def blocks(batches: Iterable[pa.RecordBatch], calendar: SlotCalendar, *, raw: bool = False) -> Iterator[Block]:
    """Dense blocks of whole channels out of rows that are ordered by channel: each channel in one block only."""
    most = max(BLOCK_SLOTS // max(calendar.slots, 1), 1) * calendar.days
    waiting: list[Stored] = []
    rows, first = 0, None
    for batch in batches:
        if not batch.num_rows:
            continue
        part = rows_of(_typed(batch), raw=raw)
        waiting.append(part)
        rows += len(part.channels)
        last = int(part.channels[-1])  # may go on in the next batch
        if rows >= most and int(waiting[0].channels[0]) < last:
            yield _block(waiting, calendar, raw=raw, first=first, before=last)
            waiting, first = [part for part in waiting if int(part.channels[-1]) == last], last
            rows = sum(int(np.count_nonzero(part.channels == last)) for part in waiting)
    if waiting:
        yield _block(waiting, calendar, raw=raw, first=first)


def _block(
    parts: Sequence[Stored], calendar: SlotCalendar, *, raw: bool, first: int | None, before: int | None = None
) -> Block:
    """The block of the channels from `first` on and below `before`; what else is in the parts is left out."""
    channels = np.unique(np.concatenate([part.channels for part in parts]))
    wanted = (channels >= (channels[0] if first is None else first)) & (before is None or channels < before)
    filling = Filling(channels[wanted], calendar, raw=raw)
    for part in parts:
        filling.put(part)
    return filling.block()


def _typed(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch in the types of the data files, whatever an engine made of them."""
    columns: list[Any] = [column.cast(field.type) for column, field in zip(batch.columns, SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)
