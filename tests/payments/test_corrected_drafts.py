"""A draft that came back as not in accordance with its authorization is put right by another one, once, in time."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from lamplighter.formats.nacha.reader import read_sent_back
from lamplighter.journeys.ach_returns import take_returns
from lamplighter.journeys.autopaying import stop, try_again
from lamplighter.journeys.draft_correcting import call_off, correct_draft, room_for
from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments.autopay.queries import autopay_of
from lamplighter.payments.autopay.rules import CannotDraw
from lamplighter.payments.models import Draft, DraftStep
from lamplighter.worklist.models import Item
from tests.formats.ach_strict import at
from tests.payments.clearing_house import Back, sent_back
from tests.payments.test_autopay import built, drawn, payer  # noqa: F401 - fixtures

DAY = date(2026, 12, 7)


@pytest.fixture
def returned(drawn):  # noqa: F811
    """$84.66 came back on November 27 as R11."""
    drawn.on("2026-11-27").comes_back("R11")
    return drawn


def corrects(payer, cents=5000, day=DAY, draft=None):  # noqa: F811
    return correct_draft(
        draft=draft or payer.draft(), amount=Money(cents), draw_on=day, remark="The last bill was drawn, not this one.",
        **payer.now,
    )  # fmt: skip


def test_the_corrected_entry_goes_in_the_next_file_linked_to_the_first(returned):
    first = returned.draft()
    work = Item.objects.get(kind="payments.returned-draft", ended_at=None)
    assert "corrected and drawn once more within 60 days" in work.summary
    assert autopay_of(returned.account) is None
    made = corrects(returned)
    assert (made.corrects, made.amount, made.draw_on, made.bill) == (first, Money(5000), DAY, first.bill)
    assert returned.on("2026-12-03").night() is None
    lines = returned.lines(returned.on("2026-12-04").night())
    assert at(lines[1], 54, 63).strip() == "UTIL BILL", "a corrected entry is no retry"
    assert at(next(line for line in lines if line[0] == "6"), 30, 39) == "0000005000"
    assert returned.balance().current == Money(3466)
    assert [step.act for step in DraftStep.objects.filter(draft=first)] == ["sent", "returned"], "never an edit"


def test_it_is_done_once_even_where_the_correction_comes_back(returned):
    first = returned.draft()
    made = corrects(returned)
    with pytest.raises(CannotDraw, match="corrected already"):
        corrects(returned, draft=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(
            autopay=first.autopay, bill=first.bill, corrects=first, amount=Money(1), draw_on=DAY,
            recorded_at=returned.at, recorded_by=made.recorded_by,
        )  # fmt: skip
    returned.on("2026-12-04").night()
    returned.on("2026-12-09").comes_back("R11", draft=made)
    with pytest.raises(CannotDraw, match="was a correction itself"):
        corrects(returned, draft=made, day=date(2026, 12, 21))


@pytest.mark.parametrize("code", ["R01", "R10", "R05", "R29", "R02", "R08"])
def test_no_other_return_is_corrected(drawn, code):  # noqa: F811
    drawn.on("2026-11-27").comes_back(code)
    with pytest.raises(CannotDraw, match="came back as R11"):
        corrects(drawn)


def test_what_did_not_come_back_is_not_corrected(drawn):  # noqa: F811
    with pytest.raises(CannotDraw, match="came back as R11"):
        corrects(drawn)


@pytest.mark.parametrize(("day", "last"), [("2027-01-16", True), ("2027-01-17", False)])
def test_it_is_drawn_within_sixty_days_of_the_return(returned, day, last):
    """November 27 and sixty days is January 26; the customer hears ten days before."""
    returned.on(day)
    if last:
        assert corrects(returned, day=date(2027, 1, 26)).draw_on == date(2027, 1, 26)
    else:
        with pytest.raises(CannotDraw, match=r"by Jan 26, 2027"):
            corrects(returned, day=date(2027, 1, 27))


def test_a_file_that_is_written_too_late_calls_it_off(returned):
    made = corrects(returned, day=date(2027, 1, 26))
    assert returned.on("2027-01-27").night() is None
    assert made.steps.get().why == "the 60 days for a corrected entry are over"
    assert returned.balance().current == Money(8466)


def test_the_days_count_from_the_settlement_that_the_operator_stamped(drawn):  # noqa: F811
    """The file lay for a week: November 27 is the 331st day of the year."""
    step = DraftStep.objects.get(act="sent")
    plain = sent_back(Back(step.trace, "R11", 8466)).decode().splitlines()
    plain[1] = plain[1][:75] + "331" + plain[1][78:]
    stamped = "\n".join(plain).encode()
    assert read_sent_back(stamped).returns[0].settled_on == date(2026, 11, 27)
    drawn.on("2026-12-04")
    take_returns(data=stamped, name="late.ach", **drawn.now)
    assert room_for(drawn.draft(), on=drawn.today).last == date(2027, 1, 26)


@pytest.mark.parametrize(
    ("header", "settled"),
    [("261230002", date(2027, 1, 2)), ("270104365", date(2026, 12, 31)), ("261124   ", None), ("      331", None)],
)
def test_the_stamp_is_a_day_of_the_nearest_year(header, settled):
    plain = sent_back(Back("121000358000001", "R11", 100)).decode().splitlines()
    plain[1] = plain[1][:69] + header + plain[1][78:]
    assert read_sent_back("\n".join(plain).encode()).returns[0].settled_on == settled


@pytest.mark.parametrize(
    ("cents", "day", "told"),
    [
        (8467, DAY, r"\$84.66 is owed"),
        (0, DAY, "is owed"),
        (-100, DAY, "is owed"),
        (5000, date(2026, 12, 4), "from Dec 7 to Jan 26"),
        (5000, date(2027, 1, 27), "from Dec 7 to Jan 26"),
    ],
)
def test_no_more_than_is_owed_and_no_other_day(returned, cents, day, told):
    with pytest.raises(CannotDraw, match=told):
        corrects(returned, cents=cents, day=day)
    assert not Draft.objects.filter(corrects__isnull=False).exists()


def test_what_is_paid_meanwhile_is_not_drawn(returned):
    corrects(returned)
    returned.on("2026-12-01").pays(5000)
    assert returned.on("2026-12-04").night().amount == Money(3466)
    assert returned.balance().current == ZERO


def test_who_had_stopped_autopay_is_asked_anew(drawn):  # noqa: F811
    stop(account=drawn.account, why="The customer asked", **drawn.now)
    drawn.on("2026-11-27").comes_back("R11")
    with pytest.raises(CannotDraw, match="AutoPay was stopped: The customer asked"):
        corrects(drawn)


def test_an_account_that_pays_cash_only_and_a_bank_account_that_came_back_otherwise_are_refused(drawn):  # noqa: F811
    first = drawn.draft()
    drawn.is_billed(6000, "2026-11-23", "2026-12-14").night()
    drawn.on("2026-12-11").night()
    second = drawn.draft()
    drawn.on("2026-12-15").comes_back("R11", draft=first)
    drawn.comes_back("R02", draft=second)
    with pytest.raises(CannotDraw, match="can't be drawn from"):
        corrects(drawn, draft=first, day=date(2026, 12, 28))


def test_one_draft_is_called_off_and_the_next_bill_is_drawn(payer):  # noqa: F811
    payer.is_billed(8466, "2026-11-02", "2026-11-24")
    payer.authorizes()
    waiting = payer.draft()
    with pytest.raises(CannotDraw, match="Say why"):
        call_off(draft=waiting, why=" ", **payer.now)
    call_off(draft=waiting, why="The customer asked", **payer.now)
    with pytest.raises(CannotDraw, match="waits no more"):
        call_off(draft=waiting, why="Again", **payer.now)
    assert payer.on("2026-11-23").night() is None
    payer.is_billed(6000, "2026-12-02", "2026-12-23").on("2026-12-03").night()
    assert payer.draft().bill == "C-B-2026-12-02"


def test_a_correction_is_not_presented_again(returned):
    made = corrects(returned)
    returned.on("2026-12-04").night()
    returned.on("2026-12-09").comes_back("R01", draft=made)
    with pytest.raises(CannotDraw, match="AutoPay has stopped"):
        try_again(draft=made, **returned.now)
