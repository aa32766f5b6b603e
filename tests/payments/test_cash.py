"""A drawer's day: counted blind, verified by another, sealed; to the bank in a bag; tied to the cent."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from lamplighter.formats.banking.statements import CannotRead
from lamplighter.formats.x9.reader import items
from lamplighter.journeys.carrying import image_cash_letter, keep_scan, read_bank_file
from lamplighter.journeys.control import cash_ties, journals_hold
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.queries import trial_balance
from lamplighter.payments import operations as payments
from lamplighter.payments.cash.counting import Counted, differences_of, takings_of
from lamplighter.payments.models import BankDeposit, BankLine, BankMatch, JournalLine, Tender, Verification
from lamplighter.payments.operations.banks import set_bank_account
from lamplighter.payments.operations.counting import (
    CountsDiffer,
    count_drawer,
    explain,
    surprise_count,
    turn_in,
    verify,
)
from lamplighter.payments.operations.depositing import make_deposit
from lamplighter.payments.operations.journaling import seal_journals
from lamplighter.payments.operations.reconciling import book_line, match_deposit, settle_difference
from lamplighter.payments.operations.sources import open_one
from lamplighter.payments.rules import CannotTake
from lamplighter.worklist.models import Item
from tests.accounts.conftest import place  # noqa: F401
from tests.payments.papers import bai2, tiff
from tests.payments.test_payments import AT, DANA, ON, counter  # noqa: F401

RENEE = staff("renee")
BY = {"by": DANA, "at": AT}


@pytest.fixture
def drawer(counter, settings, tmp_path):  # noqa: F811
    """$200 float, $60.00 in cash, a check of $25.00 and a card of $10.00."""
    settings.STATE = tmp_path
    counter.pays(6000)
    counter.pays(2500, kind="check")
    counter.pays(1000, kind="card")
    set_bank_account(
        bank="First Bay Bank", routing="121000358", number="000123456789", holder="Marisol Bay Power",
        company="1946001234", by=DANA, at=AT,
    )  # fmt: skip
    yield counter.control
    assert journals_hold().differences == cash_ties().differences == ()


def counts(cash, check=2500, card=1000):
    return Counted({1: cash}, {"check": Money(check), "card": Money(card)})


def codes():
    return {code.key: code.payoff for code in trial_balance() if code.payoff}


def closed(drawer, cash=26000, reason="Change given wrongly"):
    count_drawer(control=drawer, counted=counts(cash), **BY)
    if differences_of(drawer):
        explain(control=drawer, reason=reason, on=ON, **BY)
    return verify(control=drawer, counted=counts(cash), by=RENEE, at=AT)


def test_an_exact_drawer_is_verified_by_another_person_and_sealed(drawer):
    count_drawer(control=drawer, counted=counts(26000), **BY)
    with pytest.raises(CannotTake, match="Drawer 2 is closed"):
        open_one(drawer)
    with pytest.raises(CannotTake, match="can't verify it"):
        verify(control=drawer, counted=counts(26000), **BY)
    sealed = verify(control=drawer, counted=counts(26000), by=RENEE, at=AT)
    assert len(sealed.seal) == 64
    drawer.refresh_from_db()
    assert drawer.state == "balanced"


def test_five_dollars_over_need_a_reason_and_go_to_their_own_account(drawer):
    count_drawer(control=drawer, counted=counts(26500), **BY)
    assert differences_of(drawer) == {"cash": Money(500)}
    with pytest.raises(CannotTake, match="has not said why"):
        verify(control=drawer, counted=counts(26500), by=RENEE, at=AT)
    with pytest.raises(CannotTake, match="Unknown"):
        explain(control=drawer, reason=" ", on=ON, **BY)
    explain(
        control=drawer, reason="Unknown. " + "A queue until the evening, and two rolls of quarters. " * 3, on=ON, **BY
    )
    assert codes()["over-short"] == Money(-500)
    verify(control=drawer, counted=counts(26500), by=RENEE, at=AT)
    assert takings_of(drawer).cash == Money(6500), "the bank gets what is there"


def test_a_missing_card_slip_is_explained_and_is_no_money(drawer):
    count_drawer(control=drawer, counted=counts(26000, card=0), **BY)
    assert differences_of(drawer) == {"card": Money(-1000)}
    assert explain(control=drawer, reason="Slip lost", on=ON, **BY).amount == ZERO
    verify(control=drawer, counted=counts(26000, card=0), by=RENEE, at=AT)
    make_deposit(controls=[drawer], bag="B-7", on=ON, by=RENEE, at=AT)
    assert "cash-drawers" not in codes()


def test_two_people_who_count_differently_count_again(drawer):
    count_drawer(control=drawer, counted=counts(26000), **BY)
    with pytest.raises(CountsDiffer, match="differ in cash"):
        verify(control=drawer, counted=counts(25900), by=RENEE, at=AT)
    count_drawer(control=drawer, counted=counts(26000), **BY)
    assert verify(control=drawer, counted=counts(26000), by=RENEE, at=AT)


def test_only_the_cashier_counts_first_and_only_another_by_surprise(drawer):
    with pytest.raises(CannotTake, match="counts it first"):
        count_drawer(control=drawer, counted=counts(26000), by=RENEE, at=AT)
    with pytest.raises(CannotTake, match="surprises themselves"):
        surprise_count(control=drawer, counted=counts(26000), **BY)
    assert surprise_count(control=drawer, counted=counts(25000), by=RENEE, at=AT).difference == Money(-1000)


def test_turned_in_cash_leaves_the_drawer_and_comes_to_the_bank(drawer):
    with pytest.raises(CannotTake, match=r"\$60.00"):
        turn_in(control=drawer, amount=Money(6001), received_by=RENEE, **BY)
    turn_in(control=drawer, amount=Money(5000), received_by=RENEE, **BY)
    closed(drawer, cash=21000)
    assert takings_of(drawer).cash == Money(6000)


TAMPERINGS = [
    ("UPDATE payments_tender SET amount = 5999, handed_over = 5999 WHERE kind = 'cash'", "its tender was changed"),
    ("UPDATE payments_paymentevent SET recorded_by = 'staff:tuan'", "its tender was changed"),
    ("DELETE FROM payments_tender", "its tender is gone"),
    ("DELETE FROM payments_journalline WHERE act = 'tender' AND place = 2", "is not in its journal"),
    ("UPDATE payments_tendercontrol SET opening_float = 19000", "its opened was changed"),
]


def behind_our_back(*statements):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for sql in statements:
            cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize(("sql", "says"), TAMPERINGS)
@pytest.mark.parametrize("counted", [False, True])
def test_what_is_changed_behind_the_programs_back_is_found(counter, sql, says, counted):  # noqa: F811
    """From the moment at which the tender was taken, whether or not its drawer was counted since."""
    counter.pays(6000)
    if counted:
        payments.balance_control(control=counter.control, counted={"cash": Money(26000)}, by=DANA, at=AT)
    assert journals_hold().differences == ()
    behind_our_back(sql)
    assert any(says in one for one in journals_hold().differences)


def test_a_journal_that_is_written_anew_does_not_answer_to_its_seals(drawer):
    (seal,) = seal_journals(on=ON, by=DANA, at=AT)
    assert (seal.place, seal_journals(on=ON, by=DANA, at=AT)) == (4, [])
    closed(drawer)
    forged = ("DELETE FROM payments_journalline WHERE act IN ('tender', 'count')",
              "CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM payments_tender", "DELETE FROM payments_tender",
              "SET LOCAL session_replication_role = origin",
              ("INSERT INTO payments_tender (id, event_id, control_id, kind, amount, handed_over, reference) "
               "SELECT id, event_id, control_id, kind, 10, 10, reference FROM kept"))  # fmt: skip
    with transaction.atomic():
        behind_our_back(*forged)
        found = journals_hold().differences
        transaction.set_rollback(True)
    assert found == (
        f"journal of drawer-2, line 4: not as it was sealed on {ON}",
        f"journal of drawer-2: not as it was when {drawer} was verified",
    )


def test_the_database_journals_a_tender_that_comes_past_the_program(counter):  # noqa: F811
    """And the controls find that no payment answers to it."""
    counter.pays(1000, kind="card")
    before = JournalLine.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_tender (event_id, control_id, kind, amount, handed_over, reference) "
            "SELECT event_id, control_id, kind, amount, handed_over, 'É|\n' FROM payments_tender WHERE kind = 'card'"
        )
    assert JournalLine.objects.count() == before + 1
    assert journals_hold().differences == ()
    assert cash_ties().differences == ("card-clearing: expected $20.00, found $10.00",)


def test_a_batch_is_journaled_line_by_line_in_every_journal_it_comes_into(counter):  # noqa: F811
    """By one statement, in the order in which the tenders were taken; a journal that was begun goes on."""
    counter.pays(1000, kind="card")
    lockbox = payments.define_source(
        key="lockbox", name="Lockbox", kind="lockbox", opening_float=ZERO, gl_code="cash-drawers"
    )
    other = payments.open_control(source=lockbox, by=DANA, at=AT)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_tender (event_id, control_id, kind, amount, handed_over, reference) "
            "SELECT t.event_id, c.id, 'check', n, n, 'No. ' || n FROM payments_tender t, payments_tendercontrol c, "
            "generate_series(1, 700) AS n WHERE c.id IN (t.control_id, %s)",
            [other.pk],
        )
    taken = JournalLine.objects.filter(act="tender").order_by("place")
    assert [line.place for line in taken.filter(source=lockbox)] == list(range(2, 702)), "the first is its opening"
    assert [line.place for line in taken.exclude(source=lockbox)] == list(range(2, 703))
    for several in (taken.filter(source=lockbox), taken.exclude(source=lockbox)):
        assert [line.of for line in several] == sorted(line.of for line in several)
    assert journals_hold().differences == ()


def test_a_void_stands_in_the_journal(drawer, counter):  # noqa: F811
    event = counter.pays(700)
    payments.reverse_event(event=event, reason="void", on=ON, **BY)
    closed(drawer)


def deposited(drawer, **more):
    closed(drawer, **more)
    return make_deposit(controls=[drawer], bag="B-77", on=ON, by=RENEE, at=AT)


def read(lines, on=ON + timedelta(days=1), account="000123456789"):
    return read_bank_file(data=bai2(account, on, lines), name="bank.bai", by=RENEE, at=AT)[0]


def test_a_deposit_ties_to_the_bank_by_its_bag(drawer):
    made = deposited(drawer)
    assert (made.cash, made.checks) == (Money(6000), Money(2500))
    assert codes()["bank-transit"] == Money(8500)
    read([("175", 8500, "DEPOSIT BAG B-77"), ("142", 1234, "PPD")])
    assert BankMatch.objects.get(what="deposit").difference == ZERO
    found = codes()
    assert "bank-transit" not in found
    assert found["cash"] == Money(8500 + 1234)
    assert not Item.objects.filter(kind="payments.bank-difference").exists()


def test_a_check_that_is_missing_at_the_bank_becomes_work_until_it_is_found(drawer):
    made = deposited(drawer)
    read([("175", 6000, "DEPOSIT BAG B-77")])
    item = Item.objects.get(kind="payments.bank-difference")
    assert item.summary == f"{made}: $25.00 missing at the bank"
    assert codes()["bank-differences"] == Money(2500)
    line = BankLine.objects.get()
    settle_difference(line=line, code="bank-transit", remark="Stuck in the bag, sent on", by=RENEE, at=AT)
    item.refresh_from_db()
    assert item.state == "done"
    assert codes()["bank-transit"] == Money(2500)


def test_what_nothing_of_ours_fits_waits_for_a_person(drawer):
    deposited(drawer)
    read([("698", 1500, "ACCOUNT FEE"), ("175", 999, "DEPOSIT")])
    fee, other = BankLine.objects.order_by("place")
    assert Item.objects.filter(kind="payments.bank-difference").count() == 2
    book_line(line=fee, code="revenue-fees", remark="Monthly fee", by=RENEE, at=AT)
    with pytest.raises(CannotTake, match="matched already"):
        book_line(line=fee, code="revenue-fees", remark="Monthly fee", by=RENEE, at=AT)
    match_deposit(line=other, deposit=BankDeposit.objects.get(), by=RENEE, at=AT)
    assert codes()["bank-differences"] == Money(8500 - 999)


def test_a_day_of_the_bank_is_read_once_and_only_of_our_account(drawer):
    read([("142", 1, "x")])
    with pytest.raises(CannotRead, match="was read already"):
        read([("142", 1, "x")])
    with pytest.raises(CannotRead, match="not the utility's"):
        read([("142", 1, "x")], account="999")


def test_a_bag_is_used_once_and_not_carried_by_its_cashier(drawer):
    closed(drawer)
    with pytest.raises(CannotTake, match="You were the cashier"):
        make_deposit(controls=[drawer], bag="B-1", on=ON, **BY)
    make_deposit(controls=[drawer], bag="B-1", on=ON, by=RENEE, at=AT)
    with pytest.raises(CannotTake, match="used already"):
        make_deposit(controls=[drawer], bag="B-1", on=ON, by=RENEE, at=AT)
    with pytest.raises(CannotTake, match="went to the bank already"):
        make_deposit(controls=[drawer], bag="B-2", on=ON, by=RENEE, at=AT)
    assert Verification.objects.count() == 1


def test_checks_go_out_as_images_once_all_are_scanned(drawer):
    made = deposited(drawer)
    check = Tender.objects.select_related("image").filter(kind="check")
    with pytest.raises(CannotTake, match="1 of 1 checks are not scanned"):
        image_cash_letter(made, list(check), at=AT)
    with pytest.raises(CannotTake, match="Group 4"):
        keep_scan(tender=check.get(), micr="⑆121000358⑆ 123456⑈ 1182", front=b"x", back=b"y", by=RENEE, at=AT)
    keep_scan(tender=check.get(), micr="⑆121000358⑆ 123456⑈ 1182", front=tiff(), back=tiff(32, 16), by=RENEE, at=AT)
    found = items(image_cash_letter(made, list(check.all()), at=AT))
    assert [(one.routing, one.on_us, one.cents, len(one.images)) for one in found] == [
        ("121000358", "123456/1182", 2500, 2)
    ]
    assert found[0].images[0] == tiff()
