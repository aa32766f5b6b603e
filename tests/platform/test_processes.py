"""Work that is shared by processes is done once, whoever does it, and ends at the first fault."""

import os
import time

import pytest

from lamplighter.platform.processes import shared


def inverse(number: int) -> tuple[float, int]:
    time.sleep(0.01)
    return 1 / number, os.getpid()


def test_every_item_is_done_once_by_this_process_and_another():
    several = range(1, 1_500)
    done = list(shared(inverse, several, 2))
    assert sorted(value for value, _ in done) == sorted(1 / number for number in several)
    assert len({process for _, process in done}) == 2
    assert os.getpid() in {process for _, process in done}


def test_a_fault_ends_it():
    told = shared(inverse, [2, 0, *[1] * 100_000], 2)
    with pytest.raises(ZeroDivisionError):
        list(told)


def test_one_process_takes_them_in_order():
    assert [value for value, _ in shared(inverse, [1, 2, 4], 1)] == [1, 0.5, 0.25]
