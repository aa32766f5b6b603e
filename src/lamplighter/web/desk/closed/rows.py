"""What the lists of closed accounts and of agencies show; each a few queries whatever their number."""

from __future__ import annotations

from datetime import date

from django.db.models import (
    Case,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from lamplighter.accounts.models import Account, Agreement
from lamplighter.credit.models import Agency, AgencyPayment, Process, Referral, WriteOff
from lamplighter.credit.operations.writingoff import APPROVAL
from lamplighter.credit.queries.closed import SERVICE, without_service
from lamplighter.ledger.models import Posting
from lamplighter.platform.columns import MoneyField
from lamplighter.platform.models import Approval
from lamplighter.web.naming import customer_of
from lamplighter.worklist.models import Item


def closed_rows(*, on: date) -> QuerySet[Account]:
    """Accounts without service that owe: how much, since when without, and how far collection is."""
    owed = (
        Posting.objects.filter(subledger__agreement__account=OuterRef("pk"))
        .values("subledger__agreement__account").annotate(sum=Sum("payoff")).values("sum")
    )  # fmt: skip
    ended = (
        Agreement.objects.filter(account=OuterRef("pk"), kind__in=SERVICE, cancelled_at__isnull=True)
        .values("account").annotate(last=Max("period__endswith")).values("last")
    )  # fmt: skip
    placed = Referral.objects.filter(write_off__account=OuterRef("pk"), ended_on__isnull=True)
    asked = Approval.objects.filter(kind=APPROVAL, account=OuterRef("pk"), state=Approval.State.WAITING)
    waits = Item.objects.waiting().filter(kind="credit.write-off", account=OuterRef("pk"))
    letters = Process.objects.filter(account=OuterRef("pk"), ended_on__isnull=True)
    stage = Case(
        When(Exists(placed), then=Value("With an agency")),
        When(Exists(WriteOff.objects.filter(account=OuterRef("pk"))), then=Value("Written off")),
        When(Exists(asked), then=Value("Proposed")),
        When(Exists(waits), then=Value("Decide")),
        When(Exists(letters), then=Value("Letters")),
        default=Value("Not due yet"),
    )
    return (
        without_service(on=on)
        .annotate(
            owed=Subquery(owed, output_field=MoneyField()), ended=Subquery(ended), stage=stage,
            customer=customer_of("pk"), agency=Coalesce(Subquery(placed.values("agency__name")[:1]), Value("")),
        )
        .filter(owed__gt=0)
        .order_by("-owed", "pk")
    )  # fmt: skip


def agency_rows(*, on: date) -> QuerySet[Agency]:
    """Agencies that take debts, with what they have, what they collected, and the fees that they kept."""
    paid = AgencyPayment.objects.filter(agency=OuterRef("pk")).values("agency")
    zero = Value(0, output_field=MoneyField())
    placed = (
        Referral.objects.filter(agency=OuterRef("pk"), ended_on__isnull=True)
        .values("agency").annotate(sum=Sum("amount")).values("sum")
    )  # fmt: skip
    open_ = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
    return (
        Agency.objects.filter(open_)
        .annotate(
            debts=_count(Referral.objects.filter(agency=OuterRef("pk"), ended_on__isnull=True)),
            placed=Coalesce(Subquery(placed, output_field=MoneyField()), zero),
            collected=Coalesce(Subquery(paid.annotate(s=Sum("amount")).values("s"), output_field=MoneyField()), zero),
            fees=Coalesce(Subquery(paid.annotate(s=Sum("fee")).values("s"), output_field=MoneyField()), zero),
        )
        .order_by("name")
    )  # fmt: skip


def _count(rows: QuerySet[Referral]) -> Coalesce:
    counted = rows.values("agency").annotate(n=Sum(Value(1))).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
