"""What stands on a city department's codes is owed until two people settle it by journal; a second entry undoes it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from lamplighter.billing.queries.taxes import rows_of, tax_return
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.chart import chart
from lamplighter.ledger.models import Code, Posting, Settlement
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.ledger.operations.settling import CannotSettle, ask_back, ask_settlement, set_department
from lamplighter.ledger.queries import differences, trial_balance
from lamplighter.ledger.queries.settling import settled_through, statement, unsettled, unsettled_astray
from lamplighter.platform.operations.approvals import CannotDecide, approve

pytestmark = pytest.mark.django_db
OMAR, IDA = staff("omar"), staff("ida")
CITY, PAYABLES = "General fund", "Accounts payable"
SEPTEMBER, OCTOBER = date(2026, 9, 30), date(2026, 10, 31)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18, tzinfo=UTC)


@pytest.fixture
def books():
    ledger.define_codes(chart())
    for code, department, theirs in (
        ("users-tax", CITY, "001-3110"), ("franchise-tax", CITY, "001-3120"), ("payables-paid", PAYABLES, "701-1000")
    ):  # fmt: skip
        belongs(code, department, theirs)


def belongs(code, department, theirs="", on=date(2026, 7, 1)):
    return set_department(code=Code.objects.get(pk=code), department=department, theirs=theirs, starts_on=on,
                          citation="Interfund memo 4", by=OMAR, at=at(on))  # fmt: skip


def books_of(source, code, cents, on):
    """So much comes to be owed on a code (below zero goes back)."""
    legs = (Leg("cash", Money(cents)), Leg(code, Money(-cents)))
    return ledger.post(draft=Draft(source, "test", on, legs), at=at(on), by=OMAR)


def asks(department, through, on=date(2026, 11, 5)):
    return ask_settlement(department=department, through=through, on=on, by=OMAR, at=at(on))


def settles(department, through, on=date(2026, 11, 5)) -> Settlement:
    approve(approval=asks(department, through, on), by=IDA, at=at(on))
    return Settlement.objects.latest("pk")


def stands(code):
    return next(one.payoff for one in trial_balance() if one.key == code)


def test_a_period_is_settled_by_journal_and_the_next_one_begins_after_it(books):
    books_of("bill:1", "users-tax", 62_500, date(2026, 9, 10))
    books_of("bill:1 back", "users-tax", -2_500, date(2026, 9, 20))
    books_of("bill:2", "franchise-tax", 10_000, date(2026, 9, 11))
    books_of("bill:3", "users-tax", 40_000, date(2026, 10, 8))
    found = statement(CITY, through=SEPTEMBER)
    assert [(one.code.pk, one.theirs, one.came, one.went, one.amount) for one in found.lines] == [
        ("users-tax", "001-3110", Money(62_500), Money(2_500), Money(60_000)),
        ("franchise-tax", "001-3120", Money(10_000), ZERO, Money(10_000)),
    ]
    made = settles(CITY, SEPTEMBER)
    assert (made.amount, made.through, made.entry.accounting_on) == (Money(70_000), SEPTEMBER, date(2026, 11, 5))
    legs = {leg.code_id: leg.payoff for leg in Posting.objects.filter(entry=made.entry)}
    assert legs == {"users-tax": Money(60_000), "franchise-tax": Money(10_000), "city-pool": Money(-70_000)}
    assert stands("users-tax") == Money(-40_000), "October is still owed"
    assert unsettled(OCTOBER) == {CITY: Money(40_000), PAYABLES: ZERO}
    books_of("late", "users-tax", 1_000, date(2026, 9, 30))
    later = statement(CITY, through=OCTOBER)
    assert (later.since, later.lines[0].before, later.lines[0].came) == (SEPTEMBER, Money(1_000), Money(40_000))
    assert settles(CITY, OCTOBER).amount == Money(41_000)
    assert (stands("users-tax"), unsettled_astray(), differences()) == (ZERO, [], [])


def test_what_is_settled_is_paid_and_no_tax_less(books):
    books_of("bill:1", "users-tax", 62_500, date(2026, 11, 2))
    books_of("bill:0", "users-tax", 9_000, date(2026, 9, 2))
    november = tax_return(date(2026, 11, 1))
    made = settles(CITY, SEPTEMBER)
    assert made.entry.accounting_on == date(2026, 11, 5)
    assert tax_return(date(2026, 11, 1)) == november
    assert [one.due for one in november] == [Money(62_500)]
    assert [one.amount for one in rows_of(date(2026, 11, 1), "users-tax", "")] == [Money(62_500)]
    approve(approval=ask_back(settlement=made, remark="Wrong", by=OMAR, at=at(date(2026, 11, 6))), by=IDA,
            at=at(date(2026, 11, 6)))  # fmt: skip
    assert tax_return(date(2026, 11, 1)) == november


def test_a_department_may_owe_us(books):
    belongs("lockbox-clearing", "City hall's counter")
    ledger.post(
        draft=Draft("p:1", "test", SEPTEMBER, (Leg("lockbox-clearing", Money(900)), Leg("cash", Money(-900)))),
        at=at(SEPTEMBER), by=OMAR,
    )  # fmt: skip
    assert settles("City hall's counter", SEPTEMBER).amount == Money(-900)
    assert (stands("lockbox-clearing"), stands("city-pool")) == (ZERO, Money(900))


def test_it_takes_two_and_what_was_booked_meanwhile_is_asked_for_anew(books):
    books_of("bill:1", "users-tax", 500, SEPTEMBER)
    asked = asks(CITY, SEPTEMBER)
    with pytest.raises(CannotDecide, match="own request"), transaction.atomic():
        approve(approval=asked, by=OMAR, at=at(date(2026, 11, 5)))
    with pytest.raises(CannotDecide, match="already waiting"), transaction.atomic():
        asks(CITY, SEPTEMBER)
    books_of("bill:2", "users-tax", 100, SEPTEMBER)
    with pytest.raises(CannotDecide, match="More was booked"), transaction.atomic():
        approve(approval=asked, by=IDA, at=at(date(2026, 11, 5)))
    assert not Settlement.objects.exists()


def test_what_cannot_be_settled_is_refused(books):
    with pytest.raises(CannotSettle, match="Nothing is owed"):
        asks(CITY, SEPTEMBER)
    books_of("bill:1", "users-tax", 500, SEPTEMBER)
    with pytest.raises(CannotSettle, match="Only days that are over"):
        asks(CITY, date(2026, 11, 5))
    settles(CITY, SEPTEMBER)
    with pytest.raises(CannotSettle, match="settled up to Sep 30"):
        asks(CITY, SEPTEMBER)
    with pytest.raises(CannotSettle, match="Choose a later day"):
        belongs("users-tax", PAYABLES, on=SEPTEMBER)
    with pytest.raises(CannotSettle, match="customers' accounts"):
        belongs("receivable", CITY)
    belongs("users-tax", "", on=OCTOBER)
    assert [one.code.pk for one in statement(CITY, through=OCTOBER).lines] == ["franchise-tax"]


def test_it_is_taken_back_once_by_a_second_entry_and_owed_again(books):
    books_of("bill:1", "users-tax", 500, SEPTEMBER)
    made = settles(CITY, SEPTEMBER)
    with pytest.raises(CannotSettle, match="Say why"):
        ask_back(settlement=made, remark=" ", by=OMAR, at=at(date(2026, 11, 6)))
    asked = ask_back(settlement=made, remark="The city booked another sum.", by=OMAR, at=at(date(2026, 11, 6)))
    approve(approval=asked, by=IDA, at=at(date(2026, 11, 6)))
    back = Settlement.objects.get(reverses=made)
    assert (back.amount, stands("users-tax"), stands("city-pool")) == (Money(-500), Money(-500), ZERO)
    assert (settled_through(CITY), unsettled_astray()) == (None, [])
    with pytest.raises(CannotSettle, match="taken back already"):
        ask_back(settlement=made, remark="Again", by=OMAR, at=at(date(2026, 11, 7)))
    assert settles(CITY, SEPTEMBER, on=date(2026, 11, 8)).amount == Money(500)


def test_a_journal_that_says_something_else_than_its_statement_is_found(books):
    books_of("bill:1", "users-tax", 500, SEPTEMBER)
    settles(CITY, SEPTEMBER)
    legs = (Leg("users-tax", Money(77)), Leg("city-pool", Money(-77)))
    ledger.post(draft=Draft("by hand", "settlement", SEPTEMBER, legs), at=at(OCTOBER), by=OMAR)
    assert unsettled_astray() == [
        "users-tax: journals settled $5.77, their statements say $5.00",
        "city-pool: journals moved −$5.77, their statements say −$5.00",
    ]


def test_what_was_settled_stays_as_it_is(books):
    books_of("bill:1", "users-tax", 500, SEPTEMBER)
    made = settles(CITY, SEPTEMBER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Settlement.objects.filter(pk=made.pk).update(amount=Money(1))
