"""Put a service on budget billing, ask for the level amount with each bill, settle once a year and at the end.

A budget moves what is asked for now (current) and never what settles everything (payoff): docs/algorithms/budgets.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from lamplighter.accounts.models import Agreement
from lamplighter.billing.kinds import BUDGET
from lamplighter.billing.levelling import (
    MONTHS,
    CannotLevel,
    LevelDraft,
    asked_instead,
    is_off,
    level,
    says,
    settles,
)
from lamplighter.billing.models import Adjustment, Bill, BudgetPlan
from lamplighter.billing.operations.issuing import BillDraft
from lamplighter.billing.queries.budgets import draft_level, months_of, used_ahead
from lamplighter.billing.queries.policies import policy_on
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.ledger.queries import balances
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import Draft as Work
from lamplighter.worklist.operations import finish_where, raise_items


@in_transaction
def begin_budget(
    *, agreement: Agreement, draft: LevelDraft, consent: str, on: date, by: Actor, at: datetime
) -> BudgetPlan:
    """Exactly the amount that was shown, from the next bill on. Raises CannotLevel."""
    advisory_lock(f"account:{agreement.account_id}")
    if draft_level(agreement, on=on).digest != draft.digest:
        raise CannotLevel("Something was billed since this was shown. Look at it again.")
    last = BudgetPlan.objects.filter(agreement=agreement, period__overlap=Period(on)).order_by("-period").first()
    if last is not None and last.period.end is None:
        raise CannotLevel("This service is on budget billing already.")
    if last is not None:
        raise CannotLevel(f"Budget billing ended here today. Begin it again from {last.period.closed_end:%b %-d} on.")
    made = BudgetPlan.objects.create(
        agreement=agreement, amount=draft.amount, period=Period(on), settles_on=_settles(on), consent=consent,
        made_at=at, made_by=by,
    )  # fmt: skip
    record("billing.budget.begun", subject=agreement.subject, account=agreement.account_id, by=by, at=at,
           cents=draft.amount.cents, year=draft.total.cents, consent=consent)  # fmt: skip
    return made


@in_transaction
def change_budget(*, plan: BudgetPlan, draft: LevelDraft, on: date, by: Actor, at: datetime) -> BudgetPlan:
    """From the next bill on the amount that the last twelve months say. Raises CannotLevel."""
    advisory_lock(f"account:{plan.agreement.account_id}")
    live = _running(plan)
    if draft_level(live.agreement, on=on).digest != draft.digest:
        raise CannotLevel("Something was billed since this was shown. Look at it again.")
    if live.amount == draft.amount:
        raise CannotLevel("That is the amount already.")
    was, live.amount = live.amount, draft.amount
    live.save(update_fields=["amount"])
    finish_where(subjects=[live.agreement.subject], kind=BUDGET.key, by=by, at=at)
    record("billing.budget.changed", subject=live.agreement.subject, account=live.agreement.account_id, by=by, at=at,
           cents=live.amount.cents, was=was.cents)  # fmt: skip
    return live


@in_transaction
def end_budget(
    *, plan: BudgetPlan, reason: str, on: date, by: Actor, at: datetime, owed_on: date | None = None
) -> Money:
    """Leave it on any day: what was used and not asked for is asked for now, or what was asked for ahead is given back.
    How much."""
    advisory_lock(f"account:{plan.agreement.account_id}")
    live = _running(plan)
    left = used_ahead(live.agreement)
    if left:
        _post([_Move(live, left, settles(left), owed_on or on)], on=on, by=by, at=at)
    _close(live, reason, on=on, by=by, at=at)
    return left


@in_transaction
def end_budgets(
    *, agreements: Sequence[Agreement], reason: str, on: date, by: Actor, at: datetime, owed_on: date | None = None
) -> None:
    """Whichever of these services is on a budget leaves it: it stops, or its debt is divided. What is asked for then
    ages from `owed_on`, from today unless said."""
    rows = BudgetPlan.objects.filter(agreement__in=agreements, period__endswith__isnull=True)
    for plan in rows.select_related("agreement"):
        end_budget(plan=plan, reason=reason, on=on, by=by, at=at, owed_on=owed_on)


@in_transaction
def level_bills(*, bills: Sequence[BillDraft], on: date, by: Actor, at: datetime) -> None:
    """Before bills are issued: each service on a budget is asked for its level amount instead of what it came to. A
    final bill and that of the year's end ask for all. One query where nobody is on a budget."""
    billed, final = _billed(bills)
    rows = BudgetPlan.objects.filter(agreement__in=list(billed), period__contains=on, period__endswith__isnull=True)
    plans = list(rows.select_for_update(of=("self",)).select_related("agreement__account").order_by("pk"))
    if not plans:
        return
    ahead = _ahead([plan.agreement for plan in plans])
    moves = [_asking(plan, billed[plan.agreement_id], ahead[plan.agreement_id], on=on,
                     ends=plan.agreement_id in final) for plan in plans]  # fmt: skip
    _post([move for move in moves if move.change], on=on, by=by, at=at)
    for plan in plans:
        if plan.agreement_id in final:
            _close(plan, "final-bill", on=on, by=by, at=at)
        elif on >= plan.settles_on:
            _settled(plan, ahead[plan.agreement_id], on=on, by=by, at=at)
    _look([plan for plan in plans if plan.agreement_id not in final], on=on, by=by, at=at)


