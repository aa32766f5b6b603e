"""What the meters of Marisol Bay told of their power: the shipworks' sags, an outage in the Slough, a second feed.

Lantern Dock's welders pull its voltage down on working days. Sixteen days ago Slough 302 was out for 131 minutes, and
Mudflat Biosciences lost samples. Six weeks ago Otis 201 was out for 64 minutes: Three Herons was dark for two seconds,
until its second feed had taken over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from lamplighter.formats.network.messages import EventKind, Happened, Notice, Power, Said
from lamplighter.kernel.actors import system
from lamplighter.metering.models import Installation, Meter
from lamplighter.network.models import HeadEnd
from lamplighter.network.operations.hearing import hear
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import at
from lamplighter.town.plan import Plan

NETWORK = system("network")
LANTERN, MUDFLAT, HERONS = "lantern-dock", "mudflat", "three-herons"
LOGGED_DAYS = 30
SAG, LOST, BACK = "3.26.38.223", "3.26.0.85", "3.26.0.216"
SAGS = (
    # days ago, hour, minute, volts, seconds
    (53, 9, 41, "98.4", "0.6"), (47, 13, 5, "104.1", "1.8"), (40, 9, 38, "91.2", "2.4"), (33, 10, 12, "96.0", "0.4"),
    (26, 14, 20, "88.7", "3.1"), (19, 9, 44, "94.6", "1.2"), (12, 9, 40, "92.9", "2.7"), (9, 14, 12, "108.9", "40"),
    (5, 9, 37, "90.3", "1.9"), (3, 10, 12, "108.9", "40"),
)  # fmt: skip
HIT = 24
"""So many other meters of the feeder tell of its outage: the others' words were lost, or they are on another branch."""


def tell_power(plan: Plan, heads: Mapping[str, HeadEnd], *, now: datetime) -> None:
    """Readings of the last weeks, each day's by itself, and every event in the message that brought it."""
    meters = _meters(plan)
    with unit_of_work(NETWORK):
        for back in range(LOGGED_DAYS, 0, -1):
            for maker in {meter.maker for meter in meters.values()}:
                mine = {key: meter for key, meter in meters.items() if meter.maker == maker}
                said = tuple(one for key, meter in mine.items() for one in _readings(plan, key, meter, back))
                _hear(heads[maker], f"volts-{maker}-{back}", said, min(said[-1].at + timedelta(minutes=5), now))
        for key, meter in meters.items():
            for number, told in enumerate(_events(plan, key, meter)):
                _hear(heads[meter.maker], f"power-{key}-{number}", (told,), told.at + timedelta(seconds=40))
        _feeders(plan, meters, heads)


def _meters(plan: Plan) -> dict[str, Meter]:
    badges = {
        customer.key: service.meter.badge
        for customer in plan.customers
        if customer.key in {LANTERN, MUDFLAT, HERONS}
        for service in customer.services[:1]
        if service.meter is not None
    }
    found = {meter.badge: meter for meter in Meter.objects.filter(badge__in=badges.values(), ami=True)}
    return {key: found[badge] for key, badge in badges.items() if badge in found}


def _readings(plan: Plan, key: str, meter: Meter, back: int) -> Iterator[Power]:
    """At six in the morning and at ten: the shipworks sags while its welders run."""
    day = plan.as_of - timedelta(days=back)
    lot = Random(f"volts/{meter.badge}/{day}")  # noqa: S311 - a city, not a secret
    works = key == LANTERN and day.weekday() < 5
    for hour, middle in ((6, 121.0), (10, 114.2 if works else 120.6)):
        volts = Decimal(str(round(lot.gauss(middle, 0.7), 1)))
        yield Power(meter.badge, on=True, at=at(day, hour), volts=volts)


def _events(plan: Plan, key: str, meter: Meter) -> Iterator[Happened]:
    day = plan.as_of
    if key == LANTERN:
        for back, hour, minute, volts, seconds in SAGS:
            when = at(day - timedelta(days=back), hour, minute)
            yield Happened(meter.badge, EventKind.LOW_VOLTAGE, when, SAG, f"{volts} V for {seconds} seconds",
                           Decimal(volts), Decimal(seconds))  # fmt: skip
    if key == MUDFLAT:
        yield from _out(meter.badge, at(day - timedelta(days=142), 4, 17), Decimal(2))
        yield from _out(meter.badge, at(day - timedelta(days=16), 13, 20), Decimal(131 * 60))
    if key == HERONS:
        yield from _out(meter.badge, at(day - timedelta(days=41), 21, 6), Decimal(2))


def _out(badge: str, when: datetime, seconds: Decimal) -> Iterator[Happened]:
    yield Happened(badge, EventKind.LAST_GASP, when, LOST)
    yield Happened(badge, EventKind.RESTORED, when + timedelta(seconds=float(seconds)), BACK, seconds=seconds)


def _feeders(plan: Plan, meters: Mapping[str, Meter], heads: Mapping[str, HeadEnd]) -> None:
    """The neighbours' words on the two outages."""
    for key, back, hour, minute, lasted in ((MUDFLAT, 16, 13, 20, 131), (HERONS, 41, 21, 6, 64)):
        if key not in meters:
            continue
        began = at(plan.as_of - timedelta(days=back), hour, minute)
        for maker, badges in _beside(meters[key]).items():
            told = [one for badge in badges for one in _out(badge, began, Decimal(lasted * 60))]
            _hear(heads[maker], f"feeder-{key}", tuple(told), told[-1].at + timedelta(seconds=50))


def _beside(meter: Meter) -> dict[str, list[str]]:
    """Other network meters of its feeder, by maker."""
    feeder = meter.installations.select_related("point").latest("pk").point.feeder
    rows = Installation.objects.filter(point__feeder=feeder, meter__ami=True, span__endswith__isnull=True)
    found: dict[str, list[str]] = {}
    for row in rows.exclude(meter=meter).select_related("meter").order_by("pk")[:HIT]:
        found.setdefault(row.meter.maker, []).append(row.meter.badge)
    return found


def _hear(head_end: HeadEnd, message: str, said: tuple[Said, ...], when: datetime) -> None:
    hear(head_end=head_end, notice=Notice(message, "", said), operation="demo", body="", by=NETWORK, at=when)
