"""AutoPay: authorized in the customer's words, announced, drawn once, stopped at once; what comes back, by its code."""

from __future__ import annotations

from copy import copy
from datetime import date

import pytest
from django.db import transaction

from lamplighter.billing.operations.converting import ConvertedBill, bring_bills
from lamplighter.formats.nacha.checker import faults
from lamplighter.formats.nacha.reader import CannotRead
from lamplighter.journeys.ach_returns import take_returns
from lamplighter.journeys.autopaying import announce_bills, send_drafts, set_up, stop, try_again
from lamplighter.journeys.control import controls
from lamplighter.journeys.moving import stop_service
from lamplighter.journeys.returning import return_item
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft as LedgerDraft
from lamplighter.ledger.operations import Leg
from lamplighter.ledger.queries import trial_balance
from lamplighter.notices.models import Notice
from lamplighter.payments.autopay.banks import Bank, bank_day
from lamplighter.payments.autopay.queries import autopay_of, drafts, hold_of, watched_rates
from lamplighter.payments.autopay.returns import TABLE, Group, Then, handling_of, rates
from lamplighter.payments.autopay.rules import CannotDraw, Terms, drawn_on
from lamplighter.payments.models import Draft, DraftStep, PaymentEvent, Reversal, TenderControl
from lamplighter.payments.operations import begin_cash_only, end_cash_only
from lamplighter.payments.operations.autopaying import Authorization, release_autopay
from lamplighter.payments.operations.banks import set_bank_account
from lamplighter.payments.queries import cash_only
from lamplighter.platform.models import Event
from lamplighter.platform.queries.files import path_of
from lamplighter.worklist.models import Item
from tests.accounts.conftest import furnish
from tests.credit.conftest import DANA, RENEE, Debtor
from tests.formats.ach_strict import at, wrong
from tests.payments.clearing_house import Back, sent_back

BANK = Bank("121000358", "0012344411")


class Payer(Debtor):
    """Somebody whose bills are drawn."""

    def __init__(self, place):
        super().__init__(place)
        set_bank_account(
            bank="Bay Federal", routing="121000358", number="4410027", holder="Marisol Bay Power", company="1941234567",
            by=RENEE, at=self.at,
        )  # fmt: skip

    def is_billed(self, cents: int, issued: str, due: str) -> Payer:
        """A bill for everything that is owed with it."""
        day = date.fromisoformat(issued)
        self.owes(cents, issued)
        due_now = self.balance().current
        amounts = due_now - Money(cents), Money(cents), due_now
        bill = ConvertedBill(self.account, f"B-{issued}", day, date.fromisoformat(due), *amounts)
        bring_bills(bills=[bill], by=DANA, at=self.at)
        return self

    def authorizes(self, *, begins: str = "2026-11-01", bank: Bank = BANK, prenote: bool = False, **more):
        told = {"business": False, "consent": "signed", **more}
        given = Authorization(bank, "Luis Ortega", begins=date.fromisoformat(begins), words="I authorize…", **told)
        return set_up(account=self.account, given=given, prenote=prenote, **self.now)

    def night(self):
        announce_bills(**self.now)
        return send_drafts(**self.now)

    def lines(self, made) -> list[str]:
        data = path_of(made.file).read_bytes()
        assert wrong(data) == faults(data) == []
        return data.decode().splitlines()

    def draft(self) -> Draft:
        return drafts().filter(autopay__account=self.account).exclude(bill="").order_by("-pk").first()

    def comes_back(self, code: str, *, cents: int | None = None, draft: Draft | None = None, **more):
        step = DraftStep.objects.filter(act="sent", draft=draft or self.draft()).latest("pk")
        paid = step.event.tenders.get().amount.cents if step.event else 0
        back = Back(step.trace, code, paid if cents is None and code[0] == "R" else cents or 0, **more)
        return take_returns(data=sent_back(back), name="returns.ach", **self.now)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield Payer(furnish()).on("2026-11-02")
        transaction.set_rollback(True)


@pytest.fixture
def payer(built, db, settings, tmp_path):
    settings.STATE = tmp_path
    made = copy(built)
    yield made
    assert not [one for one in controls() if one.differences]


