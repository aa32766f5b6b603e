"""A short fuzz of every reader; the long one is `python -m tests.formats.fuzz SECONDS`."""

from __future__ import annotations

import pytest

from tests.formats.fuzz import READERS, check, fuzz


@pytest.mark.parametrize("name", READERS)
def test_damaged_files_are_findings_or_refusals(name):
    reader, seeds = READERS[name]
    for seed in seeds:
        check(reader, seed)
        assert name == "any" or any(file.channels for file in reader(seed)), "the seed itself can be read"
    assert fuzz(reader, 1.0, seed=20_250_101, seeds=seeds) > 20


def test_a_reader_that_falls_over_is_noticed_with_the_way_to_repeat_it():
    def broken(data: bytes) -> list[object]:
        raise KeyError(data[:3])

    with pytest.raises(AssertionError, match="seed 5, run 0"):
        fuzz(broken, 1, seed=5)
