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
from lamplighter.notices.models import Notice
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import ServicePoint

OF_THE_ACCOUNT = frozenset({"served", "successor", "debt", "holds", "arrangement", "extension", "notice", "tenants"})
"""Checks that money, a promise, a protection, a move, tenants or returned mail change for days. The weather or the hour
only makes an order wait: the crew is told at the door."""
PAID = frozenset({"debt", "holds", "arrangement", "extension"})


@in_transaction
def recall(*, accounts: Collection[int], by: Actor, at: datetime) -> list[Order]:
    """Disconnects for non-payment of these accounts that are not to be done any more; whoever calls holds their locks.
    One query where none is open."""
    waiting = Order.objects.filter(
        account__in=accounts, kind=OrderKind.DISCONNECT, reason=NON_PAYMENT, state__in=OPEN
    ).order_by("pk")
    return [
        cancel_order(order=order, reason="paid" if why[0] in PAID else "not-needed", words=why[1], by=by, at=at)
        for order in waiting
        if (why := _why(order, at)) is not None
    ]


@in_transaction
def recall_at(*, points: Collection[ServicePoint], by: Actor, at: datetime) -> list[Order]:
    """Somebody begins service at these points: nobody comes any more for the debt of whoever had it before."""
    owed = Order.objects.filter(
        point__in=points, kind=OrderKind.DISCONNECT, reason=NON_PAYMENT, state__in=OPEN, account__isnull=False
    )
    accounts = sorted(set(owed.values_list("account", flat=True)))
    advisory_lock(*(f"account:{pk}" for pk in accounts))
    return recall(accounts=accounts, by=by, at=at) if accounts else []


def hold_recipient(notice: Notice) -> None:
    """The account before its notices, as everybody who writes to it takes them."""
    if notice.account is not None:
        advisory_lock(f"account:{notice.account}")


@in_transaction
def recall_untold(*, notice: Notice, by: Actor, at: datetime) -> list[Order]:
    """A notice came back: nobody is turned off on it. Whoever calls holds the account (`hold_recipient`)."""
    return recall(accounts=[notice.account], by=by, at=at) if notice.account is not None else []


def _why(order: Order, at: datetime) -> tuple[str, str] | None:
    """The check that fails for good, and its words."""
    found = certificate_of(order.certificate)
    if found is None:
        return "", "Its certificate is not known."
    _, decision = judge(found.agreement, reason=Reason(found.reason), at=at)
    return next(((one.code, one.says) for one in decision.refusals if one.code in OF_THE_ACCOUNT), None)
