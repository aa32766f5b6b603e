"""Why is this line so much: arithmetic, clause, rounding, books, and the readings that it stands on."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from lamplighter.accounts import operations as accounts
from lamplighter.billing.queries.explaining import NoSuchLine, explain, intervals
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.money import Money
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel
from tests.billing.conftest import NOV_26, OCT_25, OCT_26, factory, hourly, sunshine
from tests.town import DANA, ZONE

HOA = "Thi Hoa Nguyen"


def segment_of(home):
    return home.account.bills.order_by("id").last().segments.get()


def test_a_line_tells_its_arithmetic_and_where_the_rate_book_says_so(home):
    first, second = explain(segment=segment_of(home), line="energy")
    assert (first.place, second.place) == (1, 2)
    assert first.words == (
        "Energy, baseline: 310 kWh x $0.14218 = $44.0758, shown as $44.08. This step ends at: 310 kWh. 2: by steps."
    )
    assert (first.clause.title, first.clause.clause, first.clause.page) == (
        "Rate book, Residential service", "2: by steps", "3",
    )  # fmt: skip
    assert (first.text.code, first.text.adopted_by) == ("R-1", "Resolution 26-11")
    assert first.text.sha256 == segment_of(home).statement["tariffs"][0]["sha256"]
    assert (first.ledger.key, first.ledger.number) == ("revenue-residential", "440.01")


def test_a_line_by_its_place_is_the_line_printed_there(home):
    segment = segment_of(home)
    for printed in segment.lines.all():
        (why,) = explain(segment=segment, line=printed.place)
        assert (why.line.label, why.line.amount, why.ledger.key) == (printed.label, printed.amount, printed.gl)
        assert why.line.quantity * why.line.price * why.line.times == why.line.exact


def test_rounding_once_is_said(home):
    (why,) = explain(segment=segment_of(home), line=1)
    assert why.rounding.startswith("$44.0758 is shown as $44.08. This rate rounds once, on the total")


def test_days_add_up_to_what_was_measured_and_intervals_to_their_day(home):
    (why,) = explain(segment=segment_of(home), line="surcharge")
    (measured,) = why.measures
    assert measured.words == "Energy taken from the grid"
    assert sum(day.energy for day in measured.days) == measured.value == Decimal("466.005")
    day = measured.days[3]
    reads = intervals(segment=segment_of(home), measure=measured, day=day.day)
    assert sum(read.energy for read in reads) == day.energy
    assert len(reads) == 24
    assert {read.quality for read in reads} == {Quality.VALID}
    assert {read.revision for read in reads} == {segment_of(home).revision}
    assert reads[0].start.hour == 0
    assert reads[0].start.utcoffset() == timedelta(hours=-7)


def test_the_day_of_25_hours_has_25_readings(home):
    (why,) = explain(segment=segment_of(home), line="surcharge")
    reads = intervals(segment=segment_of(home), measure=why.measures[0], day=date(2026, 11, 1))
    assert len(reads) == 25
    assert [read.start.hour for read in reads[:4]] == [0, 1, 1, 2]


def test_readings_are_those_of_the_bill_and_not_of_today(readers, home):
    (before,) = explain(segment=segment_of(home), line="surcharge")
    readers.lives(HOA, OCT_26, NOV_26, scale=5)
    (after,) = explain(segment=segment_of(home), line="surcharge")
    assert after == before


def test_a_percentage_names_the_lines_that_it_is_taken_of(home):
    (tax,) = explain(segment=segment_of(home), line="users_tax")
    assert [(of.place, of.label) for of in tax.of] == [
        (0, "Customer charge"), (1, "Energy, baseline"), (2, "Energy, above baseline"), (3, "Power cost adjustment"),
    ]  # fmt: skip
    assert abs(sum(of.amount.cents for of in tax.of) - Money.nearest(tax.line.quantity).cents) <= 2
    assert tax.measures == ()


def test_a_line_that_is_not_there_is_refused_by_the_names_of_those_that_are(home):
    with pytest.raises(NoSuchLine, match=r"no line “demand” here\. There are: customer, energy, power_cost"):
        explain(segment=segment_of(home), line="demand")


@pytest.fixture
def works(readers):
    rate = readers.adopts_own("gs-2_2025.toml", customer_class="commercial")
    home = readers.settles("Kelp & Kettle", rate, hourly(interval=900))
    readers.states("Kelp & Kettle", "power_factor", "0.82", date(2025, 9, 3))
    readers.lives("Kelp & Kettle", date(2025, 9, 3), OCT_25, shape=factory)
    readers.on("2025-10-04").bills("2025-09-01", "2025-10-03")
    return home


def test_a_demand_is_found_in_the_interval_that_set_it(works):
    segment = segment_of(works)
    (why,) = explain(segment=segment, line="demand")
    (measured,) = why.measures
    assert measured.words == "Highest 15-minute demand in kW"
    assert measured.peak_at is not None
    reads = intervals(segment=segment, measure=measured, day=measured.peak_at.date())
    (peak,) = [read for read in reads if read.start == measured.peak_at]
    assert peak.power == max(read.power for read in reads) == measured.value == why.line.quantity
    assert why.rounding.endswith(f"half a cent up: {why.line.amount}.")


def test_hours_of_use_are_counted_apart(works):
    segment = segment_of(works)
    rows = explain(segment=segment, line="energy")
    assert [row.measures[0].words for row in rows] == [
        "Energy taken from the grid, 4 to 9 pm",
        "Energy taken from the grid, 6 am to 4 pm",
        "Energy taken from the grid, 9 pm to 6 am",
    ]
    evening = rows[0].measures[0]
    reads = intervals(segment=segment, measure=evening, day=date(2025, 9, 10))
    assert len(reads) == 96
    assert {read.start.hour for read in reads if read.counts} == {16, 17, 18, 19, 20}
    assert sum(read.energy for read in reads if read.counts) == evening.days[7].energy
    assert [sum(day.energy for day in row.measures[0].days) for row in rows] == [row.line.quantity for row in rows]


def test_facts_of_the_account_that_a_line_goes_by(works):
    (why,) = explain(segment=segment_of(works), line="power_factor")
    assert why.facts == (("Power factor", "0.82"),)
    assert {of.label for of in why.of} >= {"Demand", "Energy, 4 to 9 pm"}


def test_what_was_sent_back_stands_on_the_channel_that_measured_it(readers):
    rate, rider = readers.adopts_own("r-1_2025.toml"), readers.adopts_own("nem-1_2025.toml")
    home = readers.settles("Kip Larsen", rate, hourly(), hourly("sent", flow="received"))
    accounts.add_rider(agreement=home.agreement, schedule=rider, on=date(2025, 9, 3), by=DANA, at=readers.at)
    readers.lives("Kip Larsen", date(2025, 9, 3), OCT_25)
    sent = home.channel.meter.channels.get(flow="received")
    readers.lives("Kip Larsen", date(2025, 9, 3), OCT_25, shape=sunshine, channel=sent)
    readers.bills_now("Kip Larsen", OCT_25)
    (why,) = explain(segment=segment_of(home), line="export")
    assert why.measures[0].words == "Energy sent to the grid"
    assert why.text.code == "NEM-1"
    assert why.ledger.key == "purchased-power-exports"
    assert sum(day.energy for day in why.measures[0].days) == why.line.quantity
    reads = intervals(segment=segment_of(home), measure=why.measures[0], day=date(2025, 9, 10))
    assert {read.channel for read in reads} == {"sent"}


def test_registers_tell_their_reads_instead_of_intervals(readers):
    rate = readers.adopts_own("r-1_2025.toml")
    home = readers.settles("Ana Quiroga", rate, Channel(name="kWh dial", unit="Wh", power=3, dials=5))
    readers.reads("Ana Quiroga", ("2025-09-03", 100), ("2025-10-03", 420))
    readers.bills_now("Ana Quiroga", OCT_25)
    (why,) = explain(segment=segment_of(home), line="surcharge")
    (measured,) = why.measures
    assert measured.days == ()
    assert measured.peak_at is None
    assert [(one.from_count, one.to_count, one.used) for one in measured.registers] == [(100, 420, 320)]
    assert intervals(segment=segment_of(home), measure=measured, day=date(2025, 9, 10)) == ()


def test_an_exchange_shows_both_meters(readers):
    rate = readers.adopts_own("r-1_2025.toml")
    home = readers.settles("Gwen Pruitt", rate)
    noon = midnight(date(2025, 9, 20), ZONE) + timedelta(hours=12)
    metering.remove(meter=home.channel.meter, at=noon, by=DANA, recorded_at=readers.at)
    new = metering.add_meter(badge="E-NEW", channels=[hourly()], on=date(2025, 9, 1), by=DANA, at=readers.at)
    metering.install(meter=new, point=home.point, at=noon, by=DANA, recorded_at=readers.at)
    swap = noon.timestamp()
    readers.lives("Gwen Pruitt", date(2025, 9, 3), date(2025, 9, 21), shape=lambda c: 1000 * (c.starts < swap))
    readers.lives("Gwen Pruitt", date(2025, 9, 20), OCT_25, channel=new.channels.get(),
                  shape=lambda c: 500 * (c.starts >= swap))  # fmt: skip
    readers.bills_now("Gwen Pruitt", OCT_25)
    (why,) = explain(segment=segment_of(home), line="surcharge")
    (measured,) = why.measures
    assert sum((Fraction(day.energy) for day in measured.days), Fraction(0)) == Fraction(measured.value)
    reads = intervals(segment=segment_of(home), measure=measured, day=date(2025, 9, 20))
    assert [(read.meter, read.count) for read in (reads[0], reads[11], reads[12], reads[23])] == [
        (home.channel.meter.badge, 1000), (home.channel.meter.badge, 1000), ("E-NEW", 500), ("E-NEW", 500),
    ]  # fmt: skip
