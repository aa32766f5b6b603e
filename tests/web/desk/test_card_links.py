"""A representative sends a link to pay by card; nobody at the desk hears a card number."""

from __future__ import annotations

import re

import pytest
from django.test import Client, override_settings

from lamplighter.jobs.notices import hand_over_queued
from lamplighter.notices.models import Notice
from lamplighter.payments.models import CardInvite, PayLink

from .conftest import Clock, words

HOA = "Thi Hoa Nguyen"


def sends(client, number, **sent):
    url = f"/desk/accounts/{number}/do/card-link/"
    key = client.get(url).context["form"]["request_key"].value()
    return client.post(url, {"request_key": key, "amount": "60.00", "way": "text", "address": "", **sent}, follow=True)


@pytest.fixture
def leaves(settings, tmp_path, monkeypatch):
    """The link as the text carries it away; the words that are kept show that there was one, and can't be used."""
    settings.STATE = tmp_path
    monkeypatch.setattr("lamplighter.jobs.notices.timezone", Clock)

    def token():
        hand_over_queued()
        notice = Notice.objects.select_related("words").get(template__code="pay-link")
        (kept,) = [text for sheet in notice.words.read for _, text in sheet.blocks]
        assert "/pay/*****/" in kept
        sent = (tmp_path / "outbox" / "text" / f"{notice.number}.txt").read_text()
        return re.search(r"/pay/([\w-]+)/", sent)[1]

    return token


def test_a_link_goes_out_by_text_and_opens_the_page_with_the_amount(dana, number, leaves):
    done = sends(dana, number(HOA), address="(510) 555-0142")
    assert "A link for $60.00 goes out by text message." in words(done)
    token = leaves()
    page = Client().get(f"/pay/{token}/")
    assert "$60.00" in words(page)
    assert HOA not in words(page)
    assert number(HOA) not in words(page)
    assert token not in str(PayLink.objects.values())
    listed = words(dana.get("/desk/card-links/"))
    assert "Nguyen" in listed
    assert "Sent" in listed


def test_without_a_processor_the_page_says_what_to_do(dana, number, leaves):
    sends(dana, number(HOA), address="(510) 555-0142")
    token = leaves()
    with override_settings(CARDS=""):
        told = words(Client().post(f"/pay/{token}/card/"))
    assert "Công ty xử lý thẻ hiện không trả lời" in told, "in her language"
    assert "(510) 555-0100" in told, "and whom she may call"


def test_an_amount_of_nothing_and_a_role_that_takes_no_payments_are_refused(dana, at_desk, number):
    assert "Enter $0.01 or more" in words(sends(dana, number(HOA), amount="0"))
    assert at_desk("omar").get(f"/desk/accounts/{number(HOA)}/do/card-link/").status_code == 403


def test_autopay_by_card_goes_out_as_a_link_in_which_no_card_is_named(dana, at_desk, number):
    url = f"/desk/accounts/{number(HOA)}/do/autopay-by-card/"
    key = dana.get(url).context["form"]["request_key"].value()
    sent = {"request_key": key, "first": "next", "way": "email", "address": "hoa@example.net"}
    assert "The link is on its way." in words(dana.post(url, sent, follow=True))
    made = CardInvite.objects.get()
    assert made.account.number == number(HOA)
    assert "vào thẻ mà tôi sẽ nhập tiếp theo" in made.words, "in her language, and kept so"
    assert at_desk("omar").get(url).status_code == 403
