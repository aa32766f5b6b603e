"""What is done with stored intervals: validated again and written back, or summed to determinants."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lamplighter.benchmarks.readings import calendar, channel_days
from lamplighter.benchmarks.sizes import Size
from lamplighter.benchmarks.stopwatch import Timing, best
from lamplighter.intervals.arrays import Int8
from lamplighter.intervals.block import Block
from lamplighter.intervals.demand import peaks
from lamplighter.intervals.measuring import sums
from lamplighter.intervals.published import Published
from lamplighter.intervals.slots import SlotCalendar
from lamplighter.intervals.store import IntervalStore
from lamplighter.intervals.vee.groups import INITIAL_LOAD
from lamplighter.intervals.vee.subject import Subject
from lamplighter.intervals.vee.validating import judged, validate
from lamplighter.kernel.energy import Measure, Unit

PEAK_MINUTES = slice(16 * 60, 21 * 60)  # 4 to 9 pm on working days


def vee(size: Size, folder: Path) -> Timing:
    """Every pass reads the first revision, validates it, and appends what it judged as a revision of its own."""
    store, when, files = _stored(size, folder)
    revisions = count(2)

    def validated() -> None:
        block = _read(store, when, size)
        validation = validate(Subject(block, Measure(Unit.WH)), INITIAL_LOAD)
        store.append([judged(block, validation).channel_days()], revision=next(revisions))

    def copied() -> None:
        for i, file in enumerate(files):
            pq.write_table(pq.read_table(file), folder / f"copy-{i}.parquet", compression="zstd")

    reads = size.stored * when.slots
    return Timing(reads / best(validated, size.times), reads / best(copied, size.times), _work(reads, size))


def determinants(size: Size, folder: Path) -> Timing:
    store, when, files = _stored(size, folder)
    periods, whole = _periods(when), np.zeros(when.slots, dtype=np.int8)
    totals: dict[str, int] = {}

    def measured() -> None:
        block = _read(store, when, size)
        by_period = sums(block, periods, count=2).totals
        peaks(block, whole, minutes=15, count=1)
        peaks(block, periods, minutes=15, count=2)
        totals["ours"] = int(by_period.sum())

    def summed() -> None:
        totals["bare"] = sum(_sum(file) for file in files)

    reads = size.stored * when.slots
    timing = Timing(reads / best(measured, size.times), reads / best(summed, size.times), _work(reads, size))
    assert totals["ours"] == totals["bare"], totals
    return timing


def _stored(size: Size, folder: Path) -> tuple[IntervalStore, SlotCalendar, list[Path]]:
    """A store with one revision, and its data files."""
    when = calendar(size)
    store = IntervalStore.create(folder / "store")
    store.append([channel_days(size.stored, when)], revision=1)
    return store, when, sorted((folder / "store").rglob("*.parquet"))


def _read(store: IntervalStore, when: SlotCalendar, size: Size) -> Block:
    block = store.read(np.arange(1, size.stored + 1, dtype=np.int64), when, published=Published(1))
    assert block.present.all()
    return block


def _periods(when: SlotCalendar) -> Int8:
    """0 off peak, 1 on peak."""
    evening = (when.minutes >= PEAK_MINUTES.start) & (when.minutes < PEAK_MINUTES.stop)
    return (evening & (when.weekdays < 5)).astype(np.int8)


def _sum(file: Path) -> int:
    values = pq.read_table(file, columns=["values"]).column("values").combine_chunks()
    assert isinstance(values, pa.ListArray)
    return int(values.flatten().to_numpy().sum(dtype=np.int64))


def _work(reads: int, size: Size) -> str:
    return f"{reads:,} quarter hours of {size.stored:,} meters"
