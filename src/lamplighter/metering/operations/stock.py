"""Meters come into stock, in lots whose samples are tested, and move between the warehouse, trucks and the shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.energy import Commodity
from lamplighter.kernel.instants import Span
from lamplighter.metering.kinds import MeterKind
from lamplighter.metering.models import Installation, Lot, LotMeter, Meter, Whereabouts
from lamplighter.metering.operations.devices import SHOWN, CannotInstall, Device, refuse_known, write_devices
from lamplighter.metering.operations.whereabouts import put
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.transactions import advisory_lock, in_transaction


@dataclass(frozen=True, slots=True)
class LotIn:
    """A delivery before it is known: the supplier's number, the accuracy class, and how many of it are tested."""

    number: str
    accuracy_class: Decimal
    sample: int


@in_transaction
def receive_meters(
    *, badges: Sequence[str], kind: MeterKind, multiplier: Decimal, maker: str, model: str, on: date, by: Actor,
    at: datetime, lot: LotIn | None = None,
) -> list[Meter]:  # fmt: skip
    """Meters of one kind come into stock, all or none, of a lot or each by itself. Refuses a number that is known, or
    that is there twice, and a lot that came before."""
    if twice := sorted({badge for badge in badges if badges.count(badge) > 1}):
        raise CannotInstall(f"{', '.join(twice)}: there twice.")
    refuse_known(badges)
    devices = [
        Device(
            Meter(badge=badge, commodity=Commodity.ELECTRICITY, maker=maker, model=model, ami=kind.ami,
                  switch=kind.switch),
            kind.channels(), multiplier, on,
        )
        for badge in badges
    ]  # fmt: skip
    made = write_devices(devices)
    if lot is not None:
        _keep_lot(lot, made, on=on, by=by, at=at)
    Whereabouts.objects.bulk_create(
        Whereabouts(meter=meter, place=Whereabouts.Place.WAREHOUSE, span=Span(at)) for meter in made
    )
    happenings = (Happening("metering.meter.added", f"meter:{badge}", None, {"kind": kind.key}) for badge in badges)
    record_many(happenings, by=by, at=at)
    return made


def _keep_lot(lot: LotIn, meters: Sequence[Meter], *, on: date, by: Actor, at: datetime) -> None:
    if not 0 <= lot.sample <= len(meters):
        raise CannotInstall(f"Of {len(meters)} meters {lot.sample} can't be tested.")
    advisory_lock(f"lot:{lot.number}")
    if Lot.objects.filter(number=lot.number).exists():
        raise CannotInstall(f"Lot {lot.number} came before. Give this delivery a number of its own.")
    row = Lot.objects.create(
        number=lot.number, maker=meters[0].maker, model=meters[0].model, accuracy_class=lot.accuracy_class,
        sample=lot.sample, received_on=on, received_by=by,
    )  # fmt: skip
    LotMeter.objects.bulk_create(LotMeter(lot=row, meter=meter) for meter in meters)
    record("metering.lot.received", subject=f"lot:{lot.number}", by=by, at=at, meters=len(meters), sample=lot.sample)


@in_transaction
def move_meters(*, badges: Sequence[str], place: str, holder: str, by: Actor, at: datetime) -> list[Meter]:
    """Meters that stand nowhere are in a place of stock from now on, all or none. A truck has a name; a meter that is
    retired stays so."""
    if (place == Whereabouts.Place.TRUCK) != bool(holder):
        raise CannotInstall("Name the truck that has them, and only where they are on one.")
    found = {meter.badge: meter for meter in Meter.objects.filter(badge__in=badges)}
    if unknown := sorted(set(badges) - set(found)):
        raise CannotInstall(f"{', '.join(unknown[:SHOWN])}: no such meter.")
    advisory_lock(*(f"stands:{badge}" for badge in found))
    standing = Installation.objects.filter(meter__in=found.values(), span__endswith__isnull=True)
    if stands := sorted(standing.values_list("meter__badge", flat=True)):
        raise CannotInstall(f"{', '.join(stands[:SHOWN])}: set at a service point. A crew takes it out first.")
    retired = Whereabouts.objects.filter(meter__in=found.values(), place=Whereabouts.Place.RETIRED)
    if gone := sorted(retired.values_list("meter__badge", flat=True)):
        raise CannotInstall(f"{', '.join(gone[:SHOWN])}: retired.")
    for meter in found.values():
        put(meter=meter, place=place, holder=holder, at=at)
        record("metering.meter.moved", subject=meter.subject, by=by, at=at, place=place, holder=holder)
    return list(found.values())
