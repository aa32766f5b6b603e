"""Who needs somebody today: new peaks, steps and touches that are due, promises, contracts near their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
from django.db.models import QuerySet

from lamplighter.accounts.models import Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Segment
from lamplighter.billing.rules import months_before
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Contract, Issue, Membership, Organisation, Step
from lamplighter.keyaccounts.queries.contracts import MARKS
from lamplighter.keyaccounts.queries.loads import limits
from lamplighter.keyaccounts.queries.portfolio import Known
from lamplighter.platform.models import User
from lamplighter.rating.refusals import CannotMeasure
from lamplighter.usage.measuring import PointUse
from lamplighter.usage.queries.curves import load_curve
from lamplighter.usage.queries.points import points_of

CLEARLY = 1.02
MOST_DAYS = 45


@dataclass(frozen=True, slots=True)
class NewPeak:
    """The highest quarter hour since the last bill was set yesterday. `before` is the highest until then;
    `limit` where the schedule ends, when it was reached."""

    known: Known
    agreement: Agreement
    at: datetime
    kw: Decimal
    before: Decimal
    limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A contract whose end is within 18, 12 or 6 months."""

    contract: Contract
    months: int
    left: int


def new_peaks(portfolio: Sequence[Known], *, on: date) -> list[NewPeak]:
    """Of every service with intervals, the highest first. Yesterday is the last day that has been read."""
    found = []
    by_account = {account: one for one in portfolio for account in one.accounts}
    agreements = Agreement.objects.filter(
        account__in=by_account, kind=AgreementKind.ENERGY, period__endswith__isnull=True, cancelled_at__isnull=True
    ).select_related("account", "premise")
    ids = [one.pk for one in agreements]
    until: dict[int, date] = {}
    for agreement, period in Segment.objects.filter(agreement__in=ids, cancelled_at__isnull=True).values_list(
        "agreement", "period"
    ):
        until[agreement] = max(until.get(agreement, period.closed_end), period.closed_end)
    uses = points_of(ids)
    below = {pk: kw for pk, (_, kw) in limits(ids, on=on).items()}
    for one in agreements:
        start = max(until.get(one.pk, one.period.start), on - timedelta(days=MOST_DAYS))
        if start < on - timedelta(days=1):
            peak = _peak(by_account[one.account_id], one, uses[one.pk], Period(start, on), below.get(one.pk))
            found += [peak] if peak else []
    return sorted(found, key=lambda peak: -peak.kw)


def alarms(portfolio: Sequence[Known], *, on: date) -> list[Alarm]:
    """Contracts that end within a year and a half, the nearest first."""
    found = []
    for one in portfolio:
        for contract in one.contracts:
            ends = contract.period.closed_end
            reached = [mark for mark in MARKS if on >= months_before(ends, mark)]
            if reached:
                found.append(Alarm(contract, min(reached), (ends - on).days))
    return sorted(found, key=lambda alarm: alarm.left)


def steps_due(user: User, *, on: date, days: int = 7) -> QuerySet[Step]:
    """A manager's steps that are due within days, the overdue first."""
    rows = Step.objects.filter(owner=user, done_at__isnull=True, due_on__lte=on + timedelta(days=days))
    return rows.select_related("organisation__person", "account", "person", "words", "issue").order_by("due_on", "pk")


def issues_of(user: User) -> QuerySet[Issue]:
    """Open issues that they own, or that nobody owns yet."""
    rows = Issue.objects.filter(closed_at__isnull=True, owner__in=[user]) | Issue.objects.filter(
        closed_at__isnull=True, owner__isnull=True
    )
    return rows.select_related("organisation__person", "account", "words", "owner").order_by("promised_on", "pk")


def renewals(*, on: date, days: int = 60) -> QuerySet[Membership]:
    """Memberships to renew soon."""
    return (
        Membership.objects.filter(period__contains=on, renew_on__lte=on + timedelta(days=days))
        .select_related("organisation__person", "user").order_by("renew_on")
    )  # fmt: skip


def others() -> QuerySet[Organisation]:
    """Organisations that are not customers."""
    return (
        Organisation.objects.exclude(kind=Organisation.Kind.CUSTOMER)
        .select_related("person")
        .order_by("person__sort_name")
    )


def _peak(
    known: Known, agreement: Agreement, uses: Sequence[PointUse], period: Period, limit: Decimal | None
) -> NewPeak | None:
    try:
        curve = load_curve(uses, period=period)
    except CannotMeasure:
        return None
    kw = curve.kw()
    yesterday = curve.calendar.slots_within(Period(period.closed_end - timedelta(days=1), period.closed_end))
    now, then = kw[yesterday], kw[: yesterday.start]
    if np.isnan(now).all() or np.isnan(then).all():
        return None
    slot = yesterday.start + int(np.nanargmax(now))
    highest, before = float(kw[slot]), float(np.nanmax(then))
    reached = limit if limit is not None and before < float(limit) <= highest else None
    if highest < before * CLEARLY and reached is None:
        return None
    return NewPeak(known, agreement, _instant(curve, slot), _tenths(highest), _tenths(before), reached)


def _instant(curve: LoadCurve, slot: int) -> datetime:
    return datetime.fromtimestamp(int(curve.calendar.edges[slot]), curve.calendar.zone)


def _tenths(kw: float) -> Decimal:
    return Decimal(kw).quantize(Decimal("0.1"))