@pytest.fixture
def drawn(payer):
    """$84.66 of November 2 was drawn for November 24."""
    payer.is_billed(8466, "2026-11-02", "2026-11-24")
    payer.authorizes()
    payer.on("2026-11-23").night()
    return payer


def test_a_bill_is_announced_ten_days_before_and_drawn_on_its_due_day(payer):
    payer.is_billed(8466, "2026-11-02", "2026-11-24")
    made = payer.authorizes()
    draft = payer.draft()
    assert (draft.amount, draft.draw_on, draft.stands) == (Money(8466), date(2026, 11, 24), None)
    told = {one.template.code: one for one in Notice.objects.select_related("template", "words")}
    assert set(told) == {"autopay-begun", "autopay-ahead"}
    assert payer.on("2026-11-20").night() is None
    sent = payer.on("2026-11-23").night()
    entry = next(line for line in payer.lines(sent) if line[0] == "6")
    assert (at(entry, 2, 3), at(entry, 4, 12), at(entry, 13, 29).strip()) == ("27", BANK.routing, BANK.number)
    assert (at(entry, 30, 39), at(entry, 55, 76).strip()) == ("0000008466", "LUIS ORTEGA")
    assert payer.balance().current == ZERO
    assert TenderControl.objects.get(source="autopay").state == "balanced"
    assert {code.key: code.payoff for code in trial_balance()}["ach-clearing"] == Money(8466)
    assert BANK.number not in made.sealed + str(Event.objects.filter(account=payer.account.pk).values_list("data"))


def test_a_bill_is_never_drawn_twice(drawn):
    assert drawn.night() is None
    assert drawn.on("2026-11-24").night() is None
    assert Draft.objects.count() == PaymentEvent.objects.count() == 1


def test_what_was_paid_meanwhile_is_not_drawn(payer):
    payer.is_billed(8466, "2026-11-02", "2026-11-24")
    payer.authorizes()
    payer.on("2026-11-18").pays(5000)
    sent = payer.on("2026-11-23").night()
    assert sent.amount == Money(3466)
    payer.is_billed(6000, "2026-12-02", "2026-12-23").on("2026-12-03").night()
    payer.pays(6000)
    assert payer.on("2026-12-22").night() is None
    assert (payer.draft().stands, payer.draft().why) == ("skipped", "nothing is owed any more")


def test_what_was_billed_after_the_announcement_waits_for_its_own_day(payer):
    """The announced bill was paid at the counter. The next one is owed, but its draft was announced for another day."""
    payer.is_billed(8466, "2026-11-02", "2026-11-24")
    payer.authorizes()
    payer.on("2026-11-18").pays(8466)
    payer.is_billed(6000, "2026-11-20", "2026-12-11").on("2026-11-20").night()
    assert payer.on("2026-11-23").night() is None
    assert drafts().get(bill="C-B-2026-11-02").why == "nothing is owed any more"
    assert payer.on("2026-12-10").night().amount == Money(6000)
    assert payer.balance().current == ZERO


@pytest.mark.parametrize(("corrected", "drawn"), [(-3000, 5466), (3000, 8466), (-8466, None)])
def test_a_bill_that_is_corrected_after_the_announcement_draws_no_more_than_either(payer, corrected, drawn):
    """A correction ages with the bill that it corrects; more than was announced waits for the next bill."""
    payer.is_billed(8466, "2026-11-02", "2026-11-24")
    payer.authorizes()
    legs = (
        Leg("receivable", Money(corrected), payer.agreement.subledger_id, owed_on=date(2026, 11, 2)),
        Leg("revenue-residential", Money(-corrected)),
    )
    payer.on("2026-11-18")
    ledger.post(draft=LedgerDraft("rebill:1", "rebill", payer.today, legs), at=payer.at, by=DANA)
    sent = payer.on("2026-11-23").night()
    assert (sent and sent.amount) == (drawn and Money(drawn))
    assert payer.balance().current == Money(max(corrected, 0))


