"""The account plans of Marisol Bay: goals that meters, bills, power, rebates and surveys measure, and what is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Organisation
from lamplighter.keyaccounts.operations import plans, relations
from lamplighter.platform.models import User
from lamplighter.town.calendar import at
from lamplighter.town.staff import JOEL
from lamplighter.town.stage import Stage


def plan_accounts(stage: Stage, found: Mapping[str, Organisation], *, begins: date, today: date) -> None:
    """Four plans by Joel, inside the transaction of the caller."""
    _brewery(stage, found["kelp-and-kettle"], today)
    for one in PLANS:
        _account(found[one.key], one, begins=begins, today=today)


@dataclass(frozen=True, slots=True)
class Told:
    """A plan begun so many days ago: goals as title, measure, where it began and its target; an action with its day."""

    key: str
    begun: int
    situation: str
    goals: tuple[tuple[str, str, str, str], ...]
    action: tuple[str, int]


PLANS = (
    Told("northquay", 150, "They cool at night, and their motors run at a power factor of 0.82.",
          (("Power factor of 0.95", "power-factor", "0.82", "0.95"),
           ("A rebate on the new compressors", "program-paid", "0", "20000")),
          ("Offer of 240 kVAr of capacitors from two makers", -9)),
    Told("three-herons", 200, "They can't be without power, and told us so after the dip of spring.",
          (("No hour without power", "outage-minutes", "45", "0"),
           ("Every promise kept", "kept-promises", "50", "100")),
          ("Walk both feeders with their engineer", 12)),
    Told("green-buoy", 90, "Three stores; the second one's refrigeration takes more each month.",
          (("A twelfth less energy", "kwh-year", "2400000", "2200000"),
           ("Content with us", "survey-score", "3.5", "4.5")), ("Service of the racks at Cannery Row", 20)),
)  # fmt: skip


def _account(organisation: Organisation, told: Told, *, begins: date, today: date) -> None:
    day = max(today - timedelta(days=told.begun), begins)
    plan = plans.start_plan(
        organisation=organisation, period=Period(day, day + timedelta(days=365)), situation=told.situation,
        review_on=day + timedelta(days=210), by=JOEL, at=at(day, 14),
    )  # fmt: skip
    for title, measure, baseline, target in told.goals:
        goal = plans.set_goal(plan=plan, title=title, measure=measure, baseline=Decimal(baseline),
                              target=Decimal(target), due_on=day + timedelta(days=360), by=JOEL,
                              at=at(day, 14, 20))  # fmt: skip
    words, due = told.action
    relations.set_step(
        words=words, due_on=today + timedelta(days=due), owner=User.objects.get(username="joel"),
        organisation=organisation, goal=goal, by=JOEL, at=at(day, 15),
    )  # fmt: skip


def _brewery(stage: Stage, kelp: Organisation, today: date) -> None:
    """Peak below 300 kW by spring: where it stands is for the meter to say."""
    day, joel = today - timedelta(days=60), User.objects.get(username="joel")
    plan = plans.start_plan(
        organisation=kelp, period=Period(day, day + timedelta(days=365)), review_on=today + timedelta(days=6), by=JOEL,
        situation="Growing by a tank a year. The kettle's start sets the peak and the ratchet; energy is steady.",
        at=at(day, 10),
    )  # fmt: skip
    service, ends = stage.service("kelp-and-kettle"), day + timedelta(days=270)
    for title, measure, baseline, target in (
        ("Peak below 300 kW", "peak-kw", "412", "300"), ("Load factor of 45 %", "load-factor", "36", "45"),
        ("Hear from us every month", "touches", "1", "3"),
    ):  # fmt: skip
        plans.set_goal(plan=plan, title=title, measure=measure, agreement=service, baseline=Decimal(baseline),
                       target=Decimal(target), due_on=ends, by=JOEL, at=at(day, 10, 20))  # fmt: skip
    goal = plan.goals.earliest("pk")
    for words, due in (("Try the kettle half an hour later for two weeks", 8), ("Quote for a soft starter", 25)):
        relations.set_step(words=words, due_on=today + timedelta(days=due), owner=joel, organisation=kelp,
                           goal=goal, by=JOEL, at=at(day, 11))  # fmt: skip
    plans.tell_risk(plan=plan, words="Ines talks to a battery seller who promises twice what the meter shows.",
                    grave=False, by=JOEL, at=at(day, 11, 30))  # fmt: skip
