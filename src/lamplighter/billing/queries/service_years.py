"""The last twelve bills' worth of a service as a load curve with the days of its bills: what a comparison stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import F

from lamplighter.accounts.models import Agreement, AgreementFact, AgreementRate
from lamplighter.billing.models import Segment
from lamplighter.billing.queries.history import BILLS, too_little
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.curves.measuring import CurveMeter
from lamplighter.intervals.curves.pricing import BillDays, YearPricer
from lamplighter.kernel.periods import Period
from lamplighter.premises.queries import facts_of
from lamplighter.rating.tariff import BillKind, Tariff, cut_by_riders
from lamplighter.tariffs.queries import InForce
from lamplighter.usage.queries.curves import load_curve
from lamplighter.usage.queries.points import points_of

LOOK_BACK = 23
KINDS = {"regular": BillKind.REGULAR, "opening": BillKind.OPENING, "closing": BillKind.CLOSING}


class CannotCompare(Exception):
    """Why no comparison can be made, in a sentence that can be read to the customer."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class ServiceYear:
    """`bills` are all that are known, oldest first, the last `BILLS` of which are compared; `curve` covers them all.

    `schedule` is the key of the schedule in force at the end, `riders` those beside it.
    """

    agreement: Agreement
    bills: tuple[BillDays, ...]
    segments: tuple[Segment, ...]
    curve: LoadCurve
    schedule: str
    riders: tuple[str, ...]
    since: date

    @property
    def period(self) -> Period:
        """The days that are compared."""
        return Period(self.bills[-BILLS:][0].period.start, self.bills[-1].period.closed_end)

    @cached_property
    def year(self) -> LoadCurve:
        """The curve of the days that are compared."""
        return self.curve.within(self.period)

    @cached_property
    def meter(self) -> CurveMeter:
        """Measures the curve once for every schedule that asks."""
        return CurveMeter(self.curve)

    def pricer(self, schedule: str, book: Mapping[str, Sequence[InForce]], facts: Mapping[str, object]) -> YearPricer:
        """The bills of this service under a schedule with its riders; `facts` are told beside the account's own."""
        bills = tuple(replace(bill, facts={**facts, **bill.facts}) for bill in self.bills)
        beside = [one for rider in self.riders for one in book[rider]]
        versions = [_in_force(book[schedule], beside, bill.period) for bill in bills]
        return YearPricer(bills, versions, self.since)


def service_year(agreement: Agreement, *, on: date) -> ServiceYear:
    """Raises CannotCompare for too little history, and CannotMeasure where there is no curve."""
    segments = list(
        Segment.objects.filter(agreement=agreement, cancelled_at__isnull=True, period__endswith__lte=on)
        .only("agreement_id", "period", "month", "kind", "schedule", "total", "estimated")
        .annotate(settled=F("statement__settles"))
        .order_by("-period")[:LOOK_BACK]
    )[::-1]
    compared = segments[-BILLS:]
    if why := too_little(bills=len(compared), days=sum(segment.period.days for segment in compared)):
        raise CannotCompare(why.code, why.message)
    uses = points_of([agreement.pk])[agreement.pk]
    days = Period(segments[0].period.start, segments[-1].period.closed_end)
    last = days.last_day
    rates = [
        rate
        for rate in AgreementRate.objects.filter(agreement=agreement).order_by("period", "id")
        if last in rate.period
    ]
    first = segments[0]
    began = agreement.period.start
    return ServiceYear(
        agreement,
        _bills(agreement, [use.point for use in uses if not use.only_sent], segments),
        tuple(segments),
        load_curve(uses, period=days),
        next(rate.schedule_id for rate in rates if not rate.rider),
        tuple(rate.schedule_id for rate in rates if rate.rider),
        first.month if first.period.start == began else max(began, first.month),
    )


def _bills(agreement: Agreement, points: Sequence[int], segments: Sequence[Segment]) -> tuple[BillDays, ...]:
    """With what the account told on the last day of each; the agreement's own word counts before the point's."""
    own = list(AgreementFact.objects.filter(agreement=agreement))
    days = {segment.period.last_day for segment in segments}
    there = {day: facts_of(points, on=day) for day in days}
    made = []
    for segment in segments:
        day = segment.period.last_day
        facts: dict[str, object] = {}
        for point in points:
            facts |= there[day].get(point, {})
        facts |= {row.name: row.value for row in own if day in row.period}
        settled = bool(segment.settled)  # type: ignore[attr-defined]
        made.append(BillDays(segment.period, segment.month, facts, KINDS[segment.kind], settled))
    return tuple(made)


def _in_force(base: Sequence[InForce], riders: Sequence[InForce], period: Period) -> tuple[Tariff, ...]:
    """The versions on a bill's days, each cut where a rider comes or goes, with the riders of those days."""
    beside = [one.tariff for one in riders]
    there = [one.tariff for one in base if one.tariff.valid.overlaps(period)]
    return tuple(version for one in there for version in cut_by_riders(one, beside, period))
