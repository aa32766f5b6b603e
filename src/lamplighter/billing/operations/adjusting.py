"""Charges and credits beside the rate: late charges, fees, miscellaneous invoices, balances brought forward."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Agreement
from lamplighter.billing.models import Adjustment
from lamplighter.billing.relief import relieved
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def adjust(
    *,
    agreement: Agreement,
    kind: str,
    label: str,
    amount: Money,
    against: str,
    on: date,
    source: str,
    by: Actor,
    at: datetime,
    accounting_on: date | None = None,
    remark: str = "",
) -> Adjustment:
    """Charge (or, negative, credit) an agreement, against a general-ledger code. `source` is posted once. A credit that
    leaves too little to collect stops collection at once."""
    assert amount, "an adjustment moves something"
    if amount.cents < 0:
        advisory_lock(f"account:{agreement.account_id}")
    owed_on = on if amount.cents > 0 else None
    legs = (
        Leg(agreement.type.control_code, amount, agreement.subledger_id, owed_on=owed_on, component=kind),
        Leg(against, -amount, component=kind),
    )
    entry = ledger.post(draft=Draft(f"{kind}:{source}", "adjustment", on, legs, accounting_on), at=at, by=by)
    adjustment = Adjustment.objects.create(
        agreement=agreement, kind=kind, label=label, amount=amount, effective_on=on, entry_id=entry, recorded_at=at,
        recorded_by=by,
    )  # fmt: skip
    record(
        "billing.adjustment.made", subject=agreement.subject, account=agreement.account_id, by=by, at=at,
        remark=remark, kind=kind, label=label, cents=amount.cents,
    )  # fmt: skip
    if amount.cents < 0:
        relieved(agreement.account, on=on, by=by, at=at)
    return adjustment