def test_who_stops_or_moves_out_after_the_file_was_written_is_drawn_that_once(drawn):
    """The file is at the bank: the payment stands, the next bill is not drawn, and what comes back is owed again."""
    _, gone = stop(account=drawn.account, why="The customer moves", **drawn.now)
    stop_service(agreement=drawn.agreement, **drawn.now)
    assert [one.bill for one in gone] == ["C-B-2026-11-02"]
    drawn.is_billed(6000, "2026-12-02", "2026-12-23").on("2026-12-03")
    assert drawn.night() is None
    assert drawn.on("2026-12-22").night() is None
    drawn.comes_back("R01", draft=Draft.objects.get())
    assert drawn.balance().current == Money(8466 + 6000 + 2500)
    assert PaymentEvent.objects.count() == 1


def test_a_bill_that_asks_for_an_older_one_too_draws_each_cent_once(payer):
    payer.is_billed(8466, "2026-11-02", "2026-12-10")
    payer.authorizes()
    payer.is_billed(6000, "2026-11-20", "2026-12-10").on("2026-11-20").night()
    sent = payer.on("2026-12-09").night()
    assert (sent.entries, sent.amount) == (2, Money(14466))
    assert payer.balance().current == ZERO


def test_stopping_works_today_and_says_what_is_at_the_bank_already(payer):
    payer.is_billed(8466, "2026-11-02", "2026-11-24")
    payer.authorizes()
    called_off, gone = stop(account=payer.account, why="The customer asked", **payer.now)
    assert ([one.amount for one in called_off], gone) == ([Money(8466)], [])
    assert payer.on("2026-11-23").night() is None
    with pytest.raises(CannotDraw, match="has no AutoPay"):
        stop(account=payer.account, why="Again", **payer.now)


def test_a_draft_at_the_bank_is_named_when_it_stops(drawn):
    called_off, gone = stop(account=drawn.account, why="The customer asked", **drawn.now)
    assert (called_off, [one.draw_on for one in gone]) == ([], [date(2026, 11, 24)])


def test_short_notice_moves_the_day(payer):
    assert drawn_on(due_on=date(2026, 11, 24), told_on=date(2026, 11, 20)) == date(2026, 11, 30)
    assert drawn_on(due_on=date(2026, 12, 25), told_on=date(2026, 12, 1)) == date(2026, 12, 28)
    assert bank_day(date(2026, 7, 3)) == date(2026, 7, 3)  # July 4 is a Saturday: the Fed does not make it up
    assert bank_day(date(2027, 7, 4)) == date(2027, 7, 6)


def test_an_account_that_pays_cash_only_gets_none_and_draws_none(payer):
    payer.is_billed(8466, "2026-11-02", "2026-11-24")
    payer.authorizes()
    period = Period(date(2026, 11, 10), date(2027, 11, 10))
    begin_cash_only(account=payer.account, period=period, reason="Two came back", by=DANA, at=payer.at)
    assert payer.on("2026-11-23").night() is None
    assert payer.draft().why == "cash only, Two came back"
    stop(account=payer.account, why="Cash only", **payer.now)
    with pytest.raises(CannotDraw, match="Two came back"):
        payer.authorizes()


def test_a_prenote_goes_first_and_the_bill_waits_three_banking_days(payer):
    payer.is_billed(8466, "2026-11-02", "2026-11-12")
    payer.authorizes(prenote=True)
    first = payer.lines(payer.on("2026-11-09").night())
    assert [at(line, 2, 3) for line in first if line[0] == "6"] == ["28"]
    assert payer.on("2026-11-10").night() is None
    second = payer.on("2026-11-12").night()
    assert second.amount == Money(8466)


@pytest.mark.parametrize(
    ("business", "consent", "sec"), [(False, "signed", "PPD"), (False, "recorded", "TEL"), (True, "signed", "CCD")]
)
def test_the_sec_code_says_how_it_was_authorized(payer, business, consent, sec):
    payer.is_billed(8466, "2026-11-02", "2026-11-24")
    payer.authorizes(business=business, consent=consent, bank=Bank("121000358", "77120", savings=True))
    lines = payer.lines(payer.on("2026-11-23").night())
    assert at(lines[1], 51, 53) == sec
    assert at(lines[2], 2, 3) == "37"


