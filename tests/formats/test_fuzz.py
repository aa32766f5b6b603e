"""A short fuzz of every reader and parser; the long one is `python -m tools.soak tests/soak/soak_fuzz.py`."""

from __future__ import annotations

import pytest

from tests.formats.fuzz import READERS, check, fuzz, fuzzed
from tests.formats.handed import HANDED
from tests.formats.parsers import TARGETS, tried

OTHERS = TARGETS | HANDED


@pytest.mark.parametrize("name", READERS)
def test_damaged_files_are_findings_or_refusals(name):
    reader, seeds = READERS[name]
    for seed in seeds:
        check(reader, seed)
        assert name == "any" or any(file.channels for file in reader(seed)), "the seed itself can be read"
    assert fuzz(reader, 1.0, seed=20_250_101, seeds=seeds) > 20


@pytest.mark.parametrize("name", OTHERS)
def test_whatever_others_wrote_is_read_or_refused_by_name(name):
    target = OTHERS[name]
    for seed in target.seeds:
        tried(target, seed)
    assert fuzzed(lambda data: tried(target, data), 0.3, seed=20_250_101, seeds=target.seeds) > 2


def test_a_reader_that_falls_over_is_noticed_with_the_way_to_repeat_it():
    def broken(data: bytes) -> list[object]:
        raise KeyError(data[:3])

    with pytest.raises(AssertionError, match="seed 5, run 0"):
        fuzz(broken, 1, seed=5)
