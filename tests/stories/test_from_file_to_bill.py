"""From a meter file to the bill, its explanation, its payment and its correction, on a real year of Green Button."""

from __future__ import annotations

import gzip
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from lxml import etree

from lamplighter.billing.models import Parked, RebillRequest, Segment
from lamplighter.billing.queries.explaining import explain
from lamplighter.billing.queries.reading import view
from lamplighter.billing.rules import BackBilling
from lamplighter.journeys import reading
from lamplighter.journeys.control import controls
from lamplighter.journeys.rebilling import settle
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.money import Money
from lamplighter.platform.queries.events import events_about
from lamplighter.usage.queries.exceptions import open_exceptions, seen
from lamplighter.worklist.models import Item
from tests.town import DANA, NIGHTLY, ZONE, Town
from tests.usage.feeds import HOURLY, hours, stored, values, write
from tests.usage.feeds import days as period

YEAR = "data/interval/greenbutton/Coastal_Single_Family_Jan_1_2011_to_Jan_1_2012.xml.gz"
FORTNIGHT = "data/formats/green_button/dmd/15minLP_15Days.xml"
JULY = period("2026-07-01", "2026-08-01")
WEEKS = 783
"""From 2011 into 2026, to the same weekday and season."""

pytestmark = pytest.mark.corpus


@pytest.fixture
def town(db, settings, tmp_path):
    settings.INTERVAL_STORE, settings.STATE = str(tmp_path / "intervals"), tmp_path
    return Town(date(2026, 7, 1))


def july_of(path) -> int:
    """The Wh of July as the file has them, counted without Lamplighter."""
    begin, end = (int(midnight(day, ZONE).timestamp()) for day in (JULY.start, JULY.closed_end))
    espi = "{http://naesb.org/espi}"
    total = 0
    for row in etree.fromstring(gzip.decompress(path.read_bytes())).iter(f"{espi}IntervalReading"):
        start = int(row.findtext(f"{espi}timePeriod/{espi}start")) + WEEKS * 7 * 86_400
        total += int(row.findtext(f"{espi}value")) if begin <= start < end else 0
    return total


def by_hand(wh: int) -> Money:
    """D-1 of Alameda for a first bill of 31 days in summer: everything of 30 days is prorated, rounded once."""
    kwh, month = Decimal(wh) / 1000, Decimal(31) / 30
    baseline = min(kwh, 211 * month)
    charges = Decimal("24.27") * month + baseline * Decimal("0.13934") + (kwh - baseline) * Decimal("0.26723")
    exact = charges * Decimal("1.075") + kwh * Decimal("0.0003")
    return Money(int((exact * 100).quantize(Decimal(1), ROUND_HALF_UP)))


def rules() -> list[tuple[str, date, int]]:
    return [(row.rule, row.day, row.slots) for row in open_exceptions()]


