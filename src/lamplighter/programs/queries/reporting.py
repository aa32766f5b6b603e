"""What programs did in a period: participation by channel and person, money against the budget, compliance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from lamplighter.accounts.models import AccountRole
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.models import Posting
from lamplighter.programs.models import Application, Budget, Enrollment, Offer, Program, Sample
from lamplighter.programs.models.applications import Channel

SOON = 90


@dataclass(frozen=True, slots=True)
class Figures:
    """A program in a period. `enrolled` counts the last day of it; `spent` is what its fund bore in the books."""

    program: Program
    period: Period
    told: int
    applied: int
    approved: int
    denied: int
    lapsed: int
    begun: int
    renewed: int
    ended: int
    enrolled: int
    spent: Money
    budget: Money | None

    @property
    def left(self) -> Money | None:
        return None if self.budget is None else self.budget - self.spent


@dataclass(frozen=True, slots=True)
class Participation:
    """How often a person told of a program by a channel in a period, and what came of it."""

    program: str
    channel: str
    by: Actor
    told: int
    applied: int
    enrolled: int


def figures(program: Program, *, period: Period) -> Figures:
    """Twelve figures, each a count of rows that can be listed."""
    first, last = period.start, period.last_day
    applications = Application.objects.filter(program=program)
    decided = applications.filter(decided_on__range=(first, last)).aggregate(
        approved=Count("pk", filter=Q(state="approved")), denied=Count("pk", filter=Q(state="denied")),
        lapsed=Count("pk", filter=Q(state__in=("lapsed", "withdrawn"))),
    )  # fmt: skip
    enrollments = Enrollment.objects.filter(program=program)
    begun = enrollments.filter(period__startswith__range=(first, last))
    over = enrollments.filter(period__endswith__range=(first, last), followed_by__isnull=True)
    return Figures(
        program=program, period=period,
        told=Offer.objects.filter(program=program, on__range=(first, last)).count(),
        applied=applications.filter(received_on__range=(first, last)).count(),
        approved=decided["approved"], denied=decided["denied"], lapsed=decided["lapsed"],
        begun=begun.filter(follows__isnull=True).count(), renewed=begun.filter(follows__isnull=False).count(),
        ended=over.count(), enrolled=enrollments.filter(period__contains=last).count(),
        spent=spent(program, period=period), budget=budget_for(program, period=period),
    )  # fmt: skip


def spent(program: Program, *, period: Period) -> Money:
    """What the fund's account in the books bore, by accounting day. Zero for a program that no fund bears."""
    if not program.gl_code:
        return ZERO
    rows = Posting.objects.filter(
        code=program.gl_code, entry__accounting_on__range=(period.start, period.last_day)
    )  # fmt: skip
    return rows.aggregate(total=Sum("payoff"))["total"] or ZERO


def budget_for(program: Program, *, period: Period) -> Money | None:
    """That of the fiscal year in which the period ends."""
    row = Budget.objects.filter(program=program, period__contains=period.last_day).first()
    return row.amount if row else None


def participation(*, period: Period, program: Program | None = None) -> list[Participation]:
    """By program, channel and person: who was told, applied and was enrolled; three queries."""
    days = (period.start, period.last_day)
    only = Q(program=program) if program else Q()
    told = _counted(Offer.objects.filter(only, on__range=days), by="by")
    applied = _counted(Application.objects.filter(only, received_on__range=days), by="received_by")
    enrolled = _counted(Application.objects.filter(only, received_on__range=days, state="approved"), by="received_by")
    return [
        Participation(key[0], Channel(key[1]).label, key[2], told[key], applied[key], enrolled[key])
        for key in sorted({*told, *applied}, key=lambda key: (key[0], key[1], str(key[2])))
    ]


def by_month(program: Program, *, period: Period) -> list[tuple[date, int]]:
    """Enrollments begun in each month."""
    rows = (
        Enrollment.objects.filter(program=program, period__startswith__range=(period.start, period.last_day))
        .annotate(month=TruncMonth("begun_at"))
        .values("month").annotate(count=Count("pk")).order_by("month")
    )  # fmt: skip
    return [(row["month"].date(), row["count"]) for row in rows]


def by_language(program: Program, *, day: date) -> list[tuple[str, int]]:
    """Who is enrolled on a day, by the customer's language."""
    accounts = Enrollment.objects.filter(program=program, period__contains=day).values("account")
    roles = AccountRole.objects.filter(account__in=accounts, role=AccountRole.Role.MAIN, period__contains=day)
    return _listed(roles.values_list(F("person__language")))


def by_district(program: Program, *, day: date) -> list[tuple[str, int]]:
    """Who is enrolled on a day, by the postcode of the premise."""
    rows = Enrollment.objects.filter(program=program, period__contains=day)
    return _listed(rows.values_list(F("agreement__premise__postcode")))


def samples() -> QuerySet[Sample]:
    """Samples with how many of their cases were looked into, the newest first."""
    return (
        Sample.objects.select_related("program")
        .annotate(size=Count("cases"), found=Count("cases", filter=~Q(cases__finding="")),
                  failed=Count("cases", filter=~Q(cases__finding__in=("", "qualifies"))))
        .order_by("-on", "-pk")
    )  # fmt: skip


def _counted(rows: QuerySet[Offer] | QuerySet[Application], *, by: str) -> Counter[tuple[str, str, Actor]]:
    counted = rows.values_list("program", "channel", by).annotate(count=Count("pk"))
    return Counter({(program, channel, who): count for program, channel, who, count in counted})


def _listed(rows: Sequence[tuple[str]] | QuerySet[AccountRole, tuple[str]] | QuerySet[Enrollment, tuple[str]]) -> list[
    tuple[str, int]
]:  # fmt: skip
    counts = Counter(str(value or "") for (value,) in rows)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