@dataclass(frozen=True, slots=True)
class _Move:
    """How much more, or less, is asked for of a service, and how its bill says it."""

    plan: BudgetPlan
    change: Money
    label: str
    owed_on: date


def _billed(bills: Sequence[BillDraft]) -> tuple[dict[int, Money], set[int]]:
    """What each agreement comes to in these bills, and whose bill is its last."""
    billed: dict[int, Money] = {}
    final: set[int] = set()
    for bill in bills:
        for part in bill.segments:
            key = part.occasion.agreement.pk
            billed[key] = billed.get(key, ZERO) + part.total
            if bill.kind == Bill.Kind.FINAL or part.occasion.kind == "closing":
                final.add(key)
    return billed, final


def _asking(plan: BudgetPlan, billed: Money, ahead: Money, *, ends: bool, on: date) -> _Move:
    if ends or on >= plan.settles_on:
        return _Move(plan, ahead, settles(ahead), on)
    change = asked_instead(billed, plan.amount)
    return _Move(plan, change, says(billed, plan.amount, ahead - change), on)


def _settled(plan: BudgetPlan, ahead: Money, *, on: date, by: Actor, at: datetime) -> None:
    plan.settles_on = _settles(on)
    plan.save(update_fields=["settles_on"])
    record("billing.budget.settled", subject=plan.agreement.subject, account=plan.agreement.account_id, by=by, at=at,
           cents=ahead.cents)  # fmt: skip


def _settles(on: date) -> date:
    """The first bill from this day on settles the year."""
    return on + timedelta(days=policy_on(on).budget.settle_days)


def _look(plans: Sequence[BudgetPlan], *, on: date, by: Actor, at: datetime) -> None:
    """The monitor: an amount that the months no longer bear out is work for a person."""
    months, found, rules = months_of([plan.agreement_id for plan in plans]), [], policy_on(on).budget
    for plan in plans:
        if len(months[plan.agreement_id]) < MONTHS:
            continue
        recommended = level(plan.agreement_id, months[plan.agreement_id], step=rules.step).amount
        if is_off(plan.amount, recommended, off_by=rules.off_by):
            words = f"Budget {plan.amount}; the last {MONTHS} months say {recommended}."
            found.append(Work(BUDGET.key, plan.agreement.subject, words, account=plan.agreement.account_id,
                              data={"cents": recommended.cents}))  # fmt: skip
    raise_items(drafts=found, by=by, at=at)


def _post(moves: Sequence[_Move], *, on: date, by: Actor, at: datetime) -> None:
    """What is asked for now rises or falls; what would settle everything stays."""
    keys = [move.plan.agreement_id for move in moves]
    counted = Adjustment.objects.filter(agreement__in=keys, kind=Adjustment.Kind.BUDGET).values_list("agreement")
    times = dict(counted.annotate(count=Count("pk")).order_by())
    drafts = []
    for move in moves:
        agreement = move.plan.agreement
        leg = Leg(agreement.type.control_code, ZERO, agreement.subledger_id, current=move.change, owed_on=move.owed_on,
                  component="budget")  # fmt: skip
        drafts.append(Draft(f"budget:{move.plan.pk}:{times.get(agreement.pk, 0)}", "adjustment", on, (leg,)))
    posted = ledger.post_many(drafts=drafts, at=at, by=by)
    Adjustment.objects.bulk_create(
        Adjustment(
            agreement=move.plan.agreement, kind=Adjustment.Kind.BUDGET, label=move.label[:120], amount=move.change,
            effective_on=on, entry_id=entry, recorded_at=at, recorded_by=by,
        )
        for move, entry in zip(moves, posted, strict=True)
    )  # fmt: skip
    told = [
        Happening("billing.adjustment.made", move.plan.agreement.subject, move.plan.agreement.account_id,
                  {"kind": Adjustment.Kind.BUDGET.value, "label": move.label, "cents": move.change.cents})
        for move in moves
    ]  # fmt: skip
    record_many(told, by=by, at=at)


def _ahead(agreements: Sequence[Agreement]) -> dict[int, Money]:
    """How much more each used than it was asked for; one query."""
    stands = balances([one.subledger_id for one in agreements])
    return {one.pk: stands[one.subledger_id].payoff - stands[one.subledger_id].current for one in agreements}


def _running(plan: BudgetPlan) -> BudgetPlan:
    live = BudgetPlan.objects.select_for_update(of=("self",)).select_related("agreement__account").get(pk=plan.pk)
    if live.period.end is not None:
        raise CannotLevel("This budget has ended already.")
    return live


def _close(plan: BudgetPlan, reason: str, *, on: date, by: Actor, at: datetime) -> None:
    first = plan.period.start
    plan.period = Period(first, max(on, first + timedelta(days=1)))
    plan.end_reason, plan.ended_by = reason, by
    plan.save(update_fields=["period", "end_reason", "ended_by"])
    finish_where(subjects=[plan.agreement.subject], kind=BUDGET.key, by=by, at=at)
    record("billing.budget.ended", subject=plan.agreement.subject, account=plan.agreement.account_id, by=by, at=at,
           reason=reason)  # fmt: skip
