"""Give power back: what it takes, service by service; by itself when money comes, and as a person asks for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account, Agreement, AgreementPoint
from lamplighter.billing.models import Adjustment
from lamplighter.billing.operations.adjusting import adjust
from lamplighter.credit.law.days import why_not_at
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.queries.certificates import weather_of
from lamplighter.credit.queries.debts import past_due
from lamplighter.credit.queries.deposits import standing_of
from lamplighter.credit.queries.reconnecting import reconnect_policy
from lamplighter.credit.queries.standing import arrangement_of, extension_of, hardship_of, holds_on, law
from lamplighter.credit.rules.facts import Reason
from lamplighter.credit.rules.reconnecting import Off, ReconnectPolicy, Restoration, what_restores
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.operations.ordering import OrderIn, request_order
from lamplighter.fieldwork.queries.orders import open_order
from lamplighter.fieldwork.types import OrderKind, Priority
from lamplighter.journeys.wiring import by_wire
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money, total
from lamplighter.metering.models import SwitchState
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

REASONS = {"customer-request": Reason.REQUEST}


class CannotRestore(Exception):
    """Power can't be given back yet; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class ServiceOff:
    """A point of a service that is off: since when, by which order, what restores it by which policy, and the order
    that does."""

    agreement: Agreement
    point: AgreementPoint
    since: datetime
    order: Order | None
    restoration: Restoration
    policy: ReconnectPolicy
    under_way: Order | None = None


def services_off(account: Account, *, at: datetime, cleared: bool = False) -> list[ServiceOff]:
    """Every point of the account's services whose switch is off by an order; one query where none is."""
    found = []
    rows = _off([account.pk], at)
    policy = reconnect_policy(on=_day(at)) if rows else ReconnectPolicy()
    for row, since in rows:
        order = _turned_off_by(row, since)
        found.append(
            ServiceOff(
                row.agreement, row, since, order,
                what_restores(_facts(row.agreement, order, at=at, cleared=cleared), policy), policy,
                open_order(row.point, OrderKind.RECONNECT),
            )
        )  # fmt: skip
    return found


@in_transaction
def restore(
    *, account: Account, on: date, by: Actor, at: datetime, cleared: bool = False, safe: bool = False,
    after_hours: bool = False,
) -> list[Order]:  # fmt: skip
    """A person asks for it: an urgent order at each point that is off, and the fees on the next bill. `safe`: somebody
    at home said that the load side is. Raises CannotRestore with what is needed first."""
    advisory_lock(f"account:{account.pk}")
    off = [one for one in services_off(account, at=at, cleared=cleared) if one.under_way is None]
    if not off:
        raise CannotRestore("Nothing of this account is off, or it is on its way back.")
    waits = next((one for one in off if not one.restoration.ready), None)
    if waits is not None:
        raise CannotRestore(waits.restoration.words)
    return [_give_back(one, on=on, by=by, at=at, wire=safe, after_hours=after_hours) for one in off]


@in_transaction
def restore_where_paid(*, accounts: Collection[int], on: date, by: Actor, at: datetime) -> list[Order]:
    """In the transaction of the payment or promise: whatever was off for non-payment and needs nothing more comes back
    at once, without a charge for the hour. One query where nothing is off."""
    given = []
    for account in sorted({row.agreement.account_id for row, _ in _off(accounts, at)}):
        for one in services_off(Account.objects.get(pk=account), at=at):
            by_debt = one.order is not None and _reason(one.order) is Reason.NON_PAYMENT
            if by_debt and one.restoration.ready and one.under_way is None:
                given.append(_give_back(one, on=on, by=by, at=at, wire=one.policy.wire_unasked))
    return given


@in_transaction
def undo(*, order: Order, on: date, by: Actor, at: datetime) -> Order | None:
    """A disconnect was done that was not to be done: power comes back at once and free. Nothing where nobody has
    service there."""
    row = AgreementPoint.objects.filter(
        point=order.point_id, use=AgreementPoint.Use.ADD, period__contains=on, agreement__cancelled_at__isnull=True
    ).select_related("agreement__account", "point").first()  # fmt: skip
    if row is None:
        return None
    wanted = _order_in(row, order, on, "Turned off although it was not to be: free of charge.")
    made = request_order(order=wanted, by=by, at=at)
    _tell(row.agreement, made, by=by, at=at, free=True)
    by_wire(order=made, by=by, at=at)
    return made


