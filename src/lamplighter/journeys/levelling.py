"""Put a customer on budget billing, if their standing allows it."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Agreement
from lamplighter.billing.levelling import CannotLevel, LevelDraft
from lamplighter.billing.models import BudgetPlan
from lamplighter.billing.operations.budgeting import begin_budget
from lamplighter.credit.queries.debts import past_due_total
from lamplighter.credit.queries.standing import arrangement_of
from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def begin_at_desk(
    *, agreement: Agreement, draft: LevelDraft, consent: str, on: date, by: Actor, at: datetime
) -> BudgetPlan:
    """Nothing may be past due, and no plan may run: a budget is no way to pay a debt. Raises CannotLevel."""
    account = agreement.account
    advisory_lock(f"account:{account.pk}")
    if late := past_due_total(account, on=on):
        raise CannotLevel(f"{late} is past due. Budget billing begins when it is paid.")
    if arrangement_of(account) is not None:
        raise CannotLevel("A payment plan runs. Budget billing begins when it is kept.")
    return begin_budget(agreement=agreement, draft=draft, consent=consent, on=on, by=by, at=at)
