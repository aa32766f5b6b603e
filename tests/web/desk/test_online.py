"""A customer who can't sign in or pay: what happened, what to say, what to do; the page as they see it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from lamplighter.accounts.models import AccountRole
from lamplighter.customers.operations import give_login
from lamplighter.journeys.carding import Told, hear
from lamplighter.kernel.actors import system
from lamplighter.kernel.money import Money
from lamplighter.payments.cards.attempts import attempts_of, link_diagnosis
from lamplighter.payments.models import PayLink
from lamplighter.payments.operations.charging import begin_session, make_link, token_of
from lamplighter.platform.models import AccessRecord, Event, User
from lamplighter.platform.operations.signins import CannotUnlock, unlock
from lamplighter.platform.queries.signins import sign_in_of
from tests.web.conftest import PASSWORD

from .conftest import account_of, words
from .town import DANA, NOW, TODAY

HOA, LOGIN = "Thi Hoa Nguyen", "/accounts/login/"


@pytest.fixture
def hers(number):
    return account_of(number(HOA))


@pytest.fixture
def login(hers):
    """Thi Hoa has a sign-in of her own."""
    cache.clear()
    made = User.objects.create(username="thihoa", name=HOA, kind=User.Kind.CUSTOMER)
    made.set_password(PASSWORD)
    made.save()
    give_login(person=AccountRole.objects.get(account=hers, role="main").person, user=made, by=DANA, at=NOW)
    return made


@pytest.fixture
def locked(login, monkeypatch):
    """Five wrong passwords, just before Dana looks; the lock keeps the machine's own time."""
    monkeypatch.setattr("lamplighter.web.visits.timezone", timezone)
    home = Client()
    for _ in range(5):
        home.post(LOGIN, {"login": "thihoa", "password": "guess"})
    assert home.post(LOGIN, {"login": "thihoa", "password": PASSWORD}).status_code == 429
    return home


def unlocks(client: Client, account: str, username: str = "thihoa", remark: str = "Named her meter and last payment"):
    url = f"/desk/accounts/{account}/online/{username}/do/unlock/"
    opened = client.get(url)
    if opened.status_code != 200:
        return opened
    key = opened.context["form"]["request_key"].value()
    return client.post(url, {"request_key": key, "remark": remark}, follow=True)


def test_a_locked_sign_in_is_told_unlocked_with_a_reason_and_open_at_once(dana, at_desk, hers, locked):
    page = words(dana.get(f"/desk/accounts/{hers.number}/online/"))
    assert "thihoa · Thi Hoa Nguyen Locked" in page
    assert "6 tries failed in the last hour" in page
    assert "Too many wrong passwords locked the sign-in. We can unlock it now." in page
    assert "Unlocked. They can try again now." in words(unlocks(dana, hers.number))
    assert locked.post(LOGIN, {"login": "thihoa", "password": PASSWORD}).status_code == 302
    kept = Event.objects.get(name="platform.signin.unlocked")
    assert (kept.actor, kept.account, kept.remark.words) == (DANA, hers.pk, "Named her meter and last payment")
    assert "Sign-in unlocked" in words(dana.get(f"/desk/accounts/{hers.number}/"))
    assert "is not locked" in words(unlocks(dana, hers.number))
    assert at_desk("omar").get(f"/desk/accounts/{hers.number}/online/").status_code == 403


def test_nobody_unlocks_a_colleague_or_somebody_of_another_account(dana, hers, locked, number):
    assert unlocks(dana, number("Rosa Maldonado")).status_code == 404
    assert unlocks(dana, hers.number, "renee").status_code == 404
    assert AccessAttempt.objects.filter(username="thihoa").exists()


def test_wrong_passwords_count_by_address_and_for_an_hour(login):
    now = timezone.now()
    for place, tries in (("10.0.0.1", 3), ("10.0.0.2", 3)):
        AccessAttempt.objects.create(username="thihoa", ip_address=place, failures_since_start=tries)
    found = sign_in_of(login, at=now)
    assert (found.state, found.tries, found.locked_until) == ("Open", 6, None)
    with pytest.raises(CannotUnlock, match="not locked"):
        unlock(user=login, remark="Known", account=None, by=DANA, at=now)
    AccessAttempt.objects.filter(ip_address="10.0.0.2").update(failures_since_start=5)
    assert sign_in_of(login, at=now).state == "Locked"
    assert sign_in_of(login, at=now + timedelta(hours=1, minutes=1)).state == "Never used"
    User.objects.filter(pk=login.pk).update(is_active=False)
    assert sign_in_of(User.objects.get(pk=login.pk), at=now).state == "Closed"


def tells(kind: str, link: PayLink, **more) -> str:
    payment = {"id": f"pay_{kind}", "reference": str(link.pk), **more}
    event = {"id": f"evt_{kind}", "type": kind, "created": int(NOW.timestamp()), "data": {"payment": payment}}
    by = system("card-processor")
    return hear(told=Told.read(json.loads(json.dumps(event))), before=None, on=TODAY, by=by, at=NOW)


def test_a_payment_by_link_is_followed_from_the_message_to_the_bank_that_said_no(dana, hers):
    link = make_link(account=hers, amount=Money(6000), until=TODAY + timedelta(days=14), by=DANA, at=NOW)

    def state():
        return attempts_of(hers, on=TODAY)[0].found

    assert (state().state, state().do) == ("Not opened", "Check the address it went to, and send it again.")
    begin_session(link=link, session="cs_1")
    assert state().state == "Not finished"
    assert tells("payment.failed", link, decline_code="insufficient_funds") == "noted"
    assert (state().state, state().why) == ("Declined", "The card's bank said no: not enough money or credit.")
    page = words(dana.get(f"/desk/accounts/{hers.number}/online/"))
    assert "Your card's bank declined the payment, and nothing was charged." in page
    assert "The same link takes another card until Dec 4." in page
    paid = {"amount": 6000, "currency": "usd", "created": int(NOW.timestamp()), "brand": "visa", "last4": "4242"}
    assert tells("payment.succeeded", link, **paid) == "taken"
    assert (state().state, state().failed) == ("Paid", False)


def test_a_link_that_ran_out_says_so(hers):
    link = make_link(account=hers, amount=Money(6000), until=TODAY, by=DANA, at=NOW)
    assert link_diagnosis(link, paid=False, declines=(), on=TODAY).state == "Not opened"
    assert link_diagnosis(link, paid=False, declines=(), on=TODAY + timedelta(days=1)).state == "Ran out"


def test_dana_sees_the_customers_page_presses_nothing_and_it_is_kept(dana, at_desk, hers, number):
    link = make_link(account=hers, amount=Money(6000), until=TODAY + timedelta(days=14), by=DANA, at=NOW)
    url = f"/desk/accounts/{hers.number}/online/links/{link.pk}/"
    seen, theirs = dana.get(url), Client().get(f"/pay/{token_of(link)}/")
    assert "You see what the customer sees" in words(seen)
    for said in (f"bốn số cuối {hers.number.replace('-', '')[-4:]}", "$60.00", "tháng 12 ngày 4, 2026"):
        assert said in words(seen)
        assert said in words(theirs)
    assert "<form" not in seen.content.decode().split("<main")[1].split("</main")[0]
    assert token_of(link) not in seen.content.decode(), "whoever looks does not get the link itself"
    assert AccessRecord.objects.filter(subject=link.subject, actor=DANA).exists()
    assert dana.get(url.replace(hers.number, number("Rosa Maldonado"))).status_code == 404
    assert at_desk("omar").get(url).status_code == 403
