"""Texts at the desk: a thread with a number, a word that ends them, and what became of each."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lamplighter.cases.models import Contact, Message
from lamplighter.cases.queries.contacts import outbox
from lamplighter.cases.words import Means
from lamplighter.customers.consent import Purpose
from lamplighter.customers.models import Consent
from lamplighter.customers.queries import wish_of
from lamplighter.jobs import messages as jobs
from lamplighter.jobs.notices import hand_over_queued
from lamplighter.notices.channels import Channel
from lamplighter.notices.gateways import Receipt
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Delivery, Notice, Template
from lamplighter.notices.operations import compose, hand_over, queue
from lamplighter.notices.queries import Request, draft
from lamplighter.notices.queries.templates import content_of
from lamplighter.platform.transactions import unit_of_work
from lamplighter.worklist.models import Item
from tests.cases.outside import told
from tests.web.desk.conftest import words
from tests.web.desk.town import NOW
from tests.web.filling import fills

pytestmark = pytest.mark.usefixtures("outside")
HOA = "+15105550142"


def queued_text(source: str = "t:1") -> Notice:
    template = Template.objects.get(code="payment-receipt", channel="text", state="adopted")
    values = {field.name: field.sample_value for field in content_of(template).fields}
    request = Request(
        "payment-receipt", Channel.TEXT, Language.ENGLISH, source, "account:1", "person:1", (HOA,), values
    )
    with unit_of_work(jobs.BY):
        (notice,) = compose(drafts=[draft(request)], by=jobs.BY, at=NOW)
        queue(notices=[notice], by=jobs.BY, at=NOW)
    return notice


def test_a_text_is_a_thread_with_its_number(dana, hoa):
    told(dana, "/hooks/texts/", MessageSid="SM1", From=HOA, To="+15105550100", Body="Is my power off?")
    told(dana, "/hooks/texts/", MessageSid="SM1", From=HOA, To="+15105550100", Body="Is my power off?")
    contact = Contact.objects.get()
    fills(dana, f"/desk/contacts/{contact.pk}/do/answer/", body="No, it is on.")
    assert jobs.send_messages() == 1
    told(dana, "/hooks/texts/", MessageSid="SM2", From=HOA, To="+15105550100", Body="Thanks")
    shown = words(dana.get(f"/desk/contacts/{contact.pk}/"))
    for said in ("Is my power off?", "No, it is on.", "Thanks"):
        assert said in shown
    assert told(dana, "/hooks/texts/", token="guessed", MessageSid="SM3", From=HOA, Body="x").status_code == 403


def test_one_word_ends_texts_and_is_confirmed_once(dana, hoa):
    told(dana, "/hooks/texts/", MessageSid="SM4", From=HOA, Body="Stop")
    assert not wish_of(HOA, Purpose.SERVICE).given
    assert not Item.objects.filter(kind="cases.message").exists()
    assert jobs.send_messages() == 1  # the one text that says so
    assert "None about payment reminders, outages, programs and offers, bills and service" in words(dana.get(hoa))
    refused = fills(dana, f"{hoa}do/write/", means="text", body="Your plan is ready.")
    assert refused.status_code == 422
    assert "asked for no texts" in words(refused)
    told(dana, "/hooks/texts/", MessageSid="SM5", From=HOA, Body="START")
    assert wish_of(HOA, Purpose.SERVICE).given
    assert not wish_of(HOA, Purpose.PROGRAMS).given
    assert HOA not in str(list(Consent.objects.values()))


def test_a_text_waits_for_the_morning_of_its_number(dana, hoa):
    fills(dana, f"{hoa}do/consent/", which=HOA, given=["service"], quiet_from="08:30", quiet_until="10:00", how="call")
    fills(dana, f"{hoa}do/write/", means="text", body="Your plan is ready.")
    assert jobs.send_messages() == 0
    assert outbox(Means.TEXT).count() == 1
    fills(dana, f"{hoa}do/consent/", which=HOA, given=["service"], quiet_from="21:00", quiet_until="08:00", how="call")
    assert jobs.send_messages() == 1


def test_the_gateway_tells_what_became_of_a_text(dana, hoa, settings):
    fills(dana, f"{hoa}do/write/", means="text", body="Your plan is ready.")
    ours = Message.objects.get()
    with unit_of_work(jobs.BY):
        jobs.record_step(message=ours, step="sent", by=jobs.BY, at=NOW, proof="SM9")
    here = f"/hooks/texts/told/?about=M-{ours.pk}"
    told(dana, here, MessageSid="SM9", MessageStatus="sending")
    for _ in range(2):
        told(dana, here, MessageSid="SM9", MessageStatus="undelivered", ErrorCode="30005")
    assert [(one.step, one.proof) for one in ours.steps.order_by("id")] == [("sent", "SM9"), ("failed", "30005 SM9")]
    for unknown in ("?about=M-999999", "?about=X-1", "?about=M-", ""):
        assert told(dana, f"/hooks/texts/told/{unknown}", MessageSid="S", MessageStatus="delivered").status_code == 204


def test_what_became_of_a_text_may_be_told_before_its_sending_is_kept(dana, hoa, monkeypatch):
    """A quick gateway tells that it delivered while it still answers who gave it the text."""

    def quick(_to: str, _body: str, *, about: str) -> str:
        told(dana, f"/hooks/texts/told/?about={about}", MessageSid="SM9", MessageStatus="delivered")
        return "SM9"

    monkeypatch.setattr(jobs, "texts", lambda: SimpleNamespace(send=quick))
    fills(dana, f"{hoa}do/write/", means="text", body="Your plan is ready.")
    assert jobs.send_messages() == 1
    assert {one.step for one in Message.objects.get().steps.all()} == {"sent", "delivered"}


def test_the_gateway_tells_what_became_of_a_notice_by_text(dana):
    reached, lost = queued_text("t:1"), queued_text("t:2")
    gateway = SimpleNamespace(hand_over=lambda parcel, at: Receipt(f"SM-{parcel.number}", at))
    with unit_of_work(jobs.BY):
        for notice in (reached, lost):
            hand_over(notice=notice, gateway=gateway, by=jobs.BY, at=NOW)
    for _ in range(2):
        told(dana, f"/hooks/texts/told/?about={reached.number}", MessageSid="SM1", MessageStatus="delivered")
        told(dana, f"/hooks/texts/told/?about={lost.number}", MessageSid="SM2", MessageStatus="failed", ErrorCode="3")
    assert [one.proof for one in reached.deliveries.filter(step="delivered")] == ["SM1"]
    assert [one.proof for one in lost.deliveries.filter(step="bounced")] == ["3 SM2"]


def test_a_notice_by_text_to_a_number_that_wants_none_has_bounced(dana, hoa):
    told(dana, "/hooks/texts/", MessageSid="SM7", From=HOA, Body="STOP")
    notice = queued_text()
    hand_over_queued()
    assert Delivery.objects.get(notice=notice, step="bounced").proof == "no consent for service"
