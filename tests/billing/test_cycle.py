"""A cycle is billed: drafts on a real tariff, frozen segments, books; what cannot be billed is parked."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from lamplighter.accounts.models import Agreement
from lamplighter.billing.models import Bill, BillLine, Parked, Segment, TrialBill
from lamplighter.billing.rules import CannotBill, Due, days_to_bill, months_before
from lamplighter.cli.billing import previewing
from lamplighter.journeys.billing import bill_cycle, bill_now, preview
from lamplighter.journeys.moving import stop_service
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import differences
from lamplighter.worklist.queries import open_items
from tests.town import DANA, FLAT, NIGHTLY

AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))
YEAR = Period(date(2026, 7, 1), date(2027, 1, 1))


@pytest.fixture
def alameda(town):
    return town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")


def test_the_worked_bill_of_alameda_comes_out_of_a_cycle(town, alameda):
    """1 kW flat through August on D-1 is $211.04, rounded once."""
    town.on("2026-07-01").moves_in("Ada", alameda)
    town.uses("Ada", YEAR, 1000)
    town.on("2026-08-01").bills("2026-07-01", "2026-08-01")
    outcome = town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    assert (outcome.billed, outcome.parked, outcome.total) == (1, 0, Money(21104))
    segment = Segment.objects.get(period=AUGUST)
    assert (segment.kind, segment.kwh, segment.estimated) == ("regular", Decimal(744), False)
    assert segment.statement["exact"] == "211.03535475"
    assert sum((line.amount for line in segment.lines.all()), Money(0)) == Money(21104)
    assert differences() == []


def test_the_database_itself_can_tell_that_a_statement_is_the_one_that_was_hashed(town, alameda):
    """It is kept as it was written, byte for byte."""
    town.on("2026-07-01").moves_in("Ada", alameda)
    town.uses("Ada", YEAR, 1000)
    town.on("2026-08-01").bills("2026-07-01", "2026-08-01")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sha256, encode(sha256(convert_to(statement::text, 'UTF8')), 'hex') FROM billing_segment")
        ((told, found),) = cursor.fetchall()
    assert told == found
    assert Segment.objects.values_list("statement__cents", "statement__settles").get() == (
        Bill.objects.get().charges.cents,
        False,
    )


def test_the_books_of_a_bill_and_its_payment(town, alameda):
    """An opening bill of 31 days: 31/30 of 24.27 and of the baseline of 211 kWh, by hand 25.079 and 170.9354."""
    town.on("2026-08-01").moves_in("Ada", alameda)
    town.uses("Ada", AUGUST, 1000)
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    town.on("2026-09-10").pays("Ada", 10000)
    assert town.books() == (
        "2026-09-01 bill revenue-residential -25.08\n"
        "2026-09-01 bill revenue-residential -170.94\n"
        "2026-09-01 bill state-surcharge -0.22\n"
        "2026-09-01 bill users-tax -14.70\n"
        "2026-09-01 bill receivable 210.94\n"
        "2026-09-10 payment cash-drawers 100.00\n"
        "2026-09-10 payment receivable -100.00"
    )


def test_bills_follow_each_other(town, alameda):
    town.on("2026-07-01").moves_in("Ada", alameda)
    town.uses("Ada", YEAR, 500)
    town.on("2026-08-01").bills("2026-07-01", "2026-08-01")
    first = town.bill_of("Ada")
    town.on("2026-08-20").pays("Ada", 2000)
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    second = town.bill_of("Ada")
    assert (first.previous, first.received, first.due) == (Money(0), Money(0), first.charges)
    assert (second.previous, second.received, second.corrected) == (first.due, Money(-2000), Money(0))
    assert second.due == second.previous + second.received + second.charges
    assert [s.period for s in Segment.objects.order_by("id")] == [Period(date(2026, 7, 1), date(2026, 8, 1)), AUGUST]


def test_the_same_run_again_bills_nothing_twice(town, alameda):
    town.on("2026-08-01").moves_in("Ada", alameda)
    town.uses("Ada", AUGUST, 1000)
    window = town.window("2026-08-01", "2026-09-01")
    town.on("2026-09-01")
    for expected in (1, 0):
        assert bill_cycle(window=window, on=town.today, by=NIGHTLY, at=town.at).billed == expected
    assert Bill.objects.count() == 1


def test_what_is_missing_is_parked_and_billed_the_next_night(town, alameda):
    town.on("2026-08-01").moves_in("Ada", alameda)
    town.moves_in("Ben", alameda)
    town.uses("Ada", AUGUST, 1000)
    town.uses("Ben", Period(date(2026, 8, 1), date(2026, 8, 20)), 1000)
    outcome = town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    assert (outcome.billed, outcome.parked) == (1, 1)
    parked = Parked.objects.get()
    assert parked.code == "usage.missing"
    assert "288 of 744 readings of meter E-0002" in parked.message
    assert [(item.subject, item.state) for item in open_items(at=town.at)] == [(parked.agreement.subject, "open")]
    town.uses("Ben", AUGUST, 1000)
    outcome = town.on("2026-09-02").bills("2026-08-01", "2026-09-01")
    assert (outcome.billed, outcome.parked) == (1, 0)
    assert Parked.objects.get().state == "billed"
    assert not open_items(at=town.at).exists()


def test_a_minimum_for_a_year_that_never_closes_is_refused_and_not_forgotten(town):
    """Without a refusal nobody would ever be charged the minimum."""
    least = """
