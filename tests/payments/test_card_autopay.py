"""AutoPay by card: agreed to on a page, announced, charged once; declined by its code; renewed, expired, disputed."""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from datetime import date, timedelta
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from django.db import transaction
from django.test import Client, override_settings

from lamplighter.jobs import cards as jobs
from lamplighter.journeys.autopaying import announce_bills, stop
from lamplighter.journeys.card_autopaying import ask, prepare, send_invite
from lamplighter.journeys.control import controls
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.notices.channels import Channel
from lamplighter.notices.models import Notice
from lamplighter.payments.autopay.queries import autopay_of, drafts, drafts_to_send, hold_of
from lamplighter.payments.autopay.rules import CannotDraw
from lamplighter.payments.cards.declines import TABLE, Then, decline_of, tried_again_on
from lamplighter.payments.cards.processor import HostedProcessor
from lamplighter.payments.cards.signing import sign
from lamplighter.payments.models import Autopay, CardCharge, CardInvite, Draft, PaymentEvent, SavedCard
from lamplighter.payments.operations import begin_cash_only
from lamplighter.payments.operations.keeping import invite_token
from lamplighter.platform.models import Event
from lamplighter.town.processor.cards import Processor
from lamplighter.town.processor.server import ProcessorServer
from lamplighter.worklist.models import Item
from tests.accounts.conftest import furnish
from tests.payments.test_autopay import Payer

SECRET = "whsec-test"  # what the simulated processor signs with
GOOD, POOR, EXPIRED = "4242424242424242", "4000000000009995", "4000000000000069"
LOST, REVOKED, LIMITED = "4000000000009987", "4000000000000093", "4000000000003220"


class CardPayer(Payer):
    """Somebody whose bills are charged to a card that the processor keeps."""

    server: ProcessorServer

    def invites(self, begins: str = "2026-11-01") -> CardInvite:
        return send_invite(
            account=self.account, begins=date.fromisoformat(begins), channel=Channel.EMAIL,
            address="luis@example.net", page="https://pay.example/pay/autopay/", **self.now,
        )  # fmt: skip

    def enters(self, made: CardInvite, number: str = GOOD) -> dict:
        """Agrees on our page and enters a card on the processor's; the card as the processor keeps it."""
        url = Client().post(f"/pay/autopay/{invite_token(made)}/agree/")["Location"]
        with suppress(OSError):  # it sends the browser back to an address that no server of the test answers
            urlopen(url, urlencode({"card": number}).encode(), timeout=5)
        return next(one for one in self.server.processor.cards.values() if one["reference"] == str(made.pk))

    def tells(self, kind: str, about: dict) -> bytes:
        body = self.server.processor.event(kind, about)
        header = sign(body, SECRET, at=self.at)
        sent = Client().post("/hooks/cards/", body, content_type="application/json", headers={"Card-Signature": header})
        return sent.content

    def keeps(self, number: str = GOOD) -> dict:
        card = self.enters(self.invites(), number)
        assert self.tells("card.saved", card) == b"taken"
        return card

    def charges(self) -> str:
        return jobs.charge_cards()

    def letters(self, code: str) -> list[str]:
        """What was told in English, the newest last."""
        rows = (
            Notice.objects.filter(template__code=code, account=self.account.pk).select_related("words").order_by("pk")
        )
        return [" ".join(text for _, text in row.words.read[0].blocks) for row in rows]


@pytest.fixture(scope="module")
def bay_cards():
    server = ProcessorServer(Processor("http://127.0.0.1:1/", SECRET, lambda: None, lambda _: None), "k1")
    server.processor.mute = True  # what it tells, the tests carry themselves
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield CardPayer(furnish()).on("2026-11-02")
        transaction.set_rollback(True)


@pytest.fixture
def payer(built, db, bay_cards, monkeypatch):
    """$84.66 of November 2 is due on November 24; the clocks of pages, jobs and processor are the story's."""
    made = copy(built)
    made.server = bay_cards

    class Clock:
        @staticmethod
        def now():
            return made.at

        @staticmethod
        def localdate(*_):
            return made.now["on"]

    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    monkeypatch.setattr("lamplighter.jobs.cards.timezone", Clock)
    monkeypatch.setattr(bay_cards.processor, "clock", Clock.now)
    made.is_billed(8466, "2026-11-02", "2026-11-24")
    with override_settings(CARDS=bay_cards.url, CARDS_SECRET=SECRET):
        yield made
    assert not [one for one in controls() if one.differences]


