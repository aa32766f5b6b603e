"""Net metering is settled once a year, a minimum for the year is asked for once, and every bill tells what is to come.

All figures by hand. Ada is delivered 100 kWh a month at 20 cents; what her roof sends back is credited at 10 cents.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from lamplighter.accounts import operations as accounts
from lamplighter.billing.models import Segment
from lamplighter.billing.queries.comparing_rates import compare_rates
from lamplighter.billing.queries.reading import view
from lamplighter.billing.queries.recompute import recompute_all
from lamplighter.billing.rules import CannotBill
from lamplighter.billing.years import Year, year_of
from lamplighter.journeys.billing import bill_now, preview
from lamplighter.journeys.moving import stop_service
from lamplighter.journeys.rebilling import correct
from lamplighter.kernel.money import Money, total
from lamplighter.kernel.periods import Period
from lamplighter.rating.files.parse import parse
from lamplighter.rating.tariff import TrueUp
from tests.billing.conftest import hourly
from tests.town import DANA

HEAD = """
[tariff]
utility = "Test"
code = "{code}"
name = "Test"
valid_from = 2024-01-01
rider = {rider}
[rounding]
rule = "each line"
stated = true
"""
BASE = (
    HEAD.format(code="T-1", rider="false")
    + """
[[line]]
code = "energy"
label = "Energy"
quantity = "kWh"
unit = "$/kWh"
price = 0.20
tags = ["energy"]
gl = "revenue.energy"
"""
)
NEM = (
    HEAD.format(code="T-NEM", rider="true")
    + """
[true_up]
{year}
[[line]]
code = "export"
label = "Sent back"
quantity = "kWh"
flow = "received"
unit = "$/kWh"
price = 0.10
credit = true
kind = "export"
tags = ["nem"]
gl = "expense.exports"
[[line]]
code = "draw"
label = "Brought forward"
of = {{ tags = ["energy", "nem"] }}
draw_from = "dollars"
gl = "payable.export_credits"
[[line]]
code = "carry"
label = "Carried forward"
of = {{ tags = ["energy", "nem"] }}
carry_in = "dollars"
gl = "payable.export_credits"
[[line]]
code = "settle"
label = "Paid out"
settle = "dollars"
price = {price}
gl = "payable.export_credits"
"""
)
LEAST = (
    BASE.replace("T-1", "T-2")
    + """
[true_up]
{year}
[[line]]
code = "least"
label = "Minimum for the year"
of = ["energy"]
annual = true
gl = "revenue.energy"
[[line.minimum]]
unit = "$/bill"
price = 300
"""
)
MONTHS = [date(2025 + n // 12, n % 12 + 1, 1) for n in range(30)]


def days(month):
    return Period(MONTHS[month], MONTHS[month + 1])


class Roof:
    """Ada's home from January 2025, with a roof; month 0 is that January."""

    def __init__(self, readers, year="month = 6", price="0.5", first=0):
        base, rider = readers.adopts(BASE), readers.adopts(NEM.format(year=year, price=price))
        self.town = readers
        self.home = readers.settles("Ada Roof", base, hourly(), hourly("sent", flow="received"), on=MONTHS[first])
        accounts.add_rider(
            agreement=self.home.agreement, schedule=rider, on=MONTHS[first], by=DANA, at=readers.at
        )  # fmt: skip
        self.sent = self.home.channel.meter.channels.get(flow="received")
        self.is_quiet(self.home.channel, self.sent, first=first)

    def month(self, month, sent, used=100):
        """Use and send back so many kWh in a month, then be billed for it; the segment."""
        for channel, kwh in ((self.home.channel, used), (self.sent, sent)):
            self.counts(month, kwh, channel)
        self.town.bills_now("Ada Roof", days(month).closed_end)
        return self.newest()

    def counts(self, month, kwh, channel):
        """All of it at noon on the tenth; nothing else in the month."""
        usual, self.home.channel = self.home.channel, channel
        tenth = date(MONTHS[month].year, MONTHS[month].month, 10)
        self.town.uses("Ada Roof", Period(tenth, tenth + timedelta(days=1)), [0] * 12 + [kwh * 1000] + [0] * 11)
        self.home.channel = usual

    def is_quiet(self, *channels, first=0):
        """Nothing is used and nothing sent back, but for what a test says."""
        for channel in channels:
            usual, self.home.channel = self.home.channel, channel
            self.town.uses("Ada Roof", Period(MONTHS[first], MONTHS[24]), 0)
            self.home.channel = usual

    def newest(self):
        return Segment.objects.filter(agreement=self.home.agreement, cancelled_at=None).order_by("-period").first()


def banks(segment):
    return {name: Decimal(value) for name, value in segment.statement["banks"].items()}


