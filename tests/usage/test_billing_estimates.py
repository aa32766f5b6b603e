"""From the estimate date on, a bill goes out with what is missing estimated by rule, and says so."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.billing.models import Parked, RebillRequest, Segment
from lamplighter.billing.queries.reading import view
from lamplighter.billing.rules import BackBilling
from lamplighter.journeys import reading
from lamplighter.journeys.control import controls
from lamplighter.journeys.metercare import order_meter_checks
from lamplighter.journeys.rebilling import settle
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.periods import Period
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel, Multiplier, SwitchState
from lamplighter.platform.queries.events import events_about
from lamplighter.usage.intake.dials import shown_at
from lamplighter.usage.models import EstimationScore, IntervalException, RegisterRead
from lamplighter.usage.operations.registers import ReadIn, record_reads
from lamplighter.usage.operations.scoring import keep_scores
from lamplighter.usage.queries.published import published
from lamplighter.usage.queries.scoring import scored
from lamplighter.worklist.models import Item
from tests.town import DANA, NIGHTLY
from tests.usage.feeds import HOURLY, REGISTERS, ZONE, days, hours, stored, values, write

SUMMER = [400 + 30 * (hour % 24) + 7 * (hour // 24 % 7) for hour in range(31 * 24 * 2)]
AUGUST = days("2026-08-01", "2026-09-01")


@pytest.fixture
def rate(town):
    return town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")


@pytest.fixture
def home(town, rate, tmp_path):
    """July is in; of August the last ten days never came."""
    home = town.on("2026-07-01").moves_in("Ada", rate)
    town.on("2026-08-01")
    town.imports(write(tmp_path, "july.csv", hours("2026-07-01", SUMMER[: 31 * 24])), mapping=HOURLY)
    town.bills("2026-07-01", "2026-08-01")
    town.on("2026-09-01")
    town.imports(write(tmp_path, "august.csv", hours("2026-08-01", SUMMER[31 * 24 : 52 * 24])), mapping=HOURLY)
    return home


def test_before_the_estimate_date_the_bill_waits(town, home):
    outcome = town.bills("2026-08-01", "2026-09-01", estimate_on=date(2026, 9, 3))
    assert (outcome.billed, outcome.parked, Parked.objects.get().code) == (0, 1, "usage.missing")
    assert values(home.channel, AUGUST)[21 * 24 :] == [None] * 240


def test_from_the_estimate_date_on_it_goes_out_estimated(town, home):
    town.bills("2026-08-01", "2026-09-01", estimate_on=date(2026, 9, 3))
    outcome = town.on("2026-09-03").bills("2026-08-01", "2026-09-01", estimate_on=date(2026, 9, 3))
    assert (outcome.billed, outcome.parked, Parked.objects.get().state) == (1, 0, "billed")
    segment = Segment.objects.get(period=AUGUST)
    assert segment.estimated
    guessed = stored(home.channel, AUGUST).quality[0, 21 * 24 :]
    assert set(guessed.tolist()) == {Quality.ESTIMATED_REFERENCE_DAY}
    names = [event.name for event in events_about(account=home.account.pk)]
    assert "usage.use.estimated" in names
    assert not [control for control in controls() if control.differences]


def test_a_trial_estimates_nothing(town, home):
    town.on("2026-09-03").bills("2026-08-01", "2026-09-01", estimate_on=date(2026, 9, 3), freeze=False)
    assert None in values(home.channel, AUGUST)


def test_readings_that_come_later_are_billed_instead(town, home, tmp_path):
    town.on("2026-09-03").bills("2026-08-01", "2026-09-01", estimate_on=date(2026, 9, 3))
    was = Segment.objects.get(period=AUGUST)
    late = [count + 1000 for count in SUMMER[52 * 24 :]]
    town.on("2026-09-10")
    (imported,) = town.imports(write(tmp_path, "late.csv", hours("2026-08-22", late)), mapping=HOURLY).imported
    (request,) = imported.rebills
    assert (request.reason, request.period, request.cause) == (
        "late-actual", days("2026-08-22", "2026-09-01"), f"revision:{published().watermark}",
    )  # fmt: skip
    bill = settle(request=request, policy=BackBilling(), on=town.today, by=NIGHTLY, at=town.at)
    segment = bill.segments.get()
    assert (segment.rebills, segment.estimated) == (was, False)
    assert segment.kwh - was.kwh > 200
    assert not [control for control in controls() if control.differences]


def test_readings_for_days_that_were_not_billed_ask_for_nothing(town, home, tmp_path):
    later = write(tmp_path, "late.csv", hours("2026-08-22", SUMMER[52 * 24 :]))
    assert town.imports(later, mapping=HOURLY).imported[0].rebills == ()


def test_while_the_switch_was_off_nothing_is_estimated(town, home):
    off = midnight(date(2026, 8, 25), ZONE)
    metering.switch(point=home.point, state=SwitchState.State.OFF, at=off, reason="nonpayment", by=DANA,
                    recorded_at=town.at)  # fmt: skip
    town.on("2026-09-03").bills("2026-08-01", "2026-09-01", estimate_on=date(2026, 9, 3))
    assert values(home.channel, days("2026-08-25", "2026-09-01")) == [0] * 7 * 24


def test_a_meter_that_is_estimated_for_long_is_told(town, home):
    """Ten days of August are no matter, with September it is 40 days, and with October more than 45."""
    for month, reads_on in (("2026-08-01", "2026-09-01"), ("2026-09-01", "2026-10-01"), ("2026-10-01", "2026-11-01")):
        assert not IntervalException.objects.exists()
        later = date.fromisoformat(reads_on) + timedelta(days=2)
        assert town.on(later.isoformat()).bills(month, reads_on, estimate_on=later).billed == 1
    row = IntervalException.objects.get()
    assert (row.rule, row.proposal, row.account) == ("vee.prolonged-estimation", "field-visit", home.account.pk)
    assert row.message.startswith("There are only estimates for")
    assert Item.objects.get(kind="usage.exceptions").subject == f"channel:{home.channel.pk}"
    (order,) = order_meter_checks(on=town.today, by=NIGHTLY, at=town.at)
    assert (order.kind, order.point, order.account, order.origin_key) == (
        "check-ami", home.point, home.account, row.subject,
    )  # fmt: skip
    assert order_meter_checks(on=town.today, by=NIGHTLY, at=town.at) == [], "once for a finding"


def test_an_estimated_bill_says_how_far_estimates_were_off_on_this_meter(town, home):
    """What was hidden from July and August and guessed gives the band of the ten days that were never read."""
    found = scored([home.channel], until=date(2026, 8, 22))
    assert keep_scores(channels=[home.channel.pk], found=found, at=town.at) == len(found) > 8
    best = EstimationScore.objects.filter(best=True, hours__gt=2)  # a line, which fills two hours, may meet midnight
    assert {row.band for row in best} == {0}, "every week of this home is alike"
    EstimationScore.objects.filter(best=True).update(band=Decimal("7.5"))
    town.on("2026-09-03").bills("2026-08-01", "2026-09-01", estimate_on=date(2026, 9, 3))
    segment = Segment.objects.get(period=AUGUST)
    usage = segment.statement["usage"]
    assert Decimal(usage["band_kwh"]) == round(Decimal(usage["estimated_kwh"]) * Decimal("0.075"), 1) > 0
    messages = " ".join(message.text for message in view(segment.bill).messages)
    assert f"within {usage['band_kwh']} kWh nine times in ten" in messages
    assert "band_kwh" not in Segment.objects.exclude(period=AUGUST).get().statement["usage"]
    assert not [control for control in controls() if control.differences], "it is recomputed to the byte"


def test_without_any_basis_the_bill_waits(town, rate):
    town.on("2026-08-01").moves_in("Ben", rate)
    outcome = town.on("2026-09-03").bills("2026-08-01", "2026-09-01", estimate_on=date(2026, 9, 3))
    assert (outcome.billed, Parked.objects.get().code) == (0, "usage.missing")


def test_a_dial_that_was_not_read_shows_what_the_days_before_tell(town, rate):
    town.on("2026-07-01").moves_in("Ada", rate, interval=None)
    channel = town.homes["Ada"].channel
    town.reads("Ada", ("2026-07-01", 99_500), ("2026-08-01", 99_810))
    town.on("2026-08-01").bills("2026-07-01", "2026-08-01")
    outcome = town.on("2026-09-04").bills("2026-08-01", "2026-09-01", estimate_on=date(2026, 9, 3))
    read = RegisterRead.objects.get(channel=channel, quality=Quality.ESTIMATED_REFERENCE_DAY)
    assert (outcome.billed, read.count, read.at) == (1, 116, midnight(date(2026, 9, 1), ZONE)), "ten a day, turned over"
    segment = Segment.objects.get(period=AUGUST)
    assert (segment.estimated, segment.kwh) == (True, 306), "from 9 in the morning of the first read day"


def test_a_register_beside_intervals_shows_its_last_read_and_what_they_counted_since(town, home):
    """August's last days are estimated first; the register goes on from where it was read in July."""
    register = Channel.objects.create(meter=home.channel.meter, name="register", unit="Wh", power=3, dials=5)
    Multiplier.objects.create(channel=register, factor=1, period=Period(date(2026, 1, 1)))
    eight = midnight(date(2026, 7, 11), ZONE) + timedelta(hours=8)
    record_reads(reads=[ReadIn(register, eight, 99_900)], by=DANA, at=town.at)
    town.on("2026-09-03").bills("2026-08-01", "2026-09-01", estimate_on=date(2026, 9, 3))
    shown = {row.at: row.count for row in RegisterRead.objects.filter(channel=register, quality=8)}
    since = days("2026-07-11", "2026-09-01")
    used = values(home.channel, since)[8:]
    until_august = values(home.channel, days("2026-07-11", "2026-08-01"))[8:]
    assert shown == {
        midnight(date(2026, 8, 1), ZONE): (99_900 + round(sum(until_august) / 1000)) % 100_000,
        midnight(date(2026, 9, 1), ZONE): (99_900 + round(sum(until_august) / 1000)
                                           + round(sum(used[len(until_august):]) / 1000)) % 100_000,
    }  # fmt: skip


