"""Set by which terms debts may be paid over time."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime

from lamplighter.credit.models import PlanTerms
from lamplighter.credit.queries.standing import law
from lamplighter.credit.rules.arranging import CannotArrange, PlanPolicy, check_policy
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def set_plan_terms(*, policy: PlanPolicy, on: date, by: Actor, at: datetime) -> PlanTerms:
    """For plans made and more time given from `on`; what held before ends there, and plans that run keep theirs.
    Raises CannotArrange."""
    check_policy(policy, law(on=on))
    advisory_lock("plan-terms")
    if PlanTerms.objects.filter(period__startswith__gte=on).exists():
        raise CannotArrange(f"Terms of plans from {on:%b %-d, %Y} or later are set already. Choose a later day.")
    for running in PlanTerms.objects.filter(period__contains=on):
        PlanTerms.objects.filter(pk=running.pk).update(period=running.period.ending(on))
    held = {one.name: getattr(policy, one.name) for one in fields(policy)}
    row = PlanTerms.objects.create(period=Period(on), set_by=by, **held)
    record(
        "credit.plan_terms.set", subject=f"plan-terms:{row.pk}", by=by, at=at, start=on.isoformat(),
        **{**held, "minimum": policy.minimum.cents},
    )  # fmt: skip
    return row