def test_a_real_year_becomes_a_bill_that_is_paid_and_corrected(town, shared, tmp_path):
    rate = town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")
    ada = town.on("2026-07-01").moves_in("Ada", rate)

    # The file comes in. What it says of the time before Ada had service, and two readings for one hour, wait.
    town.on("2026-08-01")
    (year,) = town.imports(shared / YEAR, meter="E-0001", shift_weeks=WEEKS).imported
    assert (year.file.readings, year.file.taken, year.file.tally["gridding.split"]) == (8760, 8758, 1)
    assert rules() == [
        ("gridding.conflict", date(2026, 3, 15), 1),
        ("vee.inactive-use", date(2026, 1, 3), 179 * 24 - 1),
    ]
    assert sorted(item.kind for item in Item.objects.all()) == ["usage.bad-lines", "usage.exceptions"]

    # The cycle is billed: what the file has of July, priced as by hand.
    outcome = town.bills("2026-07-01", "2026-08-01")
    assert (outcome.billed, outcome.parked, outcome.total) == (1, 0, Money(16243))
    wh = july_of(shared / YEAR)
    segment = Segment.objects.get()
    assert (segment.kwh, segment.total, segment.estimated) == (Decimal(wh) / 1000, by_hand(wh), False)
    billed = (
        "2026-08-01 bill revenue-residential -25.08\n"
        "2026-08-01 bill revenue-residential -125.86\n"
        "2026-08-01 bill state-surcharge -0.17\n"
        "2026-08-01 bill users-tax -11.32\n"
        "2026-08-01 bill receivable 162.43"
    )
    assert town.books() == billed

    # Ada opens the bill and asks about the energy.
    bill = town.bill_of("Ada")
    assert (view(bill).amounts.due, bill.due_on) == (Money(16243), date(2026, 8, 22))
    baseline, excess = explain(segment=segment, line="energy")
    assert baseline.words.startswith("Energy, baseline: 218.033333 kWh x $0.13934 = $30.380765, shown as $30.38.")
    assert excess.words.startswith("Energy, excess: 357.293667 kWh x $0.26723")
    assert sum(day.energy for day in baseline.measures[0].days) == segment.kwh

    # She pays, and her timeline says so.
    town.on("2026-08-15").pays("Ada", 16243)
    paid = "\n2026-08-15 payment cash-drawers 162.43\n2026-08-15 payment receivable -162.43"
    assert town.books() == billed + paid
    assert [event.name for event in events_about(account=ada.account.pk)][:2] == [
        "payments.payment.taken", "billing.bill.issued",
    ]  # fmt: skip

    # The head-end sends July 15 again with other values. They wait; Dana chooses them.
    town.on("2026-08-20")
    fifteenth = values(ada.channel, period("2026-07-15", "2026-07-16"))
    later = write(tmp_path, "again.csv", hours("2026-07-15", [count + 2000 for count in fifteenth]))
    (sent,) = town.imports(later, mapping=HOURLY).imported
    assert (sent.file.taken, sent.exceptions, sent.rebills) == (0, 1, ())
    conflict = open_exceptions(rule="store.conflict").get()
    page = seen(conflict)
    assert (page.rule.label, sum(point.marked for point in page.points)) == ("Sent again with other values", 24)
    slots, came = conflict.evidence["slots"], conflict.evidence["came"]
    chosen = {(conflict.day, slot): count for slot, count in zip(slots, came, strict=True)}
    reading.edit(exceptions=[conflict.pk], values=chosen, seen=page.seen, by=DANA, at=town.at, remark="meter was stuck")
    assert [event.name for event in events_about(account=ada.account.pk)][:2] == [
        "billing.rebill.asked", "usage.exception.decided",
    ]  # fmt: skip

    # The bill is cancelled and made again, 48 kWh higher, and stands on what was read.
    request = RebillRequest.objects.get()
    assert (request.reason, request.period) == ("corrected-read", period("2026-07-15", "2026-07-16"))
    town.on("2026-08-21")
    settle(request=request, policy=BackBilling(), on=town.today, by=NIGHTLY, at=town.at)
    old, new = Segment.objects.order_by("id")
    assert (old.cancel_reason, new.rebills, new.kwh) == ("corrected-read", old, segment.kwh + 48)
    assert new.total == by_hand(wh + 48_000)
    assert town.books() == billed + paid + CORRECTED
    assert town.bill_of("Ada").due == new.total - Money(16243)
    assert not [control for control in controls() if control.differences]


CORRECTED = """
2026-08-21 bill-reversal revenue-residential 25.08
2026-08-21 bill-reversal revenue-residential 125.86
2026-08-21 bill-reversal state-surcharge 0.17
2026-08-21 bill-reversal users-tax 11.32
2026-08-21 bill-reversal receivable -162.43
2026-08-21 bill revenue-residential -25.08
2026-08-21 bill revenue-residential -138.69
2026-08-21 bill state-surcharge -0.19
2026-08-21 bill users-tax -12.28
2026-08-21 bill receivable 176.24"""


def test_half_a_month_of_readings_is_no_bill(town, shared):
    """The file that calls itself fifteen days holds fourteen; what is missing is counted, and never billed as zero."""
    rate = town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")
    ben = town.on("2026-07-01").moves_in("Ben", rate, interval=900)
    town.on("2026-08-01")
    (fortnight,) = town.imports(shared / FORTNIGHT, meter="E-0001", shift_weeks=748).imported
    assert (fortnight.file.readings, fortnight.file.taken, fortnight.waits) == (1340, 1340, False)
    read = stored(ben.channel, JULY)
    assert int(read.values[read.present].sum()) == 1_397_734
    assert read.whole_days().sum() == 13, "midnight in the east begins no day in the west"
    outcome = town.bills("2026-07-01", "2026-08-01")
    parked = Parked.objects.get()
    assert (outcome.billed, outcome.parked, parked.code) == (0, 1, "usage.missing")
    assert parked.message == "1,636 of 2,976 readings of meter E-0001 (kWh) are missing from Jul 1 to Jul 31, 2026."
    assert town.books() == ""
