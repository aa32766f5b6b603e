"""Charges and credits beside the rate: late charges, fees, miscellaneous invoices, balances brought forward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lamplighter.accounts.models import Agreement
from lamplighter.billing.models import Adjustment
from lamplighter.billing.relief import relieved
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.transactions import advisory_lock, in_transaction

MADE = "billing.adjustment.made"


@dataclass(frozen=True, slots=True)
class AdjustmentIn:
    """A charge or (negative) credit before it is made, against a general-ledger code. `source` is posted once. A credit
    pays the oldest debt, or that of the day `owed_on`."""

    agreement: Agreement
    kind: str
    label: str
    amount: Money
    against: str
    source: str
    owed_on: date | None = None

    def entry(self, on: date, accounting_on: date | None) -> Draft:
        assert self.amount, "an adjustment moves something"
        owed_on = on if self.amount.cents > 0 else self.owed_on
        code, subledger = self.agreement.type.control_code, self.agreement.subledger_id
        legs = (
            Leg(code, self.amount, subledger, owed_on=owed_on, component=self.kind),
            Leg(self.against, -self.amount, component=self.kind),
        )
        return Draft(f"{self.kind}:{self.source}", "adjustment", on, legs, accounting_on)

    def row(self, entry: int, on: date, at: datetime, by: Actor) -> Adjustment:
        """Not saved yet."""
        return Adjustment(
            agreement=self.agreement, kind=self.kind, label=self.label, amount=self.amount, effective_on=on,
            entry_id=entry, recorded_at=at, recorded_by=by,
        )  # fmt: skip

    @property
    def told(self) -> dict[str, Any]:
        """The data of its event."""
        return {"kind": self.kind, "label": self.label, "cents": self.amount.cents}


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
    owed_on: date | None = None,
    remark: str = "",
) -> Adjustment:
    """Charge (or, negative, credit) an agreement, against a general-ledger code. `source` is posted once. A credit that
    leaves too little to collect stops collection at once."""
    if amount.cents < 0:
        advisory_lock(f"account:{agreement.account_id}")
    one = AdjustmentIn(agreement, kind, label, amount, against, source, owed_on)
    entry = ledger.post(draft=one.entry(on, accounting_on), at=at, by=by)
    adjustment = one.row(entry, on, at, by)
    adjustment.save(force_insert=True)
    record(MADE, subject=agreement.subject, account=agreement.account_id, by=by, at=at, remark=remark, **one.told)
    if amount.cents < 0:
        relieved(agreement.account, on=on, by=by, at=at)
    return adjustment


@in_transaction
def charge_many(*, charges: Sequence[AdjustmentIn], on: date, by: Actor, at: datetime) -> list[Adjustment]:
    """The batch form of `adjust` for charges without remarks: all or none."""
    assert all(one.amount.cents > 0 for one in charges), "a credit may stop collection, and is given by itself"
    if not charges:
        return []
    entries = ledger.post_many(drafts=[one.entry(on, None) for one in charges], at=at, by=by)
    made = Adjustment.objects.bulk_create(
        one.row(entry, on, at, by) for one, entry in zip(charges, entries, strict=True)
    )
    happened = (Happening(MADE, one.agreement.subject, one.agreement.account_id, one.told) for one in charges)
    record_many(happened, by=by, at=at)
    return made
