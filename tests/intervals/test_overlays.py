"""One set of channel-days over another: sent again, corrected, or the other half of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from lamplighter.intervals.channeldays import LARGEST, joined
from lamplighter.intervals.filling import dense
from lamplighter.intervals.findings import Proposal
from lamplighter.intervals.overlays import Shared, overlay
from lamplighter.kernel.energy import Quality
from tests.intervals.making import AUTUMN, calendar, one_day

JUNE = date(2025, 6, 2)


def test_an_identical_block_sent_again_changes_nothing():
    stored = one_day(1, JUNE, [5] * 96, Quality.VALIDATED)
    laid = overlay(stored, one_day(1, JUNE, [5] * 96, Quality.RAW))
    assert laid.changed.tolist() == [False]
    assert len(laid.to_append()) == 0
    assert laid.findings == ()


def test_a_different_block_sent_again_waits_for_a_person():
    stored = one_day(1, JUNE, [5] * 96)
    laid = overlay(stored, one_day(1, JUNE, [5] * 10 + [9, 9] + [5] * 84))
    assert laid.changed.tolist() == [False]
    (finding,) = laid.findings
    assert (finding.rule, finding.slot, finding.slots) == ("store.conflict", 10, 2)
    assert (finding.measured, finding.threshold, finding.proposal) == (9, 5, Proposal.CHOOSE)


def test_what_is_new_in_a_block_sent_again_goes_on_beside_the_conflict():
    stored = one_day(1, JUNE, [5] * 48 + [None] * 48)
    laid = overlay(stored, one_day(1, JUNE, [9] + [5] * 95))
    assert laid.to_append().values.tolist() == [5] * 96
    assert [finding.slots for finding in laid.findings] == [1]


def test_late_readings_take_the_place_of_estimates():
    stored = one_day(1, JUNE, [5] * 96, Quality.ESTIMATED_REFERENCE_DAY)
    laid = overlay(stored, one_day(1, JUNE, [6] * 48 + [None] * 48))
    assert laid.days.values.tolist() == [6] * 48 + [5] * 48
    assert laid.days.quality.tolist() == [Quality.VALID] * 48 + [Quality.ESTIMATED_REFERENCE_DAY] * 48
    assert laid.findings == ()


def test_a_block_sent_again_does_not_undo_an_edit():
    edited = replace(one_day(1, JUNE, [5] * 96, Quality.EDITED), raw=np.full(96, 900, dtype=np.int32))
    laid = overlay(edited, one_day(1, JUNE, [900] * 96))
    assert laid.changed.tolist() == [False]
    assert laid.findings == ()


def test_an_edit_wins_over_what_is_stored_and_keeps_what_came():
    stored = one_day(1, JUNE, [900] * 96)
    edit = replace(one_day(1, JUNE, [5] + [None] * 95, Quality.EDITED), raw=None)
    laid = overlay(replace(stored, raw=stored.values), edit, shared=Shared.NEWER)
    assert laid.days.values.tolist() == [5] + [900] * 95
    assert laid.days.quality.tolist() == [Quality.EDITED] + [Quality.VALID] * 95
    assert laid.changed.tolist() == [True]


def test_two_meters_share_the_day_of_exchange():
    """Exchanged at 10:07: the interval from 10:00 is the sum of both meters' parts."""
    old = one_day(1, JUNE, [5] * 40 + [2] + [None] * 55)
    new = one_day(1, JUNE, [None] * 40 + [3] + [6] * 55)
    day = overlay(old, new, shared=Shared.SUM).days
    assert day.values.tolist() == [5] * 40 + [5] + [6] * 55
    assert day.quality[40] == Quality.DERIVED
    assert set(day.quality[:40].tolist()) == {Quality.VALID}


def test_parts_too_large_together_are_refused():
    half = one_day(1, JUNE, [LARGEST] * 96)
    with pytest.raises(ValueError, match="32 bits"):
        overlay(half, half, shared=Shared.SUM)


def test_days_that_only_one_side_has_are_laid_unchanged():
    lower = joined([one_day(1, JUNE, [5] * 96), one_day(3, JUNE, [7] * 96)])
    upper = joined([one_day(2, JUNE, [6] * 96), one_day(1, AUTUMN, [8] * 100), one_day(3, JUNE, [7] * 96)])
    laid = overlay(lower, upper)
    assert laid.days.channels.tolist() == [1, 2, 3]
    assert laid.changed.tolist() == [True, True, False]


def test_channel_days_and_blocks_are_two_forms_of_one_thing():
    cut = calendar(AUTUMN, 3)
    days = joined([one_day(4, AUTUMN, list(range(100))), one_day(2, date(2025, 11, 4), [None] * 3 + [1] * 93)])
    block = dense(days, cut)
    assert block.channels.tolist() == [2, 4]
    assert block.whole_days().tolist() == [[False, False, False], [True, False, False]]
    assert block.day_totals().tolist() == [[0, 0, 93], [4950, 0, 0]]
    again = block.channel_days()
    for name in ("channels", "days", "offsets", "values", "quality"):
        assert getattr(again, name).tolist() == getattr(days, name).tolist()
