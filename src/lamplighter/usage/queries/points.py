"""Which service points count for a customer, with their signs, on which days: never longer than the service itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Q, QuerySet

from lamplighter.accounts.models import Account, AgreementPoint
from lamplighter.accounts.sharing.queries import WHOLE, Plans, plans_of
from lamplighter.kernel.instants import span_of
from lamplighter.kernel.periods import Period, days
from lamplighter.usage.measuring import PointUse
from lamplighter.usage.models import RegisterRead
from lamplighter.usage.store import utility_zone

NEARLY = timedelta(hours=36)
SIGNS = {AgreementPoint.Use.ADD.value: 1, AgreementPoint.Use.SUBTRACT.value: -1}
WHENEVER = Period(date.min)
USES = """
SELECT agreement_id, point_id, use, lower(period), upper(period) FROM accounts_agreementpoint
WHERE agreement_id = ANY(%s::bigint[]) AND use = ANY(%s) AND period && daterange(%s, %s)
ORDER BY id
"""


def points_of(agreements: Collection[int], *, period: Period | None = None) -> dict[int, tuple[PointUse, ...]]:
    """Of each agreement the points that count for it, with their signs, and its shares of what others send back.

    What a point shares out is no longer its own. Two queries, and three more where anything is shared.
    """
    if not agreements:
        return {}
    within = WHENEVER if period is None else period
    found: dict[int, list[PointUse]] = {pk: [] for pk in agreements}
    with connection.cursor() as cursor:
        cursor.execute(USES, [list(agreements), list(SIGNS), within.start, within.end])
        uses = [(pk, PointUse(point, SIGNS[use], days(*run))) for pk, point, use, *run in cursor.fetchall()]
    plans = plans_of({use.point for _, use in uses}, agreements)
    for agreement, use in uses:
        found[agreement] += _own(agreement, use, plans[use.point]) if use.point in plans else (use,)
    for point, several in plans.items():
        for planned, plan in several:
            for share in plan.shares.all():
                if share.agreement_id in found and not _owns(found[share.agreement_id], point, planned):
                    found[share.agreement_id].append(PointUse(point, 1, planned, share.percent / WHOLE, only_sent=True))
    return {pk: tuple(mine) for pk, mine in found.items()}


def sharing(points: Collection[int], *, period: Period) -> list[tuple[int, Period]]:
    """The agreements that have a share of what these points send back within a period, and on which days."""
    return [
        (share.agreement_id, shared)
        for several in plans_of(points).values()
        for planned, plan in several
        if (shared := planned & period) is not None
        for share in plan.shares.all()
    ]


def _own(agreement: int, use: PointUse, plans: Plans) -> Iterator[PointUse]:
    """A point of the agreement's own: whole where nothing is shared, else with the part that the plan leaves to it."""
    for period in use.period.split(*(planned.start for planned, _ in plans)):
        shares = next((list(plan.shares.all()) for planned, plan in plans if period.start in planned), [])
        left = sum((share.percent for share in shares if share.agreement_id == agreement), Decimal(0)) / WHOLE
        yield use._replace(period=period, sent=left if shares else Decimal(1))


def _owns(uses: Iterable[PointUse], point: int, planned: Period) -> bool:
    """Whether the point is the agreement's own then: its part is told with it."""
    return any(use.point == point and not use.only_sent and use.period.overlaps(planned) for use in uses)


def points_of_account(account: Account, *, period: Period) -> tuple[PointUse, ...]:
    """Those of an account's services that ran within a period. Who lived there before or after is somebody else, and
    what they used is theirs."""
    rows = AgreementPoint.objects.filter(
        agreement__account=account, agreement__cancelled_at__isnull=True, period__overlap=period
    ).select_related("agreement")
    shared = ((row, row.period & row.agreement.period) for row in rows.order_by("id"))
    return tuple(
        PointUse(row.point_id, SIGNS[row.use], here) for row, here in shared if here is not None and row.use in SIGNS
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
