"""Power for whoever starts where it is off comes over the network, by the time that the desk said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lamplighter.fieldwork.models import Order, SiteNote
from lamplighter.fieldwork.operations.notes import write_site_note
from lamplighter.formats.network.messages import Act
from lamplighter.jobs import network as jobs
from lamplighter.journeys.starting import ServiceDaysPolicy
from lamplighter.network.models import Command
from lamplighter.platform.operations.policies import put_in_force
from lamplighter.programs.operations.defining import define_program, set_terms
from lamplighter.programs.rules.qualifying import Basis, Terms
from tests.network.air import World, connect
from tests.web.filling import PANEL, fills

from .conftest import Clock, words
from .town import DANA, NOW, TODAY

GWEN, TESS = "Gwen Pruitt", "Tess Byrne"


@pytest.fixture
def world(town, monkeypatch) -> World:
    """Gwen moves out and her meter is off; the pages, the jobs and the network share one clock."""
    homes = {name: home for name, home in town.homes.items() if home.channel.interval}
    found = connect(homes, monkeypatch, now=NOW)
    monkeypatch.setattr(Clock, "now", lambda: found.now)
    monkeypatch.setattr("lamplighter.jobs.network.timezone", Clock)
    return found


@pytest.fixture
def off(world, dana, number) -> World:
    fills(dana, f"/desk/accounts/{number(GWEN)}/do/stop/", on="2026-11-20")
    world.ends(world.asks(Act.DISCONNECT, GWEN))
    return world


def starts(dana, number):
    return fills(dana, f"/desk/accounts/{number(TESS)}/do/start/", place="310 Santa Clara Ave", on="2026-11-22")


def test_a_start_on_a_sunday_needs_no_visit_and_has_power_by_ten(off, dana, number):
    url = f"/desk/accounts/{number(TESS)}/do/start/"
    form = dana.get(url).context["form"]
    first = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    shown = words(dana.post(url, {**first, "place": "310 Santa Clara Ave", "on": "2026-11-22"}, headers=PANEL))
    assert "Power is turned on over the network on Sun, Nov 22, 2026 by 10:00 am, no visit." in shown
    assert starts(dana, number).status_code == 200
    order = Order.objects.get(kind="connect")
    assert jobs.turn_on_starts() == 0, "its day has not come"
    off.now += timedelta(days=1, hours=22)
    assert jobs.turn_on_starts() == 0, "nobody is up yet"
    off.now += timedelta(hours=2)
    assert jobs.turn_on_starts() == 1
    assert jobs.turn_on_starts() == 0, "a meter is asked once for an order"
    off.ends(Command.objects.get(act="connect"))
    order.refresh_from_db()
    assert (order.state, order.not_before) == ("complete", date(2026, 11, 22))
    assert not Order.objects.filter(kind="reconnect").exists()


def test_how_far_from_today_service_may_start_is_the_utilitys_own_figure(off, dana, number):
    url = f"/desk/accounts/{number(TESS)}/do/start/"
    form = dana.get(url).context["form"]
    first = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}

    def shown(on: str) -> str:
        return words(dana.post(url, {**first, "place": "310 Santa Clara Ave", "on": on}, headers=PANEL))

    assert "A start is taken 90 days ahead at most, to Thu, Feb 18, 2027." in shown("2027-02-22")
    policy = ServiceDaysPolicy(back_days=0, ahead_days=120, citation="Resolution 2026-41")
    put_in_force(policy=policy, on=TODAY, by=DANA, at=NOW)
    assert "days ahead at most" not in shown("2027-02-22")
    assert "A start reaches back 0 days at most" in shown("2026-11-19")


def test_the_programs_that_the_rate_gives_room_for_are_named_before_it_is_confirmed(off, dana, number):
    only = Terms(frozenset({Basis.MEDICAL}), None, months=24, fixed_months=24, citation="Resolution 2024-9")
    for code, name, fact in (("medical", "Medical allowance", "medical"), ("pumps", "Pumps", "pumping")):
        made = define_program(code=code, name=name, words="Less.", fact=fact, gl_code="", by=DANA, at=NOW)
        set_terms(program=made, terms=only, on=date(2024, 1, 1), by=DANA, at=NOW)
    url = f"/desk/accounts/{number(TESS)}/do/start/"
    form = dana.get(url).context["form"]
    first = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    shown = words(dana.post(url, {**first, "place": "310 Santa Clara Ave", "on": "2026-11-22"}, headers=PANEL))
    assert "Programs to offer Medical allowance. Apply under Programs once service is started." in shown


def test_who_starts_today_has_power_within_the_hour_and_a_note_of_danger_sends_a_crew(off, dana, number):
    url = f"/desk/accounts/{number(TESS)}/do/start/"
    form = dana.get(url).context["form"]
    first = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    today = {**first, "place": "310 Santa Clara Ave", "on": "2026-11-20"}
    assert "turned on over the network within the hour, no visit" in words(dana.post(url, today, headers=PANEL))
    point = off.homes[GWEN].point
    write_site_note(premise=point.premise, about=SiteNote.About.SAFETY, words="Big dog", on=TODAY, by=DANA, at=NOW)
    shown = words(dana.post(url, today, headers=PANEL))
    assert "A crew turns power on." in shown


def test_a_switch_that_does_not_move_leaves_the_connect_to_its_crew(off, dana, number):
    starts(dana, number)
    off.devices[off.meter(GWEN).badge].jammed = True
    off.now += timedelta(days=2)
    assert jobs.turn_on_starts() == 1
    assert off.ends(Command.objects.get(act="connect")).state == "failed"
    assert [(one.kind, one.state) for one in Order.objects.exclude(kind="disconnect")] == [("connect", "waiting")]


def test_where_the_network_reaches_no_switch_a_crew_comes_and_the_day_is_a_working_day(off, dana, number):
    meter = off.meter(GWEN)
    meter.switch = False
    meter.save(update_fields=["switch"])
    refused = starts(dana, number)
    assert refused.status_code == 422
    assert "No field visit on Sun, Nov 22, 2026" in words(refused)
