"""A deposit at the desk: asked for and applied by anybody; given back or let go within a limit, else by two people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Adjustment
from lamplighter.billing.operations import depositing
from lamplighter.billing.operations.crediting import ALONE, BY_ANOTHER
from lamplighter.billing.rules import CannotBill
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.transactions import in_transaction

APPROVAL = "billing.deposit"


@dataclass(frozen=True, slots=True)
class DepositAct:
    """`held` and `asked` say how its amount changes what is held and what is asked for; `free` needs no limit."""

    label: str
    hint: str
    key: str
    held: int = 0
    asked: int = 0
    free: bool = False


ACTS = {
    "ask": DepositAct("Ask for a deposit", "Due now", "q", asked=1, free=True),
    "apply": DepositAct("Apply it to electric service", "No more than is owed", "y", held=-1, free=True),
    "release": DepositAct("Give it back", "As a credit that can be refunded", "g", held=-1),
    "waive": DepositAct("Let go what was not paid", "", "w", asked=-1),
    "interest": DepositAct("Add interest", "Beside the yearly run", "i", held=1),
}


@in_transaction
def decide_deposit(
    *, account: Account, act: str, amount: Money, remark: str, key: str, on: date, by: Actor, at: datetime
) -> Adjustment | Approval:
    """Do it, or ask for it where `by` may not decide so much alone. The same `key` does it once."""
    if ACTS[act].free:
        return _do(account, act, amount, key, remark, on=on, by=by, at=at)
    return approvals.alone_or_ask(
        do=lambda: _do(account, act, amount, key, remark, on=on, by=by, at=at),
        alone=ALONE, permission=BY_ANOTHER, kind=APPROVAL, subject=account.subject, account=account.pk, amount=amount,
        summary=f"Deposit of account {account.number}: {ACTS[act].label.lower()}, {amount}",
        proposal={"account": account.pk, "act": act, "cents": amount.cents}, remark=remark, on=on, by=by, at=at,
    )  # fmt: skip


@approvals.on_approval(APPROVAL)
def deposit_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """What was asked, on the day on which it is approved."""
    asked = approval.proposal
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    account, amount = Account.objects.get(pk=asked["account"]), Money(asked["cents"])
    _do(account, asked["act"], amount, f"approval-{approval.pk}", "", on=on, by=by, at=at)


def _do(
    account: Account, act: str, amount: Money, source: str, remark: str, *, on: date, by: Actor, at: datetime
) -> Adjustment:
    match act:
        case "ask":
            return depositing.charge_deposit(
                account=account, amount=amount, source=source, on=on, by=by, at=at, remark=remark
            )
        case "apply":
            return depositing.apply_deposit(
                account=account, to=_service(account), amount=amount, source=source, on=on, by=by, at=at, remark=remark
            )
        case "release":
            return depositing.release_deposit(
                account=account, amount=amount, source=source, on=on, by=by, at=at, remark=remark
            )
        case "waive":
            return depositing.waive_deposit(
                account=account, amount=amount, source=source, on=on, by=by, at=at, remark=remark
            )
    assert act == "interest", act
    return depositing.add_interest(account=account, amount=amount, source=source, on=on, by=by, at=at)


def _service(account: Account) -> Agreement:
    """The newest electric service, running or stopped."""
    found = Agreement.objects.filter(account=account, kind=AgreementKind.ENERGY, cancelled_at__isnull=True)
    service = found.order_by("-pk").first()
    if service is None:
        raise CannotBill("billing.deposit", "The account has no electric service to apply it to.")
    return service
