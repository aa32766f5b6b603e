"""Post payment events: one as it comes, or the batch of a source's day; all their rows are written together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db import IntegrityError, connection

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.operations import AgreementIn
from lamplighter.accounts.types import AgreementKind
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg, refusal
from lamplighter.payments import rules
from lamplighter.payments.models import PaymentEvent, TenderControl
from lamplighter.payments.operations.sources import refuse_closed
from lamplighter.payments.queries import Receiver, receivers_of
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.copying import copy_in, written_together
from lamplighter.platform.numbering import with_check_digit
from lamplighter.platform.operations.events import Happening, record_many
from lamplighter.platform.transactions import LOCK_ACCOUNTS, in_transaction

BEGUN = """
SELECT held.state, held.name, held.gl_code, {locked}, {drawn}
FROM (
  SELECT c.state, s.name, s.gl_code
  FROM payments_tendercontrol c JOIN payments_tendersource s ON s.key = c.source_id
  WHERE c.id = %s FOR SHARE OF c
) AS held
"""
"""The control is held before the accounts, as whoever reverses a payment holds them: the other way round two would wait
for each other."""
SEQUENCES = ("number_receipt", "payments_paymentevent_id_seq", "payments_payment_id_seq", "ledger_entry_id_seq")
BEGUN_ONE = BEGUN.format(
    locked="pg_advisory_xact_lock(hashtextextended('account:' || %s, 0))",
    drawn=", ".join(f"ARRAY[nextval('{each}')]" for each in SEQUENCES),
)
BEGUN_MANY = BEGUN.format(
    locked=f"(SELECT count(*) FROM ({LOCK_ACCOUNTS}) AS locked)",  # noqa: S608 - constants of our own
    drawn=", ".join(f"ARRAY(SELECT nextval('{each}') FROM generate_series(1, %s))" for each in SEQUENCES),  # noqa: S608
)
"""A question of so many parts takes three times as long to be planned as that of a single payment."""


@dataclass(frozen=True, slots=True)
class EventIn:
    """What arrived, before it is posted: its tenders, the account or accounts that it pays, when it was taken.
    `directed` is what the customer wants for single agreements; the rest is spread by rule."""

    tenders: tuple[TenderIn, ...]
    payments: Mapping[Account, Money]
    at: datetime
    directed: Mapping[Agreement, Money] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Payment:
    """What one account receives of an event: borne by which codes, and the share of each agreement."""

    event: PaymentEvent
    given: EventIn
    id: int
    account: Account
    amount: Money
    codes: Mapping[str, Money]
    shares: Sequence[tuple[Receiver, Money]]

    @property
    def entry(self) -> Draft:
        legs = [Leg(code, amount) for code, amount in self.codes.items()]
        legs += [Leg(to.type.control_code, -share, to.subledger) for to, share in self.shares]
        source = f"payment:{self.event.receipt}:{self.account.pk}"
        return Draft(source, "payment", self.event.received_on, tuple(legs))

    @property
    def happening(self) -> Happening:
        data = {
            "cents": self.amount.cents,
            "tenders": sorted({tender.kind for tender in self.given.tenders}),
            "receipt": self.event.receipt,
        }
        return Happening("payments.payment.taken", self.event.subject, self.account.pk, data, self.given.at)


class _Begun(NamedTuple):
    """The general-ledger code of the control's source; numbers and ids for what will be written."""

    gl_code: str
    receipts: list[str]
    events: list[int]
    payments: list[int]
    entries: list[int]


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
    ordered = dict(sorted(payments.items(), key=lambda pair: pair[0].pk))
    one = EventIn(tuple(tenders), ordered, at, directed or {})
    return post_events(control=control, events=[one], on=on, by=by, at=at)[0]


@in_transaction
def post_events(
    *, control: TenderControl, events: Sequence[EventIn], on: date, by: Actor, at: datetime
) -> list[PaymentEvent]:
    """The batch form of `post_event`, for the events of one control on one day, in order: all or none."""
    if not events:
        return []
    for one in events:
        rules.check_event(one.tenders, list(one.payments.values()))
    paid = {account.pk: account for one in events for account in one.payments}
    begun = _begun(control, paid, len(events), sum(len(one.payments) for one in events))
    shares = _shares(events, paid, on=on, by=by, at=at)
    names = ("id", "receipt", "received_on", "recorded_at", "recorded_by")
    made = [
        PaymentEvent.from_db(connection.alias, names, (pk, receipt, on, one.at, by))
        for pk, receipt, one in zip(begun.events, begun.receipts, events, strict=True)
    ]
    gl_code = begun.gl_code
    borne = [codes for one in events for codes in rules.by_code(one.tenders, list(one.payments.values()), gl_code)]
    ids = iter(begun.payments)
    whose = [
        (event, one, next(ids), *pair) for event, one in zip(made, events, strict=True) for pair in one.payments.items()
    ]
    payments = [_Payment(*told, codes, part) for told, codes, part in zip(whose, borne, shares, strict=True)]
    try:
        with written_together():
            _write(control, list(zip(made, events, strict=True)), payments, begun.entries, by=by, at=at)
    except IntegrityError as refused:
        raise refusal(refused) from refused
    return made


