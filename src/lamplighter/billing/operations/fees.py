"""Set the utility's fees from a day on."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime

from lamplighter.billing.fees import Fees
from lamplighter.billing.models import FeeSchedule
from lamplighter.billing.operations.policies import CannotSet
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def set_fees(*, fees: Fees, on: date, by: Actor, at: datetime) -> FeeSchedule:
    """From `on` work is charged for by `fees`; what was charged before stays. Raises CannotSet."""
    advisory_lock("billing.fees")
    said = {one.name: getattr(fees, one.name) for one in fields(fees)}
    amounts = {name: value.cents for name, value in said.items() if isinstance(value, Money)}
    if min(amounts.values()) < 0:
        raise CannotSet("A fee is zero or more.")
    if not fees.citation.strip():
        raise CannotSet("Name the resolution that sets the fees.")
    if FeeSchedule.objects.filter(period__startswith__gte=on).exists():
        raise CannotSet(f"Fees from {on:%b %-d, %Y} or later are set already. Choose a later day.")
    for running in FeeSchedule.objects.filter(period__contains=on):
        FeeSchedule.objects.filter(pk=running.pk).update(period=running.period.ending(on))
    row = FeeSchedule.objects.create(period=Period(on), set_by=by, **said)
    record(
        "billing.fees.set", subject=f"fees:{row.pk}", by=by, at=at, start=on.isoformat(), citation=fees.citation,
        amounts=amounts,
    )  # fmt: skip
    return row
