"""OpenDSM's daily model beside our own fit: the same saving on the same days, and its own refusals in words."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import numpy as np
import pytest

from lamplighter.intervals.curves.opendsm import verify_by_opendsm
from lamplighter.intervals.curves.verifying import CannotVerify, verify
from tests.intervals.test_verifying import AFTER, BEFORE, days

installed = pytest.mark.skipif(
    find_spec("opendsm") is None, reason="OpenDSM is an extra that is not installed: pip install 'lamplighter[mv]'"
)


def by_opendsm(before, after):
    return verify_by_opendsm(
        before, after, before_on=BEFORE.start, after_on=AFTER.start, zone="America/Los_Angeles"
    )  # fmt: skip


def test_without_it_the_refusal_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "opendsm", None)
    random = np.random.default_rng(1)
    with pytest.raises(CannotVerify, match=r"pip install 'lamplighter\[mv\]'"):
        by_opendsm(days(BEFORE, random), days(AFTER, random))


@installed
@pytest.mark.filterwarnings("ignore")
def test_both_find_a_known_saving_and_fit_the_year_alike():
    random = np.random.default_rng(2)
    before, after = days(BEFORE, random), days(AFTER, random, saved=0.15)
    ours, theirs = verify(before, after), by_opendsm(before, after)
    assert theirs.share == pytest.approx(0.15, abs=0.02)
    assert theirs.kwh == pytest.approx(ours.kwh, abs=ours.off_kwh)
    assert theirs.cv == pytest.approx(ours.cv, rel=0.35)
    assert theirs.pn == pytest.approx(ours.pn, rel=0.35)
    assert theirs.r2 > 0.8


@installed
@pytest.mark.filterwarnings("ignore")
def test_it_refuses_in_its_own_words_what_is_too_little():
    random = np.random.default_rng(3)
    before = days(BEFORE, random)
    before.kwh[100:200] = np.nan
    with pytest.raises(CannotVerify, match="OpenDSM refuses: "):
        by_opendsm(before, days(AFTER, random))
