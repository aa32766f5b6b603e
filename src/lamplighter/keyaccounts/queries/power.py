"""What a customer's trouble with power comes to: the issues about it, its upsets, and its size for what would help."""

from __future__ import annotations

from datetime import date

from lamplighter.accounts.models import Agreement, AgreementPoint
from lamplighter.advice.remedies import Site, Upset
from lamplighter.intervals.curves.shapes import figures
from lamplighter.keyaccounts.models import Issue, Organisation
from lamplighter.keyaccounts.queries.loads import year_curve
from lamplighter.keyaccounts.queries.offers import adopted_costs
from lamplighter.network.queries.quality import PowerRecord
from lamplighter.premises.models import ServicePoint

ABOUT = (Issue.About.QUALITY, Issue.About.OUTAGE)


def power_issues(organisation: Organisation) -> list[Issue]:
    """About power quality and outages, those that are open first, then the newest."""
    rows = Issue.objects.filter(organisation=organisation, about__in=ABOUT)
    rows = rows.select_related("words", "owner", "closing", "investigation__investigator", "investigation__findings")
    return sorted(rows, key=lambda one: (one.closed_at is not None, -one.opened_at.timestamp()))


def points_of(agreement: Agreement, *, on: date) -> list[ServicePoint]:
    """The points that feed a service on a day."""
    rows = AgreementPoint.objects.filter(agreement=agreement, period__contains=on, use=AgreementPoint.Use.ADD)
    return [row.point for row in rows.select_related("point__premise").order_by("pk")]


def upsets_of(record: PowerRecord) -> list[Upset]:
    """Dips that electronics do not ride through, and outages. One whose length nobody knows counts as a short one."""
    dips = [Upset(0, dip=True, lacks=one.lacks) for one in record.dips if one.ridden is False]
    return [*dips, *(Upset(float(one.minutes or 0)) for one in record.outages)]


def site_of(agreement: Agreement, *, on: date) -> Site:
    """Raises CannotMeasure where its size is not known from intervals."""
    found, costs = figures(year_curve(agreement, on=on)), adopted_costs(on=on)
    return Site(found.kwh, found.peak_kw, costs.dollars_per_kw_year if costs else None)
