"""Commands end in exactly one way, the switch is another fact, and what comes late is heard all the same."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest
from django.db import IntegrityError, connection, transaction

from lamplighter.fieldwork.models import Order
from lamplighter.formats.network.messages import Act, EventKind, Happened, Notice, Switch, SwitchSeen
from lamplighter.journeys import commanding
from lamplighter.metering.models import SwitchState
from lamplighter.network import certificates
from lamplighter.network.kinds import CLOCK, DIFFERS, NOT_DONE, TAMPER, UNREADABLE
from lamplighter.network.models import Command, CommandStep, Message, MeterEvent, Sighting
from lamplighter.network.operations.commanding import CannotAsk, ask
from lamplighter.network.operations.hearing import hear
from lamplighter.network.queries.knowing import switch_of
from lamplighter.network.rules.clocks import adrift, apart
from lamplighter.network.types import FINAL, OPEN, Protocol
from lamplighter.town.headend.network import Air
from lamplighter.worklist.models import Item
from tests.network.air import NETWORK
from tests.network.conftest import build
from tests.town import DANA

State = Command.State


def items(kind) -> list[str]:
    return [item.summary for item in Item.objects.waiting().filter(kind=kind.key)]


@pytest.mark.parametrize(("act", "words"), [
    (Act.PING, "power at the meter, 121.4 V"), (Act.READ, "1600 kWh, 121.4 V"), (Act.STATE, "the switch is on"),
    (Act.CONNECT, "the switch is on"), (Act.DISCONNECT, "the switch is off"),
])  # fmt: skip
def test_a_command_is_sent_taken_and_done(world, act, words):
    command = world.ends(world.asks(act, "Ada"))
    assert (command.state, command.words) == (State.COMPLETED, words)
    assert [step.state for step in command.steps.order_by("serial")] == ["created", "sent", "accepted", "completed"]


def test_switching_off_shows_where_service_is_known_and_tells_nobody_who_need_not_know(world):
    world.ends(world.asks(Act.DISCONNECT, "Ada"))
    state = SwitchState.objects.get(point=world.homes["Ada"].point, span__contains=world.now)
    assert state.state == "off"
    assert switch_of(world.meter("Ada"), at=world.now).state == "off"
    assert not items(DIFFERS)


def test_asked_twice_it_is_done_once(quiet):
    first = quiet.asks(Act.CONNECT, "Ada")
    assert quiet.asks(Act.CONNECT, "Ada") == first
    quiet.ends(first)
    assert quiet.asks(Act.CONNECT, "Ada") != first, "what is over is asked anew"


def test_what_expires_is_given_up_and_the_switch_is_unknown_until_it_is_seen(world):
    world.devices["E-0001"].silent = True
    command = world.ends(world.asks(Act.DISCONNECT, "Ada"))
    assert (command.state, command.words) == (State.TIMED_OUT, "no answer in 180 seconds")
    assert switch_of(world.meter("Ada"), at=world.now).state == "unknown"
    assert items(NOT_DONE) == ["Switch off, meter E-0001: no answer in 180 seconds"]
    back = Command.objects.get(origin="read-back")
    assert (back.act, back.state) == (Act.STATE, State.CREATED), "it is asked how it stands"
    world.devices["E-0001"].silent = False
    assert world.ends(back).state == State.COMPLETED
    view = switch_of(world.meter("Ada"), at=world.now)
    assert (view.state, view.asked) == ("on", None), "it never went off"
    assert not Order.objects.exists(), "nobody is sent to switch power off"


def test_a_late_answer_is_heard_and_changes_no_outcome(world):
    world.devices["E-0001"].silent = True
    command = world.ends(world.asks(Act.DISCONNECT, "Ada"))
    late = Notice("late-1", str(command.pk), (SwitchSeen("E-0001", Switch.OFF, world.now),))
    assert world.tells(late) == [200]
    command.refresh_from_db()
    assert command.state == State.TIMED_OUT
    assert switch_of(world.meter("Ada"), at=world.now).state == "off"
    assert SwitchState.objects.get(point=world.homes["Ada"].point, span__contains=world.now).state == "off"
    assert not items(NOT_DONE), "what was asked for is so: nobody need look"
    assert not items(DIFFERS)


def test_power_that_the_network_does_not_switch_on_is_switched_on_by_a_crew(world):
    world.ends(world.asks(Act.DISCONNECT, "Ada"))
    world.devices["E-0001"].jammed = True
    home = world.homes["Ada"]
    command = world.ends(world.asks(Act.CONNECT, "Ada", account=home.account))
    assert (command.state, command.words) == (State.FAILED, "the switch does not move")
    order = Order.objects.get()
    assert (order.kind, order.priority, order.account, order.state) == ("reconnect", "urgent", home.account, "waiting")
    assert order.origin_key == command.subject


def test_a_meter_that_the_head_end_does_not_know_fails_at_once(world):
    del world.devices["E-0001"]
    command = world.ends(world.asks(Act.PING, "Ada"), seconds=3)
    assert (command.state, command.words) == (State.FAILED, "unknown meter")


def test_a_switch_that_moves_unasked_is_for_a_person(world):
    seen = Notice("unasked-1", "", (SwitchSeen("E-0001", Switch.OFF, world.now),))
    if world.head_end.protocol == Protocol.IEC_61968:
        seen = Notice("unasked-1", "someone-else", seen.said)
    world.tells(seen)
    assert items(DIFFERS) == ["Meter E-0001 is off; our records said on."]


def test_who_does_not_prove_itself_is_not_heard(world):
    (body, headers), *_ = world.server.written(
        world.path, Notice("m", "", (SwitchSeen("E-0001", Switch.OFF, world.now),))
    )
    spoilt = body.replace(b"it is me", b"it is not me")
    headers = {**headers, "Authorization": "Basic cmlkZ2VsaW5lOndyb25n"} if "Authorization" in headers else headers
    answer = world.client.post("/network/", spoilt, content_type="text/xml", headers=headers)
    assert answer.status_code == 401
    assert not Sighting.objects.exists()


def test_what_nobody_understands_is_refused_kept_and_told(quiet):
    (body, headers), *_ = quiet.server.written(
        quiet.path, Notice("m", "", (SwitchSeen("E-0001", Switch.OFF, quiet.now),))
    )
    strange = body.replace(b"CDStatesChangedNotification", b"MeterDancedNotification")
    answer = quiet.client.post("/network/", strange, content_type="text/xml", headers=headers)
    assert (answer.status_code, b"MeterDanced" in answer.content) == (400, True)
    assert len(items(UNREADABLE)) == 1
    kept = Message.objects.get(outcome="refused")
    assert "it is me" not in kept.body
    assert "MeterDanced" in kept.body


def test_a_bomb_is_refused_before_anybody_asks_who_sent_it(quiet):
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert quiet.client.post("/network/", bomb, content_type="text/xml").status_code == 400
    assert not Message.objects.exists()


def test_events_are_kept_once_by_meter_and_alarms_are_told(world):
    told = Notice("e-1", "", (Happened("E-0001", EventKind.TAMPER, world.now - timedelta(hours=3), "3.12.0.257"),))
    world.tells(told)
    world.tells(told)
    world.tells(Notice("e-2", "", told.said))  # told again under another name
    (event,) = MeterEvent.objects.all()
    assert (event.meter.badge, event.kind, event.heard_at) == ("E-0001", "tamper", world.now)
    assert items(TAMPER) == ["Meter E-0001: tampering"]


def test_a_meter_whose_clock_is_wrong_is_dated_by_ours(world):
    world.devices["E-0001"].drift = timedelta(days=400)
    world.ends(world.asks(Act.READ, "Ada"))
    sighting = Sighting.objects.get()
    assert sighting.at == sighting.heard_at <= world.now


def test_a_clock_that_is_off_waits_until_the_meter_answers_in_time_again(world):
    """Eight minutes ahead is more than any message takes; what is dated before it was asked runs behind."""
    world.devices["E-0001"].drift = timedelta(minutes=8)
    world.ends(world.asks(Act.READ, "Ada"))
    (item,) = items(CLOCK)
    assert item.startswith("Meter E-0001: its clock is 8 minutes or more ahead of ours")
    world.devices["E-0001"].drift = timedelta(0)
    world.ends(world.asks(Act.PING, "Ada"))
    assert items(CLOCK) == []
    world.devices["E-0001"].drift = timedelta(minutes=-9)
    world.ends(world.asks(Act.READ, "Ada"))
    (item,) = items(CLOCK)
    assert "behind ours" in item


@pytest.mark.parametrize(("said", "asked", "off"), [
    (5, None, 5), (-600, None, None),  # late is not wrong
    (5, -2, 5), (0, -2, 0), (-1, -2, 0), (-2, -2, 0), (-9, -2, -7),
])  # fmt: skip
def test_a_message_proves_how_far_a_clock_is_off_at_least(said, asked, off):
    """Minutes from when it was heard."""
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    told, asked_at = noon + timedelta(minutes=said), None if asked is None else noon + timedelta(minutes=asked)
    found = apart(told, asked=asked_at, heard=noon)
    assert found == (None if off is None else timedelta(minutes=off))


def test_three_minutes_are_borne():
    assert [adrift(timedelta(seconds=seconds)) for seconds in (180, 181, -181)] == [False, True, True]


def test_a_switch_is_not_opened_on_a_certificate_that_does_not_hold(quiet, monkeypatch):
    with pytest.raises(CannotAsk, match=r"^No\.$"):
        ask(act=Act.DISCONNECT, meter=quiet.meter("Ada"), by=DANA, at=quiet.now, certificate="C-2")
    command = quiet.asks(Act.DISCONNECT, "Ada")
    monkeypatch.setattr(certificates, "_checks", [lambda *_: "No payment is past due any more."])
    quiet.passes(60)
    command.refresh_from_db()
    assert (command.state, command.tries, command.words) == ("failed", 0, "No payment is past due any more.")
    assert quiet.devices["E-0001"].on


def test_each_try_asks_the_certificate_again(quiet, monkeypatch):
    quiet.devices["E-0001"].silent = True
    command = quiet.asks(Act.DISCONNECT, "Ada")
    quiet.passes(5)
    command.refresh_from_db()
    assert (command.state, command.tries) == ("accepted", 1)
    monkeypatch.setattr(certificates, "_checks", [lambda *_: "A payment arrangement runs."])
    quiet.passes(60)
    command.refresh_from_db()
    assert (command.state, command.tries, command.words) == ("failed", 1, "A payment arrangement runs.")


def test_where_nothing_checks_certificates_nobody_is_switched_off(quiet, monkeypatch):
    monkeypatch.setattr(certificates, "_checks", [])
    with pytest.raises(CannotAsk, match="can't be checked here"):
        quiet.asks(Act.DISCONNECT, "Ada")


def test_what_cannot_be_asked_says_why(quiet):
    meter = quiet.meter("Ada")
    with pytest.raises(CannotAsk, match="certificate"):
        ask(act=Act.DISCONNECT, meter=meter, by=DANA, at=quiet.now)
    meter.switch = False
    with pytest.raises(CannotAsk, match="no switch"):
        quiet.asks(Act.CONNECT, "Ada")
    meter.ami = False
    with pytest.raises(CannotAsk, match="by hand"):
        quiet.asks(Act.PING, "Ada")


def test_the_database_itself_moves_a_command_by_its_steps_alone(quiet):
    command = quiet.ends(quiet.asks(Act.PING, "Ada"))
    with pytest.raises(IntegrityError, match="by its steps alone"), transaction.atomic():
        Command.objects.filter(pk=command.pk).update(state="failed")
    with pytest.raises(IntegrityError, match='does not go from "completed"'), transaction.atomic():
        CommandStep.objects.create(
            command=command, serial=command.steps.count() + 1, was="completed", state="failed", at=quiet.now, by=DANA
        )
    with pytest.raises(IntegrityError, match="no_remote_cut_without_certificate"), transaction.atomic():
        Command.objects.create(
            head_end=quiet.head_end, act="disconnect", meter=quiet.meter("Ben"), origin="x", asked_at=quiet.now,
            asked_by=DANA, expires_at=quiet.now,
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.parametrize("moment", ["before it left", "before the answer was kept"])
def test_a_worker_that_is_killed_loses_nothing_and_does_nothing_twice(quiet, moment, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(url, body, headers):
        if moment != "before it left":
            quiet.post(url, body, headers)
        raise Killed

    command = quiet.asks(Act.DISCONNECT, "Ada")
    with pytest.raises(Killed):
        commanding.send(command=command, post=killed, by=NETWORK, at=quiet.now)
    found = quiet.ends(command)
    assert (found.state, found.words) == (State.COMPLETED, "the switch is off")
    assert [one.transaction for one in Message.objects.filter(direction="out")].count(str(command.pk)) <= 1
    assert len(quiet.server.network.done) == 1


def test_another_head_ends_transaction_ends_nothing(quiet):
    command = quiet.asks(Act.CONNECT, "Ada")
    quiet.send(command)
    other = quiet.head_end
    other.pk, other.their_user = "other", "other"
    other.save(force_insert=True)
    notice = Notice("x", str(command.pk), (SwitchSeen("E-0001", Switch.ON, quiet.now),))
    hear(head_end=other, notice=notice, operation="x", body="", by=NETWORK, at=quiet.now)
    assert Command.objects.get(pk=command.pk).is_open


@pytest.mark.parametrize("protocol", Protocol, ids=lambda one: one.value)
def test_with_a_fifth_lost_and_a_tenth_repeated_every_command_ends_once_and_the_screen_tells_the_truth(
    db, monkeypatch, protocol
):
    """60 commands over 19 meters, some silent, some jammed. At each second a switch that is shown as on or off stands
    so at the meter, or a command that may have moved it is still open."""
    world = build(monkeypatch, protocol, Air(lost=0.2, repeated=0.1, fastest=1, slowest=70), homes=19)
    homes, acts = list(world.homes), cycle((Act.PING, Act.DISCONNECT, Act.READ, Act.CONNECT, Act.STATE))
    world.devices["E-0003"].silent = world.devices["E-0014"].silent = True
    world.devices["E-0009"].jammed = True
    lies = 0
    for number in range(60):
        world.asks(next(acts), homes[number % len(homes)])
        world.passes(9)
        for who in (homes[number % len(homes)], homes[number * 7 % len(homes)]):
            view = switch_of(world.meter(who), at=world.now)
            stands = "on" if world.devices[world.meter(who).badge].on else "off"
            lies += view.state in {"on", "off"} and view.state != stands and view.asked is None
    world.passes(400)
    assert not lies
    assert not Command.objects.filter(state__in=OPEN).exists()
    ended = Counter(Command.objects.values_list("state", flat=True))
    assert ended["completed"] > 30
    assert ended["timed-out"] > 3
    assert ended["failed"] >= 1
    finals = CommandStep.objects.filter(state__in=FINAL).values_list("command", flat=True)
    assert len(set(finals)) == len(finals) == Command.objects.count()
    assert Message.objects.filter(outcome="repeated").exists(), "some messages came twice"
    asked = Message.objects.filter(direction="out")
    lost = asked.filter(outcome="unreachable").count() / asked.count()
    assert 0.1 < lost < 0.3, "a fifth of what was asked got no answer"
    for who in homes:
        view = switch_of(world.meter(who), at=world.now)
        stands = "on" if world.devices[world.meter(who).badge].on else "off"
        assert view.state in {stands, "unknown"}
