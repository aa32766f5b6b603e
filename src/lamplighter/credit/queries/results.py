"""What collection came to in a period, each figure a count of rows that are kept; and promises that run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Count, Model, Q, QuerySet, Sum

from lamplighter.credit.models import (
    Arrangement,
    Certificate,
    ContactAttempt,
    Extension,
    Pledge,
    Process,
    Recovery,
    Referral,
    Step,
    WriteOff,
)
from lamplighter.credit.rules.collecting import NOTICE
from lamplighter.credit.rules.facts import Reason
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Result:
    """One figure: what happened, how often, and how much money it was about (None: it is about none)."""

    what: str
    count: int
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that holds collection back: a plan, more time, or a pledge."""

    kind: str
    account: str
    amount: Money
    since: date
    until: date | None


def results(period: Period) -> list[Result]:
    """In the order in which collection goes; one query for each kind of row."""
    days = (period.start, period.last_day)
    begun = _summed(Process.objects.filter(started_on__range=days), "debt")
    ended = Process.objects.filter(ended_on__range=days).values_list("outcome").annotate(count=Count("pk"))
    notices = _summed(Step.objects.filter(key=NOTICE, done_on__range=days), "amount")
    calls = ContactAttempt.objects.filter(at__date__range=days).aggregate(
        all=Count("pk"), reached=Count("pk", filter=Q(reached=True))
    )
    asked = Certificate.objects.filter(reason=Reason.NON_PAYMENT, at__date__range=days).aggregate(
        sent=Count("pk", filter=Q(sending=True, allowed=True, rechecks__sending=False)),
        refused=Count("pk", filter=Q(allowed=False)),
    )
    return [
        Result("Collections begun", *begun),
        *(Result(f"Collections ended: {outcome}", count) for outcome, count in ended.order_by("outcome")),
        Result("Past-due notices", *notices),
        Result("Customers called or visited", calls["all"]),
        Result("Customers reached", calls["reached"]),
        Result("Shut-offs sent with their certificate", asked["sent"]),
        Result("Shut-offs refused by a certificate", asked["refused"]),
        *_promises_of(period),
        Result("Debts written off", *_summed(WriteOff.objects.filter(written_on__range=days), "amount")),
        Result("Placed with agencies", *_summed(Referral.objects.filter(referred_on__range=days), "amount")),
        Result("Recovered after write-off", *_summed(Recovery.objects.filter(recovered_on__range=days), "amount")),
    ]


def running_promises() -> Sequence[Promise]:
    """Those that hold today, the soonest end first; three queries."""
    plans = Arrangement.objects.filter(ended_on__isnull=True).prefetch_related("instalments").select_related("account")
    found = [
        Promise("Plan", one.account.number, one.total, one.made_on, max(part.due_on for part in one.instalments.all()))
        for one in plans
    ]
    times = Extension.objects.filter(ended_on__isnull=True).select_related("account")
    found += [Promise("More time", one.account.number, one.amount, one.given_on, one.until) for one in times]
    pledges = Pledge.objects.filter(ended_on__isnull=True).select_related("account")
    found += [Promise("Pledge", one.account.number, one.amount, one.pledged_on, one.expires_on) for one in pledges]
    return sorted(found, key=lambda one: (one.until or date.max, one.account))


def _promises_of(period: Period) -> list[Result]:
    days = (period.start, period.last_day)
    found = [
        Result("Plans made", *_summed(Arrangement.objects.filter(made_on__range=days), "total")),
        Result("More time given", *_summed(Extension.objects.filter(given_on__range=days), "amount")),
    ]
    for label, rows, money in (
        ("Plans", Arrangement.objects.filter(ended_on__range=days), "total"),
        ("Promises", Extension.objects.filter(ended_on__range=days), "amount"),
    ):
        for outcome in ("kept", "broken"):
            found.append(Result(f"{label} {outcome}", *_summed(rows.filter(outcome=outcome), money)))
    return found


def _summed(rows: QuerySet[M], money: str) -> tuple[int, Money]:
    found = rows.aggregate(count=Count("pk"), sum=Sum(money))
    return found["count"], found["sum"] or ZERO