def excess_credit(account: Account, *, on: date, by: Actor, at: datetime) -> Agreement:
    """Where money goes that nothing asks for yet; the next bill uses it."""
    return _excess_credits([account], on=on, by=by, at=at)[account.pk]


def _begun(control: TenderControl, accounts: Iterable[int], events: int, payments: int) -> _Begun:
    """Until the transaction ends the accounts are ours and the control stays open, while others may pay into it too;
    all by one question. Refuses a control that is closed."""
    paid = list(accounts)
    with connection.cursor() as cursor:
        if payments == 1:
            cursor.execute(BEGUN_ONE, (*paid, control.pk))
        else:
            cursor.execute(BEGUN_MANY, (paid, events, events, payments, payments, control.pk))
        ((state, name, gl_code, _, receipts, *drawn),) = cursor.fetchall()
    refuse_closed(state, name)
    return _Begun(gl_code, [with_check_digit(serial) for serial in receipts], *drawn)


def _write(
    control: TenderControl,
    events: Sequence[tuple[PaymentEvent, EventIn]],
    payments: Sequence[_Payment],
    drawn: Sequence[int],
    *,
    by: Actor,
    at: datetime,
) -> None:
    entries = ledger.post_many(drafts=[one.entry for one in payments], at=at, by=by, drawn=drawn)
    with connection.cursor() as cursor:
        copy_in(
            cursor,
            "payments_paymentevent (id, receipt, received_on, recorded_at, recorded_by)",
            ((event.pk, event.receipt, event.received_on, one.at, by) for event, one in events),
        )
        copy_in(
            cursor,
            "payments_payment (id, event_id, account_id, amount, entry_id)",
            (
                (one.id, one.event.pk, one.account.pk, one.amount.cents, entry)
                for one, entry in zip(payments, entries, strict=True)
            ),
        )
        copy_in(
            cursor,
            "payments_paymentsegment (payment_id, agreement_id, amount)",
            ((one.id, to.agreement, share.cents) for one in payments for to, share in one.shares),
        )
        record_many((one.happening for one in payments), by=by, at=at)
        copy_in(
            cursor,
            "payments_tender (event_id, control_id, kind, amount, handed_over, reference)",
            (
                (event.pk, control.pk, t.kind, t.amount.cents, t.handed_over.cents, t.reference)
                for event, one in events
                for t in one.tenders
            ),
        )


def _shares(
    events: Sequence[EventIn], paid: Mapping[int, Account], *, on: date, by: Actor, at: datetime
) -> list[list[tuple[Receiver, Money]]]:
    """What each agreement receives of each payment, in order; what is left goes to credits, begun where needed."""
    receivers, owed = receivers_of(sorted(paid))
    found: list[tuple[int, dict[int, Money], Money]] = []
    again = sum(len(one.payments) for one in events) > len(paid)
    for one in events:
        for account, amount in one.payments.items():
            pk = account.pk
            wanted = {to.pk: share for to, share in one.directed.items() if to.account_id == pk}
            shares, left = rules.direct(amount, owed[pk], wanted)
            if again:
                owed[pk] = rules.less(owed[pk], shares)
            found.append((pk, shares, left))
    credited = _excess_credits((paid[pk] for pk, _, left in found if left), on=on, by=by, at=at)
    return [
        [*((receivers[pk], share) for pk, share in shares.items()), *_rest(credited.get(account), left)]
        for account, shares, left in found
    ]


def _rest(credit: Agreement | None, left: Money) -> Iterator[tuple[Receiver, Money]]:
    if left:
        assert credit is not None, "what is left has a credit to go to"
        yield Receiver(credit.pk, credit.type, credit.subledger_id), left


def _excess_credits(overpaid: Iterable[Account], *, on: date, by: Actor, at: datetime) -> dict[int, Agreement]:
    """Where money goes that nothing asks for yet, by account."""
    several = {account.pk: account for account in overpaid}
    if not several:
        return {}
    kind = AgreementKind.EXCESS_CREDIT
    rows = Agreement.objects.filter(account__in=several, kind=kind, period__endswith__isnull=True).order_by("-pk")
    found = {row.account_id: row for row in rows}
    lacking = [account for pk, account in several.items() if pk not in found]
    if lacking:
        wanted = [AgreementIn(account, kind, on) for account in lacking]
        found |= {row.account_id: row for row in accounts.start_agreements(agreements=wanted, by=by, at=at)}
    return found
