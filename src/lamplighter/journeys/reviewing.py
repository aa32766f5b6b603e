"""A day of credit: instalments that come due, plans and promises that end, debts that call for a step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.credit.kinds import LATE
from lamplighter.credit.models import Arrangement, Bankruptcy, Extension
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.operations.arranging import ask_instalments, bring_home
from lamplighter.credit.operations.holding import end_extension
from lamplighter.credit.operations.matching import release_forward, settle_items
from lamplighter.credit.queries.debts import accounts_to_look_at, past_due_total
from lamplighter.credit.queries.openitems import aged_open
from lamplighter.credit.queries.standing import plan_policy, returned_plans
from lamplighter.credit.rules.arranging import is_late
from lamplighter.journeys.arranging import end_plan
from lamplighter.journeys.bankruptcy import review_case
from lamplighter.journeys.collecting import look_at
from lamplighter.journeys.forgiving import pass_a_forgiveness_day
from lamplighter.journeys.guaranteeing import pass_a_claim_day
from lamplighter.journeys.pledging import expire_pledges
from lamplighter.journeys.searching import end_paid_searches
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, total
from lamplighter.ledger.queries import balances
from lamplighter.platform.transactions import advisory_lock, in_transaction, unit_of_work
from lamplighter.worklist.operations import Draft, raise_items

BATCH = 200


@dataclass(frozen=True, slots=True)
class Day:
    """What a day came to."""

    kept: int = 0
    broken: int = 0
    begun: int = 0


def pass_a_day(*, on: date, by: Actor, at: datetime) -> Day:
    """Each plan, each promise and each batch of accounts in a unit of work of its own. The same day again changes
    nothing; a day that was missed is made up by the next."""
    kept = broken = begun = 0
    for pk in Arrangement.objects.filter(ended_on__isnull=True).order_by("pk").values_list("pk", flat=True):
        with unit_of_work(by):
            outcome = review_plan(plan=Arrangement.objects.get(pk=pk), on=on, by=by, at=at)
        kept, broken = kept + (outcome == Outcome.KEPT), broken + (outcome == Outcome.BROKEN)
    for pk in Extension.objects.filter(ended_on__isnull=True).order_by("pk").values_list("pk", flat=True):
        with unit_of_work(by):
            review_promise(promise=Extension.objects.get(pk=pk), on=on, by=by, at=at)
    for case in Bankruptcy.objects.filter(ended_on__isnull=True).select_related("account", "agreement", "hold"):
        with unit_of_work(by):
            review_case(case=case, on=on, by=by, at=at)
    with unit_of_work(by):
        release_forward(on=on, by=by, at=at)
        settle_items(accounts=aged_open(None, on=on), on=on, by=by, at=at)
    pass_a_forgiveness_day(on=on, by=by, at=at)
    expire_pledges(on=on, by=by, at=at)
    pass_a_claim_day(on=on, by=by, at=at)
    end_paid_searches(on=on, by=by, at=at)
    for plan in returned_plans():
        with unit_of_work(by):
            bring_home(arrangement=plan, source=on.isoformat(), on=on, by=by, at=at)
    for batch in _batches(accounts_to_look_at()):
        with unit_of_work(by):
            begun += look_at(accounts=batch, on=on, by=by, at=at)
    return Day(kept, broken, begun)


@in_transaction
def review_plan(*, plan: Arrangement, on: date, by: Actor, at: datetime) -> Outcome | None:
    """Ask for what comes due; end the plan that is paid, or that is late by more than the grace it was made with."""
    advisory_lock(f"account:{plan.account_id}")
    live = Arrangement.objects.select_related("agreement", "account").get(pk=plan.pk)
    if live.ended_on is not None:
        return None
    if not balances([live.agreement.subledger_id])[live.agreement.subledger_id].payoff > ZERO:
        end_plan(plan=live, outcome=Outcome.KEPT, on=on, by=by, at=at)
        return Outcome.KEPT
    ask_instalments(arrangements=[live], on=on, by=by, at=at)
    policy = plan_policy(on=live.made_on)
    if _late(live, on, policy.grace):
        end_plan(plan=live, outcome=Outcome.BROKEN, on=on, by=by, at=at)
        look_at(accounts=[live.account_id], on=on, by=by, at=at)
        return Outcome.BROKEN
    if _late(live, on, policy.grace - policy.reminder):
        matter = Draft(LATE.key, live.subject, "An instalment is late", account=live.account_id)
        raise_items(drafts=[matter], by=by, at=at)
    return None


@in_transaction
def review_promise(*, promise: Extension, on: date, by: Actor, at: datetime) -> None:
    """Kept when what is past due is paid; broken when its day has gone by."""
    advisory_lock(f"account:{promise.account_id}")
    if past_due_total(promise.account, on=on) <= ZERO:
        end_extension(extension=promise, outcome=Outcome.KEPT, on=on, by=by, at=at)
    elif on > promise.until:
        end_extension(extension=promise, outcome=Outcome.BROKEN, on=on, by=by, at=at)
        look_at(accounts=[promise.account_id], on=on, by=by, at=at)


def _late(plan: Arrangement, on: date, grace: int) -> bool:
    """What was asked for and is still open, by the ledger."""
    asked = plan.instalments.filter(entry__isnull=False)
    charges = [(one.due_on, one.amount) for one in asked]
    current = balances([plan.agreement.subledger_id])[plan.agreement.subledger_id].current
    paid = total(amount for _, amount in charges) - current
    return is_late(charges, paid, on=on, grace=grace)


def _batches(accounts: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(accounts), BATCH):
        yield accounts[first : first + BATCH]
