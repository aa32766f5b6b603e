"""What meter data say of a point, its neighbours' beside it; places with use and no account; an estimate of a loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef

from lamplighter.accounts.models import Agreement, AgreementPoint
from lamplighter.billing.models import Segment
from lamplighter.credit.rules.unauthorized import (
    CannotInvestigate,
    Estimate,
    Evidence,
    Sign,
    Year,
    dropped,
    flows_back,
    told,
    vacant_use,
)
from lamplighter.formats.network.messages import EventKind
from lamplighter.kernel.instants import Span
from lamplighter.kernel.money import total
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.metering.queries import standings
from lamplighter.network.models import MeterEvent
from lamplighter.premises.models import ServicePoint
from lamplighter.usage.measuring import PointUse
from lamplighter.usage.queries.series import DayUse, days_of_each

LOOKS_BACK, YEAR = 30, 365
NEIGHBORS = 8
SIGNS = {EventKind.TAMPER: Sign.TAMPER, EventKind.REVERSE: Sign.REVERSE}


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A point with a meter and no account, and what was used there lately."""

    point: ServicePoint
    evidence: Evidence


def evidence_at(point: ServicePoint, *, on: date) -> list[Evidence]:
    """Every sign of the last thirty days, the year before beside them."""
    period = Period(on - timedelta(days=LOOKS_BACK), on)
    lately = used_at(point, period)
    served = _served(point, period)
    found: list[Evidence | None] = []
    if served is None:
        found.append(vacant_use([(one.day, one.use.delivered) for one in lately]))
    generates = served is not None and served.agreement.rates.filter(schedule__code__startswith="NEM").exists()
    found.append(flows_back([(one.day, one.use.received) for one in lately], generates=generates))
    found += told(_events(point, period))
    if served is not None:
        here, *others = _years([point, *_neighbors(point)], on)
        found.append(dropped(here, others))
    return [one for one in found if one is not None]


def unclaimed(*, on: date) -> list[Unclaimed]:
    """Points with a meter and no account where power is used; the places are few, and all are looked at together."""
    period = Period(on - timedelta(days=LOOKS_BACK), on)
    uses = AgreementPoint.objects.filter(
        point=OuterRef("pk"), period__endswith__isnull=True, agreement__cancelled_at__isnull=True
    )
    lately = AgreementPoint.objects.filter(point=OuterRef("pk"), period__overlap=period)
    places = ServicePoint.objects.filter(~Exists(uses), ~Exists(lately), kind=ServicePoint.Kind.METERED)
    points = list(places.select_related("premise").order_by("pk"))
    found = []
    for point, used in zip(points, used_at_each(points, period), strict=True):
        sign = vacant_use([(one.day, one.use.delivered) for one in used])
        if sign is not None:
            found.append(Unclaimed(point, sign))
    return found


def estimate_loss(agreement: Agreement, point: ServicePoint, *, first: date, last: date) -> Estimate:
    """What was used on the same days a year before, less what was measured, at the average price of the account's bills
    of that year. Raises CannotInvestigate where there is nothing to estimate by."""
    period = Period(first, last + timedelta(days=1))
    before = Period(first - timedelta(days=YEAR), last - timedelta(days=YEAR - 1))
    usual, measured = _sum(used_at(point, before)), _sum(used_at(point, period))
    bills = Segment.objects.filter(agreement__account=agreement.account_id, cancelled_at__isnull=True, kwh__gt=0)
    kwh = sum((row.kwh for row in bills if row.kwh is not None), Decimal(0))
    if usual <= 0 or not kwh:
        raise CannotInvestigate("There is no use of a year before, or no bill, to estimate by.")
    cents = Decimal(total(row.total for row in bills).cents) / kwh
    return Estimate(first, last, usual, measured, cents)


def used_at(point: ServicePoint, period: Period) -> list[DayUse]:
    """Each day of a period at one point, whoever has it."""
    return used_at_each([point], period)[0]


def used_at_each(points: Sequence[ServicePoint], period: Period) -> list[list[DayUse]]:
    """The same of several points, each by itself; as many queries as for one."""
    return days_of_each([[PointUse(point.pk, 1, period)] for point in points], period=period)


def _served(point: ServicePoint, period: Period) -> AgreementPoint | None:
    rows = AgreementPoint.objects.filter(
        point=point, use=AgreementPoint.Use.ADD, period__overlap=period, agreement__cancelled_at__isnull=True
    )
    return rows.select_related("agreement").first()


def _events(point: ServicePoint, period: Period) -> list[tuple[Sign, date, str]]:
    zone = ZoneInfo(settings.UTILITY_ZONE)
    span = Span(datetime.combine(period.start, time(), zone), datetime.combine(period.closed_end, time(), zone))
    channels = [one.channel.pk for one in standings([point.pk], span=span)]
    meters = Channel.objects.filter(pk__in=channels).values("meter")
    rows = MeterEvent.objects.filter(meter__in=meters, kind__in=SIGNS, at__range=(span.start, span.end)).order_by("at")
    return [(SIGNS[EventKind(row.kind)], row.at.astimezone(zone).date(), row.words) for row in rows]


def _neighbors(point: ServicePoint) -> list[ServicePoint]:
    """Others on the same street with service, the nearest in number first."""
    street = point.premise.street.partition(" ")[2]
    served = AgreementPoint.objects.filter(point=OuterRef("pk"), period__endswith__isnull=True)
    rows = ServicePoint.objects.filter(Exists(served), premise__street__endswith=street).exclude(pk=point.pk)
    return list(rows.order_by("pk")[:NEIGHBORS])


def _years(points: Sequence[ServicePoint], on: date) -> list[Year]:
    """What each used lately, and on the same days a year before; as many queries as for one."""
    lately = Period(on - timedelta(days=LOOKS_BACK), on)
    before = Period(on - timedelta(days=LOOKS_BACK + YEAR), on - timedelta(days=YEAR))
    several = [used_at_each(points, period) for period in (lately, before)]
    return [Year(_sum(now), _sum(then)) for now, then in zip(*several, strict=True)]


def _sum(several: Sequence[DayUse]) -> Decimal:
    return sum((one.use.delivered for one in several if one.use.delivered is not None), Decimal(0))