def test_a_bank_is_settled_in_the_month_of_the_true_up_and_begins_anew(readers):
    ada = Roof(readers, first=3)
    april, may = ada.month(3, 500), ada.month(4, 300)
    assert (april.total, banks(april)) == (Money(0), {"dollars": Decimal(30)}), "20 of use, 50 sent back"
    assert banks(may) == {"dollars": Decimal(40)}
    june = ada.month(5, 150)
    settled = june.lines.get(code="settle")
    assert (june.statement["settles"], settled.quantity, settled.amount) == (True, Decimal(35), Money(-1750))
    assert (june.total, banks(june)) == (Money(-1750), {"dollars": Decimal(0)}), "35 left, at half a dollar each"
    july = ada.month(6, 250)
    assert (july.statement["banks_before"], banks(july)) == ({"dollars": "0"}, {"dollars": Decimal(5)})
    assert [one.difference for one in recompute_all()] == [""] * 4


def test_every_bill_tells_the_true_up_to_come(readers):
    ada = Roof(readers, first=3)
    ada.month(3, 500)
    titles = {m.title: m.text for m in view(ada.newest().bill).messages}
    assert titles["Your true-up comes in June 2025"] == (
        "$30.00 of credit is carried forward. If your year ended with this bill, $15.00 would be paid out."
        " If the 2 bills until then go as a year before, about $90.00 will be left."
    ), "without a year before, as the bills so far: 30 more each"
    ada.month(4, 0)
    ada.month(5, 0)
    titles = {m.title: m.text for m in view(ada.newest().bill).messages}
    assert titles["Your true-up"] == "No credit was left at the end of your year."


def test_the_estimate_follows_the_same_months_of_the_year_before(readers):
    ada = Roof(readers, year="month = 3")
    for month, sent in ((0, 200), (1, 300), (2, 200), (12, 200)):  # the bank: 0, 10, 10 settled, and 0 in January
        ada.month(month, sent)
    true_up = view(ada.newest().bill).segments[0].true_up
    (bank,) = true_up.banks
    assert (true_up.month, true_up.bills_left, bank.balance) == (date(2026, 3, 1), 2, Decimal(0))
    assert bank.expected == Decimal(10), "February 2025 brought 10, March (before it was settled) nothing"


def test_a_corrected_month_takes_the_true_up_with_it(readers):
    """What was settled was too much: the true-up is cancelled and made again, and so is what followed it."""
    ada = Roof(readers, first=4)
    for month, sent in ((4, 400), (5, 200), (6, 200)):
        ada.month(month, sent)
    june = Segment.objects.get(period=days(5))
    assert june.lines.get(code="settle").amount == Money(-1000)
    ada.counts(4, 300, ada.sent)
    readers.today = date(2025, 8, 20)
    correction, bill = correct(
        agreement=ada.home.agreement, period=days(4), reason="corrected-read", on=readers.today, by=DANA, at=readers.at
    )
    assert [s.period for s in correction.was] == [days(4), days(5)]
    again = Segment.objects.get(period=days(5), cancelled_at=None)
    assert again.lines.get(code="settle").amount == Money(-500)
    assert (correction.difference, bill.charges) == (Money(500), Money(-500)), (
        "half of 10 dollars too much was paid out"
    )


def test_the_anniversary_closes_the_year_and_the_account_may_name_its_own_month(readers):
    ada = Roof(readers, year="anniversary = true", first=4)
    for month in (4, 15, 16):
        ada.month(month, 300)
    settled = Segment.objects.filter(lines__code="settle").values_list("period", flat=True)
    assert list(settled) == [days(16)], "from May 2025: the bill of May 2026"
    accounts.state_fact(
        agreement=ada.home.agreement, name="true_up_month", value="8", period=Period(date(2026, 6, 1)), by=DANA,
        at=readers.at,
    )  # fmt: skip
    for month in (17, 19):
        ada.month(month, 300)
    assert ada.newest().statement["settles"], "August 2026"


def test_who_leaves_is_settled_on_the_final_bill(readers):
    ada = Roof(readers, price="1", first=6)
    ada.month(6, 500)
    ada.counts(7, 300, ada.sent)
    ada.counts(7, 100, ada.home.channel)
    stop_service(agreement=ada.home.agreement, on=date(2025, 8, 21), by=DANA, at=readers.at)
    readers.today = date(2025, 8, 22)
    bill = bill_now(agreement=ada.home.agreement, until=date(2025, 8, 21), on=readers.today, by=DANA, at=readers.at)
    assert bill.segments.get().lines.get(code="settle").amount == Money(-4000)


def test_a_comparison_of_rates_pays_out_what_the_bills_of_the_year_paid_out(readers):
    ada = Roof(readers)
    for month in range(13):
        ada.month(month, 300 if month in (3, 4, 5) else 20)
    june = Segment.objects.get(period=days(5))
    assert june.lines.get(code="settle").amount < Money(0)
    found = compare_rates(ada.home.agreement, on=readers.today)
    kept = Segment.objects.filter(agreement=ada.home.agreement).order_by("-period")[:12]
    assert found.current.year.total == total(segment.total for segment in kept)


