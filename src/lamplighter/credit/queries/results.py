"""What collection came to in a period: each figure counts rows that are kept, and those rows can be listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import groupby
from operator import or_
from typing import Any

from django.db.models import Count, F, Model, Q, QuerySet, Sum, Value
from django.db.models.functions import TruncDate

from lamplighter.credit.models import (
    AgencyPayment,
    Arrangement,
    Certificate,
    ContactAttempt,
    Extension,
    Forgiveness,
    Hardship,
    Instalment,
    JudgedBill,
    Pledge,
    Process,
    Recovery,
    Referral,
    Step,
    WriteOff,
)
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.rules.collecting import NOTICE
from lamplighter.credit.rules.facts import Reason
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.platform.columns import MoneyField

EVERY = Q()


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted: rows of a model for which `where` holds, on the day in `day` (an instant: `day` ends in `at`),
    and how much money they are about ("": about none)."""

    key: str
    label: str
    model: type[Model]
    day: str
    money: str = ""
    where: Q = EVERY
    account: str = "account"

    def within(self, period: Period) -> Q:
        lookup = f"{self.day}__date__range" if self._instant else f"{self.day}__range"
        return self.where & Q(**{lookup: (period.start, period.last_day)})

    @property
    def _instant(self) -> bool:
        return self.day.endswith("at")

    def rows(self, period: Period) -> QuerySet[Any, dict[str, Any]]:
        """Each row as its account's `number`, the day (`on`) and the `money`, the newest first."""
        found = self.model._default_manager.filter(self.within(period)).order_by(f"-{self.day}", "-pk")
        return found.values(
            number=F(f"{self.account}__number"),
            on=TruncDate(self.day) if self._instant else F(self.day),
            money=F(self.money) if self.money else Value(None, output_field=MoneyField(null=True)),
        )


@dataclass(frozen=True, slots=True)
class Result:
    """One figure: how often it happened, and how much money it was about (None: it is about none)."""

    measure: Measure
    count: int
    amount: Money | None


def results(measures: Iterable[Measure], period: Period) -> list[Result]:
    """In the order given; one query for each kind of row, however many figures count it."""
    measures = list(measures)
    found: dict[str, Result] = {}
    for _, same in groupby(sorted(measures, key=lambda one: str(one.model)), key=lambda one: one.model):
        found |= _counted(list(same), period)
    return [found[one.key] for one in measures]


def _counted(measures: Sequence[Measure], period: Period) -> Mapping[str, Result]:
    within = [one.within(period) for one in measures]
    asked: dict[str, Any] = {}
    for one, rows in zip(measures, within, strict=True):
        asked[f"{one.key}_count"] = Count("pk", filter=rows)
        if one.money:
            asked[f"{one.key}_sum"] = Sum(one.money, filter=rows)
    sums = measures[0].model._default_manager.filter(reduce(or_, within)).aggregate(**asked)
    return {
        one.key: Result(one, sums[f"{one.key}_count"], (sums[f"{one.key}_sum"] or ZERO) if one.money else None)
        for one in measures
    }


