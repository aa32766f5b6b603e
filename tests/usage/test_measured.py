"""Use by columns, exactly, and from registers: they agree, and say what is missing."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.energy import Flow, Quality
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.periods import Period
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel
from lamplighter.platform.transactions import unit_of_work
from lamplighter.premises import operations as premises
from lamplighter.rating.determinants import Ask, DemandWindow, Determinant, What
from lamplighter.rating.hours import Clock, TouPeriod, Window
from lamplighter.usage.measuring import PointUse, Wanted
from lamplighter.usage.models import IgnoredRevision, Publication
from lamplighter.usage.operations.publishing import publish
from lamplighter.usage.operations.registers import CannotRecordRead, ReadIn, correct_read, record_reads
from lamplighter.usage.queries.measured import measured
from lamplighter.usage.queries.published import published
from tests.usage.conftest import AT, DANA, MARCH, ZONE, kwh

pytestmark = pytest.mark.django_db
PEAK = Clock("tou", (TouPeriod("on", "On peak", (Window(16 * 60, 21 * 60),)), TouPeriod("off", "Off peak")))
TOTAL = Determinant(What.KWH)
ON_PEAK = Determinant(What.KWH, clock=PEAK, periods=("on",))
KW = Determinant(What.KW, window=DemandWindow(15))
KW_HOUR = Determinant(What.KW, window=DemandWindow(60), clock=PEAK, periods=("on",))
EVERY = (TOTAL, ON_PEAK, KW, KW_HOUR)


def want(metered, *determinants, period=MARCH, points=None):
    uses = points or (PointUse(metered.place.point.pk, 1, period),)
    return Wanted("a", uses, period, tuple(Ask(d, period) for d in determinants))


def values(answer):
    return {ask.determinant: value for ask, value in answer.values.items()}


def test_the_short_day_of_march_has_an_hour_less(metered):
    (channel,) = metered.meter("E-1", kwh())
    metered.counts(channel, MARCH, 250)
    (answer,) = measured([want(metered, *EVERY)])
    assert answer.method == "columns"
    assert values(answer) == {
        TOTAL: Decimal(743), ON_PEAK: Decimal(31 * 5), KW: Decimal(1), KW_HOUR: Decimal(1),
    }  # fmt: skip


def test_a_multiplier_counts(metered):
    (channel,) = metered.meter("E-1", kwh(), multiplier=40)
    metered.counts(channel, MARCH, 250)
    (answer,) = measured([want(metered, TOTAL, KW)])
    assert values(answer) == {TOTAL: Decimal(743 * 40), KW: Decimal(40)}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_columns_and_the_plain_way_agree(metered, data):
    with unit_of_work(DANA):
        (channel,) = metered.meter(f"E-{Publication.objects.count()}", kwh(), point=new_point(metered))
        slots = slot_calendar(MARCH, seconds=900, zone=ZONE).slots
        rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
        metered.counts(channel, MARCH, rng.integers(0, 20000, slots))
        start = MARCH.start + timedelta(days=data.draw(st.integers(0, 12)))
        part = Period(start, start + timedelta(days=data.draw(st.integers(1, 18))))
        uses = (PointUse(channel.meter.installations.get().point_id, 1, MARCH),)
        asks = tuple(Ask(d, p) for d in EVERY for p in (MARCH, part))
        wanted = [Wanted("a", uses, MARCH, asks)]
        assert measured(wanted)[0].values == measured(wanted, exact=True)[0].values


def new_point(metered):
    return premises.add_service_point(premise=metered.place.premise, by=DANA, at=AT)


def test_missing_is_never_zero(metered):
    (channel,) = metered.meter("E-1", kwh())
    metered.counts(channel, Period(date(2026, 3, 1), date(2026, 3, 20)), 250)
    (answer,) = measured([want(metered, TOTAL)])
    assert answer.values == {}
    assert "1,152 of 2,972 readings of meter E-1" in answer.findings[0].message
    (exact,) = measured([want(metered, TOTAL)], exact=True)
    assert exact.findings[0].code == "usage.missing"


def test_estimates_are_counted(metered):
    (channel,) = metered.meter("E-1", kwh())
    metered.counts(channel, Period(date(2026, 3, 1), date(2026, 3, 31)), 250)
    metered.counts(channel, Period(date(2026, 3, 31), date(2026, 4, 1)), 500, quality=Quality.ESTIMATED_LINEAR)
    for exact in (False, True):
        (answer,) = measured([want(metered, TOTAL)], exact=exact)
        assert (answer.estimated, answer.estimated_kwh) == (True, Decimal(48))


def test_an_exchange_at_noon_is_added_up(metered):
    noon = midnight(date(2026, 3, 15), ZONE) + timedelta(hours=12)
    (old,) = metered.meter("E-1", kwh())
    metering.remove(meter=old.meter, at=noon, by=DANA, recorded_at=AT)
    (new,) = metered.meter("E-2", kwh(), at=noon, multiplier=2)
    metered.counts(old, MARCH, 250)
    metered.counts(new, MARCH, 250)
    (answer,) = measured([want(metered, TOTAL, KW)])
    before = (noon - midnight(date(2026, 3, 1), ZONE)) / timedelta(hours=1)
    assert answer.method == "exact"
    assert values(answer) == {TOTAL: Decimal(int(before + 2 * (743 - before))), KW: Decimal(2)}


def test_two_meters_are_totalised_before_the_maximum(metered):
    first, second = new_point(metered), new_point(metered)
    (a,), (b,) = metered.meter("E-1", kwh(), point=first), metered.meter("E-2", kwh(), point=second)
    slots = slot_calendar(MARCH, seconds=900, zone=ZONE).slots
    morning, evening = np.zeros(slots, dtype=np.int64), np.zeros(slots, dtype=np.int64)
    morning[40], evening[60], evening[40] = 1000, 1000, 500
    metered.counts(a, MARCH, morning)
    metered.counts(b, MARCH, evening)
    both = (PointUse(first.pk, 1, MARCH), PointUse(second.pk, 1, MARCH))
    (answer,) = measured([want(metered, TOTAL, KW, points=both)])
    assert values(answer) == {TOTAL: Decimal("2.5"), KW: Decimal(6)}
    less = (PointUse(first.pk, 1, MARCH), PointUse(second.pk, -1, MARCH))
    (answer,) = measured([want(metered, TOTAL, points=less)])
    assert values(answer) == {TOTAL: Decimal("-0.5")}


def test_solar_has_two_channels(metered):
    delivered, received = metered.meter("E-1", kwh(), kwh(name="kWh received", flow=Flow.RECEIVED))
    metered.counts(delivered, MARCH, 250)
    metered.counts(received, MARCH, 100)
    sent = Determinant(What.KWH, Flow.RECEIVED)
    for exact in (False, True):
        (answer,) = measured([want(metered, TOTAL, sent)], exact=exact)
        assert values(answer) == {TOTAL: Decimal(743), sent: Decimal("297.2")}


def test_a_correction_is_a_newer_revision_and_the_old_one_can_be_asked_for(metered):
    (channel,) = metered.meter("E-1", kwh())
    first = metered.counts(channel, MARCH, 250)
    metered.counts(channel, Period(date(2026, 3, 2), date(2026, 3, 3)), 500)
    (now,), (then,) = measured([want(metered, TOTAL)]), measured([want(metered, TOTAL)], as_of=first.revision)
    assert values(now) == {TOTAL: Decimal(767)}
    assert values(then) == {TOTAL: Decimal(743)}


def test_what_was_rolled_back_is_never_read(metered):
    (channel,) = metered.meter("E-1", kwh())
    metered.counts(channel, MARCH, 250)

    class Undone(Exception):
        pass

    with pytest.raises(Undone), unit_of_work(DANA):
        metered.counts(channel, MARCH, 999)
        raise Undone
    assert values(measured([want(metered, TOTAL)])[0]) == {TOTAL: Decimal(743)}
    third = metered.counts(channel, Period(date(2026, 3, 1), date(2026, 3, 2)), 500)
    assert IgnoredRevision.objects.filter(revision=third.revision - 1).exists()
    assert third.revision - 1 in published().ignored
    assert values(measured([want(metered, TOTAL)])[0]) == {TOTAL: Decimal(767)}


def dial(name="kWh register", dials=5, power=3, unit="Wh", **kwargs):
    return Channel(name=name, dials=dials, unit=unit, power=power, **kwargs)


def reads(channel, *pairs):
    record_reads(
        reads=[ReadIn(channel, midnight(day, ZONE) + timedelta(hours=9), count) for day, count in pairs], by=DANA, at=AT
    )


def test_a_register_is_billed_from_read_to_read(metered):
    (channel,) = metered.meter("E-1", dial())
    reads(channel, (date(2026, 3, 1), 99_800), (date(2026, 4, 1), 420))
    (answer,) = measured([want(metered, TOTAL)])
    assert (answer.method, len(answer.reads)) == ("registers", 2)
    assert values(answer) == {TOTAL: Decimal(620)}, "the register turned over"


def test_a_missing_read_is_named(metered):
    (channel,) = metered.meter("E-1", dial())
    reads(channel, (date(2026, 3, 1), 100))
    (answer,) = measured([want(metered, TOTAL)])
    assert answer.findings[0].message == "Meter E-1 (kWh register) has no read on Apr 1, 2026."


def test_between_reads_use_is_even(metered):
    (channel,) = metered.meter("E-1", dial())
    reads(channel, (date(2026, 3, 1), 0), (date(2026, 4, 1), 310))
    tenth = Period(date(2026, 3, 1), date(2026, 3, 11))
    wanted = Wanted("a", (PointUse(metered.place.point.pk, 1, MARCH),), MARCH, (Ask(TOTAL, tenth), Ask(TOTAL, MARCH)))
    assert list(measured([wanted])[0].values.values()) == [Decimal(100), Decimal(310)]


def test_time_of_use_and_demand_registers(metered):
    on, off, kw = metered.meter(
        "E-1", dial("on", tou="on"), dial("off", tou="off"), dial("kW", quantity="demand", unit="W", power=2)
    )
    reads(on, (date(2026, 3, 1), 10), (date(2026, 4, 1), 110))
    reads(off, (date(2026, 3, 1), 20), (date(2026, 4, 1), 520))
    reads(kw, (date(2026, 4, 1), 73))
    off_peak = Determinant(What.KWH, clock=PEAK, periods=("off",))
    (answer,) = measured([want(metered, ON_PEAK, off_peak, KW)])
    assert values(answer) == {ON_PEAK: Decimal(100), off_peak: Decimal(500), KW: Decimal("7.3")}


def test_a_corrected_read_supersedes(metered):
    (channel,) = metered.meter("E-1", dial())
    reads(channel, (date(2026, 3, 1), 0), (date(2026, 4, 1), 700))
    wrong = channel.reads.get(count=700)
    correct_read(read=wrong, count=500, quality=Quality.EDITED, by=DANA, at=AT, remark="misread 5 as 7")
    assert values(measured([want(metered, TOTAL)])[0]) == {TOTAL: Decimal(500)}
    with pytest.raises(CannotRecordRead, match="corrected already"):
        correct_read(read=wrong, count=400, quality=Quality.EDITED, by=DANA, at=AT, remark="again")


def test_a_read_that_does_not_fit_the_dials_is_refused(metered):
    (channel,) = metered.meter("E-1", dial())
    with pytest.raises(CannotRecordRead, match="does not fit on 5 dials"):
        reads(channel, (date(2026, 3, 1), 100_000))


def test_no_meter_is_said(metered):
    (answer,) = measured([want(metered, TOTAL)])
    assert answer.findings[0].code == "usage.no-meter"


def test_publications_are_in_order(metered):
    (channel,) = metered.meter("E-1", kwh())
    revisions = [metered.counts(channel, Period(date(2026, 3, d), date(2026, 3, d + 1)), 1).revision for d in (1, 2)]
    assert revisions == sorted(revisions)
    empty = publish(batches=[], kind="import", by=DANA, at=datetime(2026, 1, 1, tzinfo=UTC))
    assert empty.channel_days == 0
