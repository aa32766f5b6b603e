"""The check-list adapts to what is known, and every way through it ends in one conclusion with words for both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest

from lamplighter.network.rules.guiding import (
    DANGER,
    NEIGHBORS,
    PING,
    SAFETY,
    Conclusion,
    Key,
    Known,
    Question,
    next_step,
    usual_outcome,
)
from lamplighter.network.rules.knowing import Asked, Seen, switch_view
from tests.town import noon

SAFE = {"safety": "no"}


def known(**more) -> Known:
    answers = SAFE | more.pop("answers", {})
    return Known(**{"switch": "on", "ping": "power", **more}, answers=answers)


def test_safety_comes_first_and_danger_ends_it():
    assert next_step(Known()) == SAFETY
    assert next_step(Known(answers={"safety": "yes"})) == DANGER
    assert DANGER.urgent


def test_then_the_meter_is_asked_and_nothing_is_concluded_while_it_is():
    assert next_step(Known(answers=SAFE)) == PING
    assert next_step(known(ping="waiting")) is None


@pytest.mark.parametrize(("what", "key"), [
    ({"answers": {"extent": "none"}}, Key.WELL),
    ({"answers": {"extent": "none"}, "tampered": True}, Key.TAMPERED),
    ({"answers": {"extent": "all", "breaker": "tripped", "reset": "holds"}}, Key.BREAKER),
    ({"answers": {"extent": "all", "breaker": "tripped", "reset": "trips"}}, Key.INSIDE),
    ({"answers": {"extent": "all", "breaker": "fine"}}, Key.INSIDE),
    ({"answers": {"extent": "part", "dim": "yes"}}, Key.LOST_LEG),
    ({"volts": Decimal("108.9")}, Key.VOLTAGE),
    ({"switch": "off"}, Key.SWITCHED_OFF),
    ({"switch": "armed", "answers": {"button": "no"}}, Key.ARMED),
    ({"ping": "silent", "dark": 2}, Key.OUTAGE),
    ({"ping": "silent", "lit": 3, "answers": {"power": "no"}}, Key.ONE_HOUSE),
    ({"ping": "silent", "answers": {"power": "yes"}}, Key.SILENT),
    ({"ping": "dark", "lit": 1}, Key.ONE_HOUSE),
    ({"ping": "dark", "answers": {"neighbors": "done", "street": "no"}}, Key.OUTAGE),
    ({"reachable": False, "ping": "", "answers": {"power": "no", "street": "no"}}, Key.OUTAGE),
    ({"reachable": False, "ping": "", "answers": {"power": "no", "street": "yes", "breaker": "fine"}}, Key.ONE_HOUSE),
])  # fmt: skip
def test_what_is_known_leads_to_its_conclusion(what, key):
    step = next_step(known(**what))
    assert isinstance(step, Conclusion)
    assert step.key is key


def test_a_silent_meter_asks_its_neighbors_before_a_crew_goes():
    silent = known(ping="silent", answers={"power": "no"})
    assert next_step(silent) == NEIGHBORS
    assert next_step(replace(silent, asking=True)) is None


def test_voltage_is_judged_by_both_ranges():
    for volts, urgent in (("113.9", False), ("126.1", False), ("109.9", True), ("127.1", True)):
        step = next_step(known(volts=Decimal(volts)))
        assert isinstance(step, Conclusion)
        assert (step.key, step.urgent, step.order) == (Key.VOLTAGE, urgent, "investigate")
    assert isinstance(next_step(known(volts=Decimal(114))), Question)


def test_every_way_through_ends_and_says_what_to_tell_the_customer():
    """Every state of switch and ping, every neighbourhood, every answer: at most nine steps."""
    ends = set()
    for switch, ping, dark, lit, reachable in product(
        ("on", "off", "armed", "unknown"), ("", "power", "dark", "silent"), (0, 1, 2), (0, 1), (True, False)
    ):
        paths = [Known(reachable=reachable, switch=switch, ping=ping, dark=dark, lit=lit)]
        for _ in range(9):
            nexts = []
            for path in paths:
                step = next_step(path)
                if isinstance(step, Conclusion):
                    ends.add(step)
                    continue
                assert step is not None
                if step.act == "ping":
                    nexts += [replace(path, ping=how) for how in ("power", "dark", "silent")]
                else:
                    nexts += [replace(path, answers={**path.answers, step.key: answer})
                              for answer, _ in step.answers or (("done", ""),)]  # fmt: skip
            paths = nexts
        assert not paths
    assert {end.key for end in ends} >= set(Key) - {Key.VOLTAGE, Key.TAMPERED}
    for end in ends:
        assert len(end.say) > 30
        assert (usual_outcome(end) == "order") == bool(end.order)


def test_a_switch_is_unknown_from_a_lost_command_until_it_is_seen():
    day = noon(date(2026, 11, 20))
    seen = [Seen("on", day)]
    lost = [Asked("disconnect", "timed-out", day + timedelta(minutes=1), day + timedelta(minutes=4))]
    assert switch_view(seen, []).state == "on"
    view = switch_view(seen, lost)
    assert (view.state, view.last, view.since) == ("unknown", "on", day + timedelta(minutes=4))
    assert switch_view([*seen, Seen("off", day + timedelta(minutes=2))], lost).state == "off"
    assert switch_view([], [], recorded="off").state == "off"
    assert switch_view([], []).state == "unknown"