CUT = Q(reason=Reason.NON_PAYMENT)
COLLECTING = (
    Measure("begun", "Collections begun", Process, "started_on", "debt"),
    Measure("notices", "Past-due notices mailed", Step, "done_on", "amount", Q(key=NOTICE), "process__account"),
    Measure("called", "Calls and visits", ContactAttempt, "at"),
    Measure("reached", "Customers reached", ContactAttempt, "at", where=Q(reached=True)),
    Measure("refused", "Shut-offs refused by a certificate", Certificate, "at", where=CUT & Q(allowed=False),
            account="agreement__account"),
    Measure("sent", "Shut-offs sent with a certificate", Certificate, "at",
            where=CUT & Q(sending=True, allowed=True, rechecks__sending=False), account="agreement__account"),
    Measure("paid", "Collections ended: paid", Process, "ended_on", "debt", Q(outcome="paid")),
    Measure("otherwise", "Collections ended otherwise", Process, "ended_on", "debt", ~Q(outcome="paid")),
)  # fmt: skip
"""What was done to collect. A shut-off that is checked again as the crew begins was sent once."""
PROMISED = (
    Measure("plans", "Plans made", Arrangement, "made_on", "total"),
    Measure("parts", "Parts of plans due", Instalment, "due_on", "amount",
            Q(arrangement__ended_on__isnull=True) | Q(arrangement__ended_on__gte=F("due_on")), "arrangement__account"),
    Measure("plans-kept", "Plans kept", Arrangement, "ended_on", "total", Q(outcome=Outcome.KEPT)),
    Measure("plans-broken", "Plans broken", Arrangement, "ended_on", "total", Q(outcome=Outcome.BROKEN)),
    Measure("times", "More time given", Extension, "given_on", "amount"),
    Measure("times-due", "Promises due", Extension, "until", "amount"),
    Measure("times-kept", "Promises kept", Extension, "ended_on", "amount", Q(outcome=Outcome.KEPT)),
    Measure("times-broken", "Promises broken", Extension, "ended_on", "amount", Q(outcome=Outcome.BROKEN)),
    Measure("pledges", "Pledged by agencies", Pledge, "pledged_on", "amount"),
    Measure("pledges-kept", "Pledges paid", Pledge, "ended_on", "amount", Q(outcome=Pledge.Outcome.SETTLED)),
    Measure("pledges-broken", "Pledges not paid in time", Pledge, "ended_on", "amount",
            Q(outcome=Pledge.Outcome.EXPIRED)),
)  # fmt: skip
"""What was promised, what fell due of it, and what became of it."""
EASED = (
    Measure("hardships", "Hardships accepted", Hardship, "reviewed_at"),
    Measure("set-aside", "Old debt set aside", Forgiveness, "made_on", "total"),
    Measure("forgiven", "Forgiven for bills paid in time", JudgedBill, "judged_on", "amount", Q(entry__isnull=False),
            "forgiveness__account"),
    Measure("missed", "Bills missed meanwhile", JudgedBill, "judged_on", where=Q(entry__isnull=True),
            account="forgiveness__account"),
)  # fmt: skip
"""What was made easier, and what was forgiven."""
GIVEN_UP = (
    Measure("written-off", "Debts written off", WriteOff, "written_on", "amount"),
    Measure("placed", "Placed with collection agencies", Referral, "referred_on", "amount",
            account="write_off__account"),
    Measure("by-agencies", "Collected by agencies", AgencyPayment, "paid_on", "amount",
            account="referral__write_off__account"),
    Measure("recovered", "Recovered after write-off", Recovery, "recovered_on", "amount",
            account="write_off__account"),
)  # fmt: skip
MEASURES: Mapping[str, Measure] = {one.key: one for one in (*COLLECTING, *PROMISED, *EASED, *GIVEN_UP)}


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that holds collection back: a plan, more time, or a pledge. `next_on` is when its next part falls due
    (None: the day of every part was over), `until` its end."""

    kind: str
    account: str
    amount: Money
    since: date
    next_on: date | None
    until: date


def promises_on(on: date) -> Sequence[Promise]:
    """Those that held at the end of a day, the next to fall due first; four queries."""
    plans = Arrangement.objects.filter(_ran(on, "made_on")).prefetch_related("instalments").select_related("account")
    times = Extension.objects.filter(_ran(on, "given_on")).select_related("account")
    pledges = Pledge.objects.filter(_ran(on, "pledged_on")).select_related("account")
    found = [
        *(_plan(one, on) for one in plans),
        *(_single("More time", one.account.number, one.amount, one.given_on, one.until, on) for one in times),
        *(_single("Pledge", one.account.number, one.amount, one.pledged_on, one.expires_on, on) for one in pledges),
    ]
    return sorted(found, key=lambda one: (one.next_on or date.min, one.until, one.account))


def _ran(on: date, since: str) -> Q:
    return Q(**{f"{since}__lte": on}) & (Q(ended_on__isnull=True) | Q(ended_on__gt=on))


def _plan(plan: Arrangement, on: date) -> Promise:
    days = sorted(part.due_on for part in plan.instalments.all())
    coming = next((day for day in days if day >= on), None)
    return Promise("Plan", plan.account.number, plan.total, plan.made_on, coming, days[-1])


def _single(kind: str, account: str, amount: Money, since: date, until: date, on: date) -> Promise:  # noqa: PLR0917
    return Promise(kind, account, amount, since, until if until >= on else None, until)
