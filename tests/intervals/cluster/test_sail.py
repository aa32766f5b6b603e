"""Determinants, validation and bills by two workers of a Sail cluster: to the Wh and the cent as by one machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

import lamplighter
from lamplighter.intervals.block import Block
from lamplighter.intervals.channeldays import ChannelDays, offsets_of
from lamplighter.intervals.cluster import determinants, pricing, validation
from lamplighter.intervals.cluster.scanning import Days, blocks
from lamplighter.intervals.compaction import compact
from lamplighter.intervals.published import Published
from lamplighter.intervals.slots import SlotCalendar, slot_calendar
from lamplighter.intervals.store import IntervalStore
from lamplighter.intervals.vee.groups import INITIAL_LOAD
from lamplighter.intervals.vee.subject import Subject
from lamplighter.kernel.energy import Measure, Quality, Unit
from lamplighter.kernel.periods import Period
from lamplighter.rating import Ask, CannotPrice, Determinant, What, parse
from lamplighter.rating.determinants import DemandWindow
from lamplighter.rating.tariff import Tariff
from tests.intervals.making import PACIFIC, QUARTER

BOOK = Path(lamplighter.__file__).parent / "tariffs" / "books" / "marisol-bay-power"
PERIOD = Period(date(2026, 10, 20), date(2026, 11, 17))  # the clocks go back on 1 November
DAYS = Days(PERIOD, QUARTER, PACIFIC.key)
METERS = 60
NOW = Published(5, frozenset({4}))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> IntervalStore:
    """Sixty meters with gaps, spikes and corrections; a revision that was ignored, and one that nobody published."""
    made = IntervalStore.create(tmp_path_factory.mktemp("cluster") / "store")
    when, dice = _calendar(), np.random.default_rng(7)
    values = dice.integers(20, 900, (METERS, when.slots)).astype(np.int32)
    values[7, 500] = 60_000  # a spike
    values[16, 900] = -5  # sent back by a meter that cannot
    values[9, 96 * 3 : 96 * 12] = 0
    values[10, 960:1060] = 77
    quality = np.full(values.shape, Quality.VALID, dtype=np.uint8)
    quality[11, 700:720] = Quality.MISSING
    quality[12, 96 * 4 : 96 * 5] = Quality.MISSING
    channels = np.arange(101, 101 + METERS, dtype=np.int64)
    made.append([_days(channels, when, values, quality)], revision=1)
    for revision, more in ((2, 10), (3, 20), (4, 1_000), (5, 30), (6, 2_000)):
        some = slice(revision, None, 5)
        made.append([_days(channels[some], when, values[some] + more, quality[some])], revision=revision)
    compact(made, "2026-10")
    return made


def _calendar() -> SlotCalendar:
    return slot_calendar(PERIOD, seconds=QUARTER, zone=PACIFIC)


def _days(channels: np.ndarray, when: SlotCalendar, values: np.ndarray, quality: np.ndarray) -> ChannelDays:
    """Whole channel-days; those without any reading are left out."""
    widths = np.tile(np.diff(when.firsts), len(channels))
    missing = quality == Quality.MISSING
    flat = np.where(missing, np.iinfo(np.int32).min, values).astype(np.int32)
    days = ChannelDays(
        QUARTER, np.repeat(channels, when.days), np.tile(when.ordinals, len(channels)), offsets_of(widths),
        flat.reshape(-1), quality.reshape(-1),
    )  # fmt: skip
    empty = np.add.reduceat(~missing.reshape(-1), days.offsets[:-1]) == 0
    return days.take(~empty)


def _embedded(store: IntervalStore, *, raw: bool = False) -> Block:
    channels = np.arange(101, 101 + METERS, dtype=np.int64)
    return store.read(channels, _calendar(), published=NOW, raw=raw)


def _rate(name: str) -> Tariff:
    tariff = parse((BOOK / name).read_text(encoding="utf-8"), name).tariff
    assert tariff is not None
    return tariff


def as_subject(block: Block) -> Subject:
    """What is known beside readings: here every channel is a commercial one, and the first has an outage."""
    outage = np.zeros(block.values.shape, dtype=np.bool_)
    outage[block.channels == 101, 300:310] = True
    return Subject(block, Measure(Unit.WH), classes=np.full(len(block.channels), "commercial"), outage=outage)


def test_determinants_are_equal_to_the_watt_hour(sail: SparkSession, store: IntervalStore):
    [clock] = _rate("r-tou_2026-07-01.toml").clocks
    asks = [
        Ask(Determinant(What.KWH), PERIOD),
        *(Ask(Determinant(What.KWH, clock=clock, periods=(name,)), PERIOD) for name in clock.names),
        Ask(Determinant(What.KW, window=DemandWindow(30)), PERIOD),
        Ask(Determinant(What.KWH), Period(date(2026, 11, 1), date(2026, 11, 2))),
    ]
    found = determinants.measured(sail, store.table.table_uri, DAYS, asks, published=NOW, parts=4)
    [alone] = determinants.Measure(tuple(asks))(_embedded(store))
    assert found.to_pydict() == pa.Table.from_batches([alone]).to_pydict()
    assert sum(found["ask0"].to_pylist()) > 0
    assert [found["lacking"][at].as_py() for at in (11, 12)] == [20, 96]


def test_validation_finds_and_changes_the_same(sail: SparkSession, store: IntervalStore):
    found = validation.revalidated(
        sail, store.table.table_uri, DAYS, INITIAL_LOAD, as_subject, published=NOW, parts=4
    )  # fmt: skip
    judge = validation.Judge(INITIAL_LOAD, as_subject)
    alone = validation.gathered(pa.Table.from_batches(judge(_embedded(store, raw=True))), DAYS)
    assert found.findings == alone.findings
    assert {"vee.missing", "vee.spike", "vee.negative", "vee.zero-run", "vee.flat-run"} <= {
        one.rule for one in found.findings
    }
    assert found.changed is not None
    assert alone.changed is not None
    for column in ("channels", "days", "offsets", "values", "quality", "raw"):
        assert np.array_equal(getattr(found.changed, column), getattr(alone.changed, column)), column


def test_what_a_cluster_judged_is_appended_as_any_revision_is(sail: SparkSession, store: IntervalStore, tmp_path: Path):
    own = IntervalStore.create(tmp_path / "store")
    own.append([_embedded(store).channel_days()], revision=1)
    found = validation.revalidated(sail, own.table.table_uri, DAYS, INITIAL_LOAD, as_subject, published=Published(1))
    assert found.changed is not None
    own.append([found.changed], revision=2)
    after = own.read(np.arange(101, 101 + METERS, dtype=np.int64), _calendar(), published=Published(2))
    assert np.array_equal(after.values, _embedded(store).values)
    assert {Quality.VALIDATED, Quality.QUESTIONABLE} <= set(np.unique(after.quality))


@pytest.mark.parametrize("rate", ["r-1_2026-07-01.toml", "r-tou_2026-07-01.toml", "gs-1_2026-07-01.toml"])
def test_bills_are_equal_to_the_cent(sail: SparkSession, store: IntervalStore, rate: str):
    schedule = pricing.Schedule((_rate(rate),))
    found = pricing.priced(sail, store.table.table_uri, DAYS, schedule, published=NOW, parts=4)
    [alone] = pricing.Price(DAYS, schedule)(_embedded(store))
    assert found.to_pydict() == pa.Table.from_batches([alone]).to_pydict()
    refused = [channel for channel, why in zip(*map(found.column, ("channel", "refusal")), strict=True) if why.as_py()]
    assert [channel.as_py() for channel in refused] == [112, 113]
    assert min(c for c in found["cents"].to_pylist() if c) > 1_000


def test_a_rate_that_looks_back_is_refused_by_name(sail: SparkSession, store: IntervalStore):
    schedule = pricing.Schedule((_rate("gs-3_2026-07-01.toml"),))
    with pytest.raises(CannotPrice, match="one channel's days do not tell it"):
        pricing.priced(sail, store.table.table_uri, DAYS, schedule, published=NOW)


def test_channels_are_whole_however_the_rows_are_cut(store: IntervalStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lamplighter.intervals.cluster.scanning.BLOCK_SLOTS", 3 * _calendar().slots)
    found = list(blocks(_rows(store), _calendar()))
    assert len(found) > 5
    assert np.array_equal(np.concatenate([block.channels for block in found]), _embedded(store).channels)
    assert np.array_equal(np.concatenate([block.values for block in found]), _embedded(store).values)


def _rows(store: IntervalStore) -> Iterator[pa.RecordBatch]:
    """What a worker is given: published rows by channel, in batches that end anywhere."""
    table = store.table.to_pyarrow_table().filter(
        (pa.compute.field("revision") <= NOW.watermark) & (pa.compute.field("revision") != 4)
    )
    ordered = table.sort_by([("channel", "ascending"), ("day", "ascending"), ("revision", "ascending")])
    columns = ["channel", "day", "revision", "seconds", "values", "quality", "raw"]
    yield from ordered.select(columns).combine_chunks().to_batches(max_chunksize=37)
