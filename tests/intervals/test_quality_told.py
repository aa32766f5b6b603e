"""The quality of a channel-day that is the same throughout is stored once, and read back for every slot."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.intervals.arrowrows import rows_of, table_of
from lamplighter.intervals.channeldays import offsets_of
from lamplighter.intervals.filling import Stored
from lamplighter.kernel.energy import Quality

CODES = [int(code) for code in Quality]


def stored(days: list[list[int]]) -> Stored:
    """Channel-days that have these codes."""
    count = len(days)
    return Stored(
        channels=np.arange(count, dtype=np.int64),
        days=np.full(count, 20_000, dtype=np.int32),
        revisions=np.ones(count, dtype=np.int64),
        seconds=np.full(count, 900, dtype=np.int32),
        offsets=offsets_of(np.array([len(day) for day in days], dtype=np.int64)),
        values=np.arange(sum(map(len, days)), dtype=np.int32),
        quality=np.array([code for day in days for code in day], dtype=np.uint8),
    )


def in_full(table: pa.Table, days: list[list[int]]) -> pa.Table:
    """As the program wrote files before: a code for each slot."""
    at = table.schema.get_field_index("quality")
    return table.set_column(at, table.schema.field(at), pa.array(days, type=pa.list_(pa.int16())))


def told(table: pa.Table, skip: int = 0) -> list[list[int]]:
    """What is read of each channel-day but the first few."""
    [batch] = table.combine_chunks().slice(skip).to_batches()
    rows = rows_of(batch, raw=False)
    return [rows.quality[a:b].tolist() for a, b in zip(rows.offsets[:-1], rows.offsets[1:], strict=True)]


alike = st.builds(lambda code, count: [code] * count, st.sampled_from(CODES), st.integers(1, 30))
several = st.lists(st.lists(st.sampled_from(CODES), min_size=1, max_size=30) | alike, min_size=1, max_size=12)


@given(several, st.data())
def test_every_slot_has_its_own_quality_again(days, data):
    table, skip = table_of(stored(days)), data.draw(st.integers(0, len(days) - 1))
    assert table["quality"].to_pylist() == [day[:1] if len(set(day)) == 1 else day for day in days]
    assert told(table, skip) == days[skip:]
    assert told(in_full(table, days), skip) == days[skip:], "a file written before"


def test_a_file_in_which_values_and_quality_differ_in_number_is_no_answer():
    table = table_of(stored([[0, 8, 0, 0]]))
    with pytest.raises(AssertionError, match="cut alike"):
        told(in_full(table, [[0, 8, 0]]))
