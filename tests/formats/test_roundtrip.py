"""What is written is read again as it was."""

from __future__ import annotations

from datetime import UTC

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lamplighter.formats.cmep.writer import write_cmep
from lamplighter.formats.espi.clocks import local_time
from lamplighter.formats.espi.writer import write_espi
from lamplighter.formats.meterdata import Format, Identity, ReadKind
from lamplighter.formats.nem.writer import write_nem12
from lamplighter.formats.reading import read_bytes
from lamplighter.formats.settings import Settings
from lamplighter.formats.walltime import zone_named
from lamplighter.kernel.energy import Commodity, Flow, Measure, Quality, Unit
from tests.formats.samples import FEED, MADE_AT, PACIFIC, channel, epoch, readings

MISSING = int(Quality.MISSING)
COUNTS = st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=60)
AUTUMN, SPRING = epoch("2025-11-02T05:00Z"), epoch("2025-03-09T06:00Z")


def same(written, read):
    (file,) = read
    assert file.findings == ()
    assert [readings(one) for one in file.channels] == [readings(one) for one in written]


@st.composite
def espi_channels(draw):
    counts = draw(COUNTS)
    gaps = draw(st.lists(st.sampled_from([0, 0, 0, 900, 7200]), min_size=len(counts), max_size=len(counts)))
    seconds = draw(st.lists(st.sampled_from([900, 900, 900, 1800]), min_size=len(counts), max_size=len(counts)))
    starts = AUTUMN + np.cumsum([0, *(gap + length for gap, length in zip(gaps, seconds, strict=True))])[:-1]
    qualities = [int(quality) for quality in Quality if quality is not Quality.MISSING]
    electricity, gas = Commodity.ELECTRICITY, Commodity.GAS
    commodity, unit = draw(
        st.sampled_from([(electricity, Unit.WH), (electricity, Unit.VARH), (gas, Unit.THERM), (gas, Unit.WH)])
    )
    costs = draw(st.none() | st.lists(st.integers(-1000, 10**9), min_size=len(counts), max_size=len(counts)))
    return channel(
        counts,
        starts=starts,
        seconds=seconds,
        interval=900,
        quality=draw(st.lists(st.sampled_from(qualities), min_size=len(counts), max_size=len(counts))),
        measure=Measure(unit, draw(st.sampled_from([-3, 0, 3]))),
        flow=draw(st.sampled_from(Flow)),
        commodity=commodity,
        cost=costs,
        currency="" if costs is None else "840",
    )


@given(espi_channels())
@settings(max_examples=60)
def test_green_button(one):
    same([one], read_bytes(write_espi([one], FEED)))


def test_green_button_with_several_points_and_a_register():
    used = channel([5, 6], identity=Identity("a", "M1", "P1"))
    sold = channel([1, 2], identity=Identity("b", "M1", "P1"), flow=Flow.RECEIVED)
    dial = channel(
        [10, 20, 30], identity=Identity("c", "M2", "P2"), kind=ReadKind.REGISTER, measure=Measure(Unit.WH, 3)
    )
    (file,) = read_bytes(write_espi([used, sold, dial], FEED))
    assert [readings(one) for one in file.channels] == [readings(one) for one in (used, sold, dial)]
    assert len({one.identity.point for one in file.channels}) == 2


def test_green_button_leaves_out_what_is_missing():
    (file,) = read_bytes(write_espi([channel([1, 0, 3], quality=[0, MISSING, 0])], FEED))
    assert file.channels[0].counts.tolist() == [1, 3]
    assert [spell.seconds for spell in file.channels[0].gaps()] == [3600]


def test_green_button_has_its_own_powers_of_ten():
    (file,) = read_bytes(write_espi([channel([7], measure=Measure(Unit.WH, 5))], FEED))
    assert file.channels[0].measure == Measure(Unit.WH, 3)
    assert file.channels[0].counts.tolist() == [700]


def test_the_ids_of_a_feed_stay_the_same_and_name_nobody():
    one = channel([1], identity=Identity("METER-77/KWH", "METER-77", "premise of Ada"))
    first, second = (write_espi([one], FEED) for _ in range(2))
    assert first == second
    assert b"METER-77" not in first
    assert b"Ada" not in first


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (channel([2**47]), "48 bits"),
        (channel([1], measure=Measure(Unit.WH, -13)), "power of ten"),
    ],
)
def test_green_button_refuses_what_it_cannot_say(one, message):
    with pytest.raises(ValueError, match=message):
        write_espi([one], FEED)


@pytest.mark.parametrize(
    ("zone", "start_rule", "end_rule", "offset", "dst"),
    [
        ("America/New_York", "360E2000", "B40E2000", -18_000, 3600),
        ("America/Los_Angeles", "360E2000", "B40E2000", -28_800, 3600),
        ("Europe/Berlin", "3E0E2000", "AE0E3000", 3600, 3600),
        ("America/Phoenix", "FFFFFFFF", "FFFFFFFF", -25_200, 0),
        ("UTC", "FFFFFFFF", "FFFFFFFF", 0, 0),
    ],
)
def test_the_clock_of_the_place_is_told_by_the_rules_of_the_standard(zone, start_rule, end_rule, offset, dst):
    clock = local_time(zone_named(zone), epoch("2025-01-15T00:00Z"))
    assert (clock.start_rule, clock.end_rule, clock.offset, clock.dst_offset) == (start_rule, end_rule, offset, dst)


