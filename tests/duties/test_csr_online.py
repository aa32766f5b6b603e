"""CSR-05: the interfaces for metering, payments, orders and what customers reach online, and why they fail."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from lamplighter.accounts.models import AccountRole
from lamplighter.customers.operations import give_login
from lamplighter.fieldwork.models import Order
from lamplighter.incidents.models import Incident
from lamplighter.network.models import Command
from lamplighter.notices.models import Notice
from lamplighter.outreach.models import Campaign, CampaignWords, Invitation, Survey, SurveyWording, Target
from lamplighter.payments.cards.signing import sign
from lamplighter.payments.models import CardInvite, PayLink
from lamplighter.payments.operations.charging import begin_session, token_of
from lamplighter.payments.operations.keeping import invite_token
from lamplighter.platform.models import AccessRecord, Event, User
from tests.duties.playing import DONE, fills
from tests.network.air import World, connect
from tests.web.conftest import PASSWORD
from tests.web.desk.conftest import Clock, account_of, words
from tests.web.desk.town import DANA, NOW

HOA, LOGIN, SECRET = "Thi Hoa Nguyen", "/accounts/login/", "whsec-test"
MADE = {200, 204, 303}


@pytest.fixture
def world(town, monkeypatch) -> World:
    homes = {name: home for name, home in town.homes.items() if home.channel.interval}
    found = connect(homes, monkeypatch, now=NOW)
    monkeypatch.setattr(Clock, "now", lambda: found.now)
    return found


@pytest.fixture
def hers(number):
    return account_of(number(HOA))


@pytest.fixture
def page(hers):
    return f"/desk/accounts/{hers.number}/"


def test_csr_05_a_meter_that_is_silent_is_seen_asked_again_and_told_to_the_vendor_with_its_messages(
    dana, world, hers, page
):
    """The metering and the order interface: from the customer's meter to the vendor's ticket and the crew."""
    meter = world.meter(HOA)
    world.devices[meter.badge].silent = True
    assert fills(dana, f"/desk/meters/{meter.badge}/do/read-now/").status_code in MADE
    lost = world.ends(Command.objects.get(act="read"))
    assert "no answer in 90 seconds" in words(dana.get("/desk/interfaces/ridgeline/"))
    assert dana.post("/desk/interfaces/ridgeline/do/retry/", {"message": f"command:{lost.pk}"}).status_code in DONE
    world.ends(Command.objects.get(origin="retry"))
    told = fills(dana, f"{page}do/report-error/", interface="ridgeline", words="Her meter answers nobody.")
    assert told.status_code in MADE
    assert "Error reported" in words(dana.get(page))
    report = fills(
        dana, "/desk/interfaces/ridgeline/do/report/", words="Reads are lost.", evidence=[f"command:{lost.pk}"]
    )
    assert report.status_code in MADE
    ticket = dana.get(f"/desk/incidents/{Incident.objects.get(origin='staff').pk}/ticket.eml").content
    assert b"InitiateMeterReadingsByMeterID" in ticket, "what went over the wire"
    assert hers.number.encode() not in ticket, "and nothing of the customer"

    assert fills(dana, f"{page}do/order/", kind="check-ami").status_code in MADE
    order = Order.objects.get(kind="check-ami")
    assert "Waiting" in words(dana.get(f"/desk/orders/{order.number}/"))
    assert order.number in words(dana.get("/desk/orders/"))


def declines(link: PayLink) -> bytes:
    """The processor tells, over its own interface, that the card's bank said no."""
    payment = {"id": "pay_1", "reference": str(link.pk), "decline_code": "insufficient_funds"}
    told = {"id": "evt_1", "type": "payment.failed", "created": int(NOW.timestamp()), "data": {"payment": payment}}
    body = json.dumps(told).encode()
    header = sign(body, SECRET, at=NOW)
    return (
        Client()
        .post("/hooks/cards/", body, content_type="application/json", headers={"Card-Signature": header})
        .content
    )


def test_csr_05_a_card_that_was_declined_is_explained_beside_the_page_that_the_customer_sees(dana, hers, page):
    """The payment interface: a link goes out, the customer tries, the bank says no, the desk says why."""
    with override_settings(CARDS="http://k1@127.0.0.1:9", CARDS_SECRET=SECRET):
        assert fills(dana, f"{page}do/card-link/", amount="60").status_code in MADE
        link = PayLink.objects.get()
        begin_session(link=link, session="cs_1")
        assert declines(link) == b"noted"
        assert "not enough money or credit" in words(dana.get(f"{page}online/"))
        seen = words(dana.get(f"{page}online/links/{link.pk}/"))
        theirs = words(Client().get(f"/pay/{token_of(link)}/"))
        assert "Nothing can be pressed" in seen
        assert all(said in seen and said in theirs for said in ("$60.00", "Đến trang nhập thẻ"))
        assert fills(dana, f"{page}do/autopay-by-card/").status_code in MADE


