"""Reserve, let go and give back money of a budget: never more is committed than there is."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.platform.transactions import in_transaction
from lamplighter.rebates.models import Commitment, RebateApplication, RebateBudget

Kind = Commitment.Kind


@in_transaction
def reserve(*, budget: RebateBudget, application: RebateApplication, on: date, by: Actor, at: datetime) -> bool:
    """Take the application's amount, if that much is left. Whoever asks at the same time waits for the row, and then
    sees what is left."""
    live = RebateBudget.objects.select_for_update().get(pk=budget.pk)
    if application.amount > live.left:
        return False
    _commit(live, application, Kind.RESERVED, application.amount, on=on, by=by, at=at)
    return True


@in_transaction
def let_go(*, application: RebateApplication, amount: Money, on: date, by: Actor, at: datetime) -> None:
    """Free what is not needed any more, for others of the same year."""
    if amount and application.budget_id:
        live = RebateBudget.objects.select_for_update().get(pk=application.budget_id)
        _commit(live, application, Kind.RELEASED, -amount, on=on, by=by, at=at)


@in_transaction
def give_back(*, application: RebateApplication, amount: Money, on: date, by: Actor, at: datetime) -> bool:
    """What was clawed back can be spent again while its year runs; after that it is not the program's any more."""
    assert application.budget is not None, "what was paid was reserved of a budget"
    live = RebateBudget.objects.select_for_update().get(pk=application.budget.pk)
    if on not in live.period:
        return False
    _commit(live, application, Kind.RETURNED, -amount, on=on, by=by, at=at)
    return True


def _commit(
    budget: RebateBudget, application: RebateApplication, kind: Kind, amount: Money, *, on: date, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    budget.committed = budget.committed + amount
    budget.save(update_fields=["committed"])
    Commitment.objects.create(budget=budget, application=application, kind=kind, amount=amount, on=on, at=at, by=by)
