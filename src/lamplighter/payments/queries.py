"""What an account owes by agreement; what a control holds; what a receipt says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from django.db import connection
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Concat

from lamplighter.accounts.models import Account
from lamplighter.accounts.types import TYPES, AgreementKind, AgreementType
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.models import Posting
from lamplighter.ledger.rules import open_debts
from lamplighter.payments.models import (
    BankLine,
    CashOnly,
    ControlTotal,
    Payment,
    PaymentEvent,
    Reversal,
    Tender,
    TenderControl,
    TenderSource,
)
from lamplighter.payments.rules import Owed

TURNED_IN = "turned in"
MOVED = """
SELECT a.id, a.account_id, a.kind, a.subledger_id, p.owed_on, p.current
FROM accounts_agreement a LEFT JOIN LATERAL (
  SELECT owed_on, sum(current) AS current FROM ledger_posting WHERE subledger_id = a.subledger_id GROUP BY owed_on
) AS p ON true
WHERE a.account_id = ANY(%s::bigint[]) AND a.cancelled_at IS NULL ORDER BY a.id
"""
HELD = """
SELECT t.control_id, t.kind, sum(t.amount) FROM payments_tender t
WHERE t.control_id = ANY(%(controls)s::bigint[])
  AND NOT EXISTS (SELECT FROM payments_reversal r WHERE r.event_id = t.event_id AND r.reason <> 'returned')
GROUP BY t.control_id, t.kind
UNION ALL
SELECT control_id, 'turned in', sum(amount) FROM payments_turnin
WHERE control_id = ANY(%(controls)s::bigint[]) GROUP BY control_id
"""


@dataclass(frozen=True, slots=True)
class Receiver:
    """An agreement that money may go to, and where in the books."""

    agreement: int
    type: AgreementType
    subledger: int


def owed_by(account: Account) -> list[Owed]:
    """Every open debt of an account by agreement and age; one query."""
    return owed_by_many([account.pk])[account.pk]


def owed_by_many(accounts: Collection[int]) -> dict[int, list[Owed]]:
    """The same of each of these accounts; one query whatever their number."""
    return receivers_of(accounts)[1]


def receivers_of(accounts: Collection[int]) -> tuple[dict[int, Receiver], dict[int, list[Owed]]]:
    """The agreements of these accounts, by id, and every open debt by account; one query."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED, [list(accounts)])
        rows = cursor.fetchall()
    receivers: dict[int, Receiver] = {}
    owed: dict[int, list[Owed]] = {account: [] for account in accounts}
    for (agreement, account, kind, subledger), several in groupby(rows, key=itemgetter(0, 1, 2, 3)):
        charges, credit = list[tuple[date, Money]](), 0
        for _, _, _, _, day, cents in several:
            if day is not None:
                charges.append((day, Money(int(cents))))
            elif cents is not None:
                credit -= int(cents)
        receivers[agreement] = receiver = Receiver(agreement, TYPES[AgreementKind(kind)], subledger)
        debts, _ = open_debts(charges, Money(credit))
        owed[account] += [Owed(agreement, receiver.type.priority, debt.owed_on, debt.amount) for debt in debts]
    return receivers, owed


def expected_in(control: TenderControl) -> dict[str, Money]:
    """What a control should hold by tender kind; one query. Cash includes the float, without what was turned in.
    Voided events are not in it; what the bank returned later was in it all the same."""
    return expected_in_each([control])[control.pk]


def expected_in_each(controls: Collection[TenderControl]) -> dict[int, dict[str, Money]]:
    """The same of each of these controls; one query whatever their number."""
    held: dict[int, dict[str, Money]] = {control.pk: {"cash": control.opening_float} for control in controls}
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"controls": list(held)})
        rows = cursor.fetchall()
    for pk, kind, cents in rows:
        money = Money(int(cents))
        if kind == TURNED_IN:
            held[pk]["cash"] -= money
        else:
            held[pk][kind] = held[pk].get(kind, ZERO) + money
    return held


def periods() -> QuerySet[TenderControl]:
    """The periods of sources that take payments by themselves, the newest first: what each has (`held`), and whether a
    total was `said` and a difference `explained`."""
    stands = Q(event__reversal__isnull=True) | Q(event__reversal__reason=Reversal.Reason.RETURNED)
    held = Tender.objects.filter(stands, control=OuterRef("pk")).order_by().values("control")
    return (
        TenderControl.objects.exclude(source__kind=TenderSource.Kind.DRAWER)
        .select_related("source")
        .annotate(
            held=Subquery(held.annotate(sum=Sum("amount")).values("sum")),
            said=Exists(ControlTotal.objects.filter(control=OuterRef("pk"))),
            explained=Exists(ControlTotal.objects.filter(control=OuterRef("pk")).exclude(reason="")),
        )
        .order_by("-opened_at", "-pk")
    )


def periods_to_end(*, before: date) -> list[TenderControl]:
    """Open periods of such sources that began before a day (in the utility's zone)."""
    return list(periods().filter(state=TenderControl.State.OPEN, opened_at__date__lt=before))


def periods_to_balance(source: str, *, before: date) -> list[TenderControl]:
    """Periods of a source that began before a day and are not balanced, the oldest first."""
    rows = periods().filter(source=source, opened_at__date__lt=before).exclude(state=TenderControl.State.BALANCED)
    return list(rows.order_by("opened_at", "pk"))


def periods_without_total() -> list[TenderControl]:
    """Ended periods for which no sender has said a total."""
    return list(periods().filter(state=TenderControl.State.BALANCING, totals__isnull=True))


def to_balance(source: TenderSource) -> TenderControl | None:
    """The period of which a sender's total speaks: the oldest that was ended and has none, else the open one."""
    rows = periods().filter(source=source).order_by("opened_at", "pk")
    waiting = rows.filter(state=TenderControl.State.BALANCING, totals__isnull=True).first()
    return waiting or rows.filter(state=TenderControl.State.OPEN).first()


def payments_of(account: Account) -> QuerySet[Payment]:
    return (
        Payment.objects.filter(account=account)
        .select_related("event", "event__reversal")
        .prefetch_related("event__tenders")
        .order_by("-event__received_on", "-id")
    )


def receipt(number: str) -> PaymentEvent | None:
    return (
        PaymentEvent.objects.filter(receipt=number)
        .select_related("reversal")
        .prefetch_related(
            "tenders__control__source", "payments__account", "payments__segments__agreement", "payments__transfers__to"
        )
        .first()
    )


def open_bank_lines() -> QuerySet[BankLine]:
    """Every line of the bank that does not tie to ours, or not to the cent, until somebody has settled it."""
    source = Concat(Value("bank-difference:"), Cast(OuterRef("pk"), CharField()))
    settled = Posting.objects.filter(entry__source=source)
    rows = BankLine.objects.filter(Q(match__isnull=True) | ~Q(match__difference=0)).exclude(Exists(settled))
    return rows.select_related("statement", "match")


def cash_only(accounts: Collection[int], *, on: date) -> dict[int, CashOnly]:
    """Which of these accounts may not pay by check or transfer on a day, and why; one query."""
    rows = CashOnly.objects.filter(account__in=accounts, period__contains=on)
    return {row.account_id: row for row in rows}
