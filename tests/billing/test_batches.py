"""A run takes its accounts batch by batch, and leaves none out."""

from itertools import chain

import pytest

from lamplighter.journeys.billing import BATCH, FEWEST, LOCKED, in_batches


@pytest.mark.parametrize("processes", [1, 2, 7])
@pytest.mark.parametrize("count", [0, 1, BATCH, 2 * BATCH + 1, 10_000])
def test_every_account_is_in_one_batch(count, processes):
    batches = list(in_batches(range(count), processes))
    assert list(chain.from_iterable(batches)) == list(range(count))
    assert all(0 < len(batch) <= BATCH for batch in batches)


def test_the_last_batches_of_processes_that_share_a_run_are_small():
    *_, last = in_batches(range(10_000), 2)
    assert FEWEST // 2 <= len(last) <= FEWEST + FEWEST // 2


@pytest.mark.parametrize("processes", [4, 8, 16])
def test_processes_together_hold_no_more_accounts_than_there_is_room_for(processes):
    assert processes * max(map(len, in_batches(range(100_000), processes))) <= LOCKED


def test_one_process_alone_takes_whole_batches():
    assert [len(batch) for batch in in_batches(range(2 * BATCH), 1)] == [BATCH, BATCH]
