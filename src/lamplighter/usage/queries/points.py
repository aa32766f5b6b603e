"""Which service points count for a customer, with their signs, on which days: never longer than the service itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet

from lamplighter.accounts.models import Account, AgreementPoint
from lamplighter.kernel.instants import span_of
from lamplighter.kernel.periods import Period
from lamplighter.usage.measuring import PointUse
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.store import utility_zone

NEARLY = timedelta(hours=36)
SIGNS = {AgreementPoint.Use.ADD: 1, AgreementPoint.Use.SUBTRACT: -1}


def points_in_use(uses: Iterable[AgreementPoint]) -> tuple[PointUse, ...]:
    """The points that count for an agreement, with their signs."""
    return tuple(
        PointUse(use.point_id, SIGNS[AgreementPoint.Use(use.use)], use.period) for use in uses if use.use in SIGNS
    )


def points_of_account(account: Account, *, period: Period) -> tuple[PointUse, ...]:
    """Those of an account's services that ran within a period. Who lived there before or after is somebody else, and
    what they used is theirs."""
    rows = AgreementPoint.objects.filter(
        agreement__account=account, agreement__cancelled_at__isnull=True, period__overlap=period
    ).select_related("agreement")
    shared = ((row, row.period & row.agreement.period) for row in rows.order_by("id"))
    return tuple(
        PointUse(row.point_id, SIGNS[AgreementPoint.Use(row.use)], days)
        for row, days in shared
        if days is not None and row.use in SIGNS
    )


def reads_within(uses: Iterable[PointUse]) -> QuerySet[RegisterRead]:
    """The register reads of these points on these days, newest first, with those that begin and end them: a read may be
    taken a day early or late."""
    zone = utility_zone()
    told = Q(pk__in=())
    for use in uses:
        span = span_of(use.period, zone)
        here = Q(channel__meter__installations__point=use.point, at__gte=span.start - NEARLY)
        told |= here if span.end is None else here & Q(at__lte=span.end + NEARLY)
    return RegisterRead.objects.filter(told).distinct().order_by("-at", "-id")
