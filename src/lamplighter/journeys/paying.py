"""Take payments: at the counter once, into the cashier's own drawer, with a receipt; or a batch of a source's day.

Money stops collection in its own transaction. A payment that is undone starts nothing: it is often entered again a
minute later, and no letter may go between. The morning's job looks at whatever is owed again, `reviewing.pass_a_day`,
and a shut-off is judged by the ledger as it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from lamplighter.accounts.models import Account, Agreement
from lamplighter.credit.models import Arrangement
from lamplighter.credit.operations.arranging import bring_home
from lamplighter.credit.queries.directing import directed_by
from lamplighter.journeys.collecting import money_came
from lamplighter.journeys.recovering import recovered
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.payments import operations as payments
from lamplighter.payments.models import Payment, PaymentEvent, Reversal, TenderControl, Transfer
from lamplighter.payments.operations import EventIn
from lamplighter.payments.queries import cash_only
from lamplighter.payments.rules import NOT_CASH, CannotTake, TenderIn
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
    directed: Mapping[Agreement, Money] | None = None,
) -> PaymentEvent:
    """Post an event; the same `key` again answers with the same event and posts nothing.

    A face that has claimed the key of its form already gives none.
    """
    if key is None:
        return _post(control, tenders, payments_to, directed or {}, on=on, by=by, at=at)
    wanted = [(agreement.pk, money.cents) for agreement, money in (directed or {}).items()]
    content = f"{control.pk} {list(tenders)} {[(a.number, m.cents) for a, m in payments_to.items()]} {wanted}"
    earlier = requests.claim(key, by=by, content=content, at=at)
    if earlier is not None:
        return PaymentEvent.objects.get(receipt=earlier)
    event = _post(control, tenders, payments_to, directed or {}, on=on, by=by, at=at)
    requests.answer(key, result=event.receipt)
    return event


@in_transaction
def take_batch(
    *, control: TenderControl, events: Sequence[EventIn], on: date, by: Actor, at: datetime
) -> list[PaymentEvent]:
    """What came by mail, from the bank or the lockbox in one balancing period: all or none."""
    directed = directed_by([(one.tenders, one.payments) for one in events], on=on)
    told = [
        replace(one, directed=shares) if shares and not one.directed else one
        for one, shares in zip(events, directed, strict=True)
    ]
    taken = payments.post_events(control=control, events=told, on=on, by=by, at=at)
    money_came(accounts=[account for one in events for account in one.payments], on=on, by=by, at=at)
    return taken


@in_transaction
def move_payment(
    *, payment: Payment, to: Account, amount: Money, on: date, by: Actor, at: datetime, remark: str = ""
) -> Transfer:
    """Pay the account that was meant with money that went to another; its collection stops as by any payment."""
    moved = payments.move_payment(payment=payment, to=to, amount=amount, on=on, by=by, at=at, remark=remark)
    money_came(accounts=[to], on=on, by=by, at=at)
    _comes_home(payment.event, f"{payment.event.receipt}:{moved.pk}", on=on, by=by, at=at)
    return moved


def _post(
    control: TenderControl,
    tenders: Sequence[TenderIn],
    payments_to: Mapping[Account, Money],
    directed: Mapping[Agreement, Money],
    *,
    on: date,
    by: Actor,
    at: datetime,
) -> PaymentEvent:
    """The money, and in the same transaction the end of whatever collected it."""
    if any(tender.kind in NOT_CASH for tender in tenders):
        _refuse_checks(payments_to, on)
    wanted = directed or directed_by([(tenders, payments_to)], on=on)[0]
    event = payments.post_event(
        control=control, tenders=tenders, payments=payments_to, on=on, by=by, at=at, directed=wanted
    )
    money_came(accounts=payments_to, on=on, by=by, at=at)
    return event


def _refuse_checks(payments_to: Mapping[Account, Money], on: date) -> None:
    barred = cash_only([account.pk for account in payments_to], on=on)
    for account in payments_to:
        if account.pk in barred:
            raise CannotTake(
                f"No checks from account {account.number}: {barred[account.pk].reason}. Take cash or a card."
            )


@in_transaction
def take_back(
    *, event: PaymentEvent, reason: str, on: date, by: Actor, at: datetime, remark: str = "",
    returned: Collection[int] = (),
) -> Reversal:  # fmt: skip
    """Undo a payment, or what the bank `returned` of it (keys of tenders). What it had paid on a plan that is over
    comes home, where it is collected again."""
    reversal = payments.reverse_event(event=event, reason=reason, on=on, by=by, at=at, remark=remark, returned=returned)
    _comes_home(event, event.receipt, on=on, by=by, at=at)
    return reversal


def _comes_home(event: PaymentEvent, source: str, *, on: date, by: Actor, at: datetime) -> None:
    paid = event.payments.values_list("segments__agreement", flat=True)
    for plan in Arrangement.objects.filter(agreement__in=paid, ended_on__isnull=False).select_related("agreement"):
        bring_home(arrangement=plan, source=source, on=on, by=by, at=at)
    recovered(accounts=list(event.payments.values_list("account", flat=True)), on=on, by=by, at=at)
