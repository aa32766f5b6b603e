"""The goals, steps and people of a plan as rows, for its page and for its paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from lamplighter.keyaccounts.measures import MEASURES, said
from lamplighter.keyaccounts.models import Organisation, Step, Tie
from lamplighter.keyaccounts.queries.plans import Standing
from lamplighter.keyaccounts.queries.portfolio import services_of
from lamplighter.outreach.queries.sites import without_power
from lamplighter.web.key.behind import TONES
from lamplighter.web.ui.parts import Badge, Fact, Tone
from lamplighter.web.ui.wording import day


def without_power_shown(organisation: Organisation, on: date) -> list[Fact]:
    """Who is hurt when power fails and what they have for that day, where something is known."""
    known = without_power({one.account_id for one in services_of(organisation)}, on=on)
    return [Fact("Without power", "; ".join(known))] if known else []


def goal_row(one: Standing) -> dict[str, Any]:
    kind = MEASURES[one.goal.measure]
    return {
        "title": one.goal.title,
        "measure": kind.label,
        "baseline": said(one.goal.measure, one.goal.baseline),
        "target": said(one.goal.measure, one.goal.target),
        "value": "not measured" if one.value is None else said(one.goal.measure, one.value),
        "badge": Badge(one.words, TONES[one.state]),
        "due": day(one.goal.due_on),
        "source": kind.source,
        "where": str(one.goal.agreement.premise) if one.goal.agreement else "",
    }


def step_rows(steps: Sequence[Step], on: date) -> list[dict[str, Any]]:
    return [
        {"words": str(one.words), "owner": one.owner.name, "goal": one.goal.title if one.goal else "",
         "state": _state(one, on), "due": day(one.due_on)}
        for one in steps
    ]  # fmt: skip


def people_rows(ties: Sequence[Tie]) -> list[dict[str, str]]:
    """Each person once, with all their parts."""
    by_person: dict[int, list[Tie]] = {}
    for tie in ties:
        by_person.setdefault(tie.person_id, []).append(tie)
    return [
        {"name": several[0].person.name, "title": several[0].title,
         "parts": ", ".join(str(one.get_part_display()) for one in several)}
        for several in by_person.values()
    ]  # fmt: skip


def _state(step: Step, on: date) -> Badge:
    if step.done_at:
        return Badge("Done", Tone.GOOD)
    return Badge("Late", Tone.BAD) if step.due_on < on else Badge("Open")
