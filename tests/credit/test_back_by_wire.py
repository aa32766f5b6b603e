"""Power comes back over the network when the debt is gone: asked, seen on, and by a crew wherever that does not do."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from lamplighter.credit.rules.facts import Evidence, Reason
from lamplighter.credit.rules.reconnecting import BackPolicy
from lamplighter.fieldwork.models import Order, SiteNote
from lamplighter.fieldwork.operations.notes import write_site_note
from lamplighter.fieldwork.reports import ReportIn
from lamplighter.formats.network.messages import Act, Notice, Switch, SwitchSeen
from lamplighter.journeys.completing import report_order
from lamplighter.journeys.disconnecting import order_off
from lamplighter.journeys.moving import stop_service
from lamplighter.journeys.restoring import restore
from lamplighter.journeys.severing import begin_order
from lamplighter.journeys.switching import CannotSwitch, switch_on
from lamplighter.kernel.actors import staff
from lamplighter.metering.models import Meter, SwitchState
from lamplighter.network.kinds import NOT_DONE
from lamplighter.network.models import Command
from lamplighter.network.queries.knowing import switch_of
from lamplighter.platform.operations.policies import put_in_force
from lamplighter.worklist.models import Item
from tests.credit.conftest import DANA, MONDAY, make_ready
from tests.network.air import World, connect

pytestmark = pytest.mark.django_db
SAM = staff("sam")
MINUTE = timedelta(minutes=1)
NOON = MONDAY + timedelta(hours=2)


@pytest.fixture
def ready(debtor):
    return make_ready(debtor)


@pytest.fixture
def world(debtor, monkeypatch) -> World:
    """The debtor's meter on a network; at noon, when the debtor comes to the counter."""
    channel = Meter.objects.get(badge="E-0001").channels.select_related("meter").get()
    home = SimpleNamespace(channel=channel, point=debtor.place.point, account=debtor.account)
    return connect({"Luis": home}, monkeypatch, now=NOON)


def is_cut(ready, world, reason=Reason.NON_PAYMENT, evidence=None, found="") -> None:
    """A crew turned it off; the switch at the meter is open, and was seen so."""
    (order,) = order_off(
        agreement=ready.agreement, reason=reason, on=ready.today, by=DANA, at=MONDAY, evidence=evidence
    ).orders  # fmt: skip
    assert begin_order(order=order, on=ready.today, by=SAM, at=MONDAY + MINUTE) == ""
    done = ReportIn(uuid4(), done=True, found_at=MONDAY + 2 * MINUTE, switch="off", found=found)
    report_order(order=order, report=done, by=SAM, at=MONDAY + 3 * MINUTE)
    world.devices["E-0001"].on = False


def pays(ready) -> Order:
    ready.pays(18642)
    return Order.objects.get(kind="reconnect")


def stands(ready, at) -> str:
    return SwitchState.objects.get(point=ready.place.point, span__contains=at).state


def test_a_payment_switches_power_on_and_the_order_is_done_when_it_is_seen_on(ready, world):
    is_cut(ready, world)
    order = pays(ready)
    command = Command.objects.get()
    assert (command.act, command.account_id, order.state) == ("connect", ready.account.pk, "waiting")
    assert world.ends(command).state == "completed"
    order.refresh_from_db()
    assert (order.state, order.reports.get().data["switch"]) == ("complete", "on")
    assert stands(ready, world.now) == "on"
    assert (world.now - command.asked_at) < 3 * MINUTE


def test_where_the_policy_asks_first_a_payment_sends_a_crew(ready, world):
    asks = BackPolicy(wire_unasked=False, citation="Resolution 26-80")
    put_in_force(policy=asks, on=ready.today, by=DANA, at=MONDAY)
    is_cut(ready, world)
    assert pays(ready).state == "waiting"
    assert not Command.objects.exists()


def test_who_does_not_answer_leaves_the_switch_unknown_and_the_order_to_a_crew(ready, world):
    is_cut(ready, world)
    world.devices["E-0001"].silent = True
    order = pays(ready)
    lost = world.ends(Command.objects.get())
    assert lost.state == "timed-out"
    assert switch_of(lost.meter, at=world.now).state == "unknown"
    order.refresh_from_db()
    assert (order.state, Order.objects.filter(kind="reconnect").count()) == ("waiting", 1), "the same order, for a crew"
    (item,) = Item.objects.waiting().filter(kind=NOT_DONE.key)
    assert item.summary == "Switch on, meter E-0001: no answer in 180 seconds"
    world.devices["E-0001"].silent, world.devices["E-0001"].on = False, True
    assert world.ends(Command.objects.get(origin="read-back")).words == "the switch is on"
    order.refresh_from_db()
    assert (order.state, stands(ready, world.now)) == ("complete", "on"), "it had been done, and nobody need go"


