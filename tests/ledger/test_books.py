"""The books guard themselves, whoever writes to them."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.chart import chart
from lamplighter.ledger.models import Code, Entry, Posting
from lamplighter.ledger.operations import CannotPost, Draft, Leg, Sums
from lamplighter.ledger.queries import Balance, ageing, balances, differences, open_month_for, trial_balance
from lamplighter.platform import transactions

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
DANA = staff("dana")


@pytest.fixture
def receivable():
    ledger.define_codes(
        [
            Code(key="receivable", number="1310", name="Customer accounts receivable", kind="asset", control=True),
            Code(key="deposits", number="2350", name="Customer deposits", kind="liability", control=True),
            Code(key="revenue", number="4400", name="Residential sales", kind="revenue"),
            Code(key="cash", number="1010", name="Cash", kind="asset"),
        ]
    )
    return ledger.open_subledgers(code="receivable")[0].pk


def post(source, *legs, on=date(2026, 11, 1), accounting_on=None):
    return ledger.post(draft=Draft(source, "test", on, legs, accounting_on), at=AT, by=DANA)


def bill(receivable, cents, source="bill:1", on=date(2026, 11, 1)):
    amount = Money(cents)
    return post(source, Leg("receivable", amount, receivable, owed_on=on), Leg("revenue", -amount), on=on)


def pay(receivable, cents, source="payment:1", on=date(2026, 11, 5)):
    return post(source, Leg("cash", Money(cents)), Leg("receivable", Money(-cents), receivable), on=on)


def test_a_bill_and_its_payment(receivable):
    bill(receivable, 8466)
    pay(receivable, 6000)
    assert balances([receivable]) == {receivable: Balance(Money(2466), Money(2466))}
    assert {c.key: c.payoff.cents for c in trial_balance()} == {
        "cash": 6000, "receivable": 2466, "deposits": 0, "revenue": -8466,
    }  # fmt: skip
    assert differences() == []


def test_an_entry_that_does_not_balance_is_refused_in_python(receivable):
    with pytest.raises(AssertionError, match="does not balance"):
        post("x", Leg("receivable", Money(5), receivable), Leg("revenue", Money(-4)))


def test_and_in_the_database(receivable):
    entry = bill(receivable, 100)
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        Posting.objects.create(entry_id=entry, code_id="revenue", payoff=Money(1))
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        Posting.objects.bulk_create(
            [
                Posting(entry_id=entry, code_id="revenue", payoff=Money(1)),
                Posting(entry_id=entry, code_id="cash", payoff=Money(-1)),
            ]
        )


def test_a_copy_that_does_not_balance_is_refused(receivable):
    bill(receivable, 100)
    with (
        pytest.raises(psycopg.IntegrityError, match="not balance"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO ledger_entry (id, source, kind, effective_on, accounting_on, posted_at, posted_by, legs) "
            "VALUES (99, 'raw', 'raw', now(), now(), now(), 'system:x', 2)"
        )
        with cursor.copy("COPY ledger_posting (entry_id, code_id, payoff, current, component) FROM STDIN") as copy:
            copy.write(b"99\tcash\t5\t0\t\n99\trevenue\t-4\t0\t\n")


def test_postings_do_not_come_before_their_entry(receivable):
    """There is no foreign key that would look it up later, and nobody would weigh them."""
    with pytest.raises(IntegrityError, match="not there does not balance"), transaction.atomic():
        Posting.objects.create(entry_id=99, code_id="cash", payoff=Money(5))


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_posting", "ledger_subledger", "platform_event"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_nothing_that_happened_is_edited(receivable, table, statement):
    bill(receivable, 100)
    with (
        pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor
    ):  # fmt: skip
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement.format(table))


def test_the_same_source_is_posted_once(receivable):
    bill(receivable, 100)
    with pytest.raises(CannotPost, match="already posted"), transaction.atomic():
        bill(receivable, 100)
    assert Entry.objects.count() == 1


def test_a_control_code_wants_its_subledger_and_only_its_own(receivable):
    deposit = ledger.open_subledgers(code="deposits")[0].pk
    for legs in (
        (Leg("receivable", Money(5)), Leg("revenue", Money(-5))),
        (Leg("receivable", Money(5), deposit), Leg("revenue", Money(-5))),
        (Leg("revenue", Money(5), receivable), Leg("cash", Money(-5))),
    ):
        with pytest.raises(CannotPost, match="sub-ledger"), transaction.atomic():
            post("x", *legs)


def test_a_posting_is_to_a_code_and_a_subledger_that_are_there(receivable):
    with pytest.raises(CannotPost, match="no code of the general ledger"), transaction.atomic():
        post("x", Leg("revenues", Money(5)), Leg("cash", Money(-5)))
    with pytest.raises(CannotPost, match="sub-ledger"), transaction.atomic():
        post("x", Leg("receivable", Money(5), receivable + 1), Leg("cash", Money(-5)))


def test_a_code_stays_even_while_nothing_is_posted_to_it(receivable):
    with pytest.raises(IntegrityError, match="a general-ledger code stays"), transaction.atomic():
        Code.objects.filter(key="revenue").delete()


def test_reversing_a_payment_gives_debts_their_old_age_back(receivable):
    bill(receivable, 10000, on=date(2026, 8, 1))
    paid = pay(receivable, 10000, on=date(2026, 9, 1))
    bill(receivable, 5000, "bill:2", on=date(2026, 11, 1))
    before = ageing([receivable], on=date(2026, 11, 20), due_days=21)
    assert before.past_due == ZERO
    ledger.reverse(
        entry=Entry.objects.get(pk=paid), source="returned:1", effective_on=date(2026, 11, 18),
        accounting_on=date(2026, 11, 18), at=AT, by=DANA,
    )  # fmt: skip
    after = ageing([receivable], on=date(2026, 11, 20), due_days=21)
    assert after.buckets == (ZERO, ZERO, Money(10000), ZERO)
    assert after.current == Money(5000)


def test_reversing_a_bill_takes_it_out_of_its_own_age(receivable):
    bill(receivable, 13500, "feb", on=date(2026, 3, 1))
    wrong = Entry.objects.get(source="feb")
    pay(receivable, 13500, on=date(2026, 3, 20))
    bill(receivable, 7000, "mar", on=date(2026, 4, 1))
    ledger.reverse(
        entry=wrong, source="cancel:feb", effective_on=date(2026, 4, 10), accounting_on=date(2026, 4, 10),
        at=AT, by=DANA,
    )  # fmt: skip
    bill(receivable, 10500, "feb again", on=date(2026, 3, 1))
    aged = ageing([receivable], on=date(2026, 4, 15), due_days=21)
    assert (aged.current, aged.past_due, aged.credit) == (Money(4000), ZERO, ZERO)
    with pytest.raises(CannotPost, match="already reversed"), transaction.atomic():
        ledger.reverse(
            entry=wrong, source="again", effective_on=date(2026, 4, 11), accounting_on=date(2026, 4, 11),
            at=AT, by=DANA,
        )  # fmt: skip


def test_a_closed_month_takes_no_entries(receivable):
    ledger.close_month(month=date(2026, 10, 15), by=DANA, at=AT)
    with pytest.raises(CannotPost, match="books of October 2026 are closed"), transaction.atomic():
        bill(receivable, 100, on=date(2026, 10, 31))
    assert open_month_for(date(2026, 10, 31), today=date(2026, 11, 20)) == date(2026, 11, 20)
    late = Leg("receivable", Money(100), receivable, owed_on=date(2026, 10, 31)), Leg("revenue", Money(-100))
    post("late", *late, on=date(2026, 10, 31), accounting_on=date(2026, 11, 20))
    ledger.reopen_month(month=date(2026, 10, 1), by=DANA, at=AT, remark="auditor's journal")
    bill(receivable, 100, on=date(2026, 10, 31))


def test_a_code_keeps_its_kind(receivable):
    with pytest.raises(CannotPost, match="a code of its own"):
        ledger.define_codes([Code(key="cash", number="1010", name="Cash", kind="expense")])


def test_ten_thousand_entries_are_three_statements(receivable, django_assert_num_queries):
    drafts = [
        Draft(f"b:{i}", "bill", date(2026, 11, 1), (Leg("receivable", Money(i + 1), receivable),
                                                    Leg("revenue", Money(-i - 1)))) for i in range(10_000)
    ]  # fmt: skip
    with django_assert_num_queries(3):  # the ids and two COPYs
        ids = ledger.post_many(drafts=drafts, at=AT, by=DANA)
    assert len(set(ids)) == 10_000
    assert differences() == []


def sums(cents, owed, control="receivable", **of):
    on = date(2026, 11, 1)
    return Sums("b:1", on, on, cents, control, of["subledger"], owed, on, "bill")


def test_a_run_posts_what_its_codes_come_to(receivable, django_assert_num_queries):
    legs = {("revenue", "energy"): -100, ("revenue", "tax"): -9, ("revenue", "discount"): 0}
    with django_assert_num_queries(3):
        (entry,) = ledger.post_sums(entries=[sums(legs, 109, subledger=receivable)], kind="bill", at=AT, by=DANA)
    posted = Posting.objects.filter(entry=entry).order_by("id").values_list("code", "component", "payoff", "current")
    assert [(code, part, payoff.cents, current.cents) for code, part, payoff, current in posted] == [
        ("revenue", "energy", -100, 0), ("revenue", "tax", -9, 0), ("receivable", "bill", 109, 109),
    ]  # fmt: skip
    assert differences() == []


def test_a_run_posts_nothing_that_does_not_balance_or_that_the_books_refuse(receivable):
    wrong = sums({("revenue", "energy"): -100}, 99, subledger=receivable)
    with pytest.raises(AssertionError, match="b:1 does not balance"):
        ledger.post_sums(entries=[wrong], kind="bill", at=AT, by=DANA)
    lost = sums({("revenues", "energy"): -100}, 100, subledger=receivable)
    with pytest.raises(CannotPost, match="no code of the general ledger"), transaction.atomic():
        ledger.post_sums(entries=[lost], kind="bill", at=AT, by=DANA)
    good = sums({("revenue", "energy"): -100}, 100, subledger=receivable)
    ledger.post_sums(entries=[good], kind="bill", at=AT, by=DANA)
    with pytest.raises(CannotPost, match="already posted"), transaction.atomic():
        ledger.post_sums(entries=[good], kind="bill", at=AT, by=DANA)


def test_operations_want_a_unit_of_work(receivable, monkeypatch):
    monkeypatch.setattr(transactions, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(AssertionError, match="unit of work"):
        bill(receivable, 1)


def test_the_check_sees_what_a_broken_trigger_let_through(receivable):
    """With the guards off, as after a bad restore, `differences` names what does not hold."""
    entry = bill(receivable, 100)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_posting DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_posting SET payoff = 90 WHERE entry_id = %s AND payoff > 0", [entry])
    found = {(d.what, d.where) for d in differences()}
    assert found == {("entry", "bill:1"), ("trial balance", "all codes")}


def test_books_that_have_begun_are_given_the_codes_that_they_lack_and_keep_theirs():
    ledger.complete_chart()
    assert not Code.objects.exists(), "a utility that was not begun has no books"
    ledger.define_codes([Code(key="cash", number="1010", name="Cash at our bank", kind="asset")])
    ledger.complete_chart()
    assert Code.objects.count() == len(chart())
    assert Code.objects.get(key="cash").number == "1010"
