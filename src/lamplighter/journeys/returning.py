"""The bank sends an item back: the debt is owed again at its own age, with the fee; after two, only cash is taken."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Sum
from django.db.models.functions import Coalesce

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Adjustment
from lamplighter.billing.operations.adjusting import adjust
from lamplighter.billing.queries.fees import fees_on
from lamplighter.journeys.paying import take_back
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.payments.models import Payment, PaymentEvent, ReturnedTender, Reversal, Tender, Transfer
from lamplighter.payments.operations import begin_cash_only
from lamplighter.payments.rules import CannotTake, ReturnedPolicy
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.platform.transactions import in_transaction

LABEL = "Returned item fee"


@in_transaction
def return_item(
    *, event: PaymentEvent, on: date, by: Actor, at: datetime, remark: str = "", fee: bool = True,
    tender: Tender | None = None,
) -> Reversal:  # fmt: skip
    """Reverse what came back: this tender, or everything that is not cash, which does not come back. Its fee goes to
    the account on which the money stood first; who had too many by the utility's own policy pays cash from now on."""
    policy = policy_in_force(ReturnedPolicy, on=on)
    back = [tender] if tender else [one for one in event.tenders.all() if one.kind != Tender.Kind.CASH]
    returned, kinds = [one.pk for one in back], [one.kind for one in back]
    if not returned:
        raise CannotTake("Cash does not come back from the bank.")
    reversal = take_back(
        event=event, reason=Reversal.Reason.RETURNED, on=on, by=by, at=at, remark=remark, returned=returned
    )
    for place, account in enumerate(paid_with(event)):
        times = returned_before(account, since=on - timedelta(days=policy.within_days))
        if fee and place == 0:
            _charge(account, event.receipt, times, on=on, by=by, at=at)
        if times >= policy.times and set(kinds) != {Tender.Kind.CARD}:
            period = Period(on, on + timedelta(days=policy.for_days))
            reason = f"{times} payment{'' if times == 1 else 's'} came back within {policy.within}"
            begin_cash_only(account=account, period=period, reason=reason, by=by, at=at)
    return reversal


def paid_with(event: PaymentEvent) -> list[Account]:
    """The accounts on which the money of an event stood, in order: not one from which all was moved on."""
    found: dict[int, Account] = {}
    for payment in event.payments.select_related("account").order_by("id"):
        moves = list(payment.transfers.select_related("to").order_by("id"))
        if sum(moved.amount.cents for moved in moves) < payment.amount.cents:
            found[payment.account_id] = payment.account
        found |= {moved.to_id: moved.to for moved in moves}
    return list(found.values())


def returned_before(account: Account, *, since: date) -> int:
    """How many payments that stood on an account the bank returned since a day, this one included. What went back to a
    card is none: it says nothing of the customer's checks, and may have been our own wish."""
    gone = Coalesce(Sum("transfers__amount"), 0)
    own = (
        Payment.objects.filter(event=OuterRef("event"), account=account)
        .annotate(gone=gone)
        .filter(amount__gt=F("gone"))
    )
    moved = Transfer.objects.filter(payment__event=OuterRef("event"), to=account)
    rows = Reversal.objects.filter(Exists(own) | Exists(moved), reason=Reversal.Reason.RETURNED)
    by_bank = ReturnedTender.objects.filter(reversal=OuterRef("pk")).exclude(tender__kind=Tender.Kind.CARD)
    return rows.filter(Exists(by_bank), reversed_on__gt=since).count()


def _charge(account: Account, receipt: str, times: int, *, on: date, by: Actor, at: datetime) -> None:
    kinds = (AgreementKind.ENERGY, AgreementKind.UNMETERED, AgreementKind.INVOICE)
    agreement = Agreement.objects.filter(account=account, kind__in=kinds, cancelled_at__isnull=True).order_by("-pk")
    found, fee = agreement.first(), fees_on(on).returned_item(times)
    if found is not None and fee:
        adjust(
            agreement=found, kind=Adjustment.Kind.RETURNED_ITEM, label=LABEL, amount=fee,
            against="revenue-fees", on=on, source=receipt, by=by, at=at,
        )  # fmt: skip