def test_a_customer_agrees_on_a_page_enters_a_card_and_the_bill_is_announced_then_charged_once(payer):
    made = payer.invites()
    shown = Client().get(f"/pay/autopay/{invite_token(made)}/").content.decode()
    assert "I authorize" in shown
    assert payer.account.number not in shown, "who finds the link learns nothing of the account"
    card = payer.enters(made)
    assert autopay_of(payer.account) is None, "until the processor has told, nothing runs"
    assert payer.tells("card.saved", card) == b"taken"
    assert payer.tells("card.saved", card) == b"taken", "the same card in another event"
    running = Autopay.objects.get()
    assert (str(running), running.consent, running.words) == ("Visa …4242", "online", made.words)
    assert GOOD not in str(list(SavedCard.objects.values())) + str(list(Event.objects.values_list("data", flat=True)))
    assert "is set up" in Client().get(f"/pay/autopay/{invite_token(made)}/kept/").content.decode()
    draft = drafts().get()
    assert (draft.amount, draft.draw_on) == (Money(8466), date(2026, 11, 24))
    (told,) = payer.letters("card-charge")
    assert "We charge $84.66 to your Visa …4242" in told
    assert "What you agreed to: I authorize" in payer.letters("card-autopay")[0]
    assert not drafts_to_send(pays_on=date(2026, 12, 1)), "a card's draft is in no file for the bank"
    payer.on("2026-11-23").charges()
    assert not PaymentEvent.objects.exists()
    payer.on("2026-11-24").charges()
    assert payer.balance().current == ZERO
    payer.charges()
    payment = payer.server.processor.payments[CardCharge.objects.get().pk]
    assert payer.tells("payment.succeeded", payment) == b"taken"
    assert PaymentEvent.objects.count() == 1
    assert drafts().get().stands == "charged"


def test_a_program_that_died_after_asking_gets_the_same_answer_and_pays_once(payer):
    payer.keeps()
    payer.on("2026-11-24")
    draft = Draft.objects.get()
    draw = prepare(draft=draft, **payer.now)
    ask(draw, HostedProcessor(payer.server.url), at=payer.at)
    assert not PaymentEvent.objects.exists()
    payer.charges()
    payer.charges()
    assert PaymentEvent.objects.count() == 1
    assert payer.balance().current == ZERO


def test_a_processor_that_forgot_the_key_is_not_asked_to_charge_a_second_time(payer):
    payer.keeps()
    payer.on("2026-11-24")
    draw = prepare(draft=Draft.objects.get(), **payer.now)
    made = ask(draw, HostedProcessor(payer.server.url), at=payer.at)
    payer.server.processor.drawn.clear()
    payer.on("2026-11-26").charges()
    assert CardCharge.objects.get().pk == made.id
    assert len([one for one in payer.server.processor.payments.values() if one["reference"] == made.reference]) == 1
    assert payer.balance().current == ZERO


def test_what_the_processor_refuses_is_for_a_person_and_waits(payer):
    payer.keeps()
    payer.on("2026-11-24")
    draft = Draft.objects.get()
    payer.server.processor.drawn[draft.subject] = ("another request", {})
    assert payer.charges().startswith("0 charged or declined")
    assert "refuses (409)" in Item.objects.get(kind="payments.cards").summary
    assert drafts().get().stands is None
    del payer.server.processor.drawn[draft.subject]
    assert payer.charges().startswith("1 charged")


def test_a_processor_that_does_not_answer_is_asked_again_and_charges_once(payer):
    payer.keeps()
    payer.on("2026-11-24")
    with override_settings(CARDS="http://k1@127.0.0.1:9"):
        assert "does not answer" in payer.charges()
    assert drafts().get().stands is None
    payer.on("2026-11-25").charges()
    assert (drafts().get().stands, payer.balance().current) == ("charged", ZERO)


