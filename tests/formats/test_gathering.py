"""Readings gathered by channel, in order, on one scale."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.formats.gathering import Gathering, Series
from lamplighter.formats.meterdata import Identity, ReadKind
from lamplighter.formats.refusals import Findings
from lamplighter.formats.walltime import WallClock
from lamplighter.kernel.energy import Commodity, Flow, Measure, Quality, Unit
from tests.formats.samples import PACIFIC

MISSING = int(Quality.MISSING)


def series(name="A", kind=ReadKind.INTERVAL, power=3):
    return Series(Identity(name), Commodity.ELECTRICITY, Flow.DELIVERED, Unit.WH, power, kind, 3600)


@pytest.fixture
def found():
    return Findings("file")


@pytest.fixture
def gathering(found):
    return Gathering(found)


def add(gathering, starts, values, *, of=None, places=0, quality=0, lines=1, seconds=3600):
    number = gathering.series(of or series())
    gathering.add(number, starts, seconds=seconds, values=values, places=places, quality=quality, lines=lines)


def codes(found):
    return [finding.code for finding in found.findings()]


def test_channels_come_in_the_order_in_which_they_were_met_and_readings_in_order_of_time(gathering):
    add(gathering, [7200, 0], [3, 1], of=series("B"))
    add(gathering, [0], [9], of=series("A"))
    add(gathering, [3600], [2], of=series("B"))
    first, second = gathering.channels()
    assert (first.identity.id, first.counts.tolist()) == ("B", [1, 2, 3])
    assert (second.identity.id, second.counts.tolist()) == ("A", [9])


def test_the_finest_decimal_place_holds_every_value_exactly(gathering):
    add(gathering, [0, 3600, 7200], [15, 7, 1], places=[1, 0, 3])
    (channel,) = gathering.channels()
    assert channel.measure == Measure(Unit.WH, 0)
    assert channel.counts.tolist() == [1500, 7000, 1]


@given(st.lists(st.tuples(st.integers(-(10**12), 10**12), st.integers(0, 6)), min_size=1, max_size=40))
def test_no_value_changes_when_scales_are_brought_together(values):
    gathering = Gathering(Findings())
    add(gathering, np.arange(len(values)) * 3600, [v for v, _ in values], places=[p for _, p in values])
    (channel,) = gathering.channels()
    assert [channel.measure.value(int(count)) for count in channel.counts] == [
        Decimal(value).scaleb(3 - places) for value, places in values
    ]


def test_one_reading_with_too_many_digits_does_not_take_the_others_with_it(gathering, found):
    add(gathering, [0, 3600, 7200], [12, 34, 1], places=[0, 0, 18], lines=[1, 2, 3])
    (channel,) = gathering.channels()
    assert channel.counts.tolist() == [12, 34]
    assert [(finding.code, finding.place.line) for finding in found.findings()] == [("readings.digits", 3)]


def test_one_enormous_reading_does_not_either(gathering, found):
    add(gathering, [0, 3600, 7200], [9 * 10**18, 1001, 2002], places=[0, 3, 3])
    (channel,) = gathering.channels()
    assert channel.counts.tolist() == [1001, 2002]
    assert codes(found) == ["readings.digits"]


def test_the_same_reading_twice_is_kept_once_and_told(gathering, found):
    add(gathering, [0, 3600], [15, 2], lines=[1, 2], places=[1, 0])
    add(gathering, [0], [150], places=2, lines=9)
    (channel,) = gathering.channels()
    assert channel.readings == 2
    (finding,) = found.findings()
    assert (finding.code, finding.place.line) == ("readings.repeated", 9)
    assert "line 1" in finding.message


def test_another_reading_for_the_same_time_waits_for_a_person(gathering, found):
    add(gathering, [0, 3600], [1, 2], lines=[1, 2])
    add(gathering, [0], [7], lines=9)
    (channel,) = gathering.channels()
    assert channel.counts.tolist() == [1, 2]
    assert codes(found) == ["readings.conflict"]


def test_a_value_takes_the_place_of_a_missing_one_without_a_word(gathering, found):
    add(gathering, [0], [0], quality=MISSING)
    add(gathering, [0], [7])
    (channel,) = gathering.channels()
    assert (channel.counts.tolist(), channel.missing) == ([7], 0)
    assert codes(found) == []


def test_a_register_may_be_read_again_at_the_same_time_with_the_same_figure(gathering, found):
    add(gathering, [0, 3600], [10, 20], of=series(kind=ReadKind.REGISTER), seconds=0)
    add(gathering, [3600, 7200], [20, 30], of=series(kind=ReadKind.REGISTER), seconds=0, quality=8)
    (channel,) = gathering.channels()
    assert channel.counts.tolist() == [10, 20, 30]
    assert codes(found) == []


def test_neighbours_of_one_beginning_are_kept_where_the_format_writes_clock_changes_so(found):
    gathering = Gathering(found, keep_neighbours=True)
    add(gathering, [0, 3600, 3600, 7200], [1, 2, 3, 4])
    add(gathering, [0], [1])
    (channel,) = gathering.channels()
    assert channel.counts.tolist() == [1, 2, 3, 4]
    assert codes(found) == ["readings.same-time", "readings.repeated"]


def test_labels_become_instants_when_a_channel_is_complete(found):
    gathering = Gathering(found, WallClock(PACIFIC))
    twice = 1_762_045_200  # 2 November 2025, 01:00 on the wall
    add(gathering, [twice], [1])
    add(gathering, [twice], [2])
    (channel,) = gathering.channels()
    assert np.diff(channel.starts).tolist() == [3600]


def test_times_out_of_the_world_are_left_out(gathering, found):
    add(gathering, [-5, 0, 99_999_999_999], [1, 2, 3])
    (channel,) = gathering.channels()
    assert channel.counts.tolist() == [2]
    assert codes(found) == ["readings.time", "readings.time"]


def test_nothing_gathered_is_no_channel(gathering):
    assert gathering.channels() == ()


def test_only_the_first_findings_of_a_kind_are_put_in_words():
    found = Findings("file", limit=3)
    for line in range(10):
        found.error("a.kind", "It is wrong.", line=line)
    found.warning("another", "It is odd.")
    assert codes(found) == ["a.kind"] * 3 + ["another", "a.kind"]
    assert "7 more" in found.findings()[-1].message
    assert found.errors == 10
