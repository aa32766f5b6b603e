"""What protects an account on a day, what it promised, and whether it may pay over time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.conf import settings
from django.db.models import Prefetch, Sum

from lamplighter.accounts.models import Account
from lamplighter.credit.law import pack_for
from lamplighter.credit.law.parameters import HoldKind, Pack
from lamplighter.credit.law.policy import ShutOffPolicy, under
from lamplighter.credit.models import Arrangement, Extension, Hardship, Hold, Instalment
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.queries.debts import past_due, past_due_total
from lamplighter.credit.rules.arranging import (
    Answer,
    CannotArrange,
    Past,
    PlanDraft,
    PlanPolicy,
    check_winter,
    divide,
    may_arrange,
)
from lamplighter.credit.rules.hardship import HardshipPolicy
from lamplighter.kernel.money import Money, total
from lamplighter.platform.queries.policies import policy_in_force


def plan_policy(*, on: date) -> PlanPolicy:
    return policy_in_force(PlanPolicy, on=on)


def law(*, on: date) -> Pack:
    """The pack that the utility stands under (LAMPLIGHTER_LAW), with what it decided itself. One query."""
    return under(pack_for(settings.UTILITY_LAW, on=on), policy_in_force(ShutOffPolicy, on=on))


def holds_on(account: Account, *, on: date) -> list[Hold]:
    return list(Hold.objects.filter(account=account, period__contains=on).order_by("kind"))


def hardship_of(account: Account, *, on: date) -> Hardship | None:
    """The one that holds on a day."""
    return Hardship.objects.filter(account=account, period__contains=on).first()


def in_hardship(accounts: Collection[int], *, on: date) -> set[int]:
    """Which of these have one on a day; one query."""
    return set(Hardship.objects.filter(account__in=accounts, period__contains=on).values_list("account", flat=True))


def arrangement_of(account: Account) -> Arrangement | None:
    """The one that runs."""
    found = Arrangement.objects.filter(account=account, ended_on__isnull=True)
    parts = Prefetch("instalments", Instalment.objects.order_by("place"))
    return found.select_related("agreement", "account").prefetch_related(parts).first()


def extension_of(account: Account) -> Extension | None:
    """The one that runs."""
    return Extension.objects.filter(account=account, ended_on__isnull=True).first()


def past_of(account: Account, *, on: date) -> Past:
    """What decides on a plan or more time; five queries."""
    plans = list(Arrangement.objects.filter(account=account))
    promises = list(Extension.objects.filter(account=account))
    return Past(
        past_due=past_due_total(account, on=on),
        plan_runs=any(plan.ended_on is None for plan in plans),
        extension_runs=any(promise.ended_on is None for promise in promises),
        bankrupt=Hold.objects.filter(account=account, kind=HoldKind.BANKRUPTCY, period__contains=on).exists(),
        broken_on=tuple(plan.ended_on for plan in plans if plan.ended_on and plan.outcome == Outcome.BROKEN),
        promised_on=tuple(promise.given_on for promise in promises),
    )


def eligibility(account: Account, *, on: date) -> Answer:
    return may_arrange(past_of(account, on=on), on=on, policy=plan_policy(on=on))


def in_winter(account: Account, *, on: date) -> bool:
    """Whether the law bounds a plan by income: where it knows a winter, and winter protection runs."""
    return law(on=on).winter_plan is not None and any(hold.kind == HoldKind.WINTER for hold in holds_on(account, on=on))


def draft_plan(
    account: Account, *, down: Money | None, months: int, on: date, income: Money | None = None
) -> PlanDraft:
    """A plan for everything past due, as it would be written; longer than the law asks for where a hardship is on
    file. Raises CannotArrange with the words to say."""
    answer = eligibility(account, on=on)
    if not answer.eligible:
        raise CannotArrange(f"{answer.why} {answer.say}".strip())
    debts = tuple(past_due(account, on=on))
    owed = total(debt.amount for debt in debts)
    longest = policy_in_force(HardshipPolicy, on=on).plan_months if hardship_of(account, on=on) else 0
    parts = divide(owed, down=down, months=months, on=on, pack=law(on=on), longest=longest)
    draft = PlanDraft(account.pk, on, debts, parts, income)
    if in_winter(account, on=on):
        check_winter(draft, law(on=on))
    return draft


def returned_plans() -> list[Arrangement]:
    """Plans that ended and owe again, because a payment to them was returned; one query."""
    ended = Arrangement.objects.filter(ended_on__isnull=False).select_related("agreement", "account")
    owing = ended.annotate(left=Sum("agreement__subledger__postings__payoff")).filter(left__gt=0)
    return list(owing.order_by("pk"))