@pytest.mark.parametrize("code", ["R01", "R02", "R08", "R10", "R16", "R06", "R61"])
def test_each_return_does_what_its_row_says(drawn, code):
    told = drawn.comes_back(code)
    how = handling_of(code)
    assert str(told).startswith("1 returned")
    assert Reversal.objects.exists() == how.reverses
    fee = Money(2500) if how.fee else ZERO
    assert drawn.balance().current == (Money(8466) + fee if how.reverses else ZERO)
    running = autopay_of(drawn.account)
    assert (running is None) == (how.then is Then.ENDS)
    assert running is None or (hold_of(running, on=drawn.today) is not None) == (how.then is Then.HELD)
    if how.blocks:
        with pytest.raises(CannotDraw, match=f"can't be drawn from \\({code}\\)"):
            drawn.authorizes()
    assert Item.objects.filter(kind__in=["payments.returned-draft", "payments.ach"], ended_at=None).count() == 1
    assert str(drawn.comes_back(code)) != str(told) or code == "R61"
    assert Reversal.objects.count() == int(how.reverses)


def test_every_code_of_the_standard_has_its_row():
    groups = {group: {code for code, how in TABLE.items() if how.group is group} for group in Group}
    assert groups[Group.UNAUTHORIZED] == {"R05", "R07", "R10", "R11", "R29", "R51"}
    assert groups[Group.ADMINISTRATIVE] == {"R02", "R03", "R04"}
    assert {code for code, how in TABLE.items() if how.retries} == {"R01", "R09"}
    assert {code for code, how in TABLE.items() if how.blocks} == {"R02", "R03", "R04", "R13", "R20"}
    assert not handling_of("R61").reverses
    assert handling_of("R17").reverses


def test_a_draft_that_came_back_for_want_of_funds_is_presented_again(drawn):
    drawn.on("2026-11-27").comes_back("R01")
    again = try_again(draft=drawn.draft(), **drawn.now)
    assert (again.amount, again.draw_on) == (Money(8466), date(2026, 12, 7))
    with pytest.raises(CannotDraw, match="waits to be drawn again"):
        try_again(draft=again, **drawn.now)
    assert at(drawn.lines(drawn.on("2026-12-04").night())[1], 54, 63).strip() == "RETRY PYMT"
    drawn.on("2026-12-09").comes_back("R01")
    with pytest.raises(CannotDraw, match="cash only"):
        try_again(draft=drawn.draft(), **drawn.now)


def test_a_bill_is_presented_again_at_most_twice(drawn):
    """The supervisor takes cash-only away each time, for what the customer promised."""
    for returned, sent in (("2026-11-27", "2026-12-04"), ("2026-12-09", "2026-12-18")):
        drawn.on(returned).comes_back("R01")
        if cash_only([drawn.account.pk], on=drawn.today):
            end_cash_only(account=drawn.account, on=drawn.today, by=RENEE, at=drawn.at, remark="Promised")
        try_again(draft=drawn.draft(), **drawn.now)
        assert drawn.on(sent).night().entries == 1
    drawn.on("2026-12-28").comes_back("R01")
    end_cash_only(account=drawn.account, on=drawn.today, by=RENEE, at=drawn.at, remark="Promised")
    with pytest.raises(CannotDraw, match="at most twice"):
        try_again(draft=drawn.draft(), **drawn.now)


@pytest.mark.parametrize(
    ("code", "corrected", "bank"),
    [
        ("C01", "99887766", Bank("121000358", "99887766")),
        ("C02", "322271627", Bank("322271627", "0012344411")),
        ("C03", "322271627   99887766", Bank("322271627", "99887766")),
        ("C05", "37", Bank("121000358", "0012344411", savings=True)),
        ("C06", "99887766            37", Bank("121000358", "99887766", savings=True)),
        ("C07", "32227162799887766         37", Bank("322271627", "99887766", savings=True)),
    ],
)
def test_a_notification_of_change_holds_before_the_next_draft(drawn, code, corrected, bank):
    assert drawn.comes_back(code, corrected=corrected).changed == 1
    assert drawn.comes_back(code, corrected=corrected).repeated == 1
    drawn.is_billed(6000, "2026-12-02", "2026-12-23").on("2026-12-03").night()
    entry = next(line for line in drawn.lines(drawn.on("2026-12-22").night()) if line[0] == "6")
    assert (at(entry, 4, 12), at(entry, 13, 29).strip()) == (bank.routing, bank.number)
    assert at(entry, 2, 3) == ("37" if bank.savings else "27")


