"""What an order asks for where it stands, and which reads a history expects."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lamplighter.fieldwork
from lamplighter.fieldwork.reports import FieldRead, ReportIn, lacking
from lamplighter.fieldwork.rules import NEXT, Site, expected, refusals, tasks
from lamplighter.fieldwork.types import ACTS, TYPES, Act, OrderKind

NOON = datetime(2026, 11, 20, 20, tzinfo=UTC)
DRAFT = UUID("7a1d6a52-4f3c-4b1e-9a3d-0c5b8c1f2e11")


@pytest.mark.parametrize(
    ("kind", "site", "acts"),
    [
        (OrderKind.CONNECT, Site(meter=False, on=None), (Act.SAFETY, Act.SET_METER, Act.SWITCH_ON)),
        (OrderKind.CONNECT, Site(meter=True, on=False), (Act.SAFETY, Act.SWITCH_ON, Act.READ)),
        (OrderKind.CONNECT, Site(meter=True, on=True), (Act.READ,)),
        (OrderKind.DISCONNECT, Site(meter=True, on=True), (Act.READ, Act.SWITCH_OFF)),
        (OrderKind.EXCHANGE, Site(meter=True, on=True), (Act.EXCHANGE,)),
    ],
)
def test_what_is_done_depends_on_what_is_there(kind, site, acts):
    assert tasks(kind, site) == acts


@pytest.mark.parametrize("kind", list(OrderKind))
@pytest.mark.parametrize("site", [Site(meter=meter, on=on) for meter in (True, False) for on in (True, False, None)])
def test_every_order_has_something_to_do_and_words_for_it(kind, site):
    assert kind in TYPES
    acts = tasks(kind, site)
    assert acts
    assert set(acts) <= set(ACTS)


@pytest.mark.parametrize(
    ("kind", "site", "words"),
    [
        (OrderKind.READ, Site(meter=False, on=True), "No meter stands"),
        (OrderKind.DISCONNECT, Site(meter=True, on=False), "off there already"),
        (OrderKind.RECONNECT, Site(meter=True, on=True), "on there already"),
        (OrderKind.RECONNECT, Site(meter=True, on=None), ""),
        (OrderKind.INVESTIGATE, Site(meter=False, on=None), ""),
    ],
)
def test_an_order_that_makes_no_sense_says_so(kind, site, words):
    assert bool(refusals(kind, site)) == bool(words)
    assert words in refusals(kind, site)


def test_the_database_knows_the_same_steps():
    text = (Path(lamplighter.fieldwork.__file__).parent / "migrations" / "0002_guards.py").read_text()
    listed = text[text.index("NOT IN (") : text.index("IF NOT FOUND") if "IF NOT FOUND" in text else None]
    pairs = set(re.findall(r"\('([a-z-]*)', '([a-z-]+)'\)", listed))
    assert pairs == {(was, to) for was, several in NEXT.items() for to in several}


def reads(*counts: int, days: int = 30):
    return [(NOON - timedelta(days=days * (len(counts) - n)), count) for n, count in enumerate(counts)]


def test_a_usual_use_is_expected_and_thrice_that_too():
    range_ = expected(reads(1000, 1300, 1600), dials=5, at=NOON)  # 10 a day, 30 days and one more: 930
    assert (range_.last, range_.most) == (1600, 930)
    assert range_.fits(1900)
    assert not range_.fits(2600)


def test_a_register_does_not_run_backwards():
    assert not expected(reads(1000, 1300, 1600), dials=5, at=NOON).fits(1599)


def test_a_register_that_turns_over_is_expected_to():
    range_ = expected(reads(99_600, 99_850), dials=5, at=NOON)
    assert range_.fits(100)
    assert not range_.fits(90_000)


def test_one_read_is_no_history():
    assert expected(reads(1000), dials=5, at=NOON) is None


@given(st.integers(0, 99_999), st.integers(1, 400), st.integers(1, 60))
def test_somebody_who_uses_the_same_every_day_is_never_asked_to_look_again(first, daily, days):
    counts = [(first + daily * n * days) % 100_000 for n in range(3)]
    range_ = expected(reads(*counts[:2], days=days), dials=5, at=NOON)
    assert range_.fits(counts[2])


def report(**said) -> ReportIn:
    return ReportIn(draft=DRAFT, done=said.pop("done", True), found_at=NOON, **said)


@pytest.mark.parametrize(
    ("acts", "said", "words"),
    [
        ((Act.READ,), {}, "every register"),
        ((Act.READ,), {"reads": (FieldRead(7, 1),)}, ""),
        ((Act.SAFETY, Act.SWITCH_ON), {"switch": "on"}, "load side"),
        ((Act.SAFETY, Act.SWITCH_ON), {"switch": "on", "safe": True}, ""),
        ((Act.SWITCH_OFF,), {"switch": "on"}, "must be off"),
        ((Act.EXCHANGE,), {"reads": (FieldRead(7, 1),)}, "meter that was set"),
        ((Act.INSPECT,), {"found": "unheard-of"}, "what was found"),
        ((Act.TEST,), {}, "both loads"),
        ((Act.READ,), {"done": False}, "Say why"),
        ((Act.READ,), {"done": False, "reason": "animal"}, ""),
    ],
)
def test_what_must_still_be_said(acts, said, words):
    found = lacking(report(**said), acts, registers=[7])
    assert bool(found) == bool(words)
    assert words in found


def test_the_same_report_has_the_same_digest_and_another_has_not():
    assert report(words="x").digest == report(words="x").digest
    assert report(words="x").digest != report(words="y").digest
