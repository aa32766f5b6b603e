"""What an account could be paid, where each refund stands, and credits that nobody claims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum

from lamplighter.accounts.models import Account, Agreement
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.models import Posting
from lamplighter.ledger.queries import balances
from lamplighter.payments.models import Refund, RefundStep, RefundWay
from lamplighter.payments.refunds.rules import ours_on

CHECKED = (RefundStep.Act.WRITTEN, RefundStep.Act.PAID)
"""Steps that name a check: ours, or the city's."""
IDLE_DAYS = 90
"""A credit of an account without service is looked for from so many days after it last moved."""


def credits_of(account: Account) -> list[tuple[Agreement, Money]]:
    """What the account's agreements are in credit by, what was paid too much first; two queries."""
    rows = Agreement.objects.filter(account=account, cancelled_at__isnull=True)
    stands = balances([row.subledger_id for row in rows])
    found = [(row, -stands[row.subledger_id].current) for row in rows if stands[row.subledger_id].current < ZERO]
    return sorted(found, key=lambda pair: (-pair[0].type.priority, pair[0].pk))


def refundable(account: Account) -> Money:
    """What could be paid out today: the credits less what the account owes elsewhere; never below nothing."""
    rows = Agreement.objects.filter(account=account, cancelled_at__isnull=True).values_list("subledger", flat=True)
    owed = sum((one.current for one in balances(list(rows)).values()), ZERO)
    return max(-owed, ZERO)


def way_on(on: date) -> str:
    """Who pays a refund that is made on a day (`RefundWay.Way`); we do until something else is set."""
    held = RefundWay.objects.filter(starts_on__lte=on).order_by("-starts_on", "-id").first()
    return held.way if held else RefundWay.Way.BANK.value


def standing_of(refund: Refund) -> str:
    """The newest step's act; empty before the first."""
    newest = refund.steps.order_by("-id").first()
    return newest.act if newest else ""


def refunds() -> QuerySet[Refund]:
    """Every refund with `stands` (the newest step's act), `check` and `since`, the newest first."""
    newest = RefundStep.objects.filter(refund=OuterRef("pk")).order_by("-id")
    written = RefundStep.objects.filter(refund=OuterRef("pk"), act__in=CHECKED).order_by("-id")
    return (
        Refund.objects.select_related("account", "payee")
        .annotate(
            stands=Subquery(newest.values("act")[:1]), since=Subquery(newest.values("on")[:1]),
            check_number=Subquery(written.values("check_number")[:1]),
        )
        .order_by("-id")
    )  # fmt: skip


def waiting(method: str) -> list[Refund]:
    """What is to be written or sent, in order: for the first time, or to somebody else than the customer when accounts
    payable refused it."""
    again = Q(stands=RefundStep.Act.REFUSED, payee__isnull=False)
    return list(refunds().filter(Q(stands__isnull=True) | again, method=method).order_by("id"))


def with_payables() -> tuple[int, Money]:
    """How many vouchers the city's accounts payable has not answered yet, and their sum."""
    found = refunds().filter(Q(stands=RefundStep.Act.HANDED)).aggregate(count=Count("id"), amount=Sum("amount"))
    return found["count"], found["amount"] or ZERO


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """Money of a customer who is gone: since when it did not move, and when it becomes the utility's."""

    account: Account
    amount: Money
    since: date

    @property
    def ours_on(self) -> date:
        return ours_on(self.since)


def unclaimed_credits(*, on: date) -> list[Unclaimed]:
    """Credits of accounts without service that have not moved for 90 days, the oldest first."""
    serving = Agreement.objects.filter(period__contains=on, cancelled_at__isnull=True, premise__isnull=False)
    moved = (
        Posting.objects.filter(subledger__agreement__isnull=False)
        .exclude(subledger__agreement__account__in=serving.values("account"))
        .values("subledger__agreement__account")
        .annotate(current=Sum("current"), last=Max("entry__effective_on"))
        .filter(current__lt=0, last__lt=on - timedelta(days=IDLE_DAYS))
        .order_by("last")
    )
    rows = list(moved)
    accounts = Account.objects.in_bulk([row["subledger__agreement__account"] for row in rows])
    return [Unclaimed(accounts[row["subledger__agreement__account"]], -row["current"], row["last"]) for row in rows]


def numbers_written(on: date) -> Iterable[RefundStep]:
    """Checks written on a day, voided or no longer good: what the bank must know of, in order."""
    acts = (RefundStep.Act.WRITTEN, RefundStep.Act.VOIDED, RefundStep.Act.STALE)
    found = RefundStep.objects.filter(on=on, act__in=acts, check_number__isnull=False)
    return found.select_related("refund__account", "refund__payee").order_by("id")