def test_the_real_read_takes_the_place_of_the_estimate(town, rate, tmp_path):
    town.on("2026-07-01").moves_in("Ada", rate, interval=None)
    home = town.homes["Ada"]
    town.reads("Ada", ("2026-07-01", 10_000), ("2026-08-01", 10_310))
    town.on("2026-08-01").bills("2026-07-01", "2026-08-01")
    town.on("2026-09-04").bills("2026-08-01", "2026-09-01", estimate_on=date(2026, 9, 3))
    nine = int(midnight(date(2026, 9, 1), ZONE).timestamp()) + 9 * 3600
    path = write(tmp_path, "late.csv", [("E-0001", nine, 10_900)])
    (imported,) = town.imports(path, mapping=REGISTERS).imported
    assert RegisterRead.objects.get(superseded_by__isnull=True, at__gt=home.channel.reads.first().at + timedelta(40)
                                    ).count == 10_900  # fmt: skip
    (request,) = imported.rebills
    bill = settle(request=request, policy=BackBilling(), on=town.today, by=NIGHTLY, at=town.at)
    assert bill.segments.get().kwh == 590


def test_a_corrected_read_asks_for_both_bills_that_it_stands_on(town, rate):
    town.on("2026-07-01").moves_in("Ada", rate, interval=None)
    town.reads("Ada", ("2026-07-01", 0), ("2026-08-01", 500), ("2026-09-01", 700))
    town.on("2026-08-01").bills("2026-07-01", "2026-08-01")
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    wrong = RegisterRead.objects.get(count=500)
    _, (request,) = reading.correct_read(read=wrong, count=300, by=DANA, at=town.at, remark="misread")
    assert request.period == days("2026-07-31", "2026-08-02")
    assert [event.name for event in events_about(account=town.homes["Ada"].account.pk)][:2] == [
        "billing.rebill.asked", "usage.read.corrected",
    ]  # fmt: skip
    bill = settle(request=request, policy=BackBilling(), on=town.today, by=NIGHTLY, at=town.at)
    assert [segment.kwh for segment in bill.segments.order_by("period")] == [300, 400]
    assert RebillRequest.objects.get().state == "done"


