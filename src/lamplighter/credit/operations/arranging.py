"""Make an arrangement from exactly the draft that was shown, ask for its instalments, and end it.

The balances move as docs/algorithms/arrangements.md tells: current to zero and payoff kept while the plan runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Sum

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.queries.policies import policy_on
from lamplighter.credit.models import ArrangedDebt, Arrangement, Instalment
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.operations.moving import ask_for, send_home, take_over
from lamplighter.credit.queries.debts import past_due
from lamplighter.credit.queries.standing import in_winter, law, past_of, plan_policy
from lamplighter.credit.rules.arranging import (
    CannotArrange,
    Part,
    PlanDraft,
    check_winter,
    coming_back,
    going_home,
    may_arrange,
)
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.models import Posting
from lamplighter.ledger.queries import balances
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import finish_where


class StaleDraft(CannotArrange):
    """The account moved since the plan was shown: nothing was written."""


@in_transaction
def arrange(*, account: Account, draft: PlanDraft, consent: str, on: date, by: Actor, at: datetime) -> Arrangement:
    """Write exactly this draft: move the debts to an agreement of their own and ask for the first instalment.

    Raises StaleDraft when what is past due is no longer what the draft shows, CannotArrange by policy.
    """
    advisory_lock(f"account:{account.pk}")
    if draft.account != account.pk or draft.made_on != on or tuple(past_due(account, on=on)) != draft.debts:
        raise StaleDraft("What is owed has changed since this plan was shown. Look at it again.")
    answer = may_arrange(past_of(account, on=on), on=on, policy=plan_policy(on=on))
    if not answer.eligible:
        raise CannotArrange(answer.why)
    if in_winter(account, on=on):
        check_winter(draft, law(on=on))
    agreement = accounts.start_agreement(account=account, kind=AgreementKind.ARRANGEMENT, on=on, by=by, at=at)
    made = Arrangement.objects.create(
        account=account, agreement=agreement, total=draft.total, consent=consent, made_on=on, made_at=at, made_by=by
    )
    ArrangedDebt.objects.bulk_create(
        ArrangedDebt(arrangement=made, agreement_id=d.agreement, owed_on=d.owed_on, amount=d.amount)
        for d in draft.debts
    )
    Instalment.objects.bulk_create(
        Instalment(arrangement=made, place=place, due_on=due.due_on, amount=due.amount)
        for place, due in enumerate(draft.instalments)
    )
    take_over(f"arrangement:{made.pk}", agreement, draft.debts, on=on, by=by, at=at)
    record(
        "credit.arrangement.made", subject=made.subject, account=account.pk, by=by, at=at, cents=draft.total.cents,
        instalments=len(draft.instalments), last=draft.instalments[-1].due_on.isoformat(), consent=consent,
        remark=f"Income a month, as the household says: {draft.income}" if draft.income is not None else "",
    )  # fmt: skip
    ask_instalments(arrangements=[made], on=on, by=by, at=at)
    return made


@in_transaction
def ask_instalments(*, arrangements: Iterable[Arrangement], on: date, by: Actor, at: datetime) -> int:
    """Ask for what comes due within the days that a bill of today has: current rises, payoff stays. How many were
    asked for."""
    asked, ahead = 0, timedelta(days=policy_on(on).due_days)
    for arrangement in arrangements:
        coming = arrangement.instalments.filter(entry__isnull=True, due_on__lte=on + ahead)
        for one in coming.select_for_update().order_by("place"):
            one.entry_id = ask_for(
                arrangement.agreement, one.amount, f"instalment:{arrangement.pk}:{one.place}",
                owed_on=one.due_on - ahead, on=on, by=by, at=at,
            )  # fmt: skip
            one.save(update_fields=["entry"])
            asked += 1
    return asked


@in_transaction
def end_arrangement(*, arrangement: Arrangement, outcome: str, on: date, by: Actor, at: datetime) -> Arrangement:
    """Kept: nothing is left. Broken or cancelled: current rises to payoff, and the debt goes home at its own age.
    What waited for a person about the plan is done."""
    advisory_lock(f"account:{arrangement.account_id}")
    live = Arrangement.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=arrangement.pk)
    if live.ended_on is not None:
        raise CannotArrange(f"This plan was {live.get_outcome_display().lower()} on {live.ended_on:%b %-d}.")
    balance = balances([live.agreement.subledger_id])[live.agreement.subledger_id]
    if outcome == Outcome.KEPT:
        assert balance.payoff <= ZERO, "a plan is kept when nothing is left"
    elif balance.payoff > ZERO:
        name = f"arrangement-{outcome}:{live.pk}"
        if balance.payoff != balance.current:
            ask_for(live.agreement, balance.payoff - balance.current, f"{name}:due", owed_on=on, on=on, by=by, at=at)
        debts = [Part(d.agreement_id, d.owed_on, d.amount) for d in live.debts.all()]
        send_home(name, live.agreement, going_home(debts, balance.payoff), on=on, by=by, at=at)
    first_day_after = max(on, live.made_on + timedelta(days=1))
    accounts.stop_agreement(agreement=live.agreement, on=first_day_after, by=by, at=at, reason=f"plan-{outcome}")
    live.ended_on, live.outcome, live.ended_by = on, outcome, by
    live.save(update_fields=["ended_on", "outcome", "ended_by"])
    finish_where(subjects=[live.subject], by=by, at=at)
    record(
        "credit.arrangement.ended", subject=live.subject, account=live.account_id, by=by, at=at, reason=outcome,
        cents=max(balance.payoff, ZERO).cents,
    )  # fmt: skip
    return live


@in_transaction
def bring_home(*, arrangement: Arrangement, source: str, on: date, by: Actor, at: datetime) -> Money:
    """A payment to a plan that has ended was returned: what is open on its agreement goes home at its own age. How
    much; nothing where nothing is open. `source` names what returned it."""
    advisory_lock(f"account:{arrangement.account_id}")
    agreement = arrangement.agreement
    left = balances([agreement.subledger_id])[agreement.subledger_id]
    if arrangement.ended_on is None or not left.payoff > ZERO:
        return ZERO
    name = f"arrangement-returned:{arrangement.pk}:{source}"
    if left.payoff != left.current:
        ask_for(agreement, left.payoff - left.current, f"{name}:due", owed_on=on, on=on, by=by, at=at)
    debts = [Part(d.agreement_id, d.owed_on, d.amount) for d in arrangement.debts.all()]
    stayed = Posting.objects.filter(subledger=agreement.subledger_id, component="plan").aggregate(sum=Sum("payoff"))
    home = arrangement.total - (stayed["sum"] or ZERO)
    send_home(name, agreement, coming_back(debts, home=home, left=left.payoff), on=on, by=by, at=at)
    record(
        "credit.arrangement.returned", subject=arrangement.subject, account=arrangement.account_id, by=by, at=at,
        cents=left.payoff.cents,
    )  # fmt: skip
    return left.payoff
