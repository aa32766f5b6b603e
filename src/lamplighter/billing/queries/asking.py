"""Which bill asked for a debt, and so when the customer was told of it and by when it is to be paid."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from lamplighter.billing.models import Bill, BillingPolicy, Segment
from lamplighter.billing.queries.dispatch import told_on
from lamplighter.billing.rules import Policy
from lamplighter.kernel.periods import Period


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
    known = _known(wanted, since=min(min(days) for days in wanted.values()))
    return _told({(account, day): known.asked(account, day) for account, days in wanted.items() for day in days})


def asked_by(bills: Collection[Bill], debts: Mapping[int, Collection[date]]) -> dict[tuple[int, date], Asked]:
    """By bill and the day from which a debt ages, what had asked for it when that bill was issued; three queries. It
    says nothing of mailing."""
    days = [day for several in debts.values() for day in several]
    if not days:
        return {}
    known = _known({bill.account_id for bill in bills}, since=min(days))
    return {(bill.pk, day): known.asked(bill.account_id, day, bill.pk) for bill in bills for day in debts[bill.pk]}


ASKING = ("account", "issued_on", "pk", "due_on", "issued_on", "number")
BY_BILL = ("bill__pk", "bill__due_on", "bill__issued_on", "bill__number")
ByDay = dict[int, dict[date, list[tuple[int, Asked]]]]


@dataclass(frozen=True, slots=True)
class _Known:
    """Bills and corrections by their account and the day of their debts, each with its id; and the rules by day."""

    bills: ByDay
    rebills: ByDay
    rules: Sequence[tuple[Period, Policy]]

    def asked(self, account: int, day: date, until: int | None = None) -> Asked:
        """As of the bill `until`, where one is given."""
        mine = self.bills.get(account, {})
        of_the_day = _upto(until, [*mine.get(day, ()), *self.rebills.get(account, {}).get(day, ())])
        if of_the_day:
            return max(of_the_day)
        following = min(
            (issued for issued, found in mine.items() if issued > day and _upto(until, found)), default=None
        )
        if following is not None:
            return max(_upto(until, mine[following]))
        policy: Policy = next((policy for period, policy in self.rules if day in period), Policy())
        return Asked(policy.due_on(day), day)


def _upto(until: int | None, found: Iterable[tuple[int, Asked]]) -> list[Asked]:
    return [asked for bill, asked in found if until is None or bill <= until]


def _known(accounts: Collection[int], *, since: date) -> _Known:
    bills = _by_account(Bill.objects.filter(account__in=accounts, issued_on__gte=since).values_list(*ASKING))
    again = Segment.objects.filter(
        bill__account__in=accounts, bill__kind=Bill.Kind.CORRECTION, entry__postings__owed_on__gte=since
    )
    rebills = _by_account(again.values_list("bill__account", "entry__postings__owed_on", *BY_BILL))
    return _Known(bills, rebills, [(row.period, row.policy) for row in BillingPolicy.objects.all()])


def _told(found: Mapping[tuple[int, date], Asked]) -> dict[tuple[int, date], Asked]:
    """With the proofs of mailing; where none is kept, a bill counts from its day of issue."""
    proved = told_on({one.bill for one in found.values() if one.bill})
    return {key: replace(one, told_on=proved.get(one.bill, one.asked_on)) for key, one in found.items()}


def _by_account(rows: Iterable[tuple[int, date, int, date, date, str]]) -> ByDay:
    found: ByDay = {}
    for account, day, bill, due_on, issued_on, number in rows:
        found.setdefault(account, {}).setdefault(day, []).append((bill, Asked(due_on, issued_on, number)))
    return found
