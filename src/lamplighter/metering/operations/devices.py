"""How meters come, stand, go, and what their counts are multiplied with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Min, Q, QuerySet

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.energy import Commodity
from lamplighter.kernel.instants import Span
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Installation, Meter, Multiplier, SwitchState, Whereabouts
from lamplighter.metering.operations.whereabouts import leave_stock, put
from lamplighter.metering.queries import why_not_to_set
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import ServicePoint

SHOWN = 5
"""Numbers that a refusal names, of many."""


class CannotInstall(Exception):
    """A meter can't be set or taken so; the message is fit to be read aloud."""


@in_transaction
def add_meter(
    *,
    badge: str,
    channels: Iterable[Channel],
    on: date,
    by: Actor,
    at: datetime,
    commodity: Commodity = Commodity.ELECTRICITY,
    multiplier: Decimal = Decimal(1),
    serial: str = "",
    maker: str = "",
    model: str = "",
    ami: bool = True,
    switch: bool = False,
) -> Meter:
    """A meter with its channels (unsaved rows), each multiplied from `on` with `multiplier`. Refuses a number that is
    known."""
    refuse_known([badge])
    meter = Meter.objects.create(
        badge=badge, serial=serial, commodity=commodity, maker=maker, model=model, ami=ami, switch=switch
    )
    for channel in channels:
        channel.meter = meter
        channel.save(force_insert=True)
        Multiplier.objects.create(channel=channel, factor=multiplier, period=Period(on))
    record("metering.meter.added", subject=f"meter:{badge}", by=by, at=at)
    return meter


@in_transaction
def install(*, meter: Meter, point: ServicePoint, at: datetime, by: Actor, recorded_at: datetime) -> Installation:
    """Set a meter at a point from the instant `at`, until either is taken later. Refuses what is taken at `at`, and a
    meter that may not be set: retired, of a lot that is not accepted, or left wrong by its last test."""
    advisory_lock(f"stands:{point.number}", f"stands:{meter.badge}")
    if why := why_not_to_set(meter, at=at):
        raise CannotInstall(why)
    if meter.commodity != point.commodity:
        raise CannotInstall(f"Meter {meter.badge} measures {meter.commodity}; {point} delivers {point.commodity}.")
    if other := Installation.objects.filter(point=point, span__contains=at).select_related("meter").first():
        raise CannotInstall(f"Meter {other.meter.badge} stands there. Remove or exchange it first.")
    if other := Installation.objects.filter(meter=meter, span__contains=at).select_related("point").first():
        raise CannotInstall(f"Meter {meter.badge} stands at {other.point}. Remove it there first.")
    later = Installation.objects.filter(Q(point=point) | Q(meter=meter), span__startswith__gt=at)
    made = Installation.objects.create(meter=meter, point=point, span=Span(at, _first_start(later)))
    leave_stock(meter=meter, span=made.span)
    record(
        "metering.meter.installed", subject=f"meter:{meter.badge}", by=by, at=recorded_at, point=point.number,
        since=at.isoformat(),
    )  # fmt: skip
    return made


@in_transaction
def remove(*, meter: Meter, at: datetime, by: Actor, recorded_at: datetime) -> Installation:
    """Take a meter away at the instant `at`. Of one that was set at that instant nothing is left but in the history."""
    standing = Installation.objects.select_for_update().filter(meter=meter, span__contains=at).first()
    if standing is None:
        raise CannotInstall(f"Meter {meter.badge} stood nowhere then.")
    if standing.span.start < at:
        standing.span = Span(standing.span.start, at)
        standing.save(update_fields=["span"])
    else:
        standing.delete()
    put(meter=meter, place=Whereabouts.Place.RETURNED, at=at)
    record("metering.meter.removed", subject=f"meter:{meter.badge}", by=by, at=recorded_at, until=at.isoformat())
    return standing


