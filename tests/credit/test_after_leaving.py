"""After a customer left: mail that comes back is followed, and whoever vouched for them is asked in their place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from lamplighter.accounts.types import AgreementKind
from lamplighter.credit.models import DepositDecision, GuarantorClaim, Process, Search, Security
from lamplighter.credit.operations import agencies
from lamplighter.credit.operations.writingoff import write_off
from lamplighter.credit.queries.closed import draft_write_off
from lamplighter.credit.queries.debts import dated
from lamplighter.credit.rules.collecting import debt_class_of
from lamplighter.credit.rules.guaranteeing import CannotClaim, GuaranteePolicy, claim_of
from lamplighter.credit.rules.searching import CannotSearch, Where
from lamplighter.credit.rules.writingoff import CannotWriteOff
from lamplighter.customers.operations import set_mailing_address
from lamplighter.journeys.control import controls
from lamplighter.journeys.corresponding import came_back
from lamplighter.journeys.guaranteeing import ask_to_move, claimable, take_back, tell_guarantor
from lamplighter.journeys.moving import stop_service
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.journeys.searching import give_up, looked
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import balances
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.deliveries import Step, record_deliveries
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.operations.limits import set_limit
from lamplighter.platform.operations.users import add_user, grant_role
from lamplighter.worklist.models import Item
from tests.credit.conftest import DANA, RENEE

NEW = "77 Cedar Ave\nReno, NV 89501"


@pytest.fixture
def gone(debtor):
    """$161.25 of June; service stopped in July; the first letter of November 20 came back."""
    debtor.owes(16125, "2026-06-20").on("2026-07-20")
    stop_service(agreement=debtor.agreement, on=debtor.today, by=DANA, at=debtor.at)
    debtor.on("2026-11-20")
    return debtor


@pytest.fixture
def lost(gone):
    pass_a_day(**gone.now)
    comes_back(gone, Notice.objects.get())
    return gone


def comes_back(gone, notice: Notice) -> None:
    record_deliveries(steps=[Step(notice.pk, DeliveryStep.HANDED_OVER, gone.at, "tray 7")], by=DANA, at=gone.at)
    came_back(notice=notice, why="Moved, left no address", by=DANA, at=gone.at)


def waiting(kind: str) -> int:
    return Item.objects.waiting().filter(kind=kind).count()


def test_a_letter_to_a_closed_account_that_comes_back_begins_one_search(lost):
    search = Search.objects.get()
    assert (search.opened_on, str(search.notice.template.code)) == (date(2026, 11, 20), "courtesy-reminder")
    assert waiting("credit.search") == 1
    again = Notice.objects.get()
    came_back(notice=again, why="Again", by=DANA, at=lost.at)
    assert Search.objects.count() == 1
    assert waiting("cases.returned-mail") == 0, "one thing to do, not two"


def test_while_service_runs_returned_mail_begins_no_search(debtor):
    debtor.owes(8466, "2026-10-20").on("2026-11-20")
    pass_a_day(**debtor.now)
    comes_back(debtor, Notice.objects.get())
    assert not Search.objects.exists()


def test_where_they_are_found_the_mail_goes_again_and_their_days_begin_anew(lost):
    search = Search.objects.get()
    looked(search=search, where=Where.POST, words="No forwarding order.", address="", **lost.now)
    lost.on("2026-12-01")
    looked(
        search=search, where=Where.NAMED, words="Her sister Eva, who stands on the account.", address=NEW, **lost.now
    )
    again = Notice.objects.latest("pk")
    assert again.template.code == "courtesy-reminder"
    assert again.words.address[1:] == ["77 Cedar Ave", "Reno, NV 89501"]
    search.refresh_from_db()
    assert (search.outcome, waiting("credit.search")) == ("found", 0)
    told = [(one.where, one.found, one.noted_by) for one in search.steps.order_by("pk")]
    assert told == [("post", False, DANA), ("named", True, DANA)]
    assert Process.objects.get().steps.get(key="give-up").due_on == date(2026, 12, 26), "25 days after the new letter"
    with pytest.raises(CannotSearch, match="ended on Dec 1, 2026: found"):
        looked(search=search, where=Where.COURT, words="x", address="", **lost.now)


def test_nobody_gives_up_who_looked_in_one_place_and_no_agency_has_the_debt_before(lost):
    made = write_off(account=lost.account, draft=draft_write_off(lost.account, on=lost.today),
                     reason="uncollectible", **lost.now)  # fmt: skip
    agencies.add_agency(key="bayside", name="Bayside", fee_percent=Decimal(25), by=RENEE, at=lost.at)
    search = Search.objects.get()
    with pytest.raises(CannotWriteOff, match="Look for them first"):
        agencies.refer(write_off=made, **lost.now)
    for where in (Where.POST, Where.POST):
        looked(search=search, where=where, words="Nothing.", address="", **lost.now)
    with pytest.raises(CannotSearch, match="1 of 2 places were looked in"):
        give_up(search=search, **lost.now)
    looked(search=search, where=Where.DIRECTORY, words="Not listed.", address="", **lost.now)
    give_up(search=search, **lost.now)
    came_back(notice=Notice.objects.latest("pk"), why="Again", by=DANA, at=lost.at)
    assert (Search.objects.count(), waiting("credit.search")) == (1, 0), "nobody looks for her twice"
    assert agencies.refer(write_off=made, **lost.now).agency_id == "bayside"


def test_who_has_paid_is_looked_for_no_more(lost):
    lost.pays(16125)
    pass_a_day(**lost.now)
    assert (Search.objects.get().outcome, waiting("credit.search")) == ("paid", 0)


@pytest.fixture
def vouched(gone):
    """Somebody vouched for $100.00 since January, on an account of their own."""
    renee = add_user(username="renee", name="Renee", kind="staff", by=DANA, at=gone.at)
    grant_role(user=renee, role="supervisor", on=gone.today, by=DANA, at=gone.at)
    set_limit(role="supervisor", permission="credit.decide", amount=Money(100000), on=gone.today, by=DANA, at=gone.at)
    hannah = gone.place.hannah
    set_mailing_address(person=hannah, lines="9 Quay St\nMarisol Bay, CA 90555", period=Period(gone.today), by=DANA,
                        at=gone.at)  # fmt: skip
    decision = DepositDecision.objects.create(
        account=gone.account, occasion="start", recommended=Money(10000), amount=Money(10000), form="guarantor",
        reasons=[], decided_on=date(2026, 1, 2), decided_at=gone.at, decided_by=DANA,
    )  # fmt: skip
    return Security.objects.create(
        account=gone.account, decision=decision, form="guarantor", guarantor=gone.place.account(hannah),
        amount=Money(10000), period=Period(date(2026, 1, 2)),
    )  # fmt: skip


def owes(account) -> Money:
    keys = list(account.agreements.values_list("subledger", flat=True))
    return sum((one.payoff for one in balances(keys).values()), ZERO)


def claims(gone, vouched) -> GuarantorClaim:
    return tell_guarantor(security=vouched, amount=claimable(vouched, on=gone.today), **gone.now)


def test_the_guarantor_is_written_to_and_after_30_days_a_second_person_moves_what_they_vouched_for(gone, vouched):
    claim = claims(gone, vouched)
    letter = Notice.objects.get(template__code="guarantor-notice")
    said = " ".join(text for _, blocks in letter.words.sheets for _, text in blocks)
    assert "you promised to pay up to $100.00 if Luis Ortega" in said
    assert "Please pay $100.00 or call us by Dec 20, 2026" in said
    assert letter.account == vouched.guarantor_id
    with pytest.raises(CannotClaim, match="They have until Sun, Dec 20 to answer"):
        ask_to_move(claim=claim, remark="No answer", **gone.now)
    gone.on("2026-12-21")
    pass_a_day(**gone.now)
    assert waiting("credit.guarantor") == 1
    asked = ask_to_move(claim=claim, remark="No answer", **gone.now)
    with pytest.raises(CannotDecide), transaction.atomic():
        approvals.approve(approval=asked, by=DANA, at=gone.at)
    approvals.approve(approval=asked, by=RENEE, at=gone.at)
    claim.refresh_from_db()
    assert (claim.outcome, claim.moved, waiting("credit.guarantor")) == ("moved", Money(10000), 0)
    assert (owes(gone.account), owes(vouched.guarantor)) == (Money(6125), Money(10000))
    (theirs,) = dated([vouched.guarantor_id], on=gone.today)[vouched.guarantor_id]
    assert (theirs.kind, debt_class_of(theirs.kind)) == (AgreementKind.INVOICE, "other"), "no power goes off for it"
    assert (theirs.owed_on, theirs.late(gone.today)) == (gone.today, False), "nobody asked them by a bill yet"
    assert [one.owed_on for one in dated([gone.account.pk], on=gone.today)[gone.account.pk]] == [date(2026, 6, 20)]
    assert [one.differences for one in controls() if one.differences] == []


def test_money_that_comes_meanwhile_is_not_asked_for_twice(gone, vouched):
    claim = claims(gone, vouched)
    gone.on("2026-12-21")
    asked = ask_to_move(claim=claim, remark="No answer", **gone.now)
    gone.pays(12000)
    with pytest.raises(CannotDecide, match="has changed since this was asked"), transaction.atomic():
        approvals.approve(approval=asked, by=RENEE, at=gone.at)
    approvals.refuse(approval=asked, by=RENEE, at=gone.at, remark="Paid in part")
    approvals.approve(approval=ask_to_move(claim=claim, remark="Still", **gone.now), by=RENEE, at=gone.at)
    assert (owes(gone.account), owes(vouched.guarantor)) == (ZERO, Money(4125))


def test_a_debt_that_is_paid_ends_the_claim(gone, vouched):
    claim = claims(gone, vouched)
    gone.pays(16125)
    pass_a_day(**gone.now)
    claim.refresh_from_db()
    assert (claim.outcome, claim.entry_id) == ("paid", None)


def test_a_claim_is_made_once_on_exactly_what_was_shown_and_can_be_taken_back(gone, vouched):
    with pytest.raises(CannotClaim, match="has changed since this was shown"):
        tell_guarantor(security=vouched, amount=Money(9999), **gone.now)
    claim = take_back(claim=claims(gone, vouched), **gone.now)
    assert claim.outcome == "withdrawn"
    with pytest.raises(CannotClaim, match="They were asked already"):
        claimable(vouched, on=gone.today)


@pytest.mark.parametrize(
    ("late", "vouched", "until", "said"),
    [
        (16125, 10000, "2026-07-20", 10000),
        (6125, 10000, "2026-07-20", 6125),
        (499, 10000, "2026-07-20", "A guarantor is asked for \\$5.00 or more"),
        (16125, 10000, None, "Service runs on this account"),
        (16125, 10000, "2026-09-02", "They did not vouch any more when service ended"),
        (16125, 10000, "2026-09-01", 10000),  # August 31, the last day of service, is still among theirs
    ],
)
def test_never_more_than_they_vouched_for_nor_for_days_on_which_they_did_not(late, vouched, until, said):
    asked = {
        "late": Money(late), "vouched": Money(vouched), "vouched_for": Period(date(2026, 1, 2), date(2026, 9, 1)),
        "served_until": date.fromisoformat(until) if until else None, "policy": GuaranteePolicy(),
    }  # fmt: skip
    if isinstance(said, int):
        assert claim_of(**asked) == Money(said)
    else:
        with pytest.raises(CannotClaim, match=said):
            claim_of(**asked)
