"""Bill an account for something that is not service: alone within one's limit, by a second person above it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Bill
from lamplighter.billing.operations.crediting import ALONE, BY_ANOTHER
from lamplighter.billing.rules import CannotBill
from lamplighter.journeys.charging import invoice
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.transactions import in_transaction

APPROVAL = "billing.invoice"
FEES = "revenue-fees"
WHAT = {
    "damage": "Damage to our property",
    "work": "Work done for you",
    "visit": "A visit or read at another time",
    "records": "Copies of records",
}
"""What is billed besides service, as the invoice names it."""


@in_transaction
def ask_invoice(
    *, account: Account, what: str, words: str, amount: Money, remark: str, key: str, on: date, by: Actor, at: datetime
) -> Bill | Approval:
    """An invoice, or the request for it where `by` may not charge so much alone. Raises CannotBill.

    Each request is one of its own, told apart by its `key`: two invoices wait side by side, the same one once.
    """
    if amount.cents <= 0:
        raise CannotBill("billing.invoice", "Enter how much, more than $0.00. To give money back, adjust or refund.")
    label = f"{WHAT[what]}: {words.strip()}"
    return approvals.alone_or_ask(
        do=lambda: invoice(
            account=account, label=label, amount=amount, gl_code=FEES, on=on, by=by, at=at, remark=remark
        ),
        alone=ALONE, permission=BY_ANOTHER, kind=APPROVAL, subject=f"invoice:{key}", account=account.pk, amount=amount,
        summary=f"Invoice of {amount} to account {account.number}",
        proposal={"account": account.pk, "label": label, "cents": amount.cents}, remark=remark, on=on, by=by, at=at,
    )  # fmt: skip


@approvals.on_approval(APPROVAL)
def invoice_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """What was asked, issued on the day on which it is approved."""
    asked = approval.proposal
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    account = Account.objects.get(pk=asked["account"])
    invoice(account=account, label=asked["label"], amount=Money(asked["cents"]), gl_code=FEES, on=on, by=by, at=at)
