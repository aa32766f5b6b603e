"""Channel-days as Arrow has them: one row per channel, local day and revision, with lists of values and of quality.

Delta has no unsigned bytes, so quality is int16; a day that has one quality throughout, as nearly all have, tells it
once (ADR 31). A missing slot is null in `values`: no engine can sum it. `raw` has the values before validation, of the
channel-days in which validation or estimation changed any.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lamplighter.intervals.arrays import Int32, Int64, UInt8
from lamplighter.intervals.channeldays import ABSENT, MISSING, offsets_of, slots_of_rows
from lamplighter.intervals.filling import Stored

Number = TypeVar("Number", bound=np.generic)

_COLUMNS: list[Any] = [
    pa.field("channel", pa.int64(), nullable=False),
    pa.field("day", pa.date32(), nullable=False),
    pa.field("revision", pa.int64(), nullable=False),
    pa.field("seconds", pa.int32(), nullable=False),
    pa.field("values", pa.list_(pa.int32()), nullable=False),
    pa.field("quality", pa.list_(pa.int16()), nullable=False),
    pa.field("raw", pa.list_(pa.int32())),
]
SCHEMA = pa.schema(_COLUMNS)
"""What is in a data file."""

TABLE_SCHEMA = pa.schema([*_COLUMNS, cast(Any, pa.field("month", pa.string(), nullable=False))])
"""What is in the table: the month (`2026-03`) is a partition, in the files' paths."""


def table_of(rows: Stored) -> pa.Table:
    missing = rows.quality == MISSING
    offsets: Any = pa.array(rows.offsets.astype(np.int32))
    values: Any = pa.array(rows.values, mask=missing) if missing.any() else pa.array(rows.values)
    columns: list[Any] = [
        pa.array(rows.channels),
        pa.array(rows.days).cast(pa.date32()),
        pa.array(rows.revisions),
        pa.array(rows.seconds),
        pa.ListArray.from_arrays(offsets, values),
        _quality_column(rows),
        _raw_column(rows),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def _quality_column(rows: Stored) -> Any:
    """The codes of a channel-day's slots; one for all of them where all have the same."""
    widths, codes = np.diff(rows.offsets), rows.quality
    if widths.min(initial=1) > 0:
        starts = rows.offsets[:-1]
        alike = np.minimum.reduceat(codes, starts) == np.maximum.reduceat(codes, starts)
        told = np.repeat(~alike, widths)
        told[starts] = True
        codes, widths = codes[told], np.where(alike, 1, widths)
    offsets: Any = pa.array(offsets_of(widths).astype(np.int32))
    return pa.ListArray.from_arrays(offsets, cast(Any, pa.array(codes.astype(np.int16))))


def _raw_column(rows: Stored) -> Any:
    """Values as they came, of the channel-days in which validation changed any; null for all others."""
    differs = _positions_changed(rows)
    if rows.raw is None or not len(differs):
        return pa.nulls(len(rows.channels), SCHEMA.field("raw").type)
    changed = np.zeros(len(rows.channels), dtype=np.bool_)
    changed[np.searchsorted(rows.offsets, differs, side="right") - 1] = True
    flat = rows.raw[slots_of_rows(rows.offsets, np.flatnonzero(changed))]
    offsets = offsets_of(np.where(changed, np.diff(rows.offsets), 0)).astype(np.int32)
    lists: Any = pa.ListArray.from_arrays
    return lists(pa.array(offsets), pa.array(flat, mask=flat == ABSENT), mask=pa.array(~changed))


def _positions_changed(rows: Stored) -> Int64:
    if rows.raw is None or rows.raw is rows.values:
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(rows.raw != rows.values)


def rows_of(batch: pa.RecordBatch, *, raw: bool) -> Stored:
    values: Any = batch.column(4)
    quality: Any = batch.column(5)
    offsets = values.offsets.to_numpy().astype(np.int64)
    counts = _numbers(values.values, np.int32)
    codes = _codes(quality, offsets)
    return Stored(
        channels=batch.column(0).to_numpy(),
        days=_numbers(batch.column(1), np.int32),
        revisions=batch.column(2).to_numpy(),
        seconds=batch.column(3).to_numpy(),
        offsets=offsets,
        values=counts,
        quality=codes,
        raw=_came(counts, codes, offsets, batch.column(6)) if raw else None,
    )


def _codes(quality: Any, offsets: Int64) -> UInt8:
    """The code of each slot: where a channel-day tells one, it is that of all its slots."""
    cuts = quality.offsets.to_numpy().astype(np.int64)
    told = _numbers(quality.values, np.int16)[cuts[0] : cuts[-1]].astype(np.uint8)
    given, widths = np.diff(cuts), np.diff(offsets)
    for_all = (given == 1) & (widths > 1)
    assert (for_all | (given == widths)).all(), "values and quality are cut alike"
    if len(told) and (told == told[0]).all():
        return np.full(offsets[-1], told[0])
    counts = np.ones(len(told), dtype=np.int64)
    counts[(cuts[:-1] - cuts[0])[for_all]] = widths[for_all]
    codes: UInt8 = np.empty(offsets[-1], dtype=np.uint8)
    codes[offsets[0] :] = np.repeat(told, counts)
    return codes


def _came(values: Int32, codes: UInt8, offsets: Int64, column: Any) -> Int32:
    """What came in: the raw list where there is one, else the values."""
    came = np.where(codes == MISSING, np.int32(ABSENT), values)
    rows = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
    if len(rows):
        flat = column.flatten()
        counts = _numbers(flat, np.int32).copy()
        counts[flat.is_null().to_numpy(zero_copy_only=False)] = ABSENT
        came[slots_of_rows(offsets, rows)] = counts
    return came


def _numbers(array: Any, kind: type[Number]) -> npt.NDArray[Number]:
    """The numbers of an Arrow array without copying; what lies under nulls is undefined."""
    size = np.dtype(kind).itemsize
    return np.frombuffer(array.buffers()[1], dtype=kind, count=len(array), offset=array.offset * size)
