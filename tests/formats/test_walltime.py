"""The clock on the wall, turned into instants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.formats.walltime import Marks, WallClock, months_before, time_label, zone_named
from tests.formats.samples import epoch

PACIFIC = ZoneInfo("America/Los_Angeles")
ONE = np.array([0])


def labels(*texts):
    return np.array([time_label(text) for text in texts], np.int64)


def starts(clock, written, seconds):
    found, never = clock.starts(labels(*written), np.full(len(written), seconds), ONE)
    return [f"{datetime.fromtimestamp(at, UTC):%d %H:%M}" for at in found.tolist()], never.tolist()


def test_the_hour_that_occurs_twice_is_told_apart_by_the_order_of_the_readings():
    day = ["202511020000", "202511020100", "202511020100", "202511020200"]
    assert starts(WallClock(PACIFIC), day, 3600)[0] == ["02 07:00", "02 08:00", "02 09:00", "02 10:00"]


def test_quarters_of_the_doubled_hour_follow_each_other():
    day = [f"2025110201{quarter}" for quarter in ("00", "15", "30", "45")] * 2
    found, _ = starts(WallClock(PACIFIC), day, 900)
    assert found == ["02 08:00", "02 08:15", "02 08:30", "02 08:45", "02 09:00", "02 09:15", "02 09:30", "02 09:45"]


def test_a_file_in_falling_order_is_understood_too():
    day = ["202511020200", "202511020100", "202511020100", "202511020000"]
    assert starts(WallClock(PACIFIC), day, 3600)[0] == ["02 10:00", "02 09:00", "02 08:00", "02 07:00"]


@pytest.mark.parametrize(
    "day",
    [
        ["202511020000", "202511020100", "202511020100", "202511020200", "202511020300"],  # the clock at each end
        ["202511020000", "202511020100", "202511020200", "202511020200", "202511020300"],  # the beginning and an hour
    ],
)
def test_ends_of_the_doubled_hour_are_labelled_in_either_of_two_ways(day):
    found, never = starts(WallClock(PACIFIC, Marks.END), day, 3600)
    assert found == ["02 06:00", "02 07:00", "02 08:00", "02 09:00", "02 10:00"]
    assert not any(never)


@pytest.mark.parametrize("label", ["202503090200", "202503090300"])
def test_the_interval_before_clocks_go_forward_may_end_at_two_or_at_three(label):
    found, never = starts(WallClock(PACIFIC, Marks.END), ["202503090100", label, "202503090400"], 3600)
    assert found == ["09 08:00", "09 09:00", "09 10:00"]
    assert not any(never)


def test_an_hour_that_never_was_is_noticed():
    _, never = starts(WallClock(PACIFIC), ["202503090100", "202503090200", "202503090300"], 3600)
    assert never == [False, True, False]


def test_each_channel_has_an_order_of_its_own():
    twice = labels("202511020100", "202511020100")
    found, _ = WallClock(PACIFIC).starts(twice, np.array([3600, 3600]), np.array([0, 1]))
    assert found[0] == found[1]


@given(
    st.sampled_from(["America/Los_Angeles", "Australia/Lord_Howe", "Europe/Dublin", "America/Phoenix", "+05:30"]),
    st.integers(epoch("2005-01-01T00:00Z") // 3600, epoch("2030-01-01T00:00Z") // 3600),
    st.sampled_from([300, 900, 1800, 3600]),
    st.sampled_from(Marks),
)
def test_the_labels_of_a_week_of_readings_lead_back_to_them(name, hour, step, marks):
    zone = zone_named(name)
    truth = hour * 3600 + np.arange(7 * 86_400 // step) * step
    marked = truth + step if marks is Marks.END else truth
    walls = [
        (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at)).astimezone(zone).replace(tzinfo=UTC).timestamp()
        for at in marked.tolist()
    ]
    found, never = WallClock(zone, marks).starts(np.array(walls, np.int64), np.full(len(truth), step), ONE)
    assert not never.any()
    assert found.tolist() == truth.tolist()


def test_later_on_the_clock_counts_the_seconds_that_really_pass():
    clock = WallClock(PACIFIC)
    six_hours = clock.later(labels("202503090000"), np.array([6 * 3600]))
    assert six_hours.tolist() == labels("202503090700").tolist()
    assert clock.between(labels("202511020000"), labels("202511030000")).tolist() == [90_000]


def test_a_month_before_the_31st_is_the_last_day_of_a_shorter_month():
    assert months_before(labels("202503310600"), 1).tolist() == labels("202502280600").tolist()
    assert months_before(labels("202501150000"), 2).tolist() == labels("202411150000").tolist()


@pytest.mark.parametrize(
    ("text", "same"),
    [("20250131", "202501310000"), ("202501312400", "202502010000"), ("20250131081530", "20250131081530")],
)
def test_times_are_read_with_and_without_seconds_and_to_the_end_of_the_day(text, same):
    assert time_label(text) == time_label(same) is not None


@pytest.mark.parametrize("text", ["", "2025013", "20250230", "202501012401", "202501019900", "2025-01-01", "٢٠٢٥٠١٠١"])
def test_what_is_no_time_is_none(text):
    assert time_label(text) is None


@pytest.mark.parametrize(("name", "hours"), [("UTC", 0), ("z", 0), ("+10:00", 10), ("UTC-8", -8), ("-0330", -3.5)])
def test_a_zone_may_be_a_fixed_offset(name, hours):
    assert zone_named(name).utcoffset(datetime(2025, 7, 1, tzinfo=UTC)) == timedelta(hours=hours)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "+25:00", "../etc/passwd", "\0"])
def test_a_zone_that_is_none_is_refused_in_words(name):
    with pytest.raises(ValueError, match="no time zone"):
        zone_named(name)