def _give_back(
    one: ServiceOff, *, on: date, by: Actor, at: datetime, wire: bool, after_hours: bool = False
) -> Order:  # fmt: skip
    free = one.restoration.free or not one.restoration.next_bill
    words = "Free of charge." if free else ""
    order = request_order(order=_order_in(one.point, one.order, on, words), by=by, at=at)
    if not free:
        _charge(one.agreement, "Reconnection fee", one.policy.fee, f"reconnect:{order.number}", on=on, by=by, at=at)
        if after_hours and one.policy.after_hours and not _office_open(at):
            _charge(
                one.agreement, "Reconnection after hours", one.policy.after_hours, f"after-hours:{order.number}",
                on=on, by=by, at=at,
            )  # fmt: skip
    _tell(one.agreement, order, by=by, at=at, free=free)
    if wire:
        by_wire(order=order, by=by, at=at)
    return order


def _charge(
    agreement: Agreement, label: str, amount: Money, source: str, *, on: date, by: Actor, at: datetime
) -> None:  # fmt: skip
    adjust(
        agreement=agreement, kind=Adjustment.Kind.FEE, label=label, amount=amount,
        against="revenue-fees", on=on, source=source, by=by, at=at,
    )  # fmt: skip


def _order_in(row: AgreementPoint, order: Order | None, on: date, words: str) -> OrderIn:
    return OrderIn(
        kind=OrderKind.RECONNECT, point=row.point, not_before=on, account=row.agreement.account,
        priority=Priority.URGENT, origin="credit", origin_key=order.subject if order else row.agreement.subject,
        instructions=words,
    )  # fmt: skip


def _tell(agreement: Agreement, order: Order, *, by: Actor, at: datetime, free: bool) -> None:
    record(
        "credit.service.restoring", subject=order.subject, account=agreement.account_id, by=by, at=at, free=free,
        order=order.number,
    )  # fmt: skip


def _off(accounts: Collection[int], at: datetime) -> list[tuple[AgreementPoint, datetime]]:
    """Points of services that run whose switch an order turned off, with the instant; one query where none is."""
    day = _day(at)
    served = AgreementPoint.objects.filter(
        agreement__account__in=accounts, use=AgreementPoint.Use.ADD, period__contains=day,
        agreement__cancelled_at__isnull=True,
    )  # fmt: skip
    states = SwitchState.objects.filter(
        point__in=served.values("point"), state=SwitchState.State.OFF, span__contains=at
    )
    since = {state.point_id: state.span.start for state in states}
    if not since:
        return []
    rows = served.filter(point__in=since).select_related("agreement__account", "agreement__premise", "point__premise")
    return [(row, since[row.point_id]) for row in rows.order_by("pk")]


def _turned_off_by(row: AgreementPoint, since: datetime) -> Order | None:
    """The newest disconnect of this account there whose crew or command said that it is off."""
    rows = Order.objects.filter(point=row.point_id, account=row.agreement.account_id, kind=OrderKind.DISCONNECT)
    return rows.filter(reports__outcome="done", reports__found_at__lte=since).order_by("-pk").first()


def _reason(order: Order) -> Reason:
    return REASONS.get(order.reason) or Reason(order.reason)


def _facts(agreement: Agreement, order: Order | None, *, at: datetime, cleared: bool) -> Off:
    on = _day(at)
    account = agreement.account
    heat, cites = _heat(agreement, on, at)
    return Off(
        reason=_reason(order) if order else Reason.REQUEST,
        past_due=total(part.amount for part in past_due(account, on=on) if part.agreement == agreement.pk),
        spared=order is not None and order.state == Order.State.DISCARDED,
        plan_runs=arrangement_of(account) is not None, promise_runs=extension_of(account) is not None,
        holds=tuple(HoldKind(hold.kind) for hold in holds_on(account, on=on)), heat=heat, heat_cites=cites,
        serves=on in agreement.period, cleared=cleared, office_open=_office_open(at),
        deposit=standing_of(account, on=on).recommendation.amount, hardship=hardship_of(account, on=on) is not None,
    )  # fmt: skip


def _heat(agreement: Agreement, on: date, at: datetime) -> tuple[str, str]:
    """The alert of today for which the law gives power back, and the law."""
    rule, seen = law(on=on).heat_alerts, weather_of(agreement, at)
    alerts: Sequence[str] = [one.name for one in seen.alerts if on in one.days] if seen else []
    return next((name for name in alerts if name in rule.value), ""), rule.cites


def _office_open(at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(settings.UTILITY_ZONE))
    return why_not_at(local, law(on=local.date())) is None


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
