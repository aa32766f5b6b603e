"""A year of meter events as power quality: ranges, dips, outages, and the feeder beside a point."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.formats.network.messages import EventKind, Happened, Notice, Power
from lamplighter.network.models import MeterEvent
from lamplighter.network.queries.quality import beside_feeder, power_record
from lamplighter.network.rules.quality import (
    BASES,
    Counts,
    Dip,
    Outage,
    Range,
    Said,
    Word,
    base_of,
    by_depth,
    counts,
    indices,
    outages,
    voltage,
)
from lamplighter.network.types import Protocol
from lamplighter.premises.models import ServicePoint
from tests.network.air import QUIET
from tests.network.conftest import build

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
AT_120 = BASES[0]


def minutes(count) -> timedelta:
    return timedelta(minutes=count)


def lost(at):
    return Word(NOON + minutes(at), Said.LOST)


def back(at, seconds=None):
    return Word(NOON + minutes(at), Said.BACK, seconds)


def seen(at):
    return Word(NOON + minutes(at), Said.THERE)


def dip(percent, seconds, *, high=False):
    told = [None if value is None else Decimal(value) for value in (percent, seconds)]
    return Dip(NOON, high, None, *told)


@pytest.mark.parametrize(
    ("volts", "expected"),
    [("114", Range.A), ("126", Range.A), ("113.9", Range.B_LOW), ("110", Range.B_LOW), ("109.9", Range.LOW),
     ("126.1", Range.B_HIGH), ("127", Range.B_HIGH), ("127.1", Range.HIGH)],
)  # fmt: skip
def test_ranges_of_120_volts_are_those_of_ansi_c84_1(volts, expected):
    assert AT_120.range_of(Decimal(volts)) is expected


@pytest.mark.parametrize(("volts", "nominal"), [("121", 120), ("205", 208), ("236", 240), ("281", 277), ("471", 480)])
def test_the_nominal_voltage_is_the_one_nearest_to_the_middle_of_the_readings(volts, nominal):
    assert base_of([Decimal(volts), Decimal(volts), Decimal(1000)]).volts == nominal


def test_shares_of_the_ranges_add_up():
    found = voltage([Decimal(one) for one in ("120", "118", "112", "128")], AT_120)
    assert [found.share(one) for one in Range] == [50, 25, 0, 0, 25]
    assert (found.low, found.middle, found.high) == (112, 119, 128)
    assert voltage([], AT_120) is None


@pytest.mark.parametrize(
    ("percent", "seconds", "ridden"),
    [("0", "0.02", True), ("69.9", "0.4", False), ("70", "0.5", True), ("77.5", "2", False), ("80", "10", True),
     ("89.9", "11", False), ("90", "3600", True), (None, "2", None), ("50", None, None)],
)  # fmt: skip
def test_what_electronics_ride_through_is_the_itic_curve(percent, seconds, ridden):
    assert dip(percent, seconds).ridden is ridden


def test_a_swell_is_ridden_through_up_to_110_percent_for_good():
    assert dip("110", "60", high=True).ridden
    assert dip("119", "0.5", high=True).ridden
    assert dip("111", "0.6", high=True).ridden is False


def test_a_sag_lacks_what_brings_it_to_the_curve():
    assert dip("77.5", "2").lacks == pytest.approx((80 / 77.5 - 1) * 100)
    assert dip("90", "2").lacks is None
    assert dip("130", "2", high=True).lacks is None


def test_sags_are_counted_by_depth_and_length_and_what_was_not_told_by_itself():
    found = by_depth([dip("77.5", "2"), dip("79", "0.4"), dip("90", "2"), dip(None, "2"), dip("30", None)])
    assert found == [
        ("Under 40%", {"to 0.5 s": 0, "to 10 s": 0, "to 1 min": 0, "longer": 0, "Not told": 1}),
        ("70 to 80%", {"to 0.5 s": 1, "to 10 s": 1, "to 1 min": 0, "longer": 0, "Not told": 0}),
        ("90 to 110%", {"to 0.5 s": 0, "to 10 s": 1, "to 1 min": 0, "longer": 0, "Not told": 0}),
        ("Not told", {"to 0.5 s": 0, "to 10 s": 1, "to 1 min": 0, "longer": 0, "Not told": 0}),
    ]


def test_power_lost_and_back_is_an_outage_however_often_it_is_told():
    (one,) = outages([back(131), lost(0), lost(1)])
    assert one == Outage(NOON, NOON + minutes(131))
    assert one.minutes == 131


def test_power_back_without_a_gasp_began_as_long_ago_as_the_meter_says():
    assert outages([back(60, Decimal(1800))])[0].minutes == 30
    (unknown,) = outages([back(60)])
    assert (unknown.began, unknown.minutes, unknown.momentary) == (None, None, False)


def test_a_gasp_without_power_back_ends_when_the_meter_is_seen_with_power():
    (one,) = outages([lost(0), seen(400), seen(900)])
    assert (one.minutes, one.seen) == (400, True)
    (still,) = outages([seen(-5), lost(0)])
    assert still.ended is None


def test_up_to_five_minutes_is_momentary():
    found = outages([lost(0), back(5), lost(10), back(15.1), lost(30)])
    assert counts(found) == Counts(sustained=2, momentary=1, minutes=Decimal(306) / 60, unknown=1)


def test_indices_are_over_all_customers():
    calm, bad = Counts(0, 1, Decimal(0), 0), Counts(4, 0, Decimal(90), 0)
    found = indices([calm, calm, bad])
    assert (found.saifi, found.saidi, found.maifi, found.cemi3) == (
        Decimal(4) / 3, 30, Decimal(2) / 3, Decimal(100) / 3)  # fmt: skip


WORDS = st.lists(
    st.builds(Word, st.integers(0, 10_000).map(lambda m: NOON + minutes(m)), st.sampled_from(list(Said))), max_size=40
)


@given(WORDS)
def test_outages_never_overlap_and_only_the_last_may_be_open(words):
    found = outages(words)
    ends = [one.ended for one in found]
    assert all(ends[:-1])
    assert all(one.began <= one.ended for one in found if one.began and one.ended)
    known = [(one.began or one.ended, one.ended) for one in found]
    assert all(known[i][1] <= known[i + 1][0] for i in range(len(known) - 1))


def test_what_a_meter_measured_of_an_event_is_kept_in_every_protocol(world):
    badge = world.meter("Ada").badge
    told = Happened(badge, EventKind.LOW_VOLTAGE, world.now, words="sag", volts=Decimal("93.2"), seconds=Decimal("2.4"))
    if world.head_end.protocol == Protocol.IEC_61968:
        told = Happened(badge, told.kind, told.at, "3.26.38.223", told.words, told.volts, told.seconds)
    assert world.tells(Notice("m-1", "", (told,))) == [200]
    event = MeterEvent.objects.get()
    assert (event.volts, event.seconds, event.words) == (Decimal("93.2"), Decimal("2.4"), "sag")


def test_a_figure_that_is_none_or_beyond_measure_is_left_out_and_the_event_kept(quiet):
    badge = quiet.meter("Ada").badge
    told = [
        Happened(badge, EventKind.LOW_VOLTAGE, quiet.now + minutes(i), volts=volts, seconds=Decimal(1))
        for i, volts in enumerate((Decimal("1e9"), Decimal(-3)))
    ]
    quiet.tells(Notice("m-1", "", tuple(told)))
    assert [event.volts for event in MeterEvent.objects.all()] == [None, None]


@pytest.fixture
def street(db, monkeypatch):
    """Eight homes on one feeder."""
    world = build(monkeypatch, Protocol.MULTISPEAK_4, QUIET, homes=8)
    ServicePoint.objects.update(feeder="Dock 102")
    return world


def tell(world, *said):
    assert world.tells(Notice(f"m-{next(world.serial)}", "", said)) == [200]


def point_of(world, who):
    return ServicePoint.objects.get(installations__meter=world.meter(who))


def test_a_points_record_is_what_its_meter_told_in_the_year(street):
    badge, now = street.meter("Ada").badge, street.now
    tell(street, Power(badge, on=True, at=now, volts=Decimal("112.4")))
    sag = Happened(badge, EventKind.LOW_VOLTAGE, now - minutes(90), volts=Decimal(93), seconds=Decimal(2))
    tell(street, sag, Happened(badge, EventKind.LAST_GASP, now - minutes(80)),
         Happened(badge, EventKind.RESTORED, now - minutes(20)),
         Happened(badge, EventKind.LAST_GASP, now - timedelta(days=400)))  # fmt: skip
    found = power_record(point_of(street, "Ada"), since=now - timedelta(days=365), until=now + minutes(1))
    assert [one.volts for one in found.readings] == [Decimal("112.4")]
    assert [(one.percent, one.seconds) for one in found.dips] == [(Decimal("77.5"), 2)]
    assert found.counts == Counts(1, 0, Decimal(60), 0)
    assert found.first == now - minutes(90)


def test_a_gasp_is_closed_by_the_next_ping_that_finds_power(street):
    badge, now = street.meter("Ada").badge, street.now
    tell(street, Happened(badge, EventKind.LAST_GASP, now - minutes(80)))
    tell(street, Power(badge, on=True, at=now))
    found = power_record(point_of(street, "Ada"), since=now - timedelta(days=365), until=now + minutes(1))
    assert [(one.minutes, one.seen) for one in found.outages] == [(80, True)]


def test_the_feeder_beside_a_point_is_its_other_customers_and_nothing_below_five(street):
    now, since = street.now, street.now - timedelta(days=365)
    others = [who for who in street.homes if who != "Ada"]
    for who in others[:2]:
        badge = street.meter(who).badge
        tell(street, Happened(badge, EventKind.LAST_GASP, now - minutes(80)),
             Happened(badge, EventKind.RESTORED, now - minutes(10)))  # fmt: skip
    own = Counts(0, 0, Decimal(0), 0)
    found = beside_feeder(point_of(street, "Ada"), own, since=since, until=now)
    assert (found.indices.customers, found.indices.saidi, found.worse) == (7, 20, 2)
    ServicePoint.objects.exclude(installations__meter__in=[street.meter(who) for who in [*others[:4], "Ada"]]).update(
        feeder="Otis 201")  # fmt: skip
    assert beside_feeder(point_of(street, "Ada"), own, since=since, until=now) is None