def test_who_pays_a_part_while_the_processor_is_silent_is_charged_for_the_rest_alone(payer):
    payer.keeps()
    payer.on("2026-11-24")
    with override_settings(CARDS="http://k1@127.0.0.1:9"):
        payer.charges()
    payer.pays(5000)
    payer.on("2026-11-25").charges()
    payer.charges()
    assert CardCharge.objects.get().event.tenders.get().amount == Money(3466)
    assert (drafts().get().stands, payer.balance().current) == ("charged", ZERO)


def test_who_pays_a_part_after_the_charge_whose_answer_was_lost_is_not_charged_again(payer):
    payer.keeps()
    payer.on("2026-11-24")
    made = ask(prepare(draft=Draft.objects.get(), **payer.now), HostedProcessor(payer.server.url), at=payer.at)
    payer.pays(5000)
    payer.on("2026-11-25").charges()
    assert CardCharge.objects.get().pk == made.id
    assert CardCharge.objects.get().event.tenders.get().amount == Money(8466), "as it was announced"
    of_draft = [one for one in payer.server.processor.payments.values() if one["reference"] == made.reference]
    assert len(of_draft) == 1


def test_a_card_is_charged_where_checks_are_barred(payer):
    payer.keeps()
    begin_cash_only(account=payer.account, period=Period(payer.now["on"]), reason="two checks came back",
                    by=payer.now["by"], at=payer.at)  # fmt: skip
    payer.on("2026-11-24").charges()
    assert drafts().get().stands == "charged"


def test_what_was_paid_meanwhile_is_not_charged(payer):
    payer.keeps()
    payer.pays(8466)
    payer.on("2026-11-24").charges()
    assert drafts().get().stands == "skipped"
    assert PaymentEvent.objects.count() == 1


def test_want_of_money_is_tried_twice_more_each_time_told_and_then_it_is_the_customers(payer):
    payer.keeps(POOR)
    for day, stands in (("2026-11-24", 0), ("2026-11-27", 1), ("2026-12-04", 2)):
        payer.on(day).charges()
        assert Draft.objects.filter(steps__act="declined").count() == stands + 1
    assert list(Draft.objects.order_by("attempt").values_list("draw_on", flat=True)) == [
        date(2026, 11, 24), date(2026, 11, 27), date(2026, 12, 4),
    ]  # fmt: skip
    payer.on("2026-12-30").charges()
    assert Draft.objects.count() == 3
    told = payer.letters("card-charge")
    assert ["We try once more" in one for one in told] == [False, True, True, False]
    assert "is not tried again for this bill" in told[-1]
    assert "not enough money" in Item.objects.get(kind="payments.returned-draft").summary
    assert autopay_of(payer.account) is not None, "the next bill is charged again"
    assert payer.balance().current == Money(8466)


def test_an_expired_card_holds_autopay_until_the_bank_has_sent_another(payer):
    card = payer.keeps(EXPIRED)
    payer.on("2026-11-24").charges()
    running = autopay_of(payer.account)
    assert hold_of(running, on=payer.now["on"]).reason == "the card has expired"
    assert "did not accept" in payer.letters("card-autopay")[-1]
    payer.server.processor.renew(card["id"], GOOD, month=12, year=2029)
    assert payer.tells("card.updated", payer.server.processor.cards[card["id"]]) == b"taken"
    kept = SavedCard.objects.get()
    assert (str(kept), kept.expires_on) == ("Visa …4242", date(2029, 12, 31))
    assert autopay_of(payer.account).last_four == "4242"
    assert hold_of(running, on=payer.now["on"]) is None, "the new card is charged"


def test_another_card_takes_the_place_of_the_one_that_was_held_with_what_was_announced(payer):
    payer.keeps(LIMITED)
    payer.on("2026-11-24").charges()
    running = autopay_of(payer.account)
    assert hold_of(running, on=payer.now["on"]) is not None
    made = payer.invites(begins="2026-12-01")
    assert "from Nov 1, 2026" in made.words, "bills go on from where they began"
    assert payer.tells("card.saved", payer.enters(made)) == b"taken"
    live = autopay_of(payer.account)
    assert (live.pk, str(live), live.words) == (running.pk, "Visa …4242", made.words)
    assert hold_of(live, on=payer.now["on"]) is None
    payer.is_billed(5000, "2026-12-02", "2026-12-23")
    announce_bills(**payer.now)
    payer.on("2026-12-23").charges()
    assert CardCharge.objects.get().shown == "visa 4242"


