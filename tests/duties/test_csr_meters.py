"""A representative at the telephone with somebody whose power is out, and a supervisor with a crew at the meter."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from lamplighter.accounts.operations import open_account
from lamplighter.credit.rules.facts import Evidence, Reason
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.reports import ReportIn
from lamplighter.formats.network.messages import EventKind, Happened, Notice
from lamplighter.journeys.completing import report_order
from lamplighter.journeys.disconnecting import order_off
from lamplighter.network.models import Command, MeterCheck
from tests.duties.playing import DONE, fills
from tests.network.air import World, connect
from tests.town import DANA
from tests.web.desk.conftest import Clock, words
from tests.web.desk.town import NOW, TODAY


@pytest.fixture
def world(town, monkeypatch) -> World:
    """The desk's town on a network; the pages and the network share one clock."""
    homes = {name: home for name, home in town.homes.items() if home.channel.interval}
    found = connect(homes, monkeypatch, now=NOW)
    monkeypatch.setattr(Clock, "now", lambda: found.now)
    return found


def says(client, page: str, question: str, answer: str) -> str:
    """Answer the question that stands on the page; the page after it."""
    shown = client.get(page)
    assert f'name="question" value="{question}"' in shown.content.decode(), words(shown)
    badge = shown.context["number"]
    number = page.split("/")[3] if "/accounts/" in page else ""
    url = f"/desk/meters/{badge}/do/check/" + (f"?account={number}" if number else "")
    answered = client.post(url, {"question": question, "answer": answer})
    assert answered.status_code in DONE
    return words(client.get(page))


def someone(world: World) -> str:
    return next(iter(world.homes))


def test_csr_08_a_silent_meter_is_checked_with_the_customer_and_the_right_order_goes_out(dana, world):
    """CSR-M1: stored facts at once, a ping with how long it takes, neighbours, one conclusion, an order, and what the
    crew found, all on the account's timeline."""
    who = someone(world)
    home = world.homes[who]
    page = f"/desk/accounts/{home.account.number}/meter/"
    for street, other in enumerate(world.homes.values()):
        premise = other.point.premise
        premise.street = f"{100 + 2 * street} Otis Dr"
        premise.save()
    assert f'href="{page}" ' in dana.get(f"/desk/accounts/{home.account.number}/").content.decode()
    stored = words(dana.get(page))
    assert "What is known" in stored
    assert "Switch On" in stored

    badge = home.channel.meter.badge
    world.devices[badge].silent = True
    assert "sparks" in stored, "safety comes first"
    assert "Ping the meter" in says(dana, page, "safety", "no")
    asking = says(dana, page, "ping", "done")
    assert "Asking the meter: 0 s. Usually 10 to 40 seconds; given up after 60 seconds." in asking
    world.passes(30)
    assert "Asking the meter: 30 s." in words(dana.get(page))
    assert 'hx-trigger="every 2s"' in dana.get(page).content.decode(), "the page looks by itself"
    world.passes(31)
    silent = words(dana.get(page))
    assert "The meter did not answer in 60 seconds." in silent
    assert 'hx-trigger="every 2s"' not in dana.get(page).content.decode()

    assert "Ping the three nearest neighbors" in says(dana, page, "power", "no")
    assert "Asking the neighbors" in says(dana, page, "neighbors", "done")
    assert "no power at one house" not in words(dana.get(page)), "what was so last night says nothing of now"
    world.passes(5)
    concluded = words(dana.get(page))
    assert "The meter did not answer, and neighbors have power: no power at one house." in concluded
    assert "Say: “The trouble is between our line and your meter." in concluded
    assert Command.objects.filter(act="ping").count() == 4

    finished = fills(dana, f"/desk/meters/{badge}/do/finish-check/?account={home.account.number}", words="Since 8:40")
    assert finished.status_code in {204, 200}, words(finished)
    order = Order.objects.get(account=home.account)
    assert (order.kind, order.priority) == ("investigate", "urgent"), "as the conclusion asked for"
    assert "no power at one house" in str(order.instructions)
    timeline = words(dana.get(f"/desk/accounts/{home.account.number}/"))
    assert f"checked with the customer. An order was raised: order SO-{order.number}" in timeline
    assert "no answer" in timeline

    found = ReportIn(uuid4(), done=True, found_at=world.now, found="damaged", words="Service drop torn off.")
    report_order(order=order, report=found, by=DANA, at=world.now + timedelta(hours=1))
    assert "crew: equipment damaged. Service drop torn off." in words(dana.get(f"{page}?panel=checks")), "it comes back"