def test_csr_05_who_cannot_sign_in_is_told_why_and_let_in(dana, hers, page, monkeypatch):
    """Five wrong passwords lock; the desk sees it, makes sure who asks, unlocks, and the right one opens at once."""
    cache.clear()
    login = User.objects.create(username="thihoa", name=HOA, kind=User.Kind.CUSTOMER)
    login.set_password(PASSWORD)
    login.save()
    give_login(person=AccountRole.objects.get(account=hers, role="main").person, user=login, by=DANA, at=NOW)
    monkeypatch.setattr("lamplighter.web.visits.timezone", timezone)  # the lock keeps the machine's own time
    home = Client()
    for _ in range(5):
        home.post(LOGIN, {"login": "thihoa", "password": "guess"})
    assert home.post(LOGIN, {"login": "thihoa", "password": PASSWORD}).status_code == 429
    assert "Too many wrong passwords locked the sign-in." in words(dana.get(f"{page}online/"))
    assert fills(dana, f"{page}online/thihoa/do/unlock/", remark="Named her meter").status_code in MADE
    assert home.post(LOGIN, {"login": "thihoa", "password": PASSWORD}).status_code == 302
    assert Event.objects.get(name="platform.signin.unlocked").actor == DANA


@pytest.fixture
def written(hers):
    """An offer and a survey went to her; a link to AutoPay by card too."""
    person = AccountRole.objects.get(account=hers, role="main").person
    owner, (first, second) = User.objects.get(username="renee"), Notice.objects.order_by("pk")[:2]
    campaign = Campaign.objects.create(
        slug="cooler", name="A cooler summer", segment={}, by_way_of="email", topic="rebates", owner=owner,
        planned_at=NOW, planned_by=DANA,
    )  # fmt: skip
    CampaignWords.objects.create(campaign=campaign, language="en", about="Shade saves", words="We plant trees.")
    survey = Survey.objects.create(slug="after", name="After a call", when="after", owner=owner, begun_at=NOW,
                                   begun_by=DANA)  # fmt: skip
    SurveyWording.objects.create(
        survey=survey, language="en", intro="You called us.", questions=[["rating", "How easy was it?"]]
    )
    target = Target.objects.create(campaign=campaign, person=person, account=hers, why="Old fridge", digest="d1",
                                   notice=first, written_at=NOW, written_by=DANA)  # fmt: skip
    invited = Invitation.objects.create(survey=survey, person=person, account=hers, source="contact:1", notice=second,
                                        invited_at=NOW, invited_by=DANA)  # fmt: skip
    return {"offer": target, "survey": invited}


def test_csr_05_each_page_behind_a_link_is_seen_as_the_customer_sees_it(at_desk, hers, page, written, number):
    """AutoPay by card, an offer with its way out of all offers, a survey: shown, never pressed, and kept who saw."""
    dana = at_desk("dana")
    with override_settings(CARDS="http://k1@127.0.0.1:9", CARDS_SECRET=SECRET):
        assert fills(dana, f"{page}do/autopay-by-card/").status_code in MADE
    invite = CardInvite.objects.get()
    theirs = words(Client().get(f"/pay/autopay/{invite_token(invite)}/"))
    listed = words(dana.get(f"{page}online/"))
    for title in ("AutoPay by card", "A cooler summer", "After a call"):
        assert title in listed
    shown = {
        f"autopay/{invite.pk}": ("Tôi cho phép", "Tôi đồng ý: đến trang thẻ"),
        f"offer/{written['offer'].pk}": ("Shade saves", "No more offers, please"),
        f"survey/{written['survey'].pk}": ("You called us.", "How easy was it?"),
    }
    for key, said in shown.items():
        url = f"{page}online/pages/{key}/"
        seen = dana.get(url)
        assert all(one in words(seen) for one in (*said, "Nothing can be pressed")), key
        assert "<form" not in seen.content.decode().split("<main")[1].split("</main")[0], key
        assert dana.get(url.replace(hers.number, number("Rosa Maldonado"))).status_code == 404
        assert at_desk("omar").get(url).status_code == 403
    assert all(one in theirs for one in shown[f"autopay/{invite.pk}"])
    assert AccessRecord.objects.filter(actor=DANA, subject__contains="-link:").count() == len(shown)
    assert dana.get(f"{page}online/pages/offer/nobody/").status_code == 404
