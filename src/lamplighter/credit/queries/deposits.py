"""What the deposit policy reads of a customer, over all of their accounts, and what it says; how bills were paid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import CharField, Expression, F, Max, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import TruncDate

from lamplighter.accounts.models import Account, AccountRole, Agreement, AgreementPoint
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Bill, Segment
from lamplighter.billing.queries.deposits import deposit_of
from lamplighter.credit.models import (
    Arrangement,
    Bankruptcy,
    CreditReport,
    DepositPart,
    DepositTerms,
    Extension,
    Security,
    Step,
    WriteOff,
)
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.queries.closed import old_debts
from lamplighter.credit.rules.collecting import NOTICE
from lamplighter.credit.rules.deposits import (
    Facts,
    Mark,
    Points,
    PointsPolicy,
    Recommendation,
    Score,
    Terms,
    earned,
    points_of,
    recommend,
)
from lamplighter.customers.models import Person
from lamplighter.fieldwork.models import Order, Report
from lamplighter.fieldwork.types import NON_PAYMENT, OrderKind
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger.models import Posting
from lamplighter.payments.models import Reversal
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.premises.models import ServicePoint

MONTHS, DAYS_OF_MONTH = 12, 30
SMALL = Money(100)
INTEREST = "deposit-interest"
"""The component of interest in the books."""
OF_SERVICE = (Bill.Kind.CYCLE, Bill.Kind.OFF_CYCLE, Bill.Kind.FINAL)
BUSINESSES = frozenset({"commercial", "industrial"})


@dataclass(frozen=True, slots=True)
class Standing:
    """What was read and what the policy says of it; the report that was looked at, if one was."""

    facts: Facts
    terms: Terms
    recommendation: Recommendation
    report: CreditReport | None = None


def deposit_terms(customer_class: str, *, on: date) -> Terms:
    """What the utility had set by then; before it has set anything, what comes with the program: own records decide for
    homes, businesses always give one."""
    row = DepositTerms.objects.filter(customer_class=customer_class, period__contains=on).first()
    return row.terms if row else Terms(always=customer_class in BUSINESSES)


def standing_of(account: Account, *, on: date) -> Standing:
    """The policy for an account that exists; about a dozen queries, whatever the history."""
    person = main_person(account)
    return _standing(person, account.customer_class, account, None, on=on)


def standing_at(
    person: Person | None, *, customer_class: str, point: ServicePoint | None, on: date
) -> Standing:  # fmt: skip
    """The policy for somebody who wants service at a point and has no account for it yet."""
    return _standing(person, customer_class, None, point, on=on)


def main_person(account: Account) -> Person | None:
    roles = AccountRole.objects.filter(account=account, role=AccountRole.Role.MAIN).order_by("-period")
    role = roles.select_related("person").first()
    return role.person if role else None


def points_on(person: Person, *, on: date) -> tuple[Points, ...]:
    """The internal credit points that count on a day."""
    accounts = dict(
        Account.objects.filter(roles__person=person, roles__role=AccountRole.Role.MAIN).values_list("pk", "number")
    )
    policy = policy_in_force(PointsPolicy, on=on)
    return points_of(_marks(accounts), on=on, clean_from=_clean_from(list(accounts)), policy=policy)


def newest_report(person: Person, *, on: date) -> CreditReport | None:
    """One that is fresh enough to decide by."""
    since = on - timedelta(days=policy_in_force(PointsPolicy, on=on).report_days)
    return CreditReport.objects.filter(person=person, asked_at__date__gt=since).order_by("-asked_at").first()


def paid_in_time(account: Account, *, since: date, on: date, grace: int) -> list[bool]:
    """Of each bill issued since a day whose due day and grace are over, the oldest first: whether it was paid in time;
    three queries."""
    return [in_time for _, in_time in judged_bills(account, since=since, on=on, grace=grace)]


def judged_bills(account: Account, *, since: date, on: date, grace: int) -> list[tuple[Bill, bool]]:
    """The same with each bill: in time where all that it and the bills before it asked for was paid by then."""
    kinds = [AgreementKind.ENERGY, AgreementKind.UNMETERED, AgreementKind.NET_METERING, AgreementKind.BUDGET]
    keys = list(Agreement.objects.filter(account=account, kind__in=kinds).values_list("subledger", flat=True))
    posted = list(Posting.objects.filter(subledger__in=keys).values_list("owed_on", "current", "entry__effective_on"))
    bills = Bill.objects.filter(
        account=account, kind__in=OF_SERVICE, issued_on__gte=since, due_on__lt=on - timedelta(days=grace)
    ).order_by("issued_on", "pk")  # fmt: skip
    return [(bill, _open_of(posted, bill, grace) <= SMALL) for bill in bills]


def held_since(account: Account) -> date | None:
    """The day on which the deposit that is held was first given."""
    rows = _deposit_postings(account).filter(payoff__lt=0)
    first: date | None = rows.aggregate(first=Min("entry__effective_on"))["first"]
    return first


def with_deposits() -> list[int]:
    """Accounts whose deposits the utility owes, or asks for; one query."""
    rows = Agreement.objects.filter(kind=AgreementKind.DEPOSIT).annotate(
        left=Sum("subledger__postings__payoff"), asked=Sum("subledger__postings__current")
    )
    rows = rows.filter(Q(left__lt=0) | Q(asked__gt=0))
    return sorted(set(rows.values_list("account", flat=True)))


def interest_until(account: Account, *, on: date) -> Money:
    """What the deposit has earned since interest was last posted, by the terms of the day."""
    moves = [
        (day, -payoff)
        for day, payoff in _deposit_postings(account).order_by("entry__effective_on", "pk").values_list(
            "entry__effective_on", "payoff"
        )
    ]  # fmt: skip
    since = interest_paid_until(account) or held_since(account)
    if since is None or since >= on:
        return ZERO
    percent = deposit_terms(account.customer_class, on=on).interest_percent
    return earned(moves, percent=percent, since=since, until=on)


def interest_paid_until(account: Account) -> date | None:
    rows = _deposit_postings(account).filter(component=INTEREST)
    newest: date | None = rows.aggregate(newest=Max("entry__effective_on"))["newest"]
    return newest


def interest_in(account: Account) -> Money:
    """All interest that was posted to the deposit."""
    return -total(_deposit_postings(account).filter(component=INTEREST).values_list("payoff", flat=True))


def _deposit_postings(account: Account) -> QuerySet[Posting]:
    return Posting.objects.filter(
        subledger__agreement__account=account, subledger__agreement__kind=AgreementKind.DEPOSIT
    )


def _standing(
    person: Person | None, customer_class: str, account: Account | None, point: ServicePoint | None, *, on: date
) -> Standing:  # fmt: skip
    terms = deposit_terms(customer_class, on=on)
    report = newest_report(person, on=on) if person else None
    average, of = _average(account, point, terms, on=on)
    held = deposit_of(account) if account else None
    later = DepositPart.objects.filter(decision__account=account, asked__isnull=True, dropped_on__isnull=True)
    facts = Facts(
        average=average, of=of, months=_known(person, on=on) if person else 0,
        points=points_on(person, on=on) if person else (),
        bankrupt=bool(account) and Bankruptcy.objects.filter(account=account, ended_on__isnull=True).exists(),
        owed_before=total(owed for _, owed in old_debts(account, on=on)) if account else ZERO,
        score=Score(report.score, report.bureau, report.asked_at.date()) if report else None,
        held=held.held if held else ZERO,
        asked=(held.asked if held else ZERO) + (total(part.amount for part in later) if account else ZERO),
        secured=total(one.amount for one in securities_on(account, on=on)) if account else ZERO,
    )  # fmt: skip
    return Standing(facts, terms, recommend(facts, terms), report)


def securities_on(account: Account, *, on: date) -> list[Security]:
    return list(Security.objects.filter(account=account, period__contains=on).select_related("guarantor"))


def _average(account: Account | None, point: ServicePoint | None, terms: Terms, *, on: date) -> tuple[Money, str]:
    """A month of this account; else of whoever had the place before; else what the least deposit stands for."""
    if account is not None:
        rows = Bill.objects.filter(account=account, kind__in=OF_SERVICE).order_by("-pk")[:MONTHS]
        if bills := [row.charges for row in rows if row.charges > ZERO]:
            return _mean(bills), "the last bills of this account"
        point = point or _point_of(account)
    if point is not None:
        since = on - timedelta(days=365)
        there = AgreementPoint.objects.filter(point=point, use=AgreementPoint.Use.ADD).values("agreement")
        segments = Segment.objects.filter(
            agreement__in=there, cancelled_at__isnull=True, period__endswith__gt=since, total__gt=0
        )
        if bills := [row.total for row in segments.order_by("-pk")[:MONTHS]]:
            return _mean(bills), "the last bills of this place"
    return Money(terms.least.cents // terms.months), "no bill is known"


def _mean(amounts: Sequence[Money]) -> Money:
    return Money(-(-total(amounts).cents // len(amounts)))


def _point_of(account: Account) -> ServicePoint | None:
    return ServicePoint.objects.filter(agreements__agreement__account=account).order_by("-pk").first()


def _known(person: Person, *, on: date) -> int:
    """Months since they were first served, if they were not gone for too long."""
    services = Agreement.objects.filter(
        account__roles__person=person, account__roles__role=AccountRole.Role.MAIN, kind=AgreementKind.ENERGY,
        cancelled_at__isnull=True, period__startswith__lte=on,
    )  # fmt: skip
    forgotten = on - timedelta(days=policy_in_force(PointsPolicy, on=on).forgotten_days)
    lately = Q(period__endswith__isnull=True) | Q(period__endswith__gt=forgotten)
    first = min((one.period.start for one in services.filter(lately)), default=None)
    return (on - first).days // DAYS_OF_MONTH if first else 0


def _clean_from(accounts: Sequence[int]) -> date | None:
    """The petition of the newest case that is open or was discharged: nothing from before it counts."""
    cases = Bankruptcy.objects.filter(account__in=accounts).filter(
        Q(ended_on__isnull=True) | Q(outcome=Bankruptcy.Outcome.DISCHARGED)
    )
    found: date | None = cases.aggregate(newest=Max("filed_on"))["newest"]
    return found


def _marks(accounts: dict[int, str]) -> Iterator[tuple[Mark, date, str]]:
    """What happened on these accounts, by id and number; one query."""
    mine, zone = list(accounts), ZoneInfo(settings.UTILITY_ZONE)
    late = Step.objects.filter(process__account__in=mine, key=NOTICE, done_on__isnull=False)
    back = Reversal.objects.filter(event__payments__account__in=mine, reason=Reversal.Reason.RETURNED)
    broken = {"account__in": mine, "outcome": Outcome.BROKEN, "ended_on__isnull": False}
    cut = Report.objects.filter(
        order__account__in=mine, order__kind=OrderKind.DISCONNECT, order__reason=NON_PAYMENT, outcome="done",
        order__state=Order.State.COMPLETE,
    )  # fmt: skip
    lost = WriteOff.objects.filter(account__in=mine, reason=WriteOff.Reason.UNCOLLECTIBLE)
    first, *others = (
        _marked(late, Mark.LATE, "process__account", F("done_on")),
        _marked(back, Mark.RETURNED, "event__payments__account", F("reversed_on")).distinct(),
        _marked(Arrangement.objects.filter(**broken), Mark.BROKEN, "account", F("ended_on")),
        _marked(Extension.objects.filter(**broken), Mark.BROKEN, "account", F("ended_on")),
        _marked(cut, Mark.CUT, "order__account", TruncDate("found_at", tzinfo=zone)),
        _marked(lost, Mark.WRITTEN_OFF, "account", F("written_on")),
    )
    for mark, pk, day in first.union(*others, all=True):
        if pk in accounts:
            yield Mark(mark), day, accounts[pk]


def _marked(rows: QuerySet[Any], mark: Mark, account: str, day: Expression | F) -> QuerySet[Any, Any]:
    """These rows as mark, account and day; without an order, so that they stand together with others."""
    return rows.order_by().values_list(Value(mark.value, output_field=CharField()), F(account), day)


def _open_of(posted: Sequence[tuple[date | None, Money, date]], bill: Bill, grace: int) -> Money:
    """What was still open on the last day of grace of what had been asked for by the bill."""
    last = bill.due_on + timedelta(days=grace)
    asked = total(current for owed_on, current, _ in posted if owed_on is not None and owed_on <= bill.issued_on)
    paid = total(current for owed_on, current, day in posted if owed_on is None and day <= last)
    return asked + paid