def test_csr_08_power_at_the_meter_means_that_the_problem_is_inside(dana, world):
    home = world.homes[someone(world)]
    page = f"/desk/accounts/{home.account.number}/meter/"
    says(dana, page, "safety", "no")
    says(dana, page, "ping", "done")
    world.passes(8)
    assert "power at the meter, 121.4 V." in words(dana.get(page))
    says(dana, page, "extent", "all")
    says(dana, page, "breaker", "tripped")
    assert "Power at the meter: the problem is inside." in says(dana, page, "reset", "trips")
    url = f"/desk/meters/{home.channel.meter.badge}/do/finish-check/?account={home.account.number}"
    assert fills(dana, url).status_code in {200, 204}
    check = MeterCheck.objects.get()
    assert (check.outcome, check.conclusion, check.order) == ("electrician", "inside", "")
    assert not Order.objects.filter(origin="check").exists()


def test_csr_08_danger_ends_every_other_question_and_a_dark_street_is_an_outage(dana, world):
    home = world.homes[someone(world)]
    page = f"/desk/accounts/{home.account.number}/meter/"
    assert "hang up and call 911" in says(dana, page, "safety", "yes")
    says_no = {"question": "safety", "answer": "no"}
    dana.sends(f"/desk/meters/{home.channel.meter.badge}/do/check/", says_no)  # they looked again
    for number, other in enumerate(world.homes.values()):
        other.point.premise.street = f"{100 + 2 * number} Otis Dr"
        other.point.premise.save()
        if other is not home:
            gasp = Happened(other.channel.meter.badge, EventKind.LAST_GASP, world.now)
            world.tells(Notice(f"gasp-{number}", "", (gasp,)))
    world.devices[home.channel.meter.badge].silent = True
    says(dana, page, "ping", "done")
    world.passes(61)
    assert "this is an outage, not this house" in words(dana.get(page))


def test_sup_10_a_supervisor_checks_a_meter_and_the_field_visit_comes_back(at_desk, world):
    """From the meter's own page, without an account; a switch that nobody can tell; a crew that finds the reason."""
    renee = at_desk("renee")
    home = world.homes[someone(world)]
    badge = home.channel.meter.badge
    page = f"/desk/meters/{badge}/network/"
    assert f'href="{page}"' in renee.get(f"/desk/meters/{badge}/").content.decode()
    world.devices[badge].silent = True
    assert fills(renee, f"/desk/meters/{badge}/do/ask-state/").status_code in {200, 204}
    world.passes(100)
    assert "No answer" in words(renee.get(f"{page}?panel=commands"))
    says(renee, page, "safety", "no")
    says(renee, page, "ping", "done")
    world.passes(61)
    assert "the meter or its radio is at fault" in says(renee, page, "power", "yes")
    assert fills(renee, f"/desk/meters/{badge}/do/finish-check/").status_code in {200, 204}
    order = Order.objects.get(kind="check-ami")
    assert f"SO-{order.number}" in words(renee.get(f"{page}?panel=checks"))
    found = ReportIn(uuid4(), done=True, found_at=world.now, found="no-signal", words="Antenna behind new siding.")
    report_order(order=order, report=found, by=DANA, at=world.now + timedelta(hours=1))
    assert "crew: no signal of the meter network. Antenna behind new siding." in words(
        renee.get(f"{page}?panel=checks")
    )


def test_csr_08_what_was_switched_off_on_a_certificate_is_not_switched_on_from_here(dana, world):
    who = someone(world)
    home = world.homes[who]
    seen = Evidence("wires down", world.now, str(DANA))
    (order,) = order_off(
        agreement=home.agreement, reason=Reason.HAZARD, on=TODAY, by=DANA, at=world.now, evidence=seen
    ).orders  # fmt: skip
    done = ReportIn(uuid4(), done=True, found_at=world.now, switch="off")
    report_order(order=order, report=done, by=DANA, at=world.now)
    refused = fills(dana, f"/desk/meters/{world.meter(who).badge}/do/switch-on/")
    assert refused.status_code == 422
    assert "It is switched on again when what stands against it is settled" in words(refused)


def test_csr_08_who_has_no_meter_today_is_told_why_instead_of_an_error(dana, world):
    home = world.homes[someone(world)]
    owner, cycle = home.account.roles.get().person, home.account.cycle
    account = open_account(
        customer=owner, customer_class="residential", cycle=cycle, on=TODAY, by=DANA, at=world.now
    )  # fmt: skip
    page = f"/desk/accounts/{account.number}/meter/"
    shown = dana.get(page)
    assert shown.status_code == 200
    assert "No meter stands where this account has service today" in words(shown)
    assert dana.get(f"{page}?meter={world.meter(someone(world)).badge}").status_code == 404, "another's meter"
