"""What the customers of each class took together, hour by hour, as far as their meters tell hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from lamplighter.billing.rules import shifted_months
from lamplighter.intervals.arrays import Bool
from lamplighter.intervals.channeldays import MISSING
from lamplighter.intervals.slots import SlotCalendar, slot_calendar
from lamplighter.kernel.energy import Flow
from lamplighter.kernel.periods import Period
from lamplighter.ratestudies.forecasting import Floats
from lamplighter.ratestudies.queries.studying import AT_ONCE, Customer
from lamplighter.rating.determinants import What
from lamplighter.usage.measuring import Wanted
from lamplighter.usage.queries.channels import Stretch, stretches
from lamplighter.usage.queries.points import points_of
from lamplighter.usage.queries.published import published
from lamplighter.usage.store import interval_store, utility_zone

HOUR = 3600
SIGNS = {Flow.DELIVERED: 1.0, Flow.RECEIVED: -1.0}
READ = 0.98
"""An hour is known where so many of the meters that stood in it were read."""
LEAST_METERS, LEAST_SHARE = 20, 1 / 3
"""Of fewer meters the class is not told, unless they carry a third of what it used."""
Loads: TypeAlias = dict[str, list[tuple[Stretch, float]]]


@dataclass(frozen=True, slots=True)
class ClassLoad:
    """kW of the whole class by day and hour of `calendar`; days that are not `known` tell nothing. `meters` tell hours,
    and carry `share` of what the class was billed for."""

    calendar: SlotCalendar
    kw: Floats
    known: Bool
    meters: int
    share: float

    @property
    def told(self) -> bool:
        return self.meters >= LEAST_METERS or self.share >= LEAST_SHARE

    @property
    def highest(self) -> Floats:
        """kW of the highest hour of each day."""
        found: Floats = np.maximum.reduceat(self.kw, self.calendar.firsts[:-1])
        return found


def class_loads(who: Sequence[Customer], period: Period, billed: Mapping[str, float]) -> dict[str, ClassLoad]:
    """By class. What meters with hours took is made as large as the class: `billed` are its kWh of that period."""
    several = _stretches(who, period)
    calendar = slot_calendar(period, seconds=HOUR, zone=utility_zone())
    found = {}
    for name, mine in several.items():
        kwh, stood, read = _summed(mine, calendar)
        hours_known = read >= READ * stood
        known = np.minimum.reduceat(hours_known & (stood > 0), calendar.firsts[:-1])
        used, whole = float(kwh.sum()), billed.get(name, 0.0)
        meters = len({stretch.channel.pk for stretch, _ in mine})
        found[name] = ClassLoad(
            calendar, kwh * (whole / used if used > 0 else 0.0), known, meters, used / whole if whole > 0 else 0.0
        )
    return found


def _stretches(who: Sequence[Customer], period: Period) -> Loads:
    """By class the channels of its customers that are read by intervals of up to an hour, with their sign."""
    named = {one.agreement: one.customer_class for one in who}
    found: Loads = defaultdict(list)
    agreements = list(named)
    for done in range(0, len(agreements), AT_ONCE):
        points = points_of(agreements[done : done + AT_ONCE], period=period)
        wanted = [Wanted(agreement, uses, period, ()) for agreement, uses in points.items()]
        for agreement, parts in zip(points, stretches(wanted), strict=True):
            found[named[agreement]] += [
                (part, SIGNS[part.flow] * float(part.thousandths))
                for part in parts if part.what is What.KWH and part.flow in SIGNS
                and part.channel.interval is not None and HOUR % part.channel.interval == 0
            ]  # fmt: skip
    return found


def _summed(several: Sequence[tuple[Stretch, float]], calendar: SlotCalendar) -> tuple[Floats, Floats, Floats]:
    """kWh by hour, how many meters stood in it, how many of them were read; month by month."""
    kwh, stood, read = (np.zeros(calendar.slots) for _ in range(3))
    start = calendar.period.start
    while start < calendar.period.closed_end:
        month = Period(start, min(shifted_months(start.replace(day=1), 1), calendar.period.closed_end))
        slots = calendar.slots_within(month)
        for seconds in sorted({part.channel.interval or HOUR for part, _ in several}):
            fine = slot_calendar(month, seconds=seconds, zone=utility_zone())
            mine = [one for one in several if one[0].channel.interval == seconds]
            for into, values in zip((kwh, stood, read), _month(mine, fine), strict=True):
                into[slots] += values.reshape(-1, HOUR // seconds).sum(axis=1)
        start = month.closed_end
    return kwh, stood, read


def _month(several: Sequence[tuple[Stretch, float]], calendar: SlotCalendar) -> tuple[Floats, Floats, Floats]:
    """The same by the slots of one month, of channels of one length."""
    kwh, stood, read = (np.zeros(calendar.slots) for _ in range(3))
    ids = np.unique(np.array([part.channel.pk for part, _ in several], dtype=np.int64))
    block = interval_store().read(ids, calendar, published=published())
    row = {int(channel): at for at, channel in enumerate(block.channels)}
    begins, ends = calendar.edges[:-1], calendar.edges[1:]
    for part, unit in several:
        since = part.span.start.timestamp()
        until = part.span.end.timestamp() if part.span.end is not None else float(calendar.edges[-1])
        inside = (begins >= since) & (ends <= until)
        known = inside & (block.quality[row[part.channel.pk]] != MISSING)
        kwh += np.where(known, block.values[row[part.channel.pk]] * unit, 0.0)
        stood += inside
        read += known
    return kwh, stood, read
