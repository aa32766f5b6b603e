"""Send a receipt to the customer by email or text, in their language."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.queries import balances
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.composing import compose
from lamplighter.notices.operations.deliveries import queue
from lamplighter.notices.queries.drafts import CannotCompose, Request, drafts
from lamplighter.payments.models import PaymentEvent
from lamplighter.platform.transactions import advisory_lock, in_transaction

SEVERAL = "several"
METHODS = {"transfer": "bank"}


@in_transaction
def send_receipt(
    *, event: PaymentEvent, account: Account, channel: Channel, address: str, on: date, by: Actor, at: datetime
) -> Notice:
    """Compose and queue the receipt of one account's part of a payment. Raises CannotCompose with the reason."""
    known = profile(account, on=on)
    if known.customer is None:
        raise CannotCompose("Nobody is the customer of this account now. Print the receipt instead.")
    advisory_lock(f"receipt:{event.pk}")
    amount = sum((p.amount for p in event.payments.all() if p.account_id == account.pk), ZERO)
    values: dict[str, str | date | Money] = {
        "amount": amount, "paid": event.received_on, "receipt": f"R-{event.receipt}",
        "balance": sum((one.current for one in balances(known.subledgers).values()), ZERO),
    }  # fmt: skip
    if channel is Channel.EMAIL:
        values |= {"customer": known.customer.name, "account": account.number, "method": _method(event)}
    times = Notice.objects.filter(subject=event.subject).count()
    made = drafts([
        Request(
            "payment-receipt", channel, Language(known.customer.language), f"receipt:{event.receipt}:{times}",
            event.subject, f"person:{known.customer.number}", (address,), values, account=account.pk,
        )
    ])  # fmt: skip
    if made.refused:
        raise CannotCompose(str(made.refused[0].finding))
    notices = compose(drafts=made.drafts, by=by, at=at)
    queue(notices=notices, by=by, at=at)
    return notices[0]


def _method(event: PaymentEvent) -> str:
    kinds = {tender.kind for tender in event.tenders.all()}
    only = kinds.pop() if len(kinds) == 1 else SEVERAL
    return METHODS.get(only, only)
