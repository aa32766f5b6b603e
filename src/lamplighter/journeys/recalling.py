"""Call a disconnect back in the transaction that takes its ground away: before the truck, and on the way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from lamplighter.credit.queries.certificates import judge
from lamplighter.credit.rechecking import certificate_of
from lamplighter.credit.rules.facts import Reason
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.operations.ordering import cancel_order
from lamplighter.fieldwork.rules import OPEN
from lamplighter.fieldwork.types import NON_PAYMENT, OrderKind
from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import in_transaction

OF_THE_ACCOUNT = frozenset({"debt", "holds", "arrangement", "extension", "notice"})
"""Checks that money, a promise or a protection changes for good. The weather or the hour only makes an order wait."""


@in_transaction
def recall(*, accounts: Collection[int], by: Actor, at: datetime) -> list[Order]:
    """Disconnects for non-payment of these accounts that are not to be done any more; whoever calls holds their locks.
    One query where none is open."""
    waiting = Order.objects.filter(
        account__in=accounts, kind=OrderKind.DISCONNECT, reason=NON_PAYMENT, state__in=OPEN
    ).order_by("pk")
    return [
        cancel_order(order=order, reason="paid", words=why, by=by, at=at)
        for order in waiting
        if (why := _why(order, at))
    ]


def _why(order: Order, at: datetime) -> str:
    found = certificate_of(order.certificate)
    if found is None:
        return "Its certificate is not known."
    _, decision = judge(found.agreement, reason=Reason(found.reason), at=at)
    return next((check.says for check in decision.refusals if check.code in OF_THE_ACCOUNT), "")
