"""What is known of a meter from what is stored: its switch, its power, its last reads and events, its neighbours."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from lamplighter.formats.network.messages import EventKind
from lamplighter.metering.models import Installation, Meter, SwitchState
from lamplighter.network.models import Command, MeterEvent, Sighting
from lamplighter.network.rules.knowing import Asked, Seen, SwitchView, switch_view
from lamplighter.network.types import SWITCHING
from lamplighter.premises.models import ServicePoint

RECENT = timedelta(days=30)
LATELY = timedelta(hours=24)
JUST_NOW = timedelta(minutes=15)
MANY = 20


def switch_of(meter: Meter, *, at: datetime) -> SwitchView:
    """What may be said of its switch; three queries."""
    seen = Sighting.objects.filter(meter=meter, of=Sighting.Of.SWITCH).exclude(state="unknown").order_by("-at")[:5]
    asked = Command.objects.filter(meter=meter, act__in=SWITCHING).order_by("-asked_at")[:10]
    state = SwitchState.objects.filter(
        point__installations__meter=meter, point__installations__span__contains=at, span__contains=at
    ).first()
    found = [Seen(one.state, one.at) for one in seen]
    if state is not None and (not found or state.span.start > found[0].at):
        found.append(Seen(state.state, state.span.start, recorded=True))  # a crew switched it since
    return switch_view(found, [Asked(one.act, one.state, one.asked_at, one.ended_at) for one in asked])


def last_power(meter: Meter) -> Sighting | None:
    """The newest word on whether there is power, or how much voltage; a read with its voltage among them."""
    rows = Sighting.objects.filter(meter=meter, of__in=[Sighting.Of.POWER, Sighting.Of.READ])
    return rows.exclude(of=Sighting.Of.READ, volts__isnull=True).order_by("-at", "-id").first()


def events_of(meter: Meter, *, since: datetime) -> list[MeterEvent]:
    """What it told since an instant, the newest first."""
    return list(MeterEvent.objects.filter(meter=meter, at__gte=since).order_by("-at", "-id")[:MANY])


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Meters on the same street and feeder: which of them told in a day that they lost power and not that it is back;
    which had power when they last told; and which of those did so just now, which says something of this minute."""

    badges: tuple[str, ...]
    dark: tuple[str, ...]
    answering: tuple[str, ...]
    now: tuple[str, ...] = ()


def neighbours_of(point: ServicePoint, *, at: datetime, most: int = 6) -> Neighbours:
    """The nearest by number on the same street and feeder, by the newest that each of them told in a day."""
    _, _, street = point.premise.street.partition(" ")
    rows = (
        Installation.objects.filter(
            span__contains=at, point__feeder=point.feeder, point__premise__street__endswith=f" {street}",
            meter__ami=True, point__commodity=point.commodity,
        )
        .exclude(point__premise=point.premise_id)
        .select_related("meter", "point__premise")
    )  # fmt: skip
    near = sorted(rows, key=lambda row: abs(_house(row.point.premise.street) - _house(point.premise.street)))[:most]
    meters = {row.meter_id: row.meter.badge for row in near}
    powered = _powered(meters.keys(), at=at)
    return Neighbours(
        tuple(meters.values()),
        tuple(badge for pk, badge in meters.items() if pk in powered and not powered[pk][1]),
        tuple(badge for pk, badge in meters.items() if pk in powered and powered[pk][1]),
        tuple(
            badge
            for pk, badge in meters.items()
            if pk in powered and powered[pk][1] and powered[pk][0] >= at - JUST_NOW
        ),
    )


def _powered(meters: Collection[int], *, at: datetime) -> dict[int, tuple[datetime, bool]]:
    """When each last told in a day, and whether it had power; those that told nothing are left out."""
    power = Sighting.objects.filter(meter__in=meters, of=Sighting.Of.POWER, at__gte=at - LATELY).order_by("at", "id")
    told = [(one.at, one.meter_id, one.state == "on") for one in power]
    kinds = {EventKind.LAST_GASP.value: False, EventKind.RESTORED.value: True}
    events = MeterEvent.objects.filter(meter__in=meters, kind__in=kinds, at__gte=at - LATELY, at__lte=at)
    told += [(one.at, one.meter_id, kinds[one.kind]) for one in events if one.meter_id is not None]
    return {meter: (when, on) for when, meter, on in sorted(told)}


def _house(street: str) -> int:
    number = street.partition(" ")[0]
    return int(number) if number.isdigit() else 0


def standing_at(meter: Meter, *, at: datetime) -> ServicePoint | None:
    """The service point at which it stands."""
    row = Installation.objects.filter(meter=meter, span__contains=at).select_related("point__premise").first()
    return row.point if row else None


def newest_commands(meter: Meter, *, count: int = 8) -> list[Command]:
    return list(Command.objects.filter(meter=meter).order_by("-asked_at")[:count])
