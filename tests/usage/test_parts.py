"""Channel-days are worked on in parts that are near each other, and small enough."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.usage.intake.parts import WIDE, parts, stretches

rows = st.sets(st.tuples(st.integers(1, 6), st.integers(10_000, 20_000)), min_size=1, max_size=40)


@given(rows, st.integers(1, 200_000))
def test_every_channel_day_is_in_exactly_one_part(rows, slots):
    ordered = np.array(sorted(rows), dtype=np.int64)
    touched = stretches(ordered[:, 0], ordered[:, 1])
    covered = []
    for part in parts(touched, seconds=3600, slots=slots):
        assert (np.diff(part.channels) > 0).all(), "a channel once, in order"
        for channel, first, last in zip(part.channels, part.firsts, part.lasts, strict=True):
            covered += [(channel, day) for channel_, day in rows if channel_ == channel and first <= day <= last]
    assert sorted(covered) == sorted(rows)


def test_a_stray_day_does_not_make_years_of_it():
    touched = stretches(np.array([1, 1, 1]), np.array([7_000, 20_000, 20_000 + 2 * WIDE]))
    assert list(zip(touched.firsts.tolist(), touched.lasts.tolist(), strict=True)) == [
        (7_000, 7_000), (20_000, 20_000 + 2 * WIDE),
    ]  # fmt: skip


def test_a_large_file_is_cut():
    channels = np.repeat(np.arange(1, 1001), 30)
    days = np.tile(np.arange(20_000, 20_030), 1000)
    sizes = [len(part) for part in parts(stretches(channels, days), seconds=900, slots=1_000_000)]
    assert sum(sizes) == 1000
    assert max(sizes) * (30 + 2 * WIDE) * 96 <= 1_000_000
