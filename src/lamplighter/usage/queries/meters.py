"""Meters by the names under which files speak of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from lamplighter.metering.models import Channel, Meter
from lamplighter.usage.models import ImportedFile

CHUNK = 5_000


def meters_named(names: Iterable[str]) -> dict[str, tuple[Meter, list[Channel]]]:
    """Meters with their channels by badge, else by serial number; a serial that several makers gave names none."""
    wanted = sorted({name for name in names if name})
    found: dict[str, tuple[Meter, list[Channel]]] = {}
    for first in range(0, len(wanted), CHUNK):
        some = wanted[first : first + CHUNK]
        meters = list(Meter.objects.filter(Q(badge__in=some) | Q(serial__in=some)).prefetch_related("channels__meter"))
        serials: dict[str, list[Meter]] = {}
        for meter in meters:
            serials.setdefault(meter.serial, []).append(meter)
        found |= {serial: _with_channels(same[0]) for serial, same in serials.items() if serial and len(same) == 1}
        found |= {meter.badge: _with_channels(meter) for meter in meters}
    return {name: found[name] for name in wanted if name in found}


def waiting_for_known_meters() -> list[ImportedFile]:
    """Imported files of which readings wait for a meter that somebody has added since, oldest first."""
    waiting = list(ImportedFile.objects.exclude(unknown=[]).order_by("id"))
    known = meters_named({name for one in waiting for name in one.unknown})
    return [one for one in waiting if not known.keys().isdisjoint(one.unknown)]


def _with_channels(meter: Meter) -> tuple[Meter, list[Channel]]:
    return meter, sorted(meter.channels.all(), key=lambda channel: channel.pk)


def interval_siblings(registers: Iterable[Channel]) -> dict[int, list[Channel]]:
    """Interval channels of the same meters that count what these registers count, by register."""
    several = list(registers)
    rows = Channel.objects.filter(meter__in={r.meter_id for r in several}, interval__isnull=False).select_related(
        "meter"
    )
    by_kind: dict[tuple[int, str, str, str], list[Channel]] = {}
    for row in rows:
        by_kind.setdefault((row.meter_id, row.quantity, row.flow, row.unit), []).append(row)
    return {r.pk: by_kind.get((r.meter_id, r.quantity, r.flow, r.unit), []) for r in several}