[[line]]
code = "least"
label = "Minimum for the year"
of = ["energy"]
annual = true
[[line.minimum]]
unit = "$/bill"
price = 600
"""
    rate = town.adopts(FLAT + least)
    town.on("2026-08-01").moves_in("Ada", rate)
    town.uses("Ada", AUGUST, 1000)
    outcome = town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    assert (outcome.billed, outcome.parked) == (0, 1)
    assert "has a minimum for the year, and nothing says when its year closes" in Parked.objects.get().message


def test_a_trial_run_freezes_nothing(town, alameda):
    town.on("2026-08-01").moves_in("Ada", alameda)
    town.uses("Ada", AUGUST, 1000)
    for _ in range(2):
        town.on("2026-09-01").bills("2026-08-01", "2026-09-01", freeze=False)
    assert (Bill.objects.count(), TrialBill.objects.count()) == (0, 1)
    assert town.books() == ""


def test_a_register_meter_is_billed_from_read_to_read(town, alameda):
    town.on("2026-08-01").moves_in("Ada", alameda, interval=None)
    town.reads("Ada", ("2026-08-01", 10_000), ("2026-09-01", 10_744))
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    assert Segment.objects.get().total == Money(21094), "31/30 of the customer charge and of the baseline"


def test_a_final_bill_ends_where_service_ends(town, alameda):
    town.on("2026-07-01").moves_in("Ada", alameda)
    town.uses("Ada", YEAR, 1000)
    town.on("2026-08-01").bills("2026-07-01", "2026-08-01")
    stop_service(agreement=town.homes["Ada"].agreement, on=date(2026, 8, 11), by=DANA, at=town.at)
    agreement = Agreement.objects.get()
    bill = bill_now(agreement=agreement, until=date(2026, 8, 11), on=date(2026, 8, 12), by=DANA, at=town.at)
    assert (bill.kind, bill.segments.get().kind) == ("final", "closing")
    assert bill.segments.get().period == Period(date(2026, 8, 1), date(2026, 8, 11))
    with pytest.raises(CannotBill, match="billed already"):
        preview(agreement=agreement, until=date(2026, 9, 1))


@pytest.mark.parametrize(
    ("windows", "until", "month"),
    [
        ([("2026-08-01", "2026-09-01")], "2026-09-01", "2026-08-01"),
        ([("2026-09-01", "2026-09-01")], "2026-09-01", "2026-09-01"),
        ([("2026-09-01", "2026-09-01")], "2026-08-31", "2026-09-01"),
        ([("2026-08-01", "2026-08-03"), ("2026-09-01", "2026-09-03")], "2026-08-04", "2026-09-01"),
        ([("2026-08-01", "2026-09-03")], "2026-09-20", "2026-09-01"),
        ([("2026-09-01", "2026-09-03")], "2026-09-20", "2026-10-01"),
        ([("2027-09-01", "2027-09-01")], "2026-09-01", "2026-08-01"),
        ([], "2026-09-01", "2026-08-01"),
        ([], "2026-09-02", "2026-09-01"),
    ],
    ids=["read on the day", "named by its read day", "stopped the day before", "stopped the day after",
         "after the last window", "after the last, named by its read day", "far off",
         "no window: month's last day", "no window: next month's first day"],
)  # fmt: skip
def test_days_are_billed_in_the_month_in_which_they_would_be_read(town, alameda, windows, until, month):
    """Whoever asks, and whether or not it is the cycle's turn: ratchets and baselines go by that month."""
    home = town.on("2026-07-01").moves_in("Ada", alameda)
    town.uses("Ada", YEAR, 1000)
    for window in windows:
        town.window(*window)
    end = date.fromisoformat(until)
    (from_command,) = previewing.preview(home.account, until=end)
    (from_desk,) = preview(agreement=home.agreement, until=end)
    assert [one.occasion.month.isoformat() for one in (from_command, from_desk)] == [month, month]


