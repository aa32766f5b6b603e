"""Begin a plan, set its goals, tell its risks, review it; keep a contract, and what-ifs under their names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lamplighter.accounts.models import Agreement
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.measures import MEASURES
from lamplighter.keyaccounts.models import Contract, Goal, Organisation, Plan, Risk, Scenario
from lamplighter.keyaccounts.operations.obligations import promise
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction

MOST_SCENARIOS = 12


@in_transaction
def start_plan(
    *, organisation: Organisation, period: Period, situation: str, review_on: date, by: Actor, at: datetime
) -> Plan:
    """A plan for days on which no other runs."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if Plan.objects.filter(organisation=organisation, period__overlap=period).exists():
        raise CannotKeep("A plan of these days stands already: change that one.")
    if period.open:
        raise CannotKeep("A plan has an end.")
    made = Plan.objects.create(
        organisation=organisation, period=period, situation=write_remark(situation.strip(), at=at),
        review_on=review_on, made_by=by,
    )  # fmt: skip
    record("keyaccounts.plan.started", subject=organisation.subject, by=by, at=at, plan=made.pk)
    return made


@in_transaction
def review_plan(*, plan: Plan, seen: int, situation: str, review_on: date, on: date, by: Actor, at: datetime) -> Plan:
    """Looked at, with the situation as it is now and the next review. Refuses when somebody else changed it since the
    version that was `seen`."""
    held = _held(plan, seen)
    if review_on <= on:
        raise CannotKeep("The next review is a day to come.")
    held.situation, held.review_on, held.reviewed_at = write_remark(situation.strip(), at=at), review_on, at
    _turned(held, ["situation", "review_on", "reviewed_at"])
    record("keyaccounts.plan.reviewed", subject=held.organisation.subject, by=by, at=at, plan=held.pk)
    return held


@in_transaction
def set_goal(
    *, plan: Plan, title: str, measure: str, baseline: Decimal, target: Decimal, due_on: date, by: Actor, at: datetime,
    agreement: Agreement | None = None,
) -> Goal:  # fmt: skip
    """A goal with where it begins and where it should come to."""
    if measure not in MEASURES:
        raise CannotKeep("Choose one of the measures that the program takes itself.")
    if not plan.period.start <= due_on <= plan.period.closed_end:
        raise CannotKeep("A goal is due within its plan.")
    if (target < baseline) is not MEASURES[measure].less or target == baseline:
        raise CannotKeep("The target must be better than where it begins.")
    held = _held(plan, None)
    made = Goal.objects.create(plan=held, title=title.strip(), measure=measure, agreement=agreement, baseline=baseline,
                               target=target, due_on=due_on)  # fmt: skip
    _turned(held, [])
    record("keyaccounts.goal.set", subject=held.organisation.subject, by=by, at=at, measure=measure, goal=made.pk)
    return made


@in_transaction
def drop_goal(*, goal: Goal, why: str, by: Actor, at: datetime) -> None:
    if not why.strip():
        raise CannotKeep("Say why the goal is given up.")
    held = _held(goal.plan, None)
    Goal.objects.filter(pk=goal.pk, dropped_at__isnull=True).update(dropped_at=at)
    _turned(held, [])
    record(
        "keyaccounts.goal.dropped", subject=held.organisation.subject, by=by, at=at, remark=why.strip(), goal=goal.pk
    )


@in_transaction
def tell_risk(*, plan: Plan, words: str, grave: bool, by: Actor, at: datetime) -> Risk:
    if not words.strip():
        raise CannotKeep("Say what may go wrong.")
    held = _held(plan, None)
    made = Risk.objects.create(plan=held, words=write_remark(words.strip(), at=at), grave=grave)
    _turned(held, [])
    record("keyaccounts.risk.told", subject=held.organisation.subject, by=by, at=at, risk=made.pk)
    return made


@in_transaction
def end_risk(*, risk: Risk, by: Actor, at: datetime) -> None:
    held = _held(risk.plan, None)
    Risk.objects.filter(pk=risk.pk, ended_at__isnull=True).update(ended_at=at)
    _turned(held, [])
    record("keyaccounts.risk.ended", subject=held.organisation.subject, by=by, at=at, risk=risk.pk)


@in_transaction
def keep_contract(
    *, code: str, organisation: Organisation, agreement: Agreement, name: str, period: Period, approval: str, by: Actor,
    at: datetime, minimum: Money | None = None,
) -> Contract:  # fmt: skip
    """A special contract with its term, the board's number, and the least that each bill must come to."""
    if period.open:
        raise CannotKeep("A contract has an end.")
    if Contract.objects.filter(code=code).exists():
        raise CannotKeep(f"There is a contract {code} already.")
    made = Contract.objects.create(
        code=code, organisation=organisation, agreement=agreement, name=name, period=period,
        approval=approval, kept_by=by,
    )  # fmt: skip
    record("keyaccounts.contract.kept", subject=organisation.subject, by=by, at=at, contract=code,
           ends=period.closed_end.isoformat())  # fmt: skip
    if minimum is not None:
        promise(contract=made, measure="dollars", least=minimum.dollars, period=period, by=by, at=at)
    return made


@in_transaction
def save_scenario(
    *, organisation: Organisation, agreement: Agreement, name: str, changes: Mapping[str, Any], by: Actor, at: datetime
) -> Scenario:
    """Keep a what-if; one of the same name is kept with what it says now."""
    if not name.strip():
        raise CannotKeep("Give it a name.")
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    standing = Scenario.objects.filter(agreement=agreement, dropped_at__isnull=True)
    same = standing.filter(name=name.strip()).first()
    if same is None and standing.count() >= MOST_SCENARIOS:
        raise CannotKeep(f"{MOST_SCENARIOS} what-ifs are kept here already: drop one first.")
    if same is not None:
        same.changes, same.saved_at, same.saved_by = dict(changes), at, by
        same.save(update_fields=["changes", "saved_at", "saved_by"])
    made = same or Scenario.objects.create(organisation=organisation, agreement=agreement, name=name.strip(),
                                           changes=dict(changes), saved_at=at, saved_by=by)  # fmt: skip
    record("keyaccounts.scenario.saved", subject=organisation.subject, by=by, at=at, scenario=made.pk)
    return made


@in_transaction
def drop_scenario(*, scenario: Scenario, by: Actor, at: datetime) -> None:
    Scenario.objects.filter(pk=scenario.pk, dropped_at__isnull=True).update(dropped_at=at)
    record("keyaccounts.scenario.dropped", subject=scenario.organisation.subject, by=by, at=at, scenario=scenario.pk)


class PlanMoved(Exception):
    """Somebody else changed the plan since it was shown."""

    def __init__(self, now: Plan) -> None:
        super().__init__("Somebody changed this plan meanwhile.")
        self.now = now


def _held(plan: Plan, seen: int | None) -> Plan:
    held = Plan.objects.select_for_update(of=("self",)).select_related("organisation", "situation").get(pk=plan.pk)
    if seen is not None and held.version != seen:
        raise PlanMoved(held)
    return held


def _turned(plan: Plan, fields: list[str]) -> None:
    plan.version += 1
    plan.save(update_fields=[*fields, "version"])
