"""Cards on the processor's own page: paid once, whatever it tells late, twice, forged, out of order or not at all."""

from __future__ import annotations

import json
from contextlib import suppress
from copy import copy
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings

from lamplighter.journeys.carding import begin, close_day, take_charge
from lamplighter.journeys.control import controls
from lamplighter.kernel.actors import staff, system
from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments.cards.processor import CannotReach, Charge, HostedProcessor
from lamplighter.payments.cards.signing import NotGenuine, check, sign
from lamplighter.payments.models import CardCharge, CardEvent, PayLink, PaymentEvent, Reversal, TenderControl
from lamplighter.payments.operations.charging import make_link, token_of
from lamplighter.payments.rules import CannotTake
from lamplighter.town.processor.cards import DECLINED, Processor
from lamplighter.town.processor.server import ProcessorServer
from lamplighter.worklist.models import Item
from tests.accounts.conftest import furnish
from tests.credit.conftest import Debtor

NOW = datetime(2026, 11, 20, 17, 2, tzinfo=UTC)
ON, SECRET, DANA, BY = date(2026, 11, 20), "whsec-test", staff("dana"), system("card-processor")


class Clock:
    """Stands where the web reads the time."""

    @staticmethod
    def now():
        return NOW

    @staticmethod
    def localdate(*_):
        return ON


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield Debtor(furnish()).on("2026-11-20").owes(8466, "2026-11-02")
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def bay_cards():
    server = ProcessorServer(Processor("http://127.0.0.1:1/", SECRET, Clock.now, lambda _: None), "k1")
    server.processor.mute = True  # what it tells, the tests carry themselves
    server.start()
    yield server
    server.stop()


class Paying:
    """A customer with a link, the processor's page, and the events that it would tell."""

    def __init__(self, debtor, server):
        self.debtor, self.server, self.client = debtor, server, Client()
        self.link = make_link(
            account=debtor.account, amount=Money(8466), until=ON + timedelta(days=14), by=DANA, at=NOW
        )
        self.token = token_of(self.link)
        self.page = f"/pay/{self.token}/"

    @property
    def api(self):
        return HostedProcessor(self.server.url)

    def goes(self):
        return self.client.post(f"{self.page}card/")

    def enters(self, card="4242424242424242"):
        """On the hosted page; the payment that the processor made, or None."""
        url = self.goes()["Location"]
        data = urlencode({"card": card}).encode()
        with suppress(OSError):  # it sends the browser back to an address that no server of the test answers
            urlopen(url, data, timeout=5)
        session = self.server.processor.sessions[url.rpartition("/")[2]]
        return self.server.processor.payments.get(session["paid"])

    def event(self, kind, payment):
        return self.server.processor.event(kind, payment)

    def hears(self, body, *, secret=SECRET, at=None):
        header = sign(body, secret, at=at or NOW)
        return self.client.post("/hooks/cards/", body, content_type="application/json",
                                headers={"Card-Signature": header})  # fmt: skip

    @property
    def owed(self):
        return self.debtor.balance().current


@pytest.fixture
def paying(built, db, bay_cards, monkeypatch):
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    with override_settings(CARDS=bay_cards.url, CARDS_SECRET=SECRET):
        yield Paying(copy(built), bay_cards)
    assert not [one for one in controls() if one.differences]


def test_a_customer_pays_on_the_processors_page_and_the_debt_is_gone(paying):
    shown = paying.client.get(paying.page)
    assert "$84.66" in shown.content.decode()
    assert shown["Referrer-Policy"] == "same-origin"  # the address is a secret; with none at all the form has no origin
    payment = paying.enters()
    assert paying.hears(paying.event("payment.succeeded", payment)).content == b"taken"
    assert paying.owed == ZERO
    event = PaymentEvent.objects.get()
    assert str(event.recorded_by) == "system:card-processor"
    assert event.tenders.get().reference == payment["id"]
    assert event.receipt in paying.client.get(f"{paying.page}thanks/").content.decode()
    assert "already" in paying.goes().content.decode()


def test_the_same_event_twice_and_another_event_of_the_same_payment_pay_once(paying):
    payment = paying.enters()
    body = paying.event("payment.succeeded", payment)
    assert [paying.hears(body).content for _ in range(2)] == [b"taken", b"repeated"]
    assert paying.hears(paying.event("payment.succeeded", payment)).content == b"taken"
    assert (PaymentEvent.objects.count(), CardEvent.objects.count()) == (1, 2)


def test_forged_altered_and_old_events_change_nothing(paying):
    body = paying.event("payment.succeeded", paying.enters())
    assert paying.hears(body, secret="guessed").status_code == 403
    assert paying.hears(body, at=NOW - timedelta(seconds=301)).status_code == 403
    assert paying.hears(body, at=NOW + timedelta(seconds=301)).status_code == 403
    header = sign(body, SECRET, at=NOW)
    altered = body.replace(b"8466", b"84660")
    with pytest.raises(NotGenuine, match="does not fit"):
        check(altered, header, SECRET, at=NOW)
    assert paying.client.post("/hooks/cards/", body, content_type="application/json").status_code == 403
    assert paying.hears(b"[]").status_code == 400
    assert paying.owed == Money(8466)
    with override_settings(CARDS_SECRET=""):
        assert paying.hears(body, secret="").status_code == 403