@in_transaction
def uncross(
    *, one: Meter, other: Meter, since: datetime, by: Actor, recorded_at: datetime, remark: str
) -> tuple[int, int]:
    """Two meters were set down crosswise: since an instant each stood at the other's point. The points' ids.

    Both must stand somewhere since then or before; what each measured stays its own, only its place is put right.
    """
    first, second = (_standing_since(meter, since) for meter in sorted((one, other), key=lambda meter: meter.pk))
    if first.meter_id == second.meter_id:
        raise CannotInstall("Choose two meters.")
    if first.span.end != second.span.end:
        raise CannotInstall("One of the meters was moved since. Put the later move right first.")
    for row in (first, second):
        if row.span.start < since:
            Installation.objects.filter(pk=row.pk).update(span=Span(row.span.start, since))
        else:
            row.delete()
    for row, there in ((first, second), (second, first)):
        Installation.objects.create(meter_id=row.meter_id, point_id=there.point_id, span=Span(since, row.span.end))
        record(
            "metering.meter.uncrossed", subject=f"meter:{row.meter.badge}", by=by, at=recorded_at, remark=remark,
            point=there.point.number, since=since.isoformat(),
        )  # fmt: skip
    return first.point_id, second.point_id


def _standing_since(meter: Meter, since: datetime) -> Installation:
    rows = Installation.objects.select_for_update(of=("self",)).select_related("meter", "point")
    found = rows.filter(meter=meter, span__contains=since).first()
    if found is None:
        raise CannotInstall(f"Meter {meter.badge} stood nowhere then.")
    return found


@in_transaction
def correct_multiplier(
    *, channel: Channel, factor: Decimal, period: Period, by: Actor, at: datetime, remark: str
) -> None:
    """During `period` the factor is, and was, `factor`. Bills that read the channel then are found above."""
    for old in list(Multiplier.objects.select_for_update().filter(channel=channel, period__overlap=period)):
        Multiplier.objects.filter(pk=old.pk).delete()
        for piece in (
            Period(old.period.start, period.start) if old.period.start < period.start else None,
            Period(period.end, old.period.end)
            if period.end and (old.period.end is None or period.end < old.period.end)
            else None,
        ):
            if piece:
                Multiplier.objects.create(channel=channel, factor=old.factor, period=piece)
    Multiplier.objects.create(channel=channel, factor=factor, period=period)
    record(
        "metering.multiplier.corrected", subject=f"channel:{channel.pk}", by=by, at=at, remark=remark,
        factor=str(factor), start=period.start.isoformat(), end=period.end.isoformat() if period.end else None,
    )  # fmt: skip


@in_transaction
def switch(*, point: ServicePoint, state: str, at: datetime, reason: str, by: Actor, recorded_at: datetime) -> None:
    """Service at a point is `state` from the instant `at`, until what is known to come next. Saying the same again
    changes nothing; another state from the same instant takes the place of the first."""
    advisory_lock(f"service_point:{point.pk}")
    states = SwitchState.objects.filter(point=point)
    now = states.filter(span__contains=at).first()
    if now and now.state == state:
        return
    if now and now.span.start < at:
        states.filter(pk=now.pk).update(span=Span(now.span.start, at))
    elif now:
        now.delete()
    until = _first_start(states.filter(span__startswith__gt=at))
    SwitchState.objects.create(point=point, state=state, reason=reason, span=Span(at, until))
    record(
        f"metering.service.switched_{state}", subject=f"service_point:{point.number}", by=by, at=recorded_at,
        reason=reason, since=at.isoformat(),
    )  # fmt: skip


def _first_start(rows: QuerySet[Any, Any]) -> datetime | None:
    first: datetime | None = rows.aggregate(first=Min("span__startswith"))["first"]
    return first


@dataclass(frozen=True, slots=True)
class MeterIn:
    """A meter before it exists, with its channels (unsaved rows), multiplied from `on`, and where it is set and
    since which instant."""

    badge: str
    channels: tuple[Channel, ...]
    on: date
    point: ServicePoint
    since: datetime
    multiplier: Decimal = Decimal(1)
    serial: str = ""
    maker: str = ""
    model: str = ""
    ami: bool = True
    switch: bool = False


