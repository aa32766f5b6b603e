"""The budget that an agreement is on, and the amount that its last twelve months say."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Sum

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.levelling import BilledMonth, CannotLevel, LevelDraft, level
from lamplighter.billing.models import BudgetPlan, Segment
from lamplighter.billing.queries.policies import policy_on
from lamplighter.kernel.money import Money
from lamplighter.ledger.queries import balances


def budget_of(account: Account, *, on: date) -> BudgetPlan | None:
    """The budget that runs on one of the account's agreements; one query."""
    rows = BudgetPlan.objects.filter(agreement__account=account, period__contains=on, period__endswith__isnull=True)
    return rows.select_related("agreement__account").first()


def months_of(agreements: Collection[int]) -> dict[int, list[BilledMonth]]:
    """What each month came to, as it stands billed now; one query."""
    rows = (
        Segment.objects.filter(agreement__in=agreements, cancelled_at__isnull=True)
        .values_list("agreement", "month")
        .annotate(amount=Sum("total"))
        .order_by("agreement", "month")
    )
    found: dict[int, list[BilledMonth]] = {key: [] for key in agreements}
    for agreement, month, amount in rows:
        found[agreement].append(BilledMonth(month, amount if isinstance(amount, Money) else Money(int(amount))))
    return found


def draft_level(agreement: Agreement, *, on: date) -> LevelDraft:
    """What budget billing would ask for each month by the rules of a day. Raises CannotLevel."""
    if agreement.kind != AgreementKind.ENERGY or agreement.period.end is not None:
        raise CannotLevel("Only a service that goes on is billed by budget.")
    if agreement.rates.filter(rider=True, period__endswith__isnull=True).exists():
        raise CannotLevel("A service with its own settlement of the year, such as net metering, has no budget.")
    return level(agreement.pk, months_of([agreement.pk])[agreement.pk], step=policy_on(on).budget.step)


def used_ahead(agreement: Agreement) -> Money:
    """How much more was used than asked for: payoff less current."""
    stands = balances([agreement.subledger_id])[agreement.subledger_id]
    return stands.payoff - stands.current
