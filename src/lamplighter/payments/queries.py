"""What an account owes by agreement; what a control holds; what a receipt says."""

from __future__ import annotations

from django.db.models import QuerySet, Sum

from lamplighter.accounts.models import Account
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.models import Posting
from lamplighter.ledger.rules import open_debts
from lamplighter.payments.models import Payment, PaymentEvent, Tender, TenderControl
from lamplighter.payments.rules import Owed


def owed_by(account: Account) -> list[Owed]:
    """Every open debt of an account by agreement and age; two queries."""
    agreements = {a.subledger_id: a for a in account.agreements.filter(cancelled_at__isnull=True)}
    rows: dict[int, list[tuple[object, Money]]] = {key: [] for key in agreements}
    sums = Posting.objects.filter(subledger__in=agreements).values_list("subledger", "owed_on").annotate(Sum("current"))
    for key, day, amount in sums:
        rows[key].append((day, amount))
    owed: list[Owed] = []
    for key, parts in rows.items():
        credit = -sum((amount for day, amount in parts if day is None), ZERO)
        charges = [(day, amount) for day, amount in parts if day is not None]
        debts, _ = open_debts(charges, credit)  # type: ignore[arg-type]
        agreement = agreements[key]
        owed += [Owed(agreement.pk, agreement.type.priority, debt.owed_on, debt.amount) for debt in debts]
    return owed


def expected_in(control: TenderControl) -> dict[str, Money]:
    """What a control should hold by tender kind; reversed events are not in it. Cash includes the float."""
    rows = (
        Tender.objects.filter(control=control, event__reversal__isnull=True).values_list("kind").annotate(Sum("amount"))
    )
    held = dict(rows)
    held["cash"] = held.get("cash", ZERO) + control.opening_float
    return held


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
        .prefetch_related("tenders", "payments__account", "payments__segments__agreement")
        .first()
    )