@in_transaction
def set_meters(*, meters: Sequence[MeterIn], by: Actor, recorded_at: datetime) -> list[Meter]:
    """The batch form of adding meters and setting them: all or none. Refuses a place that has, or will have, one."""
    points = [one.point.pk for one in meters]
    taken = Installation.objects.filter(point__in=points).select_related("point", "meter")
    if (other := next((row for row in taken if _meets(row, meters)), None)) is not None:
        raise CannotInstall(f"Meter {other.meter.badge} stands there. Remove or exchange it first.")
    for one in meters:
        if one.point.commodity != Commodity.ELECTRICITY:
            raise CannotInstall(f"Meter {one.badge} measures electricity; {one.point} delivers {one.point.commodity}.")
    made = write_devices(
        [
            Device(
                Meter(
                    badge=one.badge, serial=one.serial, commodity=Commodity.ELECTRICITY, maker=one.maker,
                    model=one.model, ami=one.ami, switch=one.switch,
                ),
                one.channels, one.multiplier, one.on,
            )
            for one in meters
        ]
    )  # fmt: skip
    Installation.objects.bulk_create(
        Installation(meter=meter, point=one.point, span=Span(one.since))
        for meter, one in zip(made, meters, strict=True)
    )
    record_many((event for one in meters for event in _set(one)), by=by, at=recorded_at)
    return made


def refuse_known(badges: Sequence[str]) -> None:
    """Of two who bring in a number at once, the second hears of the first."""
    advisory_lock(*(f"badge:{badge}" for badge in badges))
    if known := list(Meter.objects.filter(badge__in=badges).order_by("badge").values_list("badge", flat=True)):
        raise CannotInstall(f"{', '.join(known[:SHOWN])}: known already.")


@dataclass(frozen=True, slots=True)
class Device:
    """Rows of a meter that are not there yet; its channels are multiplied from `on`."""

    meter: Meter
    channels: Sequence[Channel]
    multiplier: Decimal
    on: date


def write_devices(devices: Sequence[Device]) -> list[Meter]:
    """Their rows; who calls it says what happened."""
    meters = Meter.objects.bulk_create(one.meter for one in devices)
    for meter, one in zip(meters, devices, strict=True):
        for channel in one.channels:
            channel.meter = meter
    Channel.objects.bulk_create(channel for one in devices for channel in one.channels)
    Multiplier.objects.bulk_create(
        Multiplier(channel=channel, factor=one.multiplier, period=Period(one.on))
        for one in devices for channel in one.channels
    )  # fmt: skip
    return meters


def _meets(standing: Installation, meters: Sequence[MeterIn]) -> bool:
    return any(
        one.point.pk == standing.point_id and (standing.span.end is None or standing.span.end > one.since)
        for one in meters
    )


def _set(one: MeterIn) -> tuple[Happening, Happening]:
    subject = f"meter:{one.badge}"
    data = {"point": one.point.number, "since": one.since.isoformat()}
    return (
        Happening("metering.meter.added", subject, None, {}),
        Happening("metering.meter.installed", subject, None, data),
    )


@in_transaction
def switch_on(
    *, points: Sequence[tuple[ServicePoint, datetime]], reason: str, by: Actor, recorded_at: datetime
) -> None:
    """The batch form of switching points on, each from its instant; those that have a switch state go one by one."""
    known = set(SwitchState.objects.filter(point__in=[point.pk for point, _ in points]).values_list("point", flat=True))
    for point, at in points:
        if point.pk in known:
            switch(point=point, state=SwitchState.State.ON, at=at, reason=reason, by=by, recorded_at=recorded_at)
    fresh = [(point, at) for point, at in points if point.pk not in known]
    SwitchState.objects.bulk_create(
        SwitchState(point=point, state=SwitchState.State.ON, reason=reason, span=Span(at)) for point, at in fresh
    )
    record_many(
        (
            Happening("metering.service.switched_on", f"service_point:{point.number}", None,
                      {"since": at.isoformat()}, reason=reason)
            for point, at in fresh
        ),
        by=by, at=recorded_at,
    )  # fmt: skip