@pytest.mark.parametrize(("number", "says"), [(LOST, "can not be charged"), (REVOKED, "are not authorized")])
def test_a_lost_card_and_a_revoked_one_end_autopay_and_are_never_tried_again(payer, number, says):
    payer.keeps(number)
    payer.on("2026-11-24").charges()
    assert autopay_of(payer.account) is None
    assert says in payer.letters("card-autopay")[-1]
    payer.on("2026-12-24").charges()
    assert Draft.objects.count() == 1


def test_whoever_stops_is_not_charged_and_hears_of_it(payer):
    payer.keeps()
    called_off, gone = stop(account=payer.account, why="They asked", **payer.now)
    assert (len(called_off), gone) == (1, [])
    payer.on("2026-11-24").charges()
    assert not PaymentEvent.objects.exists()
    assert "You asked us to stop" in payer.letters("card-autopay")[-1]


def test_a_card_that_its_bank_closed_or_its_holder_disputed_is_not_charged_again(payer):
    card = payer.keeps()
    payer.on("2026-11-24").charges()
    payment = payer.server.processor.payments[CardCharge.objects.get().pk]
    assert payer.tells("payment.disputed", {**payment, "back": 8466}) == b"taken"
    assert payer.balance().current == Money(8466)
    assert (autopay_of(payer.account), drafts().get().stands) == (None, "returned")
    assert payer.tells("card.closed", {"id": card["id"]}) == b"taken"
    assert payer.tells("card.closed", {"id": "card_of_nobody"}) == b"waits"


def test_whose_card_expires_at_the_end_of_the_month_is_told_once(payer):
    payer.keeps()
    SavedCard.objects.update(expires_on=date(2026, 12, 31))
    payer.charges()
    assert len(payer.letters("card-autopay")) == 1, "next month is time enough"
    SavedCard.objects.update(expires_on=date(2026, 11, 30))
    payer.charges()
    payer.on("2026-11-03").charges()
    assert ["expires at the end of the month" in one for one in payer.letters("card-autopay")] == [False, True]


def test_a_lost_event_is_asked_for(payer):
    payer.enters(payer.invites())
    jobs.ask_cards()
    assert autopay_of(payer.account) is not None


def test_a_bank_account_that_is_drawn_from_keeps_its_place(payer):
    late = payer.invites()
    card = payer.enters(late)
    payer.authorizes()
    with pytest.raises(CannotDraw, match="from a bank account"):
        payer.invites()
    page = Client().post(f"/pay/autopay/{invite_token(late)}/agree/")
    assert (page.status_code, "is set up for this account already" in page.content.decode()) == (409, True)
    jobs.ask_cards()
    assert payer.tells("card.saved", card) == b"waits"
    assert autopay_of(payer.account).card is None
    assert Item.objects.filter(kind="payments.cards").count() == 2, "once asked for, once told"


def test_a_link_is_good_for_two_weeks_and_a_card_for_nothing_of_ours_waits_for_a_person(payer):
    made = payer.invites()
    payer.on("2026-11-17")
    page = Client().post(f"/pay/autopay/{invite_token(made)}/agree/")
    assert (page.status_code, "was good until" in page.content.decode()) == (410, True)
    assert Client().get("/pay/autopay/none-such/").status_code == 404
    strange = {"id": "card_x", "reference": "x", "brand": "visa", "last4": "1", "exp_month": 1, "exp_year": 2030}
    assert payer.tells("card.saved", strange) == b"waits"
    assert payer.tells("card.saved", {**strange, "exp_month": 13}) == b"waits"


def test_every_decline_has_a_way_and_an_unknown_one_asks_a_person():
    assert {one.then for one in TABLE.values()} == set(Then)
    assert decline_of("never_heard_of").then is Then.HELD
    day = date(2026, 11, 24)
    assert [tried_again_on(attempt, declined_on=day) for attempt in range(3)] == [
        day + timedelta(days=3), day + timedelta(days=7), None,
    ]  # fmt: skip


def test_announcing_twice_announces_once(payer):
    payer.keeps()
    assert announce_bills(**payer.now) == 0
    assert Draft.objects.count() == 1
