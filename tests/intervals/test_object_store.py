"""The interval table in a bucket: appended, read, corrected and compacted as in a folder, by the same code."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from lamplighter.intervals.compaction import compact
from lamplighter.intervals.published import Published
from lamplighter.intervals.store import IntervalStore, RevisionTaken
from tests.intervals.bucket import bucket
from tests.intervals.making import calendar, flat

MARCH = calendar(date(2026, 3, 1), 12)
CHANNELS = np.arange(1, 6, dtype=np.int64)


def test_a_table_in_a_bucket_is_one_like_any_other():
    with bucket("readings") as (uri, options):
        store = IntervalStore.create(uri, options=options)
        store.append([flat(MARCH, 100, channels=5).channel_days()], revision=1)
        store.append([flat(MARCH, 250, channels=2).channel_days()], revision=2)
        assert store.append([flat(MARCH, 250, channels=2).channel_days()], revision=2).again
        again = IntervalStore(uri, options=options)
        before = again.read(CHANNELS, MARCH, published=Published(2))
        assert before.values.sum(axis=1, dtype=np.int64).tolist() == [250 * MARCH.slots] * 2 + [100 * MARCH.slots] * 3
        compact(again, "2026-03")
        after = IntervalStore(uri, options=options).read(CHANNELS, MARCH, published=Published(2))
        assert np.array_equal(before.values, after.values)


def test_a_revision_is_taken_once_in_a_bucket_too():
    with bucket("readings") as (uri, options):
        first, second = IntervalStore.create(uri, options=options), IntervalStore(uri, options=options)
        first.append([flat(MARCH, 100).channel_days()], revision=1)
        with pytest.raises(RevisionTaken):
            second.append([flat(MARCH, 101).channel_days()], revision=1)
