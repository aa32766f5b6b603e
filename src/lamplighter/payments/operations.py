"""Open controls, post payment events, reverse them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.payments import rules
from lamplighter.payments.models import (
    Payment,
    PaymentEvent,
    PaymentSegment,
    Reversal,
    Tender,
    TenderControl,
    TenderSource,
)
from lamplighter.payments.queries import owed_by
from lamplighter.payments.rules import CannotTake, TenderIn
from lamplighter.platform.numbering import next_number
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def define_source(*, key: str, name: str, kind: str, opening_float: Money, gl_code: str) -> TenderSource:
    return TenderSource.objects.update_or_create(
        key=key, defaults={"name": name, "kind": kind, "opening_float": opening_float, "gl_code": gl_code}
    )[0]


@in_transaction
def open_control(*, source: TenderSource, by: Actor, at: datetime) -> TenderControl:
    """Begin a balancing period of a source. One at a time."""
    advisory_lock(f"tender_source:{source.pk}")
    if source.controls.exclude(state=TenderControl.State.BALANCED).exists():
        raise CannotTake(f"{source.name} is open already.")
    control = TenderControl.objects.create(
        source=source, opening_float=source.opening_float, opened_by=by, opened_at=at
    )
    record("payments.control.opened", subject=f"control:{control.pk}", by=by, at=at, source=source.pk)
    return control


@in_transaction
def post_event(
    *,
    control: TenderControl,
    tenders: Sequence[TenderIn],
    payments: Mapping[Account, Money],
    on: date,
    by: Actor,
    at: datetime,
) -> PaymentEvent:
    """Post what arrived: tenders, one payment an account, spread over its agreements; or nothing at all."""
    rules.check_event(tenders, list(payments.values()))
    live = TenderControl.objects.select_for_update(of=("self",)).select_related("source").get(pk=control.pk)
    if live.state != TenderControl.State.OPEN:
        raise CannotTake(f"{live.source.name} is closed. Open it to take payments.")
    event = PaymentEvent.objects.create(receipt=next_number("receipt"), received_on=on, recorded_at=at, recorded_by=by)
    Tender.objects.bulk_create(
        Tender(event=event, control=live, kind=t.kind, amount=t.amount, handed_over=t.handed_over,
               reference=t.reference) for t in tenders
    )  # fmt: skip
    for account, amount in sorted(payments.items(), key=lambda pair: pair[0].pk):
        _pay(event, account, amount, live.source.gl_code, on=on, by=by, at=at)
        record(
            "payments.payment.taken", subject=event.subject, account=account.pk, by=by, at=at, cents=amount.cents,
            tenders=sorted({t.kind for t in tenders}), receipt=event.receipt,
        )  # fmt: skip
    return event


@in_transaction
def reverse_event(*, event: PaymentEvent, reason: str, on: date, by: Actor, at: datetime, remark: str = "") -> Reversal:
    """Undo an event as a whole. Debts come back at their own age."""
    advisory_lock(f"payment_event:{event.pk}")
    if Reversal.objects.filter(event=event).exists():
        raise CannotTake(f"{event} was reversed already.")
    reversal = Reversal.objects.create(event=event, reason=reason, reversed_on=on, recorded_at=at, recorded_by=by)
    for payment in event.payments.select_related("entry"):
        ledger.reverse(
            entry=payment.entry, source=f"reversal:{payment.entry.source}", effective_on=on, accounting_on=on, at=at,
            by=by,
        )  # fmt: skip
        record(
            "payments.payment.reversed", subject=event.subject, account=payment.account_id, by=by, at=at,
            reason=reason, cents=payment.amount.cents, receipt=event.receipt, remark=remark,
        )  # fmt: skip
    return reversal


def _pay(
    event: PaymentEvent, account: Account, amount: Money, gl_code: str, *, on: date, by: Actor, at: datetime
) -> None:
    advisory_lock(f"account:{account.pk}")
    shares, left = rules.distribute(amount, owed_by(account))
    agreements = {a.pk: a for a in Agreement.objects.filter(pk__in=shares)}
    if left.cents > 0:
        excess = _excess_credit(account, on=on, by=by, at=at)
        agreements[excess.pk], shares[excess.pk] = excess, left
    legs = [Leg(gl_code, amount)]
    legs += [Leg(agreements[pk].type.control_code, -share, agreements[pk].subledger_id) for pk, share in shares.items()]
    entry = ledger.post(draft=Draft(f"payment:{event.receipt}:{account.pk}", "payment", on, tuple(legs)), at=at, by=by)
    payment = Payment.objects.create(event=event, account=account, amount=amount, entry_id=entry)
    PaymentSegment.objects.bulk_create(
        PaymentSegment(payment=payment, agreement=agreements[pk], amount=share) for pk, share in shares.items()
    )


def _excess_credit(account: Account, *, on: date, by: Actor, at: datetime) -> Agreement:
    """Where money goes that nothing asks for yet; the next bill uses it."""
    kind = AgreementKind.EXCESS_CREDIT
    found = account.agreements.filter(kind=kind, period__endswith__isnull=True).first()
    return found or accounts.start_agreement(account=account, kind=kind, on=on, by=by, at=at)
