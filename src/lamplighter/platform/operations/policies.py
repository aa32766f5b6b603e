"""Put figures of the utility's own in force, from a day on."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.kernel.policies import CannotSetPolicy, Policy
from lamplighter.platform.models import PolicyTerms
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def put_in_force(*, policy: Policy, on: date, by: Actor, at: datetime) -> PolicyTerms:
    """What held before ends there. Raises CannotSetPolicy."""
    policy.check()
    advisory_lock(f"policy:{policy.key}")
    rows = PolicyTerms.objects.filter(about=policy.key)
    if rows.filter(period__startswith__gte=on).exists():
        raise CannotSetPolicy(f"Figures from {on:%b %-d, %Y} or later are set already. Choose a later day.")
    for running in rows.filter(period__contains=on):
        rows.filter(pk=running.pk).update(period=running.period.ending(on))
    figures = policy.plain()
    made = PolicyTerms.objects.create(
        about=policy.key, period=Period(on), figures=figures, citation=policy.citation.strip()[:200], set_by=by
    )
    record(
        "platform.policy.set", subject=f"policy-terms:{made.pk}", by=by, at=at, start=on.isoformat(), about=policy.key,
        citation=made.citation, figures=figures,
    )  # fmt: skip
    return made
