"""The fee for starting service: charged once, on the next bill; given back where the start is taken back."""

from __future__ import annotations

from datetime import datetime

from lamplighter.accounts.models import Agreement
from lamplighter.billing.models import Adjustment
from lamplighter.billing.operations.adjusting import adjust
from lamplighter.journeys.starting import law_day
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.platform.transactions import in_transaction

CODE, LABEL = "revenue-start-fees", "Starting service"


@in_transaction
def charge_start(agreement: Agreement, fee: Money, *, by: Actor, at: datetime) -> Adjustment | None:
    """An agreement bears its fee once; nothing where there is none."""
    if not fee:
        return None
    return adjust(
        agreement=agreement, kind=Adjustment.Kind.FEE, label=LABEL, amount=fee, against=CODE, on=law_day(at),
        source=f"start:{agreement.pk}", by=by, at=at,
    )  # fmt: skip


@in_transaction
def give_back_start(agreement: Agreement, *, by: Actor, at: datetime) -> Adjustment | None:
    """The fee of a start that never came."""
    found = Adjustment.objects.filter(entry__source=f"fee:start:{agreement.pk}").first()
    if found is None:
        return None
    return adjust(
        agreement=agreement, kind=Adjustment.Kind.FEE, label=f"{LABEL}, taken back", amount=-found.amount, against=CODE,
        on=law_day(at), source=f"start-back:{agreement.pk}", by=by, at=at,
    )  # fmt: skip
