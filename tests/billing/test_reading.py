"""A bill as people read it: lines in words, use by day, what is due, and that it always adds up."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lamplighter.accounts import operations as accounts
from lamplighter.billing.operations import adjusting, converting
from lamplighter.billing.operations.converting import ConvertedBill
from lamplighter.billing.queries.reading import view, views
from lamplighter.billing.queries.reading_lines import number, price
from lamplighter.billing.queries.reading_view import Group
from lamplighter.billing.rules import BackBilling
from lamplighter.customers import operations as customers
from lamplighter.intervals.block import Block
from lamplighter.journeys import charging
from lamplighter.journeys.rebilling import correct
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.money import Money, total
from lamplighter.kernel.periods import Period
from lamplighter.metering.kinds import METER_KINDS
from lamplighter.metering.models import Channel
from tests.billing.conftest import NOV_25, NOV_26, OCT_25, OCT_26, factory, hourly, sunshine
from tests.town import DANA

HOA = "Thi Hoa Nguyen"


def bill_of(home):
    return home.account.bills.order_by("id").last()


def foots(bill):
    """Lines make segments, segments and adjustments make charges, and these make what is due."""
    for segment in bill.segments:
        assert total(line.amount for line in segment.lines) == segment.total
        assert total(segment.total_of(group) for group in Group) == segment.total
    beside = total(one.amount for one in bill.adjustments)
    assert total(segment.total for segment in bill.segments) + beside == bill.amounts.charges
    amounts = bill.amounts
    assert amounts.previous + amounts.received + amounts.corrected + amounts.charges == amounts.due
    return True


def test_a_bill_says_who_where_and_when(home):
    bill = view(bill_of(home))
    assert (bill.utility.name, bill.utility.phone) == ("Marisol Bay Power", "(510) 555-0100")
    assert (bill.customer, bill.language) == (HOA, "vi")
    assert bill.mailing == ("1418 Pacific Ave Apt B", "Marisol Bay CA 90555") == bill.services[0]
    assert bill.meters == (home.channel.meter.badge,)
    assert bill.period == Period(OCT_26, NOV_26)
    assert (bill.issued_on, bill.due_on) == (date(2026, 11, 5), date(2026, 11, 26))
    assert bill.account == home.account.number
    assert bill.scan_line.endswith("261126 " + bill.scan_line[-1])
    assert foots(bill)


def test_lines_stand_in_words_with_taxes_apart(home):
    segment = view(bill_of(home)).segments[0]
    assert [(line.label, line.words) for line in segment.of(Group.CHARGE)] == [
        ("Customer charge", "1 month × $13.75"),
        ("Energy, baseline", "310 kWh × $0.14218"),
        ("Energy, above baseline", "156.005 kWh × $0.2391"),
        ("Power cost adjustment", "466.005 kWh × $0.0031"),
    ]
    assert [(line.label, line.words) for line in segment.of(Group.TAX)] == [
        ("State energy surcharge", "466.005 kWh × $0.0003"),
        ("Utility users tax", "7.5% of $96.57"),
    ]
    assert segment.of(Group.DISCOUNT) == ()
    assert (segment.schedule, segment.schedule_name) == ("R-1", "Residential service")


def test_use_by_day_adds_up_to_what_is_billed(home):
    bill = view(bill_of(home))
    assert [day.day for day in bill.daily] == list(Period(OCT_26, NOV_26))
    assert sum(day.delivered for day in bill.daily) == bill.segments[0].kwh
    assert not any(day.estimated or day.missing for day in bill.daily)


def test_a_meter_that_could_count_what_is_sent_back_hides_no_day_where_nothing_is(readers):
    home = readers.settles("Ada Quill", readers.adopts_own("r-1_2025.toml"), *METER_KINDS["hourly"].channels())
    readers.lives("Ada Quill", date(2025, 9, 3), OCT_25)
    readers.bills_now("Ada Quill", OCT_25)
    bill = view(bill_of(home))
    assert not any(day.missing for day in bill.daily)
    assert sum(day.delivered for day in bill.daily) == bill.segments[0].kwh > 0


def test_use_is_shown_as_it_was_when_the_bill_was_made(readers, home):
    before = view(bill_of(home)).daily
    readers.lives(HOA, OCT_26, NOV_26, seed=1, scale=3)
    assert view(bill_of(home)).daily == before


def test_a_discount_stands_apart_and_says_who_bears_it(readers):
    rate = readers.adopts_own("r-1_2025.toml")
    home = readers.settles("Ines Carvalho", rate)
    readers.lives("Ines Carvalho", date(2025, 9, 3), NOV_25)
    readers.states("Ines Carvalho", "power_assist", "yes", date(2025, 9, 3))
    readers.bills_now("Ines Carvalho", OCT_25)
    (segment,) = view(bill_of(home)).segments
    (line,) = segment.of(Group.DISCOUNT)
    charged = total(one.amount for one in segment.of(Group.CHARGE) if one.priced.code in {"customer", "energy"})
    assert (line.label, line.words, line.priced.fund) == ("Power Assist", f"25% of {charged}", "public purpose")
    assert line.amount == -Money.nearest(charged.dollars / 4)


def test_estimated_use_is_marked_by_day_and_told(readers):
    rate = readers.adopts_own("r-1_2025.toml")
    home = readers.settles("Ines Carvalho", rate)
    readers.lives("Ines Carvalho", date(2025, 9, 3), NOV_25)
    guess = int(Quality.ESTIMATED_REFERENCE_DAY)
    readers.lives("Ines Carvalho", date(2025, 9, 12), date(2025, 9, 15), quality=guess)
    readers.bills_now("Ines Carvalho", OCT_25)
    bill = view(bill_of(home))
    assert [day.day.day for day in bill.daily if day.estimated] == [12, 13, 14]
    assert bill.estimated
    assert bill.segments[0].estimated_kwh == sum(day.delivered for day in bill.daily if day.estimated)
    assert "Part of your use is estimated" in [message.title for message in bill.messages]


def test_what_a_roof_sends_back_is_shown_and_credited(readers):
    rate, rider = readers.adopts_own("r-1_2025.toml"), readers.adopts_own("nem-1_2025.toml")
    home = readers.settles("Kip Larsen", rate, hourly(), hourly("sent", flow="received"))
    accounts.add_rider(agreement=home.agreement, schedule=rider, on=date(2025, 9, 3), by=DANA, at=readers.at)
    readers.lives("Kip Larsen", date(2025, 9, 3), OCT_25)
    sent = home.channel.meter.channels.get(flow="received")
    readers.lives("Kip Larsen", date(2025, 9, 3), OCT_25, shape=sunshine, channel=sent)
    readers.bills_now("Kip Larsen", OCT_25)
    bill = view(bill_of(home))
    (export,) = [line for line in bill.segments[0].lines if line.priced.code == "export"]
    received = sum(day.received for day in bill.daily)
    assert export.words == f"{number(received)} kWh × $0.0865 credited"
    assert export.priced.quantity == received > 0 > export.amount.cents
    assert bill.segments[0].schedule == "R-1 + NEM-1"
    assert bill.amounts.credit
    assert bill.messages[0].title == "Nothing to pay"
    assert foots(bill)


def test_register_reads_are_shown_with_a_dial_that_turned_over(readers):
    rate = readers.adopts_own("r-1_2025.toml")
    dial = Channel(name="kWh dial", unit="Wh", power=3, dials=5)
    home = readers.settles("Ana Quiroga", rate, dial, multiplier=2)
    readers.reads("Ana Quiroga", ("2025-09-03", 99990), ("2025-10-03", 150))
    readers.bills_now("Ana Quiroga", OCT_25)
    bill = view(bill_of(home))
    (register,) = bill.segments[0].use.registers
    assert (register.from_count, register.to_count, register.factor) == (99990, 150, 2)
    assert (register.from_on, register.to_on) == (date(2025, 9, 3), OCT_25)
    assert register.used == bill.segments[0].kwh == Decimal(320)
    assert bill.daily == ()


def test_demand_lines_and_days_in_words(readers):
    rate = readers.adopts_own("gs-2_2025.toml", customer_class="commercial")
    home = readers.settles("Kelp & Kettle", rate, hourly(interval=900))
    readers.states("Kelp & Kettle", "power_factor", "0.82", date(2025, 9, 3))
    readers.lives("Kelp & Kettle", date(2025, 9, 3), OCT_25, shape=factory)
    readers.on("2025-10-04").bills("2025-09-01", "2025-10-03")
    bill = view(bill_of(home))
    words = {line.priced.code: line.words for line in bill.segments[0].lines}
    assert words["customer"] == "30 days × $3.20"
    assert words["demand"].endswith(" kW × $9.85")
    assert words["power_factor"].startswith("4% of $")
    assert len(bill.segments[0].lines) >= 11
    assert foots(bill)


def test_what_was_open_and_paid_since_the_last_bill(readers, home):
    first = bill_of(home)
    readers.pays(HOA, first.due.cents - 1000)
    readers.lives(HOA, NOV_26, date(2026, 12, 4))
    bill = view(readers.bills_now(HOA, date(2026, 12, 4)))
    assert bill.amounts.previous == first.due
    assert bill.amounts.received == Money(1000) - first.due
    assert bill.messages[0].text.startswith("$10.00 was still open")
    assert foots(bill)


def test_a_late_charge_stands_beside_the_rate(readers, home):
    adjusting.adjust(
        agreement=home.agreement, kind="late-charge", label="Late charge on $20.00", amount=Money(150),
        against="revenue-late-charges", on=date(2026, 11, 10), source="1", by=DANA, at=readers.at,
    )  # fmt: skip
    readers.lives(HOA, NOV_26, date(2026, 12, 4))
    bill = view(readers.bills_now(HOA, date(2026, 12, 4)))
    assert [(one.label, one.on, one.amount) for one in bill.adjustments] == [
        ("Late charge on $20.00", date(2026, 11, 10), Money(150))
    ]
    assert foots(bill)


def test_an_invoice_has_no_service(readers, home):
    made = charging.invoice(
        account=home.account, label="Damaged pole", amount=Money(120000), gl_code="revenue-fees",
        on=date(2026, 11, 10), by=DANA, at=readers.at,
    )  # fmt: skip
    bill = view(made)
    assert (bill.segments, bill.period, bill.comparison, bill.daily) == ((), None, None, ())
    assert [(one.label, one.amount) for one in bill.adjustments] == [("Damaged pole", Money(120000))]
    assert foots(bill)


def test_a_converted_bill_is_shown_as_it_was(readers, home):
    days = date(2024, 1, 5), date(2024, 1, 26)
    before = ConvertedBill(home.account, "77", *days, Money(500), Money(9000), Money(9500))
    (old,) = converting.bring_bills(bills=[before], by=DANA, at=readers.at)
    bill = view(old)
    assert (bill.number, bill.segments, bill.comparison) == ("C-77", (), None)
    assert [one.amount for one in bill.adjustments] == [Money(9000)]
    assert foots(bill)


def test_two_services_stand_on_one_bill(readers):
    rate = readers.adopts_own("r-1_2025.toml")
    flat = readers.settles("Alma Vega", rate, street="1 Elm St")
    readers.settles("Alma's shop", rate, street="2 Elm St", account=flat.account)
    for i, who in enumerate(readers.homes):
        readers.lives(who, date(2025, 9, 3), OCT_25, seed=i)
    readers.on("2025-10-04").bills("2025-09-01", "2025-10-03")
    bill = view(bill_of(flat))
    assert [service[0] for service in bill.services] == ["1 Elm St", "2 Elm St"]
    assert len(bill.meters) == len(bill.segments) == 2
    assert len(bill.daily) == 30
    assert sum(day.delivered for day in bill.daily) == sum(segment.kwh for segment in bill.segments)
    assert foots(bill)


def test_a_correction_names_what_it_replaces(readers, home):
    wrong = bill_of(home)
    readers.lives(HOA, OCT_26, NOV_26, seed=9, scale=0.6)
    _, right = correct(
        agreement=home.agreement, period=Period(OCT_26, NOV_26), reason="reread", policy=BackBilling(),
        on=readers.today, by=DANA, at=readers.at,
    )  # fmt: skip
    old, new = views([wrong.pk, right.pk])
    assert (old.segments[0].replaced_by, old.segments[0].cancelled_on) == (right.number, readers.today)
    assert new.segments[0].replaces == wrong.number
    assert f"These charges replace bill {wrong.number}" in [message.title for message in new.messages]
    assert new.comparison is None
    assert foots(old)
    assert foots(new)


def test_prices_that_change_inside_a_bill_are_told(readers):
    rate = readers.adopts_own("r-1_2025.toml", "r-1_2026.toml")
    home = readers.settles("Dele Adeyemi", rate, on=date(2026, 6, 10))
    readers.lives("Dele Adeyemi", date(2026, 6, 10), date(2026, 7, 11))
    readers.bills_now("Dele Adeyemi", date(2026, 7, 11))
    bill = view(bill_of(home))
    assert bill.segments[0].new_prices_on == date(2026, 7, 1)
    assert "New prices from Jul 1" in [message.title for message in bill.messages]
    assert foots(bill)


def test_letters_go_to_the_address_of_the_day(readers, home):
    person = home.account.roles.get().person
    customers.set_mailing_address(
        person=person, lines="PO Box 12\nOld Town CA 90001", period=Period(date(2026, 1, 1)), by=DANA, at=readers.at
    )
    customers.set_mailing_address(
        person=person, lines="PO Box 99\nNew Town CA 90002", period=Period(date(2027, 1, 1)), by=DANA, at=readers.at
    )
    assert view(bill_of(home)).mailing == ("PO Box 12", "Old Town CA 90001")


def test_many_bills_cost_as_many_queries_as_one(readers, home):
    """But for the statements of bills that ask for other measures: none here."""
    rate = readers.rates["R-1"]
    for i in range(3):
        readers.settles(f"Neighbor {i}", rate, on=date(2025, 10, 3))
        readers.lives(f"Neighbor {i}", date(2025, 10, 3), NOV_26, seed=20 + i)
    for who in readers.homes:
        if who != HOA:
            readers.bills_now(who, NOV_25, OCT_26, NOV_26)
    bills = [bill_of(home).pk for home in readers.homes.values()]
    views(bills)  # texts are parsed, the store is open
    with CaptureQueriesContext(connection) as one:
        views(bills[:1])
    with CaptureQueriesContext(connection) as many:
        found = views(bills)
    assert len(many) == len(one) <= 24
    assert [bill.id for bill in found] == bills
    assert all(foots(bill) for bill in found)


def test_reading_bills_looks_at_each_interval_as_often_for_one_as_for_many(readers, monkeypatch):
    """Homes that are billed together share one block of readings: the work grows with the homes, not their square."""
    rate = readers.adopts_own("r-1_2025.toml")
    homes = [readers.settles(f"Neighbor {i}", rate) for i in range(4)]
    for i, who in enumerate(readers.homes):
        readers.lives(who, date(2025, 9, 3), OCT_25, seed=i)
    readers.on("2025-10-04").bills("2025-09-01", "2025-10-03")
    bills = [bill_of(home).pk for home in homes]
    looked_at = []
    known = Block.known

    def counting(block):
        looked_at.append(block.values.size)
        return known(block)

    monkeypatch.setattr(Block, "known", counting)
    views(bills[:1])
    one = sum(looked_at)
    looked_at.clear()
    views(bills)
    assert one == 30 * 24
    assert sum(looked_at) == 4 * one


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0", "0"), ("-0.0001", "0"), ("412", "412"), ("1234567.5", "1,234,567.5"), ("0.0005", "0.001"), ("-3.10", "−3.1"),
     ("100", "100")],
)  # fmt: skip
def test_numbers_are_shown_plainly(value, shown):
    assert number(Decimal(value)) == shown


@pytest.mark.parametrize(("value", "shown"), [("12.5", "$12.50"), ("0.14218", "$0.14218"), ("3", "$3.00")])
def test_prices_have_two_decimals_at_least(value, shown):
    assert price(Decimal(value)) == shown
