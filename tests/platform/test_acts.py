"""Approvals by a second person, one-time keys, remarks that can be erased, numbers, files, history."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.kernel.actors import staff
from lamplighter.platform.models import Approval, PastRow, Remark, User
from lamplighter.platform.numbering import is_number, next_number, next_numbers, with_check_digit
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.operations.events import record
from lamplighter.platform.operations.files import store_file, store_files
from lamplighter.platform.operations.requests import KeyReused, answer, claim
from lamplighter.platform.operations.retention import erase_remarks
from lamplighter.platform.queries.events import events_about
from lamplighter.platform.queries.files import path_of
from lamplighter.platform.transactions import unit_of_work

AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
DANA, RENEE = staff("dana"), staff("renee")


@pytest.fixture
def done(monkeypatch):
    acts = []
    monkeypatch.setitem(approvals._handlers, "test.refund", lambda approval, **_: acts.append(approval.proposal))
    return acts


@pytest.fixture
def waiting(db, done):
    return approvals.ask(
        kind="test.refund", subject="account:204518-7", summary="Refund $412.00", proposal={"cents": 41200},
        permission="adjustments.approve", by=DANA, at=AT, remark="Paid ten times",
    )  # fmt: skip


def test_a_second_person_approves_exactly_what_was_asked(waiting, done):
    approvals.approve(approval=waiting, by=RENEE, at=AT)
    assert done == [{"cents": 41200}]
    with pytest.raises(CannotDecide, match="already approved"):
        approvals.approve(approval=waiting, by=RENEE, at=AT)
    assert done == [{"cents": 41200}]


def test_nobody_approves_their_own(waiting, done):
    with pytest.raises(CannotDecide, match="their own"):
        approvals.approve(approval=waiting, by=DANA, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=waiting.pk).update(state="approved", decided_by=DANA, decided_at=AT)
    assert done == []


def test_a_refusal_says_why(waiting, done):
    with pytest.raises(CannotDecide, match="Say why"):
        approvals.refuse(approval=waiting, by=RENEE, at=AT, remark=" ")
    approvals.refuse(approval=waiting, by=RENEE, at=AT, remark="Not our error")
    assert done == []
    assert str(Approval.objects.get().decide_remark) == "Not our error"


def test_the_same_request_waits_once(waiting):
    with pytest.raises(CannotDecide, match="already waiting"):
        approvals.ask(
            kind="test.refund", subject="account:204518-7", summary="again", proposal={},
            permission="adjustments.approve", by=DANA, at=AT,
        )  # fmt: skip


def test_what_was_refused_may_be_asked_for_again(waiting):
    approvals.refuse(approval=waiting, by=RENEE, at=AT, remark="Not yet")
    again = approvals.ask(
        kind="test.refund", subject="account:204518-7", summary="again", proposal={},
        permission="adjustments.approve", by=DANA, at=AT,
    )  # fmt: skip
    assert again.state == "waiting"


def test_only_the_asker_withdraws(waiting):
    with pytest.raises(CannotDecide, match="Only the person"):
        approvals.withdraw(approval=waiting, by=RENEE, at=AT)
    approvals.withdraw(approval=waiting, by=DANA, at=AT)
    assert Approval.objects.get().state == "withdrawn"


@pytest.mark.django_db
def test_a_request_sent_twice_acts_once():
    key = uuid4()
    assert claim(key, by=DANA, content="pay 60", at=AT) is None
    answer(key, result="R-20418")
    assert claim(key, by=DANA, content="pay 60", at=AT) == "R-20418"
    with pytest.raises(KeyReused):
        claim(key, by=DANA, content="pay 61", at=AT)
    with pytest.raises(KeyReused):
        claim(key, by=RENEE, content="pay 60", at=AT)


@pytest.mark.django_db
def test_words_can_be_erased_and_the_event_stays():
    event = record("accounts.note.written", subject="account:1", account=1, by=DANA, at=AT, remark="Dog bites")
    assert erase_remarks(remarks=[event.remark.pk], at=AT) == 1
    assert erase_remarks(remarks=[event.remark.pk], at=AT) == 0
    assert str(Remark.objects.get()) == "(erased)"
    assert [e.name for e in events_about(account=1)] == ["accounts.note.written"]


@pytest.mark.django_db
def test_history_names_who_changed_a_row():
    user = User.objects.create(username="x", name="X", kind="staff")
    with unit_of_work(RENEE):
        User.objects.filter(pk=user.pk).update(title="Boss")
    past = PastRow.objects.get()
    assert (past.actor, past.was["title"]) == (RENEE, "")


@pytest.mark.django_db
def test_numbers_carry_a_check_digit():
    first, second = next_number("account"), next_number("account")
    assert first != second
    assert is_number(first)
    assert is_number(first.replace("-", ""))
    assert len(set(next_numbers("bill", 500))) == 500


@given(st.integers(1, 10**9), st.data())
def test_a_slip_of_the_finger_is_caught(serial, data):
    number = with_check_digit(serial).replace("-", "")
    place = data.draw(st.integers(0, len(number) - 1))
    digit = data.draw(st.sampled_from("0123456789").filter(lambda d: d != number[place]))
    assert not is_number(number[:place] + digit + number[place + 1 :])


@pytest.mark.django_db
def test_the_same_bytes_are_stored_once(settings, tmp_path):
    settings.STATE = tmp_path
    stored, new = store_file([b"abc", b"def"], name="../../etc/a.xml", media_type="text/xml", by=DANA, at=AT)
    assert (new, stored.size, stored.name) == (True, 6, "a.xml")
    assert path_of(stored.sha256).read_bytes() == b"abcdef"
    again, new = store_file([b"abcdef"], name="b.xml", media_type="text/xml", by=DANA, at=AT)
    assert (again.pk, new) == (stored.pk, False)
    assert [p.name for p in (tmp_path / "files").rglob("*") if p.is_file()] == [stored.sha256]


@pytest.mark.django_db
def test_of_many_files_the_same_bytes_are_stored_once_under_the_first_name(settings, tmp_path):
    settings.STATE = tmp_path
    store_file([b"old"], name="old.pdf", media_type="application/pdf", by=DANA, at=AT)
    many = [("new.pdf", b"new"), ("twin.pdf", b"new"), ("other.pdf", b"old")]
    kept = store_files(many, media_type="application/pdf", by=RENEE, at=AT)
    assert [one.name for one in kept] == ["new.pdf", "new.pdf", "old.pdf"]
    assert [path_of(one.sha256).read_bytes() for one in kept] == [b"new", b"new", b"old"]


@pytest.mark.django_db
def test_nothing_is_left_of_an_upload_that_breaks_off(settings, tmp_path):
    settings.STATE = tmp_path

    def broken():
        yield b"abc"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store_file(broken(), name="a.xml", media_type="text/xml", by=DANA, at=AT)
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
