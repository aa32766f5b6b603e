"""Post payment events: one as it comes, or the batch of a source's day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.operations import AgreementIn
from lamplighter.accounts.types import AgreementKind
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.payments import rules
from lamplighter.payments.cash.chain import says_tender
from lamplighter.payments.models import (
    JournalLine,
    Payment,
    PaymentEvent,
    PaymentSegment,
    Tender,
    TenderControl,
)
from lamplighter.payments.operations.journaling import write_lines
from lamplighter.payments.operations.sources import open_one
from lamplighter.payments.queries import owed_by, owed_by_many
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.numbering import next_number, next_numbers
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def post_event(
    *,
    control: TenderControl,
    tenders: Sequence[TenderIn],
    payments: Mapping[Account, Money],
    on: date,
    by: Actor,
    at: datetime,
    directed: Mapping[Agreement, Money] | None = None,
) -> PaymentEvent:
    """Post what arrived: tenders, one payment an account, spread over its agreements; or nothing at all.

    `directed` is what the customer wants for single agreements; the rest is spread by rule.
    """
    rules.check_event(tenders, list(payments.values()))
    live = open_one(control)
    ordered = sorted(payments.items(), key=lambda pair: pair[0].pk)
    borne = rules.by_code(tenders, [amount for _, amount in ordered], live.source.gl_code)
    event = PaymentEvent.objects.create(receipt=next_number("receipt"), received_on=on, recorded_at=at, recorded_by=by)
    taken = Tender.objects.bulk_create(
        Tender(event=event, control=live, kind=t.kind, amount=t.amount, handed_over=t.handed_over,
               reference=t.reference) for t in tenders
    )  # fmt: skip
    write_lines(control=live, lines=[(JournalLine.Act.TENDER, one.pk, says_tender(one)) for one in taken])
    for (account, amount), codes in zip(ordered, borne, strict=True):
        _pay(event, account, amount, codes, directed or {}, on=on, by=by, at=at)
        record(
            "payments.payment.taken", subject=event.subject, account=account.pk, by=by, at=at, cents=amount.cents,
            tenders=sorted({t.kind for t in tenders}), receipt=event.receipt,
        )  # fmt: skip
    return event


@dataclass(frozen=True, slots=True)
class EventIn:
    """What arrived, before it is posted: its tenders, the account or accounts that it pays, when it was taken."""

    tenders: tuple[TenderIn, ...]
    payments: Mapping[Account, Money]
    at: datetime


@in_transaction
def post_events(
    *, control: TenderControl, events: Sequence[EventIn], on: date, by: Actor, at: datetime
) -> list[PaymentEvent]:
    """The batch form of `post_event`, for the events of one control on one day, in order: all or none."""
    if not events:
        return []
    for one in events:
        rules.check_event(one.tenders, list(one.payments.values()))
    live = open_one(control)
    accounts_paid = {account.pk: account for one in events for account in one.payments}
    advisory_lock(*(f"account:{pk}" for pk in accounts_paid))
    receipts = next_numbers("receipt", len(events))
    shares = _shares(events, accounts_paid, on=on, by=by, at=at)
    made = PaymentEvent.objects.bulk_create(
        PaymentEvent(receipt=receipt, received_on=on, recorded_at=one.at, recorded_by=by)
        for one, receipt in zip(events, receipts, strict=True)
    )
    pairs = list(zip(made, events, strict=True))
    taken = Tender.objects.bulk_create(
        Tender(event=event, control=live, kind=t.kind, amount=t.amount, handed_over=t.handed_over,
               reference=t.reference) for event, one in pairs for t in one.tenders
    )  # fmt: skip
    write_lines(control=live, lines=[(JournalLine.Act.TENDER, one.pk, says_tender(one)) for one in taken])
    paid = [(event, account, amount) for event, one in pairs for account, amount in one.payments.items()]
    code = live.source.gl_code
    borne = [codes for one in events for codes in rules.by_code(one.tenders, list(one.payments.values()), code)]
    drafts = [
        _draft(event, account, codes, part, on=on)
        for (event, account, _), codes, part in zip(paid, borne, shares, strict=True)
    ]
    entries = ledger.post_many(drafts=drafts, at=at, by=by)
    payments = Payment.objects.bulk_create(
        Payment(event=event, account=account, amount=amount, entry_id=entry)
        for (event, account, amount), entry in zip(paid, entries, strict=True)
    )
    PaymentSegment.objects.bulk_create(
        PaymentSegment(payment=payment, agreement=agreement, amount=share)
        for payment, part in zip(payments, shares, strict=True) for agreement, share in part.items()
    )  # fmt: skip
    record_many((_taken(event, one, *pair) for event, one in pairs for pair in one.payments.items()), by=by, at=at)
    return made


def _shares(
    events: Sequence[EventIn], paid: Mapping[int, Account], *, on: date, by: Actor, at: datetime
) -> list[dict[Agreement, Money]]:
    """What each agreement receives of each payment, in order; what is left goes to credits, begun where needed."""
    owed = owed_by_many(sorted(paid))
    found: list[tuple[int, dict[int, Money], Money]] = []
    for one in events:
        for account, amount in one.payments.items():
            shares, left = rules.distribute(amount, owed[account.pk])
            owed[account.pk] = rules.less(owed[account.pk], shares)
            found.append((account.pk, shares, left))
    agreements = Agreement.objects.in_bulk({pk for _, shares, _ in found for pk in shares})
    credited = _excess_credits([paid[pk] for pk, _, left in found if left], on=on, by=by, at=at)
    return [
        {agreements[pk]: share for pk, share in shares.items()} | ({credited[account]: left} if left else {})
        for account, shares, left in found
    ]


def _excess_credits(overpaid: Sequence[Account], *, on: date, by: Actor, at: datetime) -> dict[int, Agreement]:
    """The batch form of `excess_credit`, by account."""
    kind = AgreementKind.EXCESS_CREDIT
    rows = Agreement.objects.filter(account__in=overpaid, kind=kind, period__endswith__isnull=True).order_by("-pk")
    found = {row.account_id: row for row in rows} if overpaid else {}
    lacking = {account.pk: account for account in overpaid if account.pk not in found}
    if lacking:
        wanted = [AgreementIn(account, kind, on) for account in lacking.values()]
        found |= {row.account_id: row for row in accounts.start_agreements(agreements=wanted, by=by, at=at)}
    return found


def _taken(event: PaymentEvent, one: EventIn, account: Account, amount: Money) -> Happening:
    data = {"cents": amount.cents, "tenders": sorted({t.kind for t in one.tenders}), "receipt": event.receipt}
    return Happening("payments.payment.taken", event.subject, account.pk, data, one.at)


def _pay(
    event: PaymentEvent,
    account: Account,
    amount: Money,
    codes: Mapping[str, Money],
    directed: Mapping[Agreement, Money],
    *,
    on: date,
    by: Actor,
    at: datetime,
) -> None:
    advisory_lock(f"account:{account.pk}")
    wanted = {agreement.pk: share for agreement, share in directed.items() if agreement.account_id == account.pk}
    shares, left = rules.direct(amount, owed_by(account), wanted)
    agreements = {a.pk: a for a in Agreement.objects.filter(pk__in=shares)}
    if left.cents > 0:
        excess = excess_credit(account, on=on, by=by, at=at)
        agreements[excess.pk], shares[excess.pk] = excess, left
    draft = _draft(event, account, codes, {agreements[pk]: share for pk, share in shares.items()}, on=on)
    entry = ledger.post(draft=draft, at=at, by=by)
    payment = Payment.objects.create(event=event, account=account, amount=amount, entry_id=entry)
    PaymentSegment.objects.bulk_create(
        PaymentSegment(payment=payment, agreement=agreements[pk], amount=share) for pk, share in shares.items()
    )


def _draft(
    event: PaymentEvent, account: Account, codes: Mapping[str, Money], shares: Mapping[Agreement, Money], *, on: date
) -> Draft:
    legs = [Leg(code, amount) for code, amount in codes.items()]
    legs += [Leg(agreement.type.control_code, -share, agreement.subledger_id) for agreement, share in shares.items()]
    return Draft(f"payment:{event.receipt}:{account.pk}", "payment", on, tuple(legs))


def excess_credit(account: Account, *, on: date, by: Actor, at: datetime) -> Agreement:
    """Where money goes that nothing asks for yet; the next bill uses it."""
    kind = AgreementKind.EXCESS_CREDIT
    found = account.agreements.filter(kind=kind, period__endswith__isnull=True).first()
    return found or accounts.start_agreement(account=account, kind=kind, on=on, by=by, at=at)
