"""Raise orders, check them, and cancel them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account
from lamplighter.fieldwork.certificates import ShutOffCertificate
from lamplighter.fieldwork.kinds import FAULTY
from lamplighter.fieldwork.models import Order, Task, Visit
from lamplighter.fieldwork.operations.steps import end_visit, locked, step, tell
from lamplighter.fieldwork.queries.orders import is_served, open_order, site_of
from lamplighter.fieldwork.rules import OPEN, refusals, tasks
from lamplighter.fieldwork.types import CANCEL, NON_PAYMENT, TYPES, OrderKind, Priority
from lamplighter.kernel.actors import Actor
from lamplighter.platform.numbering import next_number
from lamplighter.platform.operations.events import write_remark
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import ServicePoint
from lamplighter.worklist.operations import Draft, finish_where, raise_items
from lamplighter.worklist.rules import Office, due_at


class CannotRaise(Exception):
    """An order is refused; the message is fit to be read aloud."""


class NeedsCertificate(CannotRaise):
    """A disconnect came without the shut-off certificate of its account, point and reason."""


class CannotCancel(Exception):
    """An order can't be cancelled so; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class OrderIn:
    """An order before it exists. `origin` is the act that asks (`desk`, `move`), `origin_key` its `kind:key`."""

    kind: OrderKind
    point: ServicePoint
    not_before: date
    account: Account | None = None
    reason: str = ""
    priority: Priority = Priority.NORMAL
    origin: str = "desk"
    origin_key: str = ""
    instructions: str = ""


@in_transaction
def raise_order(
    *,
    order: OrderIn,
    by: Actor,
    at: datetime,
    certificate: ShutOffCertificate | None = None,
    office: Office | None = None,
) -> Order:
    """An order that can go out. Refused with what stands against it: no reason or certificate, no meter, a switch
    that is so already, or the same order open at the point. Raises CannotRaise, and NeedsCertificate by name."""
    _hold(order, certificate)
    if (other := open_order(order.point, order.kind)) is not None:
        raise CannotRaise(f"Order {other} is open for the same there: {other.get_state_display().lower()}.")
    if against := refusals(order.kind, site_of(order.point, at=at)):
        raise CannotRaise(against)
    return _check(_write(order, certificate, by=by, at=at, office=office), by=by, at=at)


@in_transaction
def request_order(
    *,
    order: OrderIn,
    by: Actor,
    at: datetime,
    certificate: ShutOffCertificate | None = None,
    office: Office | None = None,
) -> Order:
    """The same for another part of the program, which can't mend anything now: an order that is open for the same is
    given back; one that can't go out stands as faulty, and a person is told. Raises NeedsCertificate all the same."""
    _hold(order, certificate)
    other = open_order(order.point, order.kind)
    return other or _check(_write(order, certificate, by=by, at=at, office=office), by=by, at=at)


@in_transaction
def check_again(*, order: Order, by: Actor, at: datetime) -> Order:
    """A faulty order whose cause is gone waits to be done. Raises CannotRaise with the cause that is not."""
    found = locked(order)
    if found.state != Order.State.FAULTY:
        raise CannotRaise(f"Order {found} is {found.get_state_display().lower()}; there is nothing to check.")
    if against := refusals(OrderKind(found.kind), site_of(found.point, at=at)):
        raise CannotRaise(against)
    step(found, Order.State.WAITING, by=by, at=at)
    finish_where(subjects=[found.subject], kind=FAULTY.key, by=by, at=at)
    return found


@in_transaction
def cancel_order(*, order: Order, reason: str, by: Actor, at: datetime, words: str = "") -> Order:
    """Nothing is to be done any more, even where the crew is on its way; its place is free. Raises CannotCancel."""
    found = locked(order)
    if reason not in CANCEL:
        raise CannotCancel(f"Choose why: {', '.join(CANCEL.values())}.")
    if found.state not in OPEN:
        raise CannotCancel(f"Order {found} is {found.get_state_display().lower()} already.")
    remark = write_remark(words, at=at) if words else None
    step(found, Order.State.DISCARDED, by=by, at=at, reason=reason, remark=remark)
    end_visit(found, Visit.End.CANCELLED, by=by, at=at)
    tell("fieldwork.order.cancelled", found, by=by, at=at, reason=reason)
    return found


def _hold(order: OrderIn, certificate: ShutOffCertificate | None) -> None:
    """What no order passes: of two for the same, the second waits until the first is in."""
    reasons = dict(TYPES[order.kind].reasons)
    if reasons and order.reason not in reasons:
        raise CannotRaise(f"Say why: {', '.join(reasons.values())}.")
    if order.kind is OrderKind.DISCONNECT:
        _refuse_uncertified(order, certificate)
    advisory_lock(f"fieldwork.point:{order.point.pk}")


def _refuse_uncertified(order: OrderIn, certificate: ShutOffCertificate | None) -> None:
    """Only a point that nobody has service at, and that no account is named for, is turned off without one."""
    if certificate is None:
        if order.account is None and order.reason != NON_PAYMENT and not is_served(order.point, on=order.not_before):
            return
        raise NeedsCertificate(
            "A disconnect needs a shut-off certificate of its reason; an order alone is refused. Turn the service off "
            "from the customer's account."
        )
    if order.account is None or (certificate.account, certificate.point) != (order.account.pk, order.point.pk):
        raise NeedsCertificate(f"Shut-off certificate {certificate.number} is for another account or service point.")
    if certificate.reason != order.reason:
        raise NeedsCertificate(f"Shut-off certificate {certificate.number} is for another reason.")


def _write(
    order: OrderIn, certificate: ShutOffCertificate | None, *, by: Actor, at: datetime, office: Office | None
) -> Order:
    zone = ZoneInfo(settings.UTILITY_ZONE)
    first = max(at, datetime.combine(order.not_before, time(), zone))
    site = order.point.installations.filter(span__contains=at).select_related("meter").first()
    made = Order.objects.create(
        number=next_number("order"), kind=order.kind, reason=order.reason, priority=order.priority, point=order.point,
        premise=order.point.premise, meter=site.meter if site else None, account=order.account,
        certificate=certificate.number if certificate else "", origin=order.origin, origin_key=order.origin_key,
        not_before=order.not_before,
        due_at=due_at(TYPES[order.kind].due_for(order.priority), first, office or Office(zone)),
        instructions=write_remark(order.instructions, at=at) if order.instructions else None, raised_at=at,
        raised_by=by,
    )  # fmt: skip
    step(made, Order.State.PENDING, by=by, at=at)
    tell("fieldwork.order.raised", made, by=by, at=at, reason=order.reason, origin=order.origin,
         not_before=order.not_before.isoformat())  # fmt: skip
    return made


def _check(order: Order, *, by: Actor, at: datetime) -> Order:
    """Lay out its tasks; where it can't go out it is faulty, and somebody is told."""
    site, kind = site_of(order.point, at=at), OrderKind(order.kind)
    Task.objects.bulk_create(
        Task(order=order, serial=serial, act=act) for serial, act in enumerate(tasks(kind, site), start=1)
    )
    against = refusals(kind, site)
    if not against:
        return step(order, Order.State.WAITING, by=by, at=at)
    step(order, Order.State.FAULTY, by=by, at=at)
    draft = Draft(FAULTY.key, order.subject, f"{order.type.label}: {against}"[:200], account=order.account_id)
    raise_items(drafts=[draft], by=by, at=at)
    return order
