"""A large append is several files, written at once and decoded at once; what is in them is the same as in one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lamplighter.intervals.published import Published
from lamplighter.intervals.store import FEWEST_ROWS, IntervalStore
from lamplighter.intervals.threads import ahead, threads
from tests.intervals.making import AUTUMN, calendar, flat

WHEN = calendar(AUTUMN, 28, seconds=3600)  # all of it in one month
CHANNELS = 2 * FEWEST_ROWS // 28 + 1


@pytest.fixture
def alone(monkeypatch):
    monkeypatch.setenv("RAYON_NUM_THREADS", "1")


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.delenv("RAYON_NUM_THREADS", raising=False)


def many():
    """28 days of enough channels for two files, with gaps, and raw values where something was changed."""
    random = np.random.default_rng(28)
    made = flat(WHEN, channels=CHANNELS)
    values = random.integers(-5, 5_000, made.values.shape, dtype=np.int32)
    changed = random.random(values.shape) < 0.001
    made = replace(made, values=values, raw=np.where(changed, values + 1, values))
    whole = random.random((CHANNELS, WHEN.days)) < 0.995  # days that never came
    return made.channel_days(whole)


def filled(store, days):
    store.append([days], revision=1)
    found = store.read(np.unique(days.channels), WHEN, published=Published(1), raw=True)
    return found, [store.files.read_keys(path)[0] for path in store.index.paths]


def test_several_files_hold_what_one_would(tmp_path, monkeypatch, at_once):
    days = many()
    found, files = filled(IntervalStore.create(tmp_path / "several"), days)
    monkeypatch.setenv("RAYON_NUM_THREADS", "1")
    alone, one = filled(IntervalStore.create(tmp_path / "one"), days)
    assert len(one) == 1
    assert len(files) == min(threads_of_all(monkeypatch), len(days) // FEWEST_ROWS)
    for name in ("values", "quality", "revisions", "raw"):
        assert (getattr(found, name) == getattr(alone, name)).all(), name
    assert found.raw is not None
    assert (found.raw != found.values).any(), "the test is about them too"
    assert sum(map(len, files)) == len(days)
    assert len(np.concatenate([np.unique(channels) for channels in files])) == CHANNELS, "no channel is in two"


def threads_of_all(monkeypatch):
    monkeypatch.delenv("RAYON_NUM_THREADS")
    return threads()


def test_a_few_rows_are_one_file(tmp_path, at_once):
    few = flat(WHEN, channels=FEWEST_ROWS * 2 // 28 - 1).channel_days()
    assert FEWEST_ROWS < len(few) < 2 * FEWEST_ROWS
    assert len(filled(IntervalStore.create(tmp_path / "store"), few)[1]) == 1


def test_an_append_made_by_several_threads_is_found_again(tmp_path, at_once):
    store = IntervalStore.create(tmp_path / "store")
    days = many()
    store.append([days], revision=1)
    assert store.append([days], revision=1).again
    assert store.table.version() == 1, "one commit, whatever the files"


def test_what_threads_make_comes_in_order(at_once):
    assert list(ahead(lambda one: one * one, range(50))) == [one * one for one in range(50)]


def test_a_thread_keeps_few_steps_ahead(at_once):
    begun = []
    made = ahead(begun.append, range(50))
    next(made)
    assert len(begun) <= threads() + 1
    made.close()
    assert len(begun) <= threads() + 1, "the rest is left"


def test_a_fault_of_a_thread_is_raised(at_once):
    with pytest.raises(ZeroDivisionError):
        list(ahead(lambda one: 1 // (one - 7), range(50)))


def test_processes_that_share_the_processors_use_one_each(alone):
    assert threads() == 1
