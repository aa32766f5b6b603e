"""Load curves of a customer's services, its sites beside each other, and anonymous peers above a privacy floor."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from django.db.models import Q, Sum

from lamplighter.accounts.models import Agreement, AgreementRate
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Segment
from lamplighter.billing.rules import months_before
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.curves.oddities import oddities
from lamplighter.intervals.curves.shapes import Figures, days_reaching, figures
from lamplighter.kernel.periods import Period
from lamplighter.rating.refusals import CannotMeasure
from lamplighter.tariffs.queries import in_force
from lamplighter.usage.queries.curves import load_curve
from lamplighter.usage.queries.points import points_of

YEAR = 365
PEERS = 5
"""Other customers below whom nothing is compared: of fewer, one could be guessed."""

MOST_SITES = 12


@dataclass(frozen=True, slots=True)
class SiteFigures:
    agreement: Agreement
    figures: Figures
    odd: str


@dataclass(frozen=True, slots=True)
class Intensity:
    """kWh of twelve bills for each square foot of an account's floor, beside the middle of others'."""

    kwh: Decimal
    count: int
    middle: Decimal


@dataclass(frozen=True, slots=True)
class Peers:
    """A service's price and load factor of twelve bills beside the middle of other customers'."""

    cents: Decimal
    factor: float | None
    count: int
    peer_cents: Decimal
    peer_factor: float | None


@dataclass(frozen=True, slots=True)
class Outgrown:
    """A schedule that is for less than `below` kW, and the days that reached it."""

    code: str
    below: Decimal
    days: tuple[date, ...]


def year_curve(agreement: Agreement, *, on: date, days: int = YEAR) -> LoadCurve:
    """The days up to yesterday. Raises CannotMeasure where there is no curve."""
    start = max(on - timedelta(days=days), agreement.period.start)
    if start >= on:
        raise CannotMeasure("usage.no-intervals", "No day has been read yet.")
    uses = points_of([agreement.pk])[agreement.pk]
    curve = load_curve(uses, period=Period(start, on))
    if not curve.present.any():
        raise CannotMeasure("usage.no-intervals", "Nothing was read here in the last twelve months.")
    return curve


def limits(agreements: Sequence[int], *, on: date) -> dict[int, tuple[str, Decimal]]:
    """The present schedule of each agreement that is only for less than so many kW: its code and that limit."""
    rates = AgreementRate.objects.filter(agreement__in=agreements, rider=False, period__contains=on)
    keys = dict(rates.values_list("agreement", "schedule"))
    book = in_force(set(keys.values()), period=Period(on, on + timedelta(days=1)))
    newest = {key: several[-1].tariff for key, several in book.items() if several}
    found = {pk: newest[key] for pk, key in keys.items() if key in newest}
    return {pk: (one.code, one.available.kw_below) for pk, one in found.items() if one.available.kw_below is not None}


def outgrown(agreement: Agreement, curve: LoadCurve, *, on: date) -> Outgrown | None:
    """Where a highest interval reached what the present schedule is only for less than; None where none did."""
    limit = limits([agreement.pk], on=on).get(agreement.pk)
    days = days_reaching(curve, float(limit[1])) if limit is not None else []
    return Outgrown(*limit, tuple(days)) if limit is not None and days else None


def sites(services: Sequence[Agreement], *, on: date) -> list[SiteFigures]:
    """Those that are read by intervals, the largest first."""
    found = []
    for one in services[:MOST_SITES]:
        try:
            curve = year_curve(one, on=on)
        except CannotMeasure:
            continue
        odd = oddities(curve)
        found.append(SiteFigures(one, figures(curve), odd[0].words if odd else ""))
    return found


def intensity(account: int, areas: Mapping[int, int], *, on: date) -> Intensity | None:
    """By the square feet of accounts whose floor area is known. None where its own is not, or below the privacy
    floor."""
    since = months_before(on.replace(day=1), 12)
    rows = Segment.objects.filter(
        agreement__account__in=areas, cancelled_at__isnull=True, month__gt=since, agreement__kind=AgreementKind.ENERGY
    )
    used = dict(rows.values_list("agreement__account").annotate(Sum("kwh")))
    dense = {one: kwh / areas[one] for one, kwh in used.items() if kwh}
    own = dense.pop(account, None)
    if own is None or len(dense) < PEERS:
        return None
    return Intensity(own, len(dense), median(dense.values()))


def peers(agreement: Agreement, *, on: date, among: Collection[int] | None = None) -> Peers | None:
    """Beside others on its schedule, or beside the services of some accounts. None below the privacy floor."""
    since = months_before(on.replace(day=1), 12)
    mine = Segment.objects.filter(agreement=agreement, cancelled_at__isnull=True).order_by("-period").first()
    if mine is None:
        return None
    alike = Q(schedule=mine.schedule) if among is None else Q(agreement__account__in=among) | Q(agreement=agreement)
    kept = Segment.objects.filter(
        alike, cancelled_at__isnull=True, month__gt=since, agreement__kind=AgreementKind.ENERGY
    )
    rows = kept.values_list("agreement", "agreement__account", "kwh", "total", "period", "statement__peaks")
    sums: dict[int, list[float]] = {}
    accounts: dict[int, int] = {}
    for pk, account, kwh, total, period, peaks in rows:
        one = sums.setdefault(pk, [0.0, 0.0, 0.0, 0.0])
        one[0] += float(kwh or 0)
        one[1] += total.cents
        one[2] += period.days * 24
        one[3] = max(
            [one[3], *(float(value) for key, value in (peaks or {}).items() if key.startswith("kW/delivered"))]
        )
        accounts[pk] = account
    own = sums.get(agreement.pk)
    others = {pk: one for pk, one in sums.items() if accounts[pk] != agreement.account_id and one[0] > 0}
    if own is None or own[0] <= 0 or len({accounts[pk] for pk in others}) < PEERS:
        return None
    factors = [one[0] / one[2] / one[3] for one in others.values() if one[3]]
    return Peers(
        Decimal(own[1] / own[0]),
        own[0] / own[2] / own[3] if own[3] else None,
        len({accounts[pk] for pk in others}),
        Decimal(median(one[1] / one[0] for one in others.values())),
        median(factors) if factors else None,
    )