def test_readings_under_a_grave_exception_are_not_billed(town, home, tmp_path):
    """A negative reading waits; decided, the bill follows."""
    counts = [*SUMMER[52 * 24 :]]
    counts[30] = -4000
    town.imports(write(tmp_path, "rest.csv", hours("2026-08-22", counts)), mapping=HOURLY)
    outcome = town.bills("2026-08-01", "2026-09-01")
    parked = Parked.objects.get()
    assert (outcome.billed, parked.code) == (0, "usage.exception")
    assert "wait for a decision since Aug 23, 2026: 1 interval is negative" in parked.message
    row = IntervalException.objects.get()
    reading.estimate(exceptions=[row.pk], seen=published().watermark, by=DANA, at=town.at, remark="reversed pulse")
    assert town.on("2026-09-02").bills("2026-08-01", "2026-09-01").billed == 1
    assert Segment.objects.get(period=AUGUST).estimated


NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)


def at(day, count):
    return NOON + timedelta(days=day), count


@pytest.mark.parametrize(
    ("day", "reads", "shows"),
    [
        (62, [at(0, 10_000), at(31, 10_310)], 10_620),  # ten a day go on
        (31, [at(0, 99_900), at(62, 520)], 210),  # between two reads, turned over
        (31, [at(0, 100)], None),  # one read tells nothing
        (31, [at(27, 95), at(30, 100)], None),  # three days are too few
        (31, [at(0, 0), at(27, 95), at(30, 100)], 103),  # so the one before them counts; halves up
        (31, [], None),
        (31, [at(40, 700)], None),
    ],
)
def test_what_a_register_would_have_shown(day, reads, shows):
    assert shown_at(NOON + timedelta(days=day), reads, dials=5) == shows


def test_a_peak_is_taken_to_be_the_last_one_again():
    assert shown_at(NOON + timedelta(days=31), [at(0, 73)], dials=5, peak=True) == 73


@given(st.integers(0, 99_999), st.integers(0, 50_000), st.integers(1, 60))
def test_an_estimate_between_two_reads_lies_between_them(first, used, day):
    last = (first + used) % 100_000
    shown = shown_at(NOON + timedelta(days=day), [at(0, first), at(61, last)], dials=5)
    assert (shown - first) % 100_000 <= used