def test_no_day_is_billed_twice_whoever_asks(town, alameda):
    town.on("2026-08-01").moves_in("Ada", alameda)
    town.uses("Ada", AUGUST, 1000)
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    segment = Segment.objects.get()
    segment.pk, segment.entry, segment.period = None, None, Period(date(2026, 8, 15), date(2026, 8, 20))
    with pytest.raises(IntegrityError, match="no_day_billed_twice"), transaction.atomic():
        segment.save(force_insert=True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_segment SET total = 1",
        "DELETE FROM billing_segment",
        "UPDATE billing_bill SET due = 1",
        "DELETE FROM billing_billline",
    ],
)
def test_a_frozen_bill_is_never_edited(town, alameda, statement):
    town.on("2026-08-01").moves_in("Ada", alameda)
    town.uses("Ada", AUGUST, 1000)
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_queries_do_not_grow_with_accounts(town, alameda, django_assert_max_num_queries):
    for number in range(30):
        town.on("2026-08-01").moves_in(f"P{number}", alameda)
        town.uses(f"P{number}", AUGUST, 100 * number)
    window = town.window("2026-08-01", "2026-09-01")
    town.on("2026-09-01")
    with django_assert_max_num_queries(45):
        bill_cycle(window=window, on=town.today, by=NIGHTLY, at=town.at)
    assert Bill.objects.count() == 30
    assert BillLine.objects.count() > 100


JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("service", "billed_to", "reads_on", "expected"),
    [
        (Period(date(2026, 1, 1)), JUNE, JULY, Due(Period(JUNE, JULY), "regular")),
        (Period(JUNE), None, JULY, Due(Period(JUNE, JULY), "opening")),
        (Period(date(2026, 6, 16)), None, JULY, None),
        (Period(date(2026, 6, 15)), None, JULY, Due(Period(date(2026, 6, 15), JULY), "opening")),
        (Period(date(2026, 6, 20), date(2026, 6, 25)), None, JULY,
         Due(Period(date(2026, 6, 20), date(2026, 6, 25)), "closing")),
        (Period(date(2026, 1, 1), date(2026, 6, 11)), JUNE, JULY, Due(Period(JUNE, date(2026, 6, 11)), "closing")),
        (Period(date(2026, 1, 1), date(2026, 7, 10)), JUNE, JULY, Due(Period(JUNE, JULY), "regular")),
        (Period(date(2026, 1, 1), JUNE), JUNE, JULY, None),
        (Period(date(2026, 7, 5)), None, JULY, None),
    ],
)  # fmt: skip
def test_which_days_are_due(service, billed_to, reads_on, expected):
    assert days_to_bill(service, billed_to, reads_on) == expected


def test_months_are_counted_back_to_the_last_day():
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2024, 3, 31), 1) == date(2024, 2, 29)
    assert months_before(date(2026, 1, 15), 13) == date(2024, 12, 15)
