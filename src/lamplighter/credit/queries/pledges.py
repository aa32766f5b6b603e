"""What is pledged and not paid yet, and what an agency's lines still wait for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from lamplighter.accounts.models import Account
from lamplighter.credit.models import AssistanceAgency, AssistanceCheckLine, Pledge
from lamplighter.kernel.money import ZERO, Money
from lamplighter.platform.columns import MoneyField


def pledged(accounts: Collection[int]) -> dict[int, Money]:
    """How much counts against the debts of each account; those without a pledge are left out. One query."""
    rows = Pledge.objects.filter(account__in=accounts, ended_on__isnull=True).values_list("account", "amount")
    found: dict[int, Money] = {}
    for account, amount in rows:
        found[account] = found.get(account, ZERO) + amount
    return found


def pledges_of(account: Account) -> list[Pledge]:
    """Those that count, the oldest first."""
    rows = Pledge.objects.filter(account=account, ended_on__isnull=True)
    return list(rows.select_related("agency", "worker").order_by("pk"))


def overdue(*, on: date) -> QuerySet[Pledge]:
    """Pledges whose last day is over."""
    return Pledge.objects.filter(ended_on__isnull=True, expires_on__lt=on).order_by("pk")


def agency_balances() -> QuerySet[AssistanceAgency]:
    """Each agency with `waits` (how many pledges), `pledged` (how much) and `unapplied`: what it remitted that stands
    on no account yet."""
    zero = Value(0, output_field=MoneyField())
    open_ = Q(pledges__ended_on__isnull=True)
    lines = AssistanceCheckLine.objects.filter(of__agency=OuterRef("pk"), event__isnull=True)
    loose = lines.values("of__agency").annotate(sum=Sum("amount")).values("sum")
    return AssistanceAgency.objects.annotate(
        waits=Count("pledges", filter=open_),
        pledged=Coalesce(Sum("pledges__amount", filter=open_), zero),
        unapplied=Coalesce(Subquery(loose, output_field=MoneyField()), zero),
    ).order_by("name")
