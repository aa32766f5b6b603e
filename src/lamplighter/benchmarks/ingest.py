"""Files of readings to validated channel-days in a committed store; beside it, the same file parsed by pyarrow."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow.csv as pacsv

from lamplighter.benchmarks import peers
from lamplighter.benchmarks.readings import MAPPING, MARKET, PACIFIC, SECONDS, calendar, write_csv, write_nem12
from lamplighter.benchmarks.sizes import Size
from lamplighter.benchmarks.stopwatch import Timing, best
from lamplighter.formats.mapped.mapping import mapping_from
from lamplighter.formats.meterdata import MeterFile
from lamplighter.formats.reading import read_files
from lamplighter.formats.settings import Settings
from lamplighter.intervals.filling import dense
from lamplighter.intervals.gridding import Readings, grid
from lamplighter.intervals.slots import SlotCalendar
from lamplighter.intervals.store import IntervalStore
from lamplighter.intervals.vee.groups import INITIAL_LOAD
from lamplighter.intervals.vee.subject import Subject
from lamplighter.intervals.vee.validating import judged, validate
from lamplighter.kernel.energy import Measure, Unit

COLUMNS_OF_A_DAY = 103  # 300, the day, 96 reads, quality, reason, description, two instants


def csv(size: Size, folder: Path) -> Timing:
    path = folder / "reads.csv"
    settings = Settings(mapping=mapping_from(MAPPING))
    feed = Feed(path, write_csv(path, size), settings, PACIFIC)
    return _timed(feed, size, lambda: pacsv.read_csv(path))


def wide(size: Size, folder: Path) -> Timing:
    path = folder / "reads.nem12"

    def parsed() -> object:
        """The meter-days of the file; its few other records are shorter, and skipped."""
        return pacsv.read_csv(
            path,
            read_options=pacsv.ReadOptions(column_names=[str(i) for i in range(COLUMNS_OF_A_DAY)]),
            parse_options=pacsv.ParseOptions(invalid_row_handler=lambda _: "skip"),
        )

    timing = _timed(Feed(path, write_nem12(path, size), Settings(), MARKET), size, parsed)
    return replace(timing, peers=peers.reading(size, folder))


@dataclass(frozen=True, slots=True)
class Feed:
    """A file of so many reads, how it is read, and the zone of its local days."""

    path: Path
    reads: int
    settings: Settings
    zone: ZoneInfo


def _timed(feed: Feed, size: Size, reference: Callable[[], object]) -> Timing:
    when, store = calendar(size, feed.zone), feed.path.parent / "store"

    def ingested() -> None:
        shutil.rmtree(store, ignore_errors=True)
        taken = _ingest(feed, when, IntervalStore.create(store))
        assert taken == feed.reads, f"{taken} of {feed.reads} reads were taken in"

    value, beside = feed.reads / best(ingested, size.times), feed.reads / best(reference, size.times)
    megabytes = feed.path.stat().st_size / 1e6
    return Timing(value, beside, f"{feed.reads:,} reads of {size.meters:,} meters, {megabytes:,.0f} MB of text")


def _ingest(feed: Feed, when: SlotCalendar, store: IntervalStore) -> int:
    """How many reads are valid and committed."""
    (file,) = read_files(feed.path, feed.settings)
    assert file.whole, file.findings[:3]
    days = grid(_readings(file), seconds=SECONDS, zone=when.zone).days
    block = dense(days, when)
    validation = validate(Subject(block, Measure(Unit.WH)), INITIAL_LOAD)
    store.append([judged(block, validation).channel_days()], revision=1)
    return int(block.present.sum())


def _readings(file: MeterFile) -> Readings:
    channels = [channel for channel in file.channels if channel.measure == Measure(Unit.WH)]
    assert len(channels) == len(file.channels), "every channel counts Wh"
    return Readings(
        channels=np.repeat(np.arange(1, len(channels) + 1), [len(channel.starts) for channel in channels]),
        starts=np.concatenate([channel.starts for channel in channels]),
        seconds=np.concatenate([channel.seconds for channel in channels]),
        counts=np.concatenate([channel.counts for channel in channels]),
        quality=np.concatenate([channel.quality for channel in channels]),
    )
