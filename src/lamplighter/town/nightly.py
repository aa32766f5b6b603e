"""What the meters of one maker measured on a day, as their head-end sends it when the day is over: a CMEP file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from lamplighter.formats.cmep.writer import write_cmep
from lamplighter.formats.meterdata import Channel
from lamplighter.intervals.slots import SlotCalendar, slot_calendar
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Meter
from lamplighter.town.calendar import ZONE, at
from lamplighter.town.lastnight import collected, hourly_channel, hourly_homes
from lamplighter.town.loads import counts
from lamplighter.town.plan import Plan, Service

FIRST_SENT = 60


def sent_at_night(plan: Plan) -> list[Service]:
    """Homes whose readings of the city's last day come from their head-end alone, in the night after it is built."""
    after = len(collected(plan))
    return hourly_homes(plan)[after : after + FIRST_SENT]


def night_file(plan: Plan, maker: str, day: date) -> tuple[str, str] | None:
    """Name and text of what the meters of a maker measured on `day`, which is over; None where it has none.

    Readings of days of the plan are those that were published, so that what is in already changes nothing.
    """
    known = set(Meter.objects.filter(maker=maker, ami=True).values_list("badge", flat=True))
    if day < plan.as_of:
        known -= {one.meter.badge for one in collected(plan) if one.meter is not None}
    services = [one for one in hourly_homes(plan) if one.meter is not None and one.meter.badge in known]
    if not services:
        return None
    over = day + timedelta(days=1)
    text = write_cmep(_channels(plan, services, day), made_at=at(over, 1), sender=maker, zone=ZONE)
    return f"{maker.lower()}_{day:%Y%m%d}.cmep", text


def _channels(plan: Plan, services: list[Service], day: date) -> Iterator[Channel]:
    whole = _days_with(plan, day)
    slots = whole.slots_of(day)
    good = np.full(slots.stop - slots.start, Quality.VALID, dtype=np.uint8)
    for service in services:
        assert service.load is not None
        assert service.meter is not None
        delivered, _ = counts(service.load, whole)
        yield hourly_channel(service.meter.badge, whole.starts[slots], delivered[slots], good)


def _days_with(plan: Plan, day: date) -> SlotCalendar:
    """The days of the plan, as its readings were drawn; or those after it, up to this one."""
    period = Period(plan.begins, plan.as_of) if day < plan.as_of else Period(plan.as_of, day + timedelta(days=1))
    return slot_calendar(period, seconds=3600, zone=ZONE)
