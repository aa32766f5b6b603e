"""Which bill asked for a debt, and so when the customer was told of it and by when it is to be paid."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from lamplighter.billing.models import Bill, BillingPolicy, Segment
from lamplighter.billing.queries.dispatch import told_on
from lamplighter.billing.rules import Policy


@dataclass(frozen=True, slots=True, order=True)
class Asked:
    """The last day on which a debt may be paid in time, the day on which it was asked for, and by which bill ("" for
    none). `told_on` is the day on which that bill was mailed or emailed; None while there is no proof of it."""

    due_on: date
    asked_on: date
    bill: str = ""
    told_on: date | None = field(default=None, compare=False)


def asked_for(debts: Mapping[int, Collection[date]]) -> dict[tuple[int, date], Asked]:
    """By account and the day from which a debt ages, when it was asked for; five queries whatever their number.

    The bill of that day asked, or a correction of it (the last of several) if that is due later: on doubt the later
    day. What arose between bills is asked for by the next one, and before there is one falls due by the rules of its
    day.
    """
    wanted = {account: days for account, days in debts.items() if days}
    if not wanted:
        return {}
    since = min(min(days) for days in wanted.values())
    bills = _by_account(Bill.objects.filter(account__in=wanted, issued_on__gte=since).values_list(*ASKING))
    again = Segment.objects.filter(
        bill__account__in=wanted, bill__kind=Bill.Kind.CORRECTION, entry__postings__owed_on__gte=since
    )
    rebills = _by_account(again.values_list("bill__account", "entry__postings__owed_on", *BY_BILL))
    rules = [(row.period, row.policy) for row in BillingPolicy.objects.all()]

    def asked(account: int, day: date) -> Asked:
        mine = bills.get(account, {})
        of_the_day: list[Asked] = [*mine.get(day, ()), *rebills.get(account, {}).get(day, ())]
        if of_the_day:
            return max(of_the_day)
        following = min((issued for issued in mine if issued > day), default=None)
        if following is not None:
            return max(mine[following])
        policy: Policy = next((policy for period, policy in rules if day in period), Policy())
        return Asked(policy.due_on(day), day)

    return _told({(account, day): asked(account, day) for account, days in wanted.items() for day in days})


ASKING = ("account", "issued_on", "due_on", "issued_on", "number")
BY_BILL = ("bill__due_on", "bill__issued_on", "bill__number")


def _told(found: Mapping[tuple[int, date], Asked]) -> dict[tuple[int, date], Asked]:
    """With the proofs of mailing; where none is kept, a bill counts from its day of issue."""
    proved = told_on({one.bill for one in found.values() if one.bill})
    return {key: replace(one, told_on=proved.get(one.bill, one.asked_on)) for key, one in found.items()}


def _by_account(rows: Iterable[tuple[int, date, date, date, str]]) -> dict[int, dict[date, list[Asked]]]:
    found: dict[int, dict[date, list[Asked]]] = {}
    for account, day, due_on, issued_on, number in rows:
        found.setdefault(account, {}).setdefault(day, []).append(Asked(due_on, issued_on, number))
    return found
