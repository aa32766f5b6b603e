"""Twelve months of a service, or of every service at its address together, as they would be given for benchmarking."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from lamplighter.accounts.models import AccountRole, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.kernel.instants import span_of
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.benchmarking import (
    Month,
    MonthGiven,
    MonthLeft,
    Use,
    last_months,
    one_service,
    whole_building,
)
from lamplighter.keyaccounts.models import DataConsent, DataRelease, Organisation
from lamplighter.metering.models import Installation
from lamplighter.rating.determinants import Ask, Determinant, What
from lamplighter.usage.measuring import Wanted
from lamplighter.usage.queries.measured import measured
from lamplighter.usage.queries.points import points_of
from lamplighter.usage.store import utility_zone

KWH = Determinant(What.KWH)


@dataclass(frozen=True, slots=True)
class ReleaseDraft:
    """What would be given of a service, or of the building that it is in."""

    organisation: Organisation
    service: Agreement
    building: bool
    months: tuple[Month, ...]

    @property
    def given(self) -> list[MonthGiven]:
        return [one for one in self.months if isinstance(one, MonthGiven)]

    @property
    def left(self) -> list[MonthLeft]:
        return [one for one in self.months if isinstance(one, MonthLeft)]

    @property
    def digest(self) -> str:
        """Changes with anything that the file would hold."""
        held = [self.service.pk, self.building, [one.told() for one in self.given]]
        return hashlib.sha256(json.dumps(held).encode()).hexdigest()


def draft_release(organisation: Organisation, service: Agreement, *, building: bool, on: date) -> ReleaseDraft:
    """The twelve calendar months before `on`; queries grow with neither months nor tenants."""
    months = last_months(on)
    days = Period(months[0].start, months[-1].closed_end)
    agreements = list(_at_address(service, days) if building else Agreement.objects.filter(pk=service.pk))
    uses = _uses(agreements, months, days)
    judged = whole_building if building else one_service
    return ReleaseDraft(organisation, service, building, tuple(judged(one, uses[one]) for one in months))


def consents_of(organisation: Organisation, *, on: date) -> list[DataConsent]:
    """Those that hold on a day: of each service and receiver what was said last, the newest first."""
    newest = DataConsent.objects.filter(organisation=organisation).order_by("agreement", "receiver", "-pk")
    held = newest.distinct("agreement", "receiver").select_related("agreement__premise")
    return sorted((one for one in held if one.holds(on)), key=lambda one: -one.pk)


def releases_of(organisation: Organisation) -> QuerySet[DataRelease]:
    """The newest first."""
    rows = DataRelease.objects.filter(organisation=organisation).order_by("-pk")
    return rows.select_related("agreement__premise", "file")


def _at_address(service: Agreement, days: Period) -> QuerySet[Agreement]:
    premise = service.premise
    assert premise is not None, "a service has a premise"
    return Agreement.objects.filter(
        premise__street=premise.street, premise__city=premise.city, premise__postcode=premise.postcode,
        kind=AgreementKind.ENERGY, cancelled_at__isnull=True, period__overlap=days,
    ).order_by("pk")  # fmt: skip


def _uses(agreements: Sequence[Agreement], months: Sequence[Period], days: Period) -> dict[Period, list[Use]]:
    points = points_of([one.pk for one in agreements], period=days)
    customers = _customers({one.account_id for one in agreements})
    asked = [
        (month, one, shared) for month in months for one in agreements if (shared := one.period & month) is not None
    ]
    answers = measured(
        [Wanted((one.pk, month), points[one.pk], shared, (Ask(KWH, shared),)) for month, one, shared in asked]
    )
    exchanged = _exchanges({use.point for several in points.values() for use in several}, days)
    found: dict[Period, list[Use]] = {month: [] for month in months}
    for (month, one, shared), answer in zip(asked, answers, strict=True):
        swaps = sum(day in shared for use in points[one.pk] for day in exchanged[use.point])
        kwh = None if answer.findings else answer.values[Ask(KWH, shared)]
        found[month].append(Use(customers[one.account_id], shared == month, kwh, answer.estimated_kwh, exchanges=swaps))
    return found


def _customers(accounts: Collection[int]) -> dict[int, int]:
    """The person behind each account: who has several is one customer."""
    roles = AccountRole.objects.filter(account__in=accounts, role=AccountRole.Role.MAIN).order_by("period")
    return dict(roles.values_list("account", "person"))


def _exchanges(points: Collection[int], days: Period) -> dict[int, list[date]]:
    """By point the days on which a meter followed another."""
    zone = utility_zone()
    rows = Installation.objects.filter(point__in=points, span__startswith__lt=span_of(days, zone).end)
    set_at: dict[int, list[datetime]] = defaultdict(list)
    for point, span in rows.order_by("span").values_list("point", "span"):
        set_at[point].append(span.start)
    found: dict[int, list[date]] = defaultdict(list)
    for point, instants in set_at.items():
        found[point] = [one.astimezone(zone).date() for one in instants[1:]]
    return found