def test_a_bank_passes_from_one_rate_to_the_next_inside_a_bill(readers):
    ada = Roof(readers, price="1")
    other = readers.adopts(BASE.replace("T-1", "T-3"))
    ada.counts(5, 300, ada.sent)
    ada.counts(5, 100, ada.home.channel)
    ada.month(4, 200)
    accounts.change_rate(agreement=ada.home.agreement, schedule=other, on=date(2025, 6, 20), by=DANA, at=readers.at)
    first, second = preview(agreement=ada.home.agreement, until=days(5).closed_end)
    assert (first.total, second.total) == (Money(-1000), Money(0)), "all of it before the 20th"
    assert first.statement["banks"] == second.statement["banks_before"] == {"dollars": "0"}
    assert (first.statement["settles"], second.statement["settles"]) == (True, False), "once in the month"


@pytest.fixture
def least(readers):
    """Ada on a rate with a minimum of $300 a year that closes in December, using 100 kWh ($20) a month."""

    def begin(year, first=0):
        rate = readers.adopts(LEAST.format(year=year))
        ada = Roof.__new__(Roof)
        ada.town, ada.home = readers, readers.settles("Ada Roof", rate, hourly(), on=MONTHS[first])
        ada.is_quiet(ada.home.channel, first=first)
        return ada

    return begin


def bill_months(ada, *months, kwh=100):
    for month in months:
        ada.counts(month, kwh, ada.home.channel)
        ada.town.bills_now("Ada Roof", days(month).closed_end)


def test_a_minimum_for_the_year_is_asked_for_once_on_the_bill_that_closes_it(least):
    ada = least("month = 12")
    bill_months(ada, 0, 4, 11)
    december = ada.newest()
    assert december.statement["billed_this_year"] == "40"
    assert december.lines.get(code="least").amount == Money(24000), "300 less three times 20"
    bill_months(ada, 14, 23, kwh=760)
    assert not ada.newest().lines.filter(code="least").exists(), "twice 152 is more than 300, with nothing of last year"
    assert [one.difference for one in recompute_all()] == [""] * 5


def test_the_minimum_of_a_part_of_a_year_is_as_the_rate_says(least):
    ada = least('month = 12\npart_year = "none"', first=6)
    bill_months(ada, 6, 11)
    assert not ada.newest().lines.filter(code="least").exists()


def test_where_the_rate_does_not_say_the_bill_is_refused_by_name(least):
    ada = least("month = 12", first=6)
    bill_months(ada, 6)
    with pytest.raises(CannotBill, match="served for a part of its year only"):
        preview(agreement=ada.home.agreement, until=days(11).closed_end)


SEVEN = TrueUp(month=7)
JANUARY = date(2025, 1, 15)


@pytest.mark.parametrize(
    ("rule", "own", "months", "year"),
    [
        (SEVEN, None, ("2025-05", "2025-06"), Year(date(2025, 7, 1), closes=False, begun=date(2025, 1, 1))),
        (SEVEN, None, ("2025-06", "2025-07"), Year(date(2025, 7, 1), closes=True, begun=date(2025, 1, 1))),
        (SEVEN, None, ("2025-06", "2025-08"), Year(date(2025, 7, 1), closes=True, begun=date(2025, 1, 1))),
        (SEVEN, None, ("2025-07", "2025-07"), Year(date(2026, 7, 1), closes=False)),
        (SEVEN, "3", ("2026-02", "2026-03"), Year(date(2026, 3, 1), closes=True)),
        (TrueUp(), None, ("", "2025-01"), Year(date(2026, 1, 1), closes=False)),
        (TrueUp(), None, ("2025-12", "2026-01"), Year(date(2026, 1, 1), closes=True)),
        (None, None, ("", "2025-09"), None),
    ],
)
def test_in_which_year_a_bill_falls(rule, own, months, year):
    before, month = (date.fromisoformat(f"{text}-01") if text else None for text in months)
    assert year_of(rule, own=own, since=JANUARY, month=month, before=before, leaves=False) == year


def test_a_month_that_is_none_is_refused_with_its_remedy():
    with pytest.raises(CannotBill, match="State a month from 1 to 12"):
        year_of(None, own="june", since=JANUARY, month=date(2025, 6, 1), before=None, leaves=False)


def test_a_rate_that_settles_without_saying_when_is_warned_of():
    text = NEM.format(year="", price="1").replace("[true_up]\n", "")
    assert [finding.code for finding in parse(text).findings] == ["tariff.no_source", "tariff.true_up"]
    wrong = parse(NEM.format(year="month = 13", price="1")).findings
    assert [finding.message for finding in wrong if finding.code != "tariff.no_source"] == ["There is no month 13."]
