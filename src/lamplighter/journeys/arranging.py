"""Let a customer pay over time or later: the plan or promise, the end of collection, and the letter, all in one."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.credit.models import Arrangement, Extension
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.operations import arranging, holding
from lamplighter.credit.queries.standing import arrangement_of
from lamplighter.credit.rules.arranging import CannotArrange, PlanDraft
from lamplighter.journeys import dunning
from lamplighter.journeys.collecting import stop_collecting
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO
from lamplighter.ledger.queries import balances
from lamplighter.platform.transactions import in_transaction


@in_transaction
def make_plan(*, account: Account, draft: PlanDraft, consent: str, on: date, by: Actor, at: datetime) -> Arrangement:
    """Exactly the plan that was shown. Raises StaleDraft, CannotArrange."""
    made = arranging.arrange(account=account, draft=draft, consent=consent, on=on, by=by, at=at)
    stop_collecting(accounts=[account.pk], outcome="arranged", on=on, by=by, at=at)
    dunning.write(dunning.plan_made(made), account=account, on=on, by=by, at=at)
    return made


@in_transaction
def give_time(*, account: Account, until: date, on: date, by: Actor, at: datetime) -> Extension:
    """More time for what is past due. Raises CannotArrange."""
    given = holding.extend(account=account, until=until, on=on, by=by, at=at)
    stop_collecting(accounts=[account.pk], outcome="extended", on=on, by=by, at=at)
    dunning.write(dunning.more_time(given), account=account, on=on, by=by, at=at)
    return given


@in_transaction
def cancel_plan(*, account: Account, on: date, by: Actor, at: datetime) -> Arrangement:
    """The plan that runs is taken back, as the customer or we wish; what is left of the debt goes home."""
    running = arrangement_of(account)
    if running is None:
        raise CannotArrange("No plan runs.")
    return end_plan(plan=running, outcome=Outcome.CANCELLED, on=on, by=by, at=at)


@in_transaction
def end_plan(*, plan: Arrangement, outcome: Outcome, on: date, by: Actor, at: datetime) -> Arrangement:
    """Kept, broken or cancelled, with the letter that says so."""
    left = max(balances([plan.agreement.subledger_id])[plan.agreement.subledger_id].payoff, ZERO)
    ended = arranging.end_arrangement(arrangement=plan, outcome=outcome, on=on, by=by, at=at)
    dunning.write(dunning.plan_ended(ended, left), account=plan.account, on=on, by=by, at=at)
    return ended
