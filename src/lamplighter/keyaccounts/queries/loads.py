"""Load curves of a customer's services, its sites beside each other, and anonymous peers above a privacy floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from lamplighter.accounts.models import Agreement
from lamplighter.billing.models import Segment
from lamplighter.billing.rules import months_before
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.curves.oddities import oddities
from lamplighter.intervals.curves.shapes import Figures, figures
from lamplighter.kernel.periods import Period
from lamplighter.rating.refusals import CannotMeasure
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
class Peers:
    """A service's price and load factor of twelve bills beside the middle of other customers on its schedule."""

    cents: Decimal
    factor: float | None
    count: int
    peer_cents: Decimal
    peer_factor: float | None


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


def peers(agreement: Agreement, *, on: date) -> Peers | None:
    """None below the privacy floor."""
    since = months_before(on.replace(day=1), 12)
    mine = Segment.objects.filter(agreement=agreement, cancelled_at__isnull=True).order_by("-period").first()
    if mine is None:
        return None
    rows = Segment.objects.filter(schedule=mine.schedule, cancelled_at__isnull=True, month__gt=since).values_list(
        "agreement", "agreement__account", "kwh", "total", "period", "statement__peaks"
    )
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
