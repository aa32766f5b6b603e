"""How meters come, stand, go, and what their counts are multiplied with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.energy import Commodity
from lamplighter.kernel.instants import Span
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Installation, Meter, Multiplier, SwitchState
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.premises.models import ServicePoint


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
    """A meter with its channels (unsaved rows), each multiplied from `on` with `multiplier`."""
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
    """Set a meter at a point from the instant `at`. Refuses a place or a meter that is taken."""
    if meter.commodity != point.commodity:
        raise CannotInstall(f"Meter {meter.badge} measures {meter.commodity}; {point} delivers {point.commodity}.")
    if other := Installation.objects.filter(point=point, span__contains=at).select_related("meter").first():
        raise CannotInstall(f"Meter {other.meter.badge} stands there. Remove or exchange it first.")
    if other := Installation.objects.filter(meter=meter, span__contains=at).select_related("point").first():
        raise CannotInstall(f"Meter {meter.badge} stands at {other.point}. Remove it there first.")
    later = Installation.objects.filter(point=point, span__startswith__gt=at).order_by("span").first()
    made = Installation.objects.create(meter=meter, point=point, span=Span(at, later.span.start if later else None))
    record(
        "metering.meter.installed", subject=f"meter:{meter.badge}", by=by, at=recorded_at, point=point.number,
        since=at.isoformat(),
    )  # fmt: skip
    return made


@in_transaction
def remove(*, meter: Meter, at: datetime, by: Actor, recorded_at: datetime) -> Installation:
    """Take a meter away at the instant `at`."""
    standing = Installation.objects.select_for_update().filter(meter=meter, span__contains=at).first()
    if standing is None:
        raise CannotInstall(f"Meter {meter.badge} stood nowhere then.")
    Installation.objects.filter(pk=standing.pk).update(span=Span(standing.span.start, at))
    standing.refresh_from_db()
    record("metering.meter.removed", subject=f"meter:{meter.badge}", by=by, at=recorded_at, until=at.isoformat())
    return standing


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
    """Service at a point is `state` from the instant `at`. Saying the same again changes nothing."""
    now = SwitchState.objects.select_for_update().filter(point=point, span__contains=at).first()
    if now and now.state == state:
        return
    if now:
        SwitchState.objects.filter(pk=now.pk).update(span=Span(now.span.start, at))
    SwitchState.objects.create(point=point, state=state, reason=reason, span=Span(at, now.span.end if now else None))
    record(
        f"metering.service.switched_{state}", subject=f"service_point:{point.number}", by=by, at=recorded_at,
        reason=reason, since=at.isoformat(),
    )  # fmt: skip
