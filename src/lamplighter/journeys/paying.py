"""Take a payment at the counter: once, into the cashier's own drawer, with a receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from lamplighter.accounts.models import Account
from lamplighter.journeys.collecting import money_came
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.payments import operations as payments
from lamplighter.payments.models import PaymentEvent, TenderControl
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.operations import requests
from lamplighter.platform.transactions import in_transaction


@in_transaction
def take_payment(
    *,
    key: UUID | None,
    control: TenderControl,
    tenders: Sequence[TenderIn],
    payments_to: Mapping[Account, Money],
    on: date,
    by: Actor,
    at: datetime,
) -> PaymentEvent:
    """Post an event; the same `key` again answers with the same event and posts nothing.

    A face that has claimed the key of its form already gives none.
    """
    if key is None:
        return _post(control, tenders, payments_to, on=on, by=by, at=at)
    content = f"{control.pk} {list(tenders)} {[(a.number, m.cents) for a, m in payments_to.items()]}"
    earlier = requests.claim(key, by=by, content=content, at=at)
    if earlier is not None:
        return PaymentEvent.objects.get(receipt=earlier)
    event = _post(control, tenders, payments_to, on=on, by=by, at=at)
    requests.answer(key, result=event.receipt)
    return event


def _post(
    control: TenderControl,
    tenders: Sequence[TenderIn],
    payments_to: Mapping[Account, Money],
    *,
    on: date,
    by: Actor,
    at: datetime,
) -> PaymentEvent:
    """The money, and in the same transaction the end of whatever collected it."""
    event = payments.post_event(control=control, tenders=tenders, payments=payments_to, on=on, by=by, at=at)
    money_came(accounts=payments_to, on=on, by=by, at=at)
    return event
