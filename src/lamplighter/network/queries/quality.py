"""A point's power over some time, from what its meters told: voltage, dips, outages; and its feeder's beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Min, Q

from lamplighter.formats.network.messages import EventKind
from lamplighter.kernel.instants import Span
from lamplighter.metering.models import Installation
from lamplighter.network.models import MeterEvent, Sighting
from lamplighter.network.rules.quality import (
    Base,
    Counts,
    Dip,
    Indices,
    Outage,
    Said,
    Voltage,
    Word,
    base_of,
    counts,
    indices,
    outages,
    voltage,
)
from lamplighter.premises.models import ServicePoint

DIPS = {EventKind.LOW_VOLTAGE.value: False, EventKind.HIGH_VOLTAGE.value: True}
POWER = {EventKind.LAST_GASP.value: Said.LOST, EventKind.RESTORED.value: Said.BACK}
FEW = 5
"""With fewer customers beside it a comparison would tell of one of them."""


@dataclass(frozen=True, slots=True)
class Reading:
    at: datetime
    volts: Decimal


@dataclass(frozen=True, slots=True)
class PowerRecord:
    """What is known of a point from `since` to `until`. `first` is the first that was heard in that time."""

    since: datetime
    until: datetime
    base: Base
    readings: tuple[Reading, ...]
    dips: tuple[Dip, ...]
    outages: tuple[Outage, ...]

    @property
    def first(self) -> datetime | None:
        heard = [*(one.at for one in self.readings), *(one.at for one in self.dips), *(one.at for one in self.outages)]
        return min(heard, default=None)

    @property
    def voltage(self) -> Voltage | None:
        return voltage([one.volts for one in self.readings], self.base)

    @property
    def counts(self) -> Counts:
        return counts(self.outages)


@dataclass(frozen=True, slots=True)
class Beside:
    """The same year of every other customer on the feeder whose meter tells."""

    feeder: str
    indices: Indices
    worse: int


def power_record(point: ServicePoint, *, since: datetime, until: datetime) -> PowerRecord:
    """Six queries. Readings are voltages that meters told when they had power; a meter counts while it stood there."""
    stood = _stood(Q(point=point), since, until)
    meters = {one.meter_id for one in stood}
    seen = Sighting.objects.filter(meter__in=meters, at__gte=since, at__lt=until, volts__isnull=False)
    seen = seen.exclude(state="off").order_by("at", "id")
    readings = tuple(
        Reading(at, volts)
        for meter, at, volts in seen.values_list("meter_id", "at", "volts")
        if volts and _there(stood, meter, at)
    )
    base = base_of([one.volts for one in readings])
    told = MeterEvent.objects.filter(meter__in=meters, kind__in=DIPS, at__gte=since, at__lt=until).order_by("at", "id")
    dips = tuple(
        Dip(one.at, DIPS[one.kind], one.volts, None if one.volts is None else base.percent(one.volts), one.seconds)
        for one in told
        if _there(stood, one.meter_id, one.at)
    )
    return PowerRecord(since, until, base, readings, dips, _outages(stood, since, until).get(point.pk, ()))


def outages_at(points: Collection[int], *, since: datetime, until: datetime) -> dict[int, tuple[Outage, ...]]:
    """Of each of these points where a meter stood that tells when power is lost; the others are left out. Three queries
    at most, whatever their number."""
    stood = _stood(Q(point__in=points, meter__ami=True), since, until)
    heard = _outages(stood, since, until)
    return {one.point_id: heard.get(one.point_id, ()) for one in stood}


def first_heard(points: Collection[int], *, since: datetime, until: datetime) -> datetime | None:
    """The first that any meter at these points told in that time; three queries."""
    meters = {one.meter_id for one in _stood(Q(point__in=points, meter__ami=True), since, until)}
    told = {"meter__in": meters, "at__gte": since, "at__lt": until}
    rows = (MeterEvent.objects.filter(**told), Sighting.objects.filter(**told))
    return min((first for one in rows if (first := one.aggregate(first=Min("at"))["first"])), default=None)


def beside_feeder(point: ServicePoint, own: Counts, *, since: datetime, until: datetime) -> Beside | None:
    """None where no feeder is known, or too few others are on it. Three queries."""
    if not point.feeder:
        return None
    of_feeder = Q(point__feeder=point.feeder, point__commodity=point.commodity, meter__ami=True)
    stood = _stood(of_feeder & ~Q(point=point), since, until)
    others = {one.point_id for one in stood}
    if len(others) < FEW:
        return None
    found = _outages(stood, since, until)
    each = [counts(found.get(pk, ())) for pk in others]
    worse = sum((one.sustained, one.minutes) > (own.sustained, own.minutes) for one in each)
    return Beside(point.feeder, indices(each), worse)


def _stood(where: Q, since: datetime, until: datetime) -> list[Installation]:
    return list(Installation.objects.filter(where, span__overlap=Span(since, until)))


def _there(stood: Iterable[Installation], meter: int | None, at: datetime) -> Installation | None:
    return next((one for one in stood if one.meter_id == meter and at in one.span), None)


def _outages(stood: Collection[Installation], since: datetime, until: datetime) -> dict[int, tuple[Outage, ...]]:
    """By point. Meters whose last gasp stands open are asked for when they were seen with power again."""
    by_meter: dict[int, list[Installation]] = defaultdict(list)
    for one in stood:
        by_meter[one.meter_id].append(one)
    words: dict[int, list[Word]] = defaultdict(list)

    def keep(meter: int | None, word: Word) -> None:
        where = _there(by_meter.get(meter, []) if meter else [], meter, word.at)
        if where is not None:
            words[where.point_id].append(word)

    told = MeterEvent.objects.filter(meter__in=by_meter, kind__in=POWER, at__gte=since, at__lt=until)
    for event in told:
        keep(event.meter_id, Word(event.at, POWER[event.kind], event.seconds))
    found = {pk: outages(said) for pk, said in words.items()}
    still = {pk: each[-1].at for pk, each in found.items() if each[-1].ended is None}
    if not still:
        return found
    meters = [one.meter_id for one in stood if one.point_id in still]
    seen = Sighting.objects.filter(meter__in=meters, of=Sighting.Of.POWER, state="on", at__lt=until,
                                   at__gt=min(still.values()))  # fmt: skip
    for meter, at in seen.order_by("at").values_list("meter_id", "at"):
        keep(meter, Word(at, Said.THERE))
    return {pk: outages(said) for pk, said in words.items()}