@pytest.mark.parametrize(("code", "corrected"), [("C04", "LOUIS ORTEGA"), ("C02", "121000359"), ("C05", "99")])
def test_what_the_bank_wrote_and_nobody_can_use_waits_for_a_person(drawn, code, corrected):
    assert drawn.comes_back(code, corrected=corrected).waiting == 1
    assert Item.objects.filter(kind="payments.ach", ended_at=None).count() == 1


def test_a_return_of_nothing_of_ours_waits_and_a_broken_file_is_refused_whole(drawn):
    trace = "121000359999999"
    assert take_returns(data=sent_back(Back(trace, "R01", 100)), name="r.ach", **drawn.now).waiting == 1
    assert drawn.comes_back("R01", cents=8467).waiting == 1
    for data in (
        sent_back(Back(trace, "R01", 100), spoil=True),
        sent_back(Back(trace, "R01", 100))[:300],
        b"",
        b"%PDF",
    ):
        with pytest.raises(CannotRead), transaction.atomic():
            take_returns(data=data, name="r.ach", **drawn.now)
    assert not Reversal.objects.exists()


def test_what_a_person_took_back_before_the_file_came_is_taken_back_once_and_the_rest_of_the_file_counts(drawn):
    """The bank telephoned; its file comes a day later, with a return of nothing of ours beside."""
    step = DraftStep.objects.get(act="sent")
    return_item(event=step.event, **drawn.now)
    owed, back = drawn.balance().current, Back(step.trace, "R02", 8466)
    told = take_returns(data=sent_back(back, Back("121000359999999", "R01", 100)), name="r.ach", **drawn.now)
    assert (told.returned, told.waiting) == (1, 1)
    assert drawn.balance().current == owed == Money(8466 + 2500)
    assert (drawn.draft().stands, autopay_of(drawn.account)) == ("returned", None)


def test_a_hold_calls_off_what_falls_into_it_and_is_lifted_with_a_reason(drawn):
    drawn.on("2026-11-27").comes_back("R08")
    drawn.is_billed(6000, "2026-12-02", "2026-12-23").on("2026-12-03").night()
    assert drawn.draft().bill == "C-B-2026-11-02"
    release_autopay(autopay=autopay_of(drawn.account), remark="A slip at the bank", **drawn.now)
    drawn.night()
    assert drawn.draft().bill == "C-B-2026-12-02"


def test_the_rates_that_the_network_watches():
    unauthorized, administrative, every = rates({"R10": 1, "R03": 2, "R01": 10}, 100)
    assert (unauthorized.returned, administrative.returned, every.returned) == (1, 2, 13)
    assert (unauthorized.over, administrative.over, every.over) == (True, False, False)
    assert not any(rate.over for rate in rates({}, 0))


def test_a_rate_over_its_limit_is_somebodys_work(drawn):
    drawn.comes_back("R10")
    assert [rate.share for rate in watched_rates(on=drawn.today)] == [1.0, 0.0, 1.0]
    assert Item.objects.filter(kind="payments.ach-rate", ended_at=None).count() == 2


def test_the_words_say_who_what_when_and_how_to_stop():
    words = Terms("Marisol Bay Power", "(510) 555-0100", "204518-7", "Luis Ortega", "checking", "4411",
                  date(2026, 11, 2), spoken=True).words  # fmt: skip
    for part in ("You authorize Marisol Bay Power", "account 204518-7", "ending in 4411", "November 2, 2026",
                 "10 days before", "until you stop it", "(510) 555-0100"):  # fmt: skip
        assert part in words