def test_a_lost_event_is_found_by_asking(paying):
    payment = paying.enters()
    (charge,) = [one for one in paying.api.charges(ON) if one.id == payment["id"]]
    take_charge(charge=charge, on=ON, by=BY, at=NOW)
    take_charge(charge=charge, on=ON, by=BY, at=NOW)
    assert paying.owed == ZERO
    assert paying.hears(paying.event("payment.succeeded", payment)).content == b"taken"
    assert PaymentEvent.objects.count() == 1


def test_a_refund_that_is_told_before_its_payment_asks_for_it_first(paying):
    payment = paying.enters()
    told = paying.event("payment.refunded", {**payment, "back": 8466})
    assert paying.hears(told).content == b"taken"
    assert (PaymentEvent.objects.count(), Reversal.objects.get().reason, paying.owed) == (1, "returned", Money(8466))
    assert paying.hears(paying.event("payment.succeeded", payment)).content == b"taken"
    assert paying.owed == Money(8466)


def test_the_processor_is_asked_outside_of_any_transaction(paying, monkeypatch):
    """What it answers may take fifteen seconds, and locks would wait for it."""
    payment, depths, ask = paying.enters(), [], HostedProcessor.charge
    monkeypatch.setattr(
        HostedProcessor, "charge", lambda self, key: depths.append(len(connection.savepoint_ids)) or ask(self, key)
    )
    around = len(connection.savepoint_ids)
    told = paying.event("payment.refunded", {**payment, "back": 8466})
    assert [paying.hears(told).content for _ in range(2)] == [b"taken", b"repeated"]
    assert depths == [around]
    paying.server.processor.payments.pop(payment["id"])
    lost = paying.event("payment.refunded", {**payment, "id": "pay_unknown", "back": 8466})
    assert paying.hears(lost).status_code == 503


def test_a_dispute_brings_the_debt_back_once_and_a_part_waits_for_a_person(paying):
    payment = paying.enters()
    paying.hears(paying.event("payment.succeeded", payment))
    assert paying.hears(paying.event("payment.refunded", {**payment, "back": 1000})).content == b"waits"
    assert Item.objects.filter(kind="payments.cards", ended_at=None).count() == 1
    assert paying.hears(paying.event("payment.disputed", {**payment, "back": 8466})).content == b"taken"
    assert paying.hears(paying.event("payment.disputed", {**payment, "back": 8466})).content == b"noted"
    assert paying.owed == Money(8466)


def test_what_is_paid_for_nothing_of_ours_waits(paying):
    payment = {**paying.enters(), "id": "pay_other", "reference": "somebody-else"}
    assert paying.hears(paying.event("payment.succeeded", payment)).content == b"waits"
    assert not PaymentEvent.objects.exists()


@pytest.mark.parametrize("amount", [0, -1, "84.66", True, None])
def test_an_amount_that_is_none_posts_nothing(paying, amount):
    payment = {**paying.enters(), "amount": amount}
    assert paying.hears(paying.event("payment.succeeded", payment)).content == b"waits"
    assert not PaymentEvent.objects.exists()


def test_a_declined_card_pays_nothing_and_may_be_followed_by_another(paying):
    assert paying.enters(DECLINED) is None
    assert paying.enters() is not None


def test_the_same_link_leads_to_one_session_and_other_parameters_are_refused(paying, caplog):
    assert paying.goes()["Location"] == paying.goes()["Location"]
    with pytest.raises(CannotReach, match="refuses \\(409\\)"):
        paying.api.begin(key=str(paying.link.pk), reference="x", amount=Money(1), back="/", words="")
    with override_settings(CARDS=paying.server.url.replace("k1@", "k2@")):
        assert "does not answer now" in paying.goes().content.decode()
    assert "refuses (401)" in caplog.text


def test_a_link_is_good_until_its_day_and_its_secret_is_nowhere_kept(paying):
    PayLink.objects.filter(pk=paying.link.pk).update(until=ON - timedelta(days=1))
    assert paying.goes().status_code == 410
    assert paying.client.get("/pay/guessed/").status_code == 404
    assert paying.token not in json.dumps(list(PayLink.objects.values()), default=str)
    with pytest.raises(CannotTake):
        make_link(account=paying.debtor.account, amount=ZERO, until=ON, by=DANA, at=NOW)


def test_a_days_cards_balance_by_the_processors_own_total(paying):
    payment = paying.enters()
    paying.hears(paying.event("payment.succeeded", payment))
    control = TenderControl.objects.get(source="cards")
    charges = paying.api.charges(ON)
    assert close_day(control=control, charges=charges, by=BY, at=NOW)
    assert TenderControl.objects.get(pk=control.pk).state == "balanced"


def test_a_payment_that_the_processor_does_not_know_is_a_difference(paying):
    payment = paying.enters()
    paying.hears(paying.event("payment.succeeded", payment))
    assert not close_day(control=TenderControl.objects.get(source="cards"), charges=[], by=BY, at=NOW)
    assert Item.objects.filter(kind="payments.control-total", ended_at=None).exists()


def test_a_processor_that_is_gone_is_said_so(paying):
    gone = HostedProcessor("http://k1@127.0.0.1:1")
    with pytest.raises(CannotReach, match="does not answer"):
        begin(link=paying.link, processor=gone, back="http://x/", words="")
    with pytest.raises(ValueError, match="no payment"):
        Charge.told({"amount": 1, "currency": "usd"})
    assert CardCharge.objects.count() == 0
