"""The interval table shows, of each channel-day, the newest published revision, and keeps all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Thread

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.intervals.block import NO_REVISION
from lamplighter.intervals.channeldays import ABSENT, joined
from lamplighter.intervals.compaction import compact
from lamplighter.intervals.published import Published
from lamplighter.intervals.store import IntervalStore, RevisionTaken
from lamplighter.kernel.energy import Quality
from tests.intervals.making import AUTUMN, SPRING, block, calendar, days_from, flat, one_day, with_slots
from tests.intervals.writer import DAY as WRITTEN

REPO = Path(__file__).parents[2]
JUNE = date(2025, 6, 2)
ALL = Published(10**9)


@pytest.fixture
def store(tmp_path):
    return IntervalStore.create(tmp_path / "intervals")


def in_file(store):
    (path,) = store.index.paths
    return pq.read_table(Path(store.table.table_uri.removeprefix("file://")) / path, partitioning=None)


def read(store, day=JUNE, channels=(1,), **given):
    given.setdefault("published", ALL)
    return store.read(np.array(channels, dtype=np.int64), calendar(day), **given)


def test_what_is_appended_is_read_back_with_its_gaps(store):
    day = one_day(1, JUNE, [None, *range(1, 96)])
    store.append([day], revision=1)
    found = read(store)
    assert found.values[0].tolist() == [ABSENT, *range(1, 96)]
    assert found.quality[0].tolist() == [Quality.MISSING, *[Quality.VALID] * 95]
    assert found.revisions.tolist() == [[1]]


def test_a_channel_without_readings_is_missing(store):
    store.append([one_day(1, JUNE, [5] * 96)], revision=1)
    found = read(store, channels=(1, 2))
    assert found.revisions.tolist() == [[1], [NO_REVISION]]
    assert set(found.quality[1].tolist()) == {Quality.MISSING}


def test_days_whose_clocks_change_keep_their_slots(store):
    year = calendar(date(2025, 1, 1), 365)
    counts = block(year, [range(year.slots)])
    store.append([counts.channel_days()], revision=1)
    for day, slots in ((SPRING, 92), (AUTUMN, 100)):
        assert read(store, day).values.shape == (1, slots)
    again = store.read(counts.channels, year, published=ALL)
    assert (again.values == counts.values).all()
    assert len(store.index.paths) == 12


def test_a_correction_is_a_new_revision_and_the_old_one_stays(store):
    store.append([one_day(1, JUNE, [5] * 96)], revision=1)
    store.append([one_day(1, JUNE, [6] * 96, Quality.EDITED)], revision=2)
    assert set(read(store).values[0].tolist()) == {6}
    assert set(read(store, as_of=1).values[0].tolist()) == {5}
    history = store.history(1, JUNE, published=Published(1))
    assert [(found.revision, found.published, int(found.values[0])) for found in history] == [
        (1, True, 5),
        (2, False, 6),
    ]


def test_what_was_never_published_is_never_seen(store):
    for revision in (1, 2, 3, 4):
        store.append([one_day(1, JUNE, [revision] * 96)], revision=revision)
    published = Published(3, frozenset({3, 2}))
    assert set(read(store, published=published).values[0].tolist()) == {1}
    assert store.unpublished(published=published) == {2, 3, 4}
    assert store.unpublished(published=published, since=3) == {4}


def test_values_before_validation_come_along_when_asked_for(store):
    came = with_slots(flat(calendar(JUNE), 7, channels=2), {(0, 5): None, (1, 0): 900})
    estimated = with_slots(came, {(0, 5): 7})
    rows = replace(estimated.channel_days(), raw=came.channel_days().values)
    store.append([rows], revision=1)
    found = read(store, channels=(1, 2), raw=True)
    assert found.values[0, 5] == 7
    assert found.raw.tolist() == came.values.tolist()
    kept = [row is None for row in in_file(store)["raw"].to_pylist()]
    assert kept == [False, True], "only where something differs"
    store.append([one_day(3, JUNE, [5] * 96)], revision=2)
    compact(store, "2025-06")
    assert read(store, channels=(1, 2), raw=True).raw.tolist() == came.values.tolist()


def test_a_missing_slot_is_null_so_that_no_other_engine_sums_it(store):
    store.append([one_day(1, JUNE, [None, 7, *[1] * 94])], revision=1)
    (row,) = in_file(store)["values"].to_pylist()
    assert row[:3] == [None, 7, 1]


def test_the_same_append_again_changes_nothing(store):
    first = store.append([one_day(1, JUNE, [5] * 96)], revision=1)
    again = store.append([one_day(1, JUNE, [5] * 96)], revision=1)
    assert (first.again, again.again) == (False, True)
    assert len(store.index.paths) == 1


def test_a_revision_is_not_used_for_two_contents(store):
    store.append([one_day(1, JUNE, [5] * 96)], revision=1)
    with pytest.raises(RevisionTaken, match="allot a new revision"):
        store.append([one_day(1, JUNE, [6] * 96)], revision=1)
    assert set(read(store).values[0].tolist()) == {5}


def test_many_small_batches_are_one_file(store):
    store.append([one_day(c, JUNE, [c] * 96) for c in (3, 1, 2)], revision=1)
    assert len(store.index.paths) == 1
    assert read(store, channels=(1, 2, 3)).values[:, 0].tolist() == [1, 2, 3]
    again = store.append([one_day(c, JUNE, [c] * 96) for c in (2, 3, 1)], revision=1)
    assert again.again, "in whatever order"


def test_a_channel_day_stands_once_in_a_revision(store):
    with pytest.raises(AssertionError, match="twice"):
        store.append([one_day(1, JUNE, [5] * 96), one_day(1, JUNE, [6] * 96)], revision=1)
    with pytest.raises(AssertionError, match="twice"):
        store.append(
            [one_day(1, JUNE, [5] * 96), block(calendar(JUNE, seconds=3600), [[20] * 24]).channel_days()], revision=1
        )


def test_revisions_may_arrive_out_of_order(store):
    store.append([one_day(1, JUNE, [2] * 96)], revision=2)
    store.append([one_day(1, JUNE, [1] * 96)], revision=1)
    assert set(read(store).values[0].tolist()) == {2}
    assert [found.revision for found in store.history(1, JUNE, published=ALL)] == [1, 2]


def test_an_open_store_sees_what_others_publish(store, tmp_path):
    other = IntervalStore(tmp_path / "intervals")
    assert read(other, published=Published(0)).revisions.tolist() == [[NO_REVISION]]
    store.append([one_day(1, JUNE, [5] * 96)], revision=1)
    assert read(other, published=Published(1)).revisions.tolist() == [[1]]


def test_a_day_of_another_interval_length_is_told_and_not_mixed_in(store):
    store.append([one_day(1, JUNE, [5] * 96), one_day(2, JUNE, [6] * 96)], revision=1)
    hours = block(calendar(JUNE, seconds=3600), [[20] * 24])
    store.append([hours.channel_days()], revision=2)
    found = read(store, channels=(1, 2))
    assert [(other.channel, other.day, other.seconds) for other in found.other_lengths] == [(1, JUNE, 3600)]
    assert set(found.quality[0].tolist()) == {Quality.MISSING}
    assert set(found.values[1].tolist()) == {6}


def test_a_table_that_is_there_is_opened_and_not_emptied(store, tmp_path):
    store.append([one_day(1, JUNE, [5] * 96)], revision=1)
    assert read(IntervalStore.create(tmp_path / "intervals")).revisions.tolist() == [[1]]


def test_a_table_that_many_make_at_once_is_made_once(tmp_path):
    """The first import, the first reader and the first compaction of a new utility meet."""
    together, made = Barrier(4), []

    def makes(uri):
        together.wait(timeout=20)
        made.append(IntervalStore.create(uri).table.version())

    for attempt in range(10):
        threads = [Thread(target=makes, args=(tmp_path / str(attempt),)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    assert made == [0] * 40


def test_a_file_uri_serves_as_well_as_a_path(tmp_path):
    store = IntervalStore.create((tmp_path / "by-uri").as_uri())
    store.append([one_day(1, JUNE, [5] * 96)], revision=1)
    assert IntervalStore(tmp_path / "by-uri").index.months == ("2025-06",)


def test_nothing_but_what_any_engine_reads_is_in_a_file(store):
    store.append([flat(calendar(JUNE, 3), channels=3).channel_days()], revision=1)
    file = pq.ParquetFile(Path(store.table.table_uri.removeprefix("file://")) / store.index.paths[0])
    encodings = {e for c in range(7) for e in file.metadata.row_group(0).column(c).encodings}
    assert "BYTE_STREAM_SPLIT" not in encodings
    assert "DELTA_BINARY_PACKED" in encodings
    assert file.metadata.row_group(0).column(4).compression == "ZSTD"
    assert store.table.protocol().min_reader_version == 1


def test_row_groups_hold_whole_channels(store):
    store.append([flat(calendar(JUNE, 20, seconds=3600), channels=900).channel_days()], revision=1)
    file = pq.ParquetFile(Path(store.table.table_uri.removeprefix("file://")) / store.index.paths[0])
    statistics = [file.metadata.row_group(i).column(0).statistics for i in range(file.metadata.num_row_groups)]
    assert len(statistics) == 6, "18,000 rows by about 3,000"
    assert all(before.max < after.min for before, after in pairwise(statistics))


def test_compaction_keeps_every_revision_and_every_value(store):
    days = [JUNE + timedelta(days=i) for i in range(3)]
    for revision, day in zip((1, 2, 3, 6, 5, 4), [*days, *days[::-1]], strict=True):
        store.append([one_day(c, day, [revision * c] * 96) for c in (1, 2, 3)], revision=revision)
    before = [[store.history(c, day, published=ALL) for c in (1, 2, 3)] for day in days]
    assert compact(store, "2025-06", rows=7) == 6
    assert len(store.index.paths) == 3
    after = [[store.history(c, day, published=ALL) for c in (1, 2, 3)] for day in days]
    assert [[[r.revision for r in c] for c in day] for day in after] == [[[i + 1, i + 4]] * 3 for i in range(3)]
    assert [[[r.values.tolist() for r in c] for c in day] for day in after] == [
        [[r.values.tolist() for r in c] for c in day] for day in before
    ]
    assert compact(store, "2025-06", rows=7) == 0, "nothing left to do"
    for path in store.index.paths:
        channels, days, revisions, _ = (column.tolist() for column in store.files.read_keys(path))
        rows = list(zip(channels, days, revisions, strict=True))
        assert rows == sorted(rows)
    assert compact(store, "2025-07") == 0


def test_hours_and_quarters_are_compacted_apart(store):
    for revision in (1, 2):
        hours = block(calendar(JUNE, seconds=3600), [[20] * 24], first_channel=2)
        quarters = joined([one_day(1, JUNE, [5] * 96), one_day(3, JUNE, [5] * 96)])
        store.append([quarters, hours.channel_days()], revision=revision)
    assert compact(store, "2025-06") == 4
    assert compact(store, "2025-06") == 0
    assert len(store.index.paths) == 2


def test_a_reader_with_an_old_snapshot_reads_on_after_compaction(store, tmp_path):
    for revision in (1, 2):
        store.append([one_day(1, JUNE, [revision] * 96)], revision=revision)
    reader = IntervalStore(tmp_path / "intervals")
    assert read(reader).revisions.tolist() == [[2]]
    compact(store, "2025-06")
    assert read(reader).revisions.tolist() == [[2]]
    reader.refresh()
    assert len(reader.index.paths) == 1
    assert read(reader).revisions.tolist() == [[2]]


def test_a_reader_finds_its_way_when_replaced_files_are_swept(store, tmp_path):
    for revision in (1, 2):
        store.append([one_day(1, JUNE, [revision] * 96)], revision=revision)
    reader = IntervalStore(tmp_path / "intervals")
    assert read(reader).revisions.tolist() == [[2]]
    old = store.index.paths
    compact(store, "2025-06")
    for path in old:
        (tmp_path / "intervals" / path).unlink()
    assert read(reader).revisions.tolist() == [[2]]
    assert [found.revision for found in reader.history(1, JUNE, published=ALL)] == [1, 2]


def test_a_file_that_is_gone_for_good_is_a_fault(store, tmp_path):
    store.append([one_day(1, JUNE, [1] * 96)], revision=1)
    (tmp_path / "intervals" / store.index.paths[0]).unlink()
    with pytest.raises(FileNotFoundError):
        read(store)


def test_a_table_opened_before_a_fork_is_refused_after_it(store, monkeypatch):
    monkeypatch.setattr(os, "getpid", lambda: -1)
    with pytest.raises(AssertionError, match="open the table in each process"):
        read(store)


def test_an_empty_append_commits_nothing(store):
    assert store.append([], revision=1).channel_days == 0
    assert store.table.version() == 0


def writer(store, *args, lock):
    uri = store.table.table_uri.removeprefix("file://")
    return subprocess.Popen([sys.executable, "-m", "tests.intervals.writer", uri, str(lock), *map(str, args)], cwd=REPO)


def test_two_processes_append_under_a_lock(store, tmp_path):
    processes = [writer(store, first, 6, lock=tmp_path / "lock") for first in (100, 200)]
    assert [process.wait(60) for process in processes] == [0, 0]
    store.refresh()
    assert store.unpublished(published=Published(0)) == {*range(100, 106), *range(200, 206)}
    found = read(store, WRITTEN, channels=(100, 200))
    assert found.values[:, 0].tolist() == [105, 205]


@pytest.mark.parametrize("moment", ["append", "compact"])
def test_a_kill_between_data_file_and_commit_leaves_a_readable_table(store, tmp_path, moment):
    assert writer(store, 1, 3, moment, lock=tmp_path / "lock").wait(60) == -signal.SIGKILL
    fresh = IntervalStore(tmp_path / "intervals")
    committed = 2 if moment == "append" else 3
    assert read(fresh, WRITTEN).values[0, 0] == committed
    assert fresh.unpublished(published=Published(0)) == set(range(1, committed + 1))
    files = {path.name for path in (tmp_path / "intervals").rglob("month=*/*.parquet")}
    assert len(files) == committed + 1, "the file that nobody committed"
    retried = fresh.append([one_day(1, WRITTEN, [3] * 96)], revision=3)
    assert retried.again is (moment == "compact")
    assert read(fresh, WRITTEN).values[0, 0] == 3
    (left,) = files - {Path(path).name for path in fresh.index.paths}
    assert fresh.sweep(dry_run=True) == [], "it may be a load under way"
    (orphan,) = (tmp_path / "intervals").rglob(left)
    os.utime(orphan, (0, 0))
    assert [Path(path).name for path in fresh.sweep()] == [left]
    assert read(fresh, WRITTEN).values[0, 0] == 3


revisions = st.lists(
    st.tuples(
        st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3), st.integers(-5, 99)), min_size=1, max_size=6),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(revisions)
def test_the_store_is_a_dictionary_with_a_memory(tmp_path_factory, history):
    """Random revisions, some never published, with compactions between, against a plain dict."""
    store = IntervalStore.create(tmp_path_factory.mktemp("model") / "intervals")
    first = date(2025, 5, 30)
    months = ["2025-05", "2025-06"]
    model: dict[tuple[int, int], dict[int, int]] = {}
    ignored = set()
    for revision, (rows, hidden, compacted) in enumerate(history, start=1):
        unique = {(channel, offset): count for channel, offset, count in rows}
        store.append(
            [one_day(c, first + timedelta(days=d), [v] * 96) for (c, d), v in unique.items()], revision=revision
        )
        for key, count in unique.items():
            model.setdefault(key, {})[revision] = count
        ignored |= {revision} if hidden else set()
        if compacted:
            for month in months:
                compact(store, month, rows=3)
    for as_of in range(len(history) + 1):
        shown = store.read(
            np.arange(1, 5), calendar(first, 4), published=Published(len(history), frozenset(ignored)), as_of=as_of
        )
        for channel in range(1, 5):
            for offset in range(4):
                seen = [r for r in model.get((channel, offset), {}) if r <= as_of and r not in ignored]
                day = shown.calendar.slots_of(first + timedelta(days=offset))
                expected = {model[channel, offset][max(seen)]} if seen else {ABSENT}
                assert set(shown.values[channel - 1, day].tolist()) == expected
                assert shown.revisions[channel - 1, offset] == (max(seen) if seen else NO_REVISION)


def test_a_period_of_any_days_is_read(store):
    store.append([flat(calendar(JUNE, 10)).channel_days()], revision=1)
    part = store.read(np.array([1]), calendar(JUNE + timedelta(days=8), 5), published=ALL)
    assert part.revisions.tolist() == [[1, 1, NO_REVISION, NO_REVISION, NO_REVISION]]
    assert part.window(days_from(JUNE + timedelta(days=9), 2)).revisions.tolist() == [[1, NO_REVISION]]
