"""What a measure of a plan comes to, with the rows that it stands on: from meters, bills, power, the log and issues.

What other contexts tell (rebates, surveys) is given to `measured` by whoever may ask them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from lamplighter.accounts.models import Agreement, AgreementPoint
from lamplighter.billing.models import Segment
from lamplighter.intervals.curves.shapes import Figures, figures, top_peaks
from lamplighter.kernel.instants import midnight
from lamplighter.keyaccounts.measures import MEASURES
from lamplighter.keyaccounts.models import Issue, Organisation, Touch
from lamplighter.keyaccounts.queries.loads import YEAR, year_curve
from lamplighter.keyaccounts.queries.portfolio import services_of
from lamplighter.keyaccounts.queries.projects import outcome, projects_of
from lamplighter.network.queries.quality import first_heard, outages_at
from lamplighter.network.rules.quality import Outage
from lamplighter.rating.refusals import CannotMeasure
from lamplighter.usage.store import utility_zone

QUARTER, BILLS = 90, 12


@dataclass(frozen=True, slots=True)
class Behind:
    """A row that a figure stands on: its day where it has one, what it is, and its own figure."""

    what: str
    on: date | None = None
    value: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    value: Decimal
    rows: tuple[Behind, ...]


Taker: TypeAlias = Callable[[Organisation, Sequence[Agreement], date], Measured | None]
Beyond: TypeAlias = Mapping[str, Taker]
"""Takers of the measures that other contexts tell, by the measure's key."""


def measured(
    name: str, *, organisation: Organisation, agreement: Agreement | None, on: date, beyond: Beyond
) -> Measured | None:
    """A measure of one service, or of all of the organisation's; None where there is nothing to take it from."""
    services = [agreement] if agreement is not None else services_of(organisation)
    try:
        found = {**TAKERS, **beyond}[name](organisation, services, on)
    except CannotMeasure:
        return None
    places = Decimal(1).scaleb(-MEASURES[name].places)
    return None if found is None else replace(found, value=found.value.quantize(places))


def _peak(_: Organisation, services: Sequence[Agreement], on: date) -> Measured | None:
    if len(services) != 1:
        return None
    peaks = top_peaks(year_curve(services[0], on=on, days=QUARTER), 5)
    rows = [Behind(f"{one.at:%-I:%M %p}".lower(), one.day, Decimal(one.kw), "kW") for one in peaks]
    return Measured(Decimal(peaks[0].kw), tuple(rows))


def _of_figures(days: int, take: Callable[[Figures], float | None], rows: Callable[[Figures], list[Behind]]) -> Taker:
    def taker(_: Organisation, services: Sequence[Agreement], on: date) -> Measured | None:
        if len(services) != 1:
            return None
        found = figures(year_curve(services[0], on=on, days=days))
        value = take(found)
        return None if value is None else Measured(Decimal(value), tuple(rows(found)))

    return taker


def _energy(found: Figures) -> Behind:
    return Behind("Energy of these days", value=Decimal(found.kwh), unit="kWh")


def _base_rows(found: Figures) -> list[Behind]:
    base, mean = Decimal(found.base_kw), Decimal(found.mean_kw)
    return [Behind("Exceeded in 95 % of the hours", value=base, unit="kW"), Behind("Mean", value=mean, unit="kW")]


def _factor_rows(found: Figures) -> list[Behind]:
    mean, peak = Decimal(found.mean_kw), Decimal(found.peak_kw)
    return [_energy(found), Behind("Mean", value=mean, unit="kW"), Behind("Highest", value=peak, unit="kW")]


def _of_bills(take: Callable[[Decimal, Decimal], Decimal | None], unit: str) -> Taker:
    """Of the last twelve bills of each service, from their kWh and cents; None where one has fewer."""

    def taker(_: Organisation, services: Sequence[Agreement], __: date) -> Measured | None:
        kwh, cents, rows = Decimal(0), Decimal(0), list[Behind]()
        for one in services:
            bills = list(Segment.objects.filter(agreement=one, cancelled_at=None).order_by("-period")[:BILLS])
            if len(bills) < BILLS:
                return None
            where = f"{one.premise}, " if len(services) > 1 else ""
            for bill in bills:
                used, charged = bill.kwh or Decimal(0), Decimal(bill.total.cents)
                kwh, cents = kwh + used, cents + charged
                what = f"{where}bill of {bill.period.days} days"
                rows.append(Behind(what, bill.period.last_day, take(used, charged), unit))
        value = take(kwh, cents)
        return None if value is None else Measured(value, tuple(rows))

    return taker