def test_a_switch_that_does_not_move_is_for_the_crew(ready, world):
    is_cut(ready, world)
    world.devices["E-0001"].jammed = True
    order = pays(ready)
    assert world.ends(Command.objects.get()).state == "failed"
    order.refresh_from_db()
    assert (order.state, stands(ready, world.now)) == ("waiting", "off")


def test_a_switch_that_waits_for_its_button_is_not_yet_on(ready, world):
    is_cut(ready, world)
    order = pays(ready)
    command = world.send(Command.objects.get())
    world.mail.clear()
    world.tells(Notice("armed", str(command.pk), (SwitchSeen("E-0001", Switch.ARMED, world.now),)))
    order.refresh_from_db()
    assert (order.state, stands(ready, world.now)) == ("waiting", "off")
    world.passes(60)
    world.tells(Notice("pressed", "", (SwitchSeen("E-0001", Switch.ON, world.now),)))
    order.refresh_from_db()
    assert (order.state, stands(ready, world.now)) == ("complete", "on")


def test_a_clock_that_runs_behind_does_not_make_an_answer_older_than_its_question(ready, world):
    is_cut(ready, world)
    world.devices["E-0001"].drift = timedelta(hours=-3)
    order = pays(ready)
    world.ends(Command.objects.get())
    order.refresh_from_db()
    assert (order.state, stands(ready, world.now)) == ("complete", "on")


def a_safety_note(ready, world):
    is_cut(ready, world)
    write_site_note(
        premise=ready.place.premise, about=SiteNote.About.SAFETY, words="Broken mast", on=ready.today, by=SAM, at=MONDAY
    )  # fmt: skip


CREW_ONLY = {
    "a safety note stands at the place": a_safety_note,
    "the crew found trouble on the load side": lambda r, w: is_cut(r, w, found="load-side"),
    "the meter has no switch": lambda r, w: (is_cut(r, w), Meter.objects.update(switch=False)),
    "no head-end reaches it": lambda r, w: (is_cut(r, w), type(w.head_end).objects.update(active=False)),
}


@pytest.mark.parametrize("why", CREW_ONLY)
def test_a_crew_goes_and_nothing_is_asked_where(ready, world, why):
    CREW_ONLY[why](ready, world)
    assert pays(ready).state == "waiting"
    assert not Command.objects.exists()


def test_nor_where_there_was_danger_or_nobody_said_that_the_load_side_is_safe(ready, world):
    is_cut(ready, world, Reason.HAZARD, Evidence("wires down", MONDAY, str(DANA)))
    restore(account=ready.account, on=ready.today, by=DANA, at=ready.at, cleared=True, safe=True)
    assert not Command.objects.exists()


@pytest.mark.parametrize("safe", [True, False])
def test_a_person_who_asks_is_asked_whether_the_load_side_is_safe(ready, world, safe):
    wish = Evidence("call 7", MONDAY, str(DANA), for_day=ready.today)
    is_cut(ready, world, Reason.REQUEST, wish)
    restore(account=ready.account, on=ready.today, by=DANA, at=ready.at, safe=safe)
    assert Command.objects.exists() is safe


def test_the_meters_own_page_switches_nothing_on_that_a_certificate_turned_off(ready, world):
    is_cut(ready, world)
    meter = Meter.objects.get(badge="E-0001")
    with pytest.raises(CannotSwitch, match="switched off on shut-off certificate C-"):
        switch_on(meter=meter, account=None, by=DANA, at=NOON)


def test_whoever_comes_where_somebody_moved_out_is_switched_on_from_the_meters_page(ready, world):
    stop_service(agreement=ready.agreement, on=ready.today, by=DANA, at=MONDAY)
    ready.agreement.refresh_from_db()
    is_cut(ready, world, reason=Reason.MOVE_OUT)
    assert switch_on(meter=Meter.objects.get(badge="E-0001"), account=None, by=DANA, at=NOON).remote


def test_the_network_is_never_asked_to_switch_off(ready, world):
    is_cut(ready, world)
    assert not Command.objects.filter(act=Act.DISCONNECT).exists(), "a crew does that, with its certificate"
