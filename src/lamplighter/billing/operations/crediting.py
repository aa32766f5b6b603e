"""Adjust by hand, for a reason: give money back or charge it, alone within one's limit, by a second person above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Agreement
from lamplighter.billing.models import Adjustment
from lamplighter.billing.operations.adjusting import adjust
from lamplighter.billing.rules import CannotBill
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.transactions import in_transaction

APPROVAL = "billing.credit"
ALONE, BY_ANOTHER = "adjustments.ask", "adjustments.approve"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why money is given back (or charged), and the general-ledger code that bears it."""

    label: str
    gl_code: str
    charges: bool = False


REASONS = {
    "late-charge": Reason("Late charge taken back", "revenue-late-charges"),
    "fee": Reason("Fee taken back", "revenue-fees"),
    "goodwill": Reason("Goodwill credit", "goodwill"),
    "billing-error": Reason("Billing error, not billed again", "goodwill"),
    "small-balance": Reason("Small balance let go", "uncollectible"),
    "reconnect-fee": Reason("Reconnection fee", "revenue-fees", charges=True),
    "visit-fee": Reason("Field visit fee", "revenue-fees", charges=True),
    "damage": Reason("Damaged meter or seal", "revenue-fees", charges=True),
    "returned-item": Reason("Returned item fee", "revenue-fees", charges=True),
}


@in_transaction
def credit(
    *,
    agreement: Agreement,
    reason: str,
    amount: Money,
    remark: str,
    key: str,
    on: date,
    by: Actor,
    at: datetime,
) -> Adjustment | Approval:
    """Adjust an agreement as the reason says, or ask for it where `by` may not decide so much alone. The same `key`
    adjusts once."""
    if amount.cents <= 0:
        raise CannotBill("billing.credit", "Enter how much, more than $0.00.")
    return approvals.alone_or_ask(
        do=lambda: _post(agreement, reason, amount, source=key, on=on, by=by, at=at, remark=remark),
        alone=ALONE, permission=BY_ANOTHER, kind=APPROVAL, subject=agreement.subject, account=agreement.account_id,
        amount=amount, summary=f"{REASONS[reason].label}: {amount} to account {agreement.account.number}",
        proposal={"agreement": agreement.pk, "reason": reason, "cents": amount.cents}, remark=remark, on=on, by=by,
        at=at,
    )  # fmt: skip


@approvals.on_approval(APPROVAL)
def credit_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """What was asked, posted on the day on which it is approved."""
    asked = approval.proposal
    _post(
        Agreement.objects.get(pk=asked["agreement"]), asked["reason"], Money(asked["cents"]),
        source=f"approval-{approval.pk}", on=at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date(), by=by, at=at,
    )  # fmt: skip


def _post(
    agreement: Agreement,
    reason: str,
    amount: Money,
    *,
    source: str,
    on: date,
    by: Actor,
    at: datetime,
    remark: str = "",
) -> Adjustment:
    why = REASONS[reason]
    return adjust(
        agreement=agreement, kind=Adjustment.Kind.CHARGE if why.charges else Adjustment.Kind.CREDIT, label=why.label,
        amount=amount if why.charges else -amount, against=why.gl_code, on=on, source=source, by=by, at=at,
        remark=remark,
    )  # fmt: skip