def _saved(organisation: Organisation, services: Sequence[Agreement], on: date) -> Measured | None:
    """kWh of a year that the meters tell; None where they tell of no project."""
    of, rows = {service.pk for service in services}, list[Behind]()
    for project in projects_of(organisation):
        found = outcome(project, on=on).by_meter if project.agreement_id in of else None
        if found is not None:
            rows.append(Behind(project.name, project.done_on, Decimal(found.verified.kwh), "kWh"))
    return Measured(sum((one.value or Decimal(0) for one in rows), Decimal(0)), tuple(rows)) if rows else None


@dataclass(frozen=True, slots=True)
class _Lost:
    """Sustained interruptions of a year at the points of services, and the first word of their meters in it."""

    found: tuple[tuple[Agreement, Outage], ...]
    first: datetime | None

    @property
    def minutes(self) -> Decimal:
        return sum((one.minutes or Decimal(0) for _, one in self.found), Decimal(0))

    @property
    def rows(self) -> tuple[Behind, ...]:
        """The newest first; at the end since when the meters tell anything: before, nothing was heard of outages."""
        zone, rows = utility_zone(), []
        for service, one in sorted(self.found, key=lambda pair: pair[1].at, reverse=True):
            when = one.at.astimezone(zone)
            length = "" if one.minutes is not None else ", nobody heard how long"
            rows.append(Behind(f"{service.premise}, {_clock(when)}{length}", when.date(), one.minutes, "min"))
        if self.first is not None:
            rows.append(Behind("The first that its meters told in these days", self.first.astimezone(zone).date()))
        return tuple(rows)


def _lost(of: Sequence[Agreement], on: date) -> _Lost | None:
    """None where no meter there tells of power."""
    zone = utility_zone()
    fed = AgreementPoint.objects.filter(agreement__in=of, period__contains=on, use=AgreementPoint.Use.ADD)
    owner = {row.point_id: row.agreement for row in fed.select_related("agreement__premise").order_by("pk")}
    since, until = midnight(on - timedelta(days=YEAR), zone), midnight(on + timedelta(days=1), zone)
    heard = outages_at(owner, since=since, until=until)
    if not heard:
        return None
    long = [(owner[point], one) for point, several in heard.items() for one in several if not one.momentary]
    return _Lost(tuple(long), first_heard(owner, since=since, until=until))


def _count_outages(_: Organisation, services: Sequence[Agreement], on: date) -> Measured | None:
    lost = _lost(services, on)
    return None if lost is None else Measured(Decimal(len(lost.found)), lost.rows)


def _sum_outages(_: Organisation, services: Sequence[Agreement], on: date) -> Measured | None:
    lost = _lost(services, on)
    return None if lost is None else Measured(lost.minutes, lost.rows)


def _touches(organisation: Organisation, _: Sequence[Agreement], on: date) -> Measured | None:
    zone = utility_zone()
    rows = Touch.objects.filter(organisation=organisation, at__date__gt=on - timedelta(days=QUARTER)).order_by("-at")
    told = tuple(Behind(str(one.get_kind_display()), one.at.astimezone(zone).date()) for one in rows)
    return Measured(Decimal(len(told)), told)


def _promises(organisation: Organisation, _: Sequence[Agreement], on: date) -> Measured | None:
    """Of the issues closed within a year, those closed by the day that was promised first."""
    zone, rows, kept = utility_zone(), list[Behind](), 0
    closed = Issue.objects.filter(organisation=organisation, closed_at__date__gt=on - timedelta(days=YEAR))
    for one in closed.order_by("-closed_at"):
        assert one.closed_at is not None
        day = one.closed_at.astimezone(zone).date()
        late = (day - one.first_promised_on).days
        kept += late <= 0
        rows.append(Behind(f"Issue {one.number}: {'in time' if late <= 0 else f'{late} days late'}", day))
    return Measured(Decimal(100 * kept) / len(rows), tuple(rows)) if rows else None


def _clock(at: datetime) -> str:
    return f"{at:%-I:%M %p}".lower()


TAKERS: Beyond = {
    "peak-kw": _peak,
    "base-kw": _of_figures(QUARTER, lambda found: found.base_kw, _base_rows),
    "load-factor": _of_figures(YEAR, lambda found: found.load_factor * 100, _factor_rows),
    "power-factor": _of_figures(YEAR, lambda found: found.power_factor, lambda found: [_energy(found)]),
    "kwh-year": _of_bills(lambda kwh, _: kwh, "kWh"),
    "cost-year": _of_bills(lambda _, cents: cents / 100, "$"),
    "cents-kwh": _of_bills(lambda kwh, cents: cents / kwh if kwh else None, "¢/kWh"),
    "saved-kwh": _saved,
    "outages": _count_outages,
    "outage-minutes": _sum_outages,
    "kept-promises": _promises,
    "touches": _touches,
}
