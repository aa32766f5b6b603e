"""What an account owes by agreement; what a control holds; what a receipt says."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet, Sum

from lamplighter.accounts.models import Account, Agreement
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.models import Posting
from lamplighter.ledger.rules import open_debts
from lamplighter.payments.models import CashOnly, Payment, PaymentEvent, Reversal, Tender, TenderControl, TurnIn
from lamplighter.payments.rules import Owed


def owed_by(account: Account) -> list[Owed]:
    """Every open debt of an account by agreement and age; two queries."""
    return owed_by_many([account.pk])[account.pk]


def owed_by_many(accounts: Collection[int]) -> dict[int, list[Owed]]:
    """The same of each of these accounts; two queries whatever their number."""
    rows = Agreement.objects.filter(account__in=accounts, cancelled_at__isnull=True).order_by("pk")
    agreements = {a.subledger_id: a for a in rows}
    moved: dict[int, list[tuple[object, Money]]] = {key: [] for key in agreements}
    sums = Posting.objects.filter(subledger__in=agreements).values_list("subledger", "owed_on").annotate(Sum("current"))
    for key, day, amount in sums:
        moved[key].append((day, amount))
    owed: dict[int, list[Owed]] = {account: [] for account in accounts}
    for key, parts in moved.items():
        credit = -sum((amount for day, amount in parts if day is None), ZERO)
        charges = [(day, amount) for day, amount in parts if day is not None]
        debts, _ = open_debts(charges, credit)  # type: ignore[arg-type]
        agreement = agreements[key]
        owed[agreement.account_id] += [
            Owed(agreement.pk, agreement.type.priority, debt.owed_on, debt.amount) for debt in debts
        ]
    return owed


def expected_in(control: TenderControl) -> dict[str, Money]:
    """What a control should hold by tender kind. Cash includes the float, without what
    was turned in. Voided events are not in it; what the bank
    returned later was in it all the same."""
    here = Q(event__reversal__isnull=True) | Q(event__reversal__reason=Reversal.Reason.RETURNED)
    rows = Tender.objects.filter(here, control=control).values_list("kind").annotate(Sum("amount"))
    held = dict(rows)
    turned = TurnIn.objects.filter(control=control).aggregate(sum=Sum("amount"))["sum"] or ZERO
    held["cash"] = held.get("cash", ZERO) + control.opening_float - turned
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
        .prefetch_related(
            "tenders__control__source", "payments__account", "payments__segments__agreement", "payments__transfers__to"
        )
        .first()
    )


def cash_only(accounts: Collection[int], *, on: date) -> dict[int, CashOnly]:
    """Which of these accounts may not pay by check or transfer on a day, and why; one query."""
    rows = CashOnly.objects.filter(account__in=accounts, period__contains=on)
    return {row.account_id: row for row in rows}
