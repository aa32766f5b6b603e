"""The bank sends an item back: the debt is owed again at its own age, with the fee; after two, only cash is taken."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Adjustment
from lamplighter.billing.operations.adjusting import adjust
from lamplighter.journeys.paying import take_back
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.payments.models import PaymentEvent, Reversal, Tender
from lamplighter.payments.operations import begin_cash_only
from lamplighter.payments.rules import CASH_ONLY_DAYS, CASH_ONLY_FROM, LOOK_BACK_DAYS, CannotTake, returned_item_fee
from lamplighter.platform.transactions import in_transaction

LABEL = "Returned item fee"


@in_transaction
def return_item(
    *, event: PaymentEvent, on: date, by: Actor, at: datetime, remark: str = "", fee: bool = True
) -> Reversal:
    """Reverse what came back, charge its fee to the account that it paid first, and bar checks after the second in a
    year. Cash does not come back."""
    if set(event.tenders.values_list("kind", flat=True)) == {Tender.Kind.CASH}:
        raise CannotTake("Cash does not come back from the bank.")
    reversal = take_back(event=event, reason=Reversal.Reason.RETURNED, on=on, by=by, at=at, remark=remark)
    payments = list(event.payments.select_related("account").order_by("id"))
    for place, payment in enumerate(payments):
        times = returned_before(payment.account, since=on - timedelta(days=LOOK_BACK_DAYS))
        if fee and place == 0:
            _charge(payment.account, event.receipt, times, on=on, by=by, at=at)
        if times >= CASH_ONLY_FROM:
            period = Period(on, on + timedelta(days=CASH_ONLY_DAYS))
            reason = f"{times} payments came back within a year"
            begin_cash_only(account=payment.account, period=period, reason=reason, by=by, at=at)
    return reversal


def returned_before(account: Account, *, since: date) -> int:
    """How many of an account's payments the bank returned since a day, this one included."""
    reason = Reversal.Reason.RETURNED
    return Reversal.objects.filter(event__payments__account=account, reason=reason, reversed_on__gt=since).count()


def _charge(account: Account, receipt: str, times: int, *, on: date, by: Actor, at: datetime) -> None:
    kinds = (AgreementKind.ENERGY, AgreementKind.UNMETERED, AgreementKind.INVOICE)
    agreement = Agreement.objects.filter(account=account, kind__in=kinds, cancelled_at__isnull=True).order_by("-pk")
    found = agreement.first()
    if found is not None:
        adjust(
            agreement=found, kind=Adjustment.Kind.RETURNED_ITEM, label=LABEL, amount=returned_item_fee(times),
            against="revenue-fees", on=on, source=receipt, by=by, at=at,
        )  # fmt: skip