@st.composite
def cmep_channels(draw):
    counts = draw(COUNTS)
    kind = draw(st.sampled_from(ReadKind))
    quality = draw(
        st.lists(st.sampled_from([0, 7, 8, 11, 14, 17, MISSING]), min_size=len(counts), max_size=len(counts))
    )
    unit, power, commodity = draw(
        st.sampled_from(
            [
                (Unit.WH, 0, Commodity.ELECTRICITY),
                (Unit.WH, 3, Commodity.ELECTRICITY),
                (Unit.VARH, 1, Commodity.ELECTRICITY),
                (Unit.CUBIC_FOOT, -1, Commodity.WATER),
                (Unit.CUBIC_FOOT, 2, Commodity.GAS),
                (Unit.US_GALLON, 0, Commodity.WATER),
            ]
        )
    )
    interval = draw(st.sampled_from([300, 900, 3600]))
    return channel(
        [0 if code == MISSING else count for count, code in zip(counts, quality, strict=True)],
        starts=draw(st.sampled_from([AUTUMN, SPRING])) + np.arange(len(counts)) * interval,
        interval=interval,
        quality=quality,
        measure=Measure(unit, power),
        kind=kind,
        flow=draw(st.sampled_from(Flow)),
        commodity=commodity,
    )


@given(cmep_channels(), st.sampled_from([UTC, PACIFIC]))
@settings(max_examples=150)
def test_cmep_through_both_changes_of_the_clock(one, zone):
    assume(not (one.kind is ReadKind.REGISTER and zone is PACIFIC))  # registers have no interval to tell the hour by
    text = write_cmep([one], made_at=MADE_AT, sender="LAMP", zone=zone)
    (file,) = read_bytes(text.encode(), settings=Settings(Format.CMEP, zone))
    (back,) = file.channels
    expected, found = readings(one), readings(back)
    if not any(quality != MISSING for quality in expected["quality"]):  # no number shows how fine the numbers are
        expected["measure"] = found["measure"]
    assert found == expected
    assert back.identity.meter == one.identity.meter


def test_cmep_refuses_what_it_cannot_say():
    for one, message in (
        (channel([1], measure=Measure(Unit.CELSIUS)), "no name"),
        (channel([1, 2], seconds=[3600, 7200]), "one duration"),
        (channel([1], quality=[Quality.WEATHER_NORMALISED]), "no flag"),
    ):
        with pytest.raises(ValueError, match=message):
            write_cmep([one], made_at=MADE_AT, sender="X")


@st.composite
def nem_channels(draw):
    interval = draw(st.sampled_from([300, 900, 1800]))
    size = 86_400 // interval * draw(st.integers(1, 3))
    quality = [0] * size
    for _ in range(draw(st.integers(0, 3))):
        begin = draw(st.integers(0, size - 1))
        end = draw(st.integers(begin, size))
        quality[begin:end] = [draw(st.sampled_from([7, 8, 9, 11, 12, MISSING]))] * (end - begin)
    counts = draw(st.lists(st.integers(0, 10**6), min_size=8, max_size=8))
    values = [0 if code == MISSING else counts[i % 8] for i, code in enumerate(quality)]
    suffix, flow = draw(st.sampled_from([("E1", Flow.DELIVERED), ("B1", Flow.RECEIVED)]))
    return channel(
        values,
        start="2025-02-28T14:00Z",
        interval=interval,
        quality=quality,
        measure=Measure(Unit.WH, draw(st.sampled_from([0, 1, 3]))),
        flow=flow,
        identity=Identity(f"N1/{suffix}", "SER1", "N1", suffix),
    )


@given(nem_channels())
@settings(max_examples=60)
def test_nem12(one):
    text = write_nem12([one], made_at=MADE_AT, sender="LAMP", receiver="R")
    (file,) = read_bytes(text.encode())
    (back,) = file.channels
    expected = readings(one)
    if one.readings == 0:
        expected["measure"] = back.measure
    assert readings(back) == expected
    assert back.identity == one.identity
    assert file.findings == ()


def test_nem12_fills_a_day_that_is_not_whole_with_what_is_missing():
    one = channel([5, 6], start="2025-02-28T15:00Z", interval=1800, identity=Identity("N1/E1", "N1", "N1", "E1"))
    (file,) = read_bytes(write_nem12([one], made_at=MADE_AT, sender="A", receiver="B").encode())
    assert (file.channels[0].readings, file.channels[0].missing) == (2, 46)


def test_nem12_refuses_what_it_cannot_say():
    for one, message in (
        (channel([1], kind=ReadKind.REGISTER), "divide a day"),
        (channel([1, 2], interval=1800, seconds=[1800, 3600]), "one of each interval"),
        (channel([1], interval=1800, quality=[Quality.MIXED]), "no code"),
    ):
        with pytest.raises(ValueError, match=message):
            write_nem12([one], made_at=MADE_AT, sender="A", receiver="B")
