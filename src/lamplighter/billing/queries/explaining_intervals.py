"""The readings behind a segment's measures: by day, by interval of a day, or register reads."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property

import numpy as np

from lamplighter.billing.models import Segment
from lamplighter.billing.queries.explaining_view import DayMeasured, IntervalRead
from lamplighter.billing.queries.reading_use import Points, counted, parts_of, row_of, uses
from lamplighter.billing.queries.reading_view import RegisterUse, UseView
from lamplighter.intervals.arrays import Bool
from lamplighter.intervals.block import Block, by_day
from lamplighter.intervals.published import Published
from lamplighter.intervals.scopes import slots_of
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.energy import Flow, Quality
from lamplighter.rating.determinants import Ask, What
from lamplighter.rating.measure import measure
from lamplighter.rating.refusals import CannotMeasure
from lamplighter.usage.queries.channels import Stretch
from lamplighter.usage.queries.loads import load_of_stretches
from lamplighter.usage.queries.points import points_of
from lamplighter.usage.queries.published import published
from lamplighter.usage.store import interval_store, utility_zone

ENERGY = {What.KW: What.KWH, What.KVA: What.KVAH, What.KVAR: What.KVARH, What.POWER_FACTOR: What.KWH}
SIGNS = {Flow.DELIVERED: 1, Flow.RECEIVED: -1}


def readings_of(segment: Segment) -> Readings:
    """The readings of a segment as they were when it was billed."""
    return Readings(segment, points_of([segment.agreement_id]))


class Readings:
    """Channels, blocks and registers of one segment, read when they are asked for."""

    def __init__(self, segment: Segment, points: Points) -> None:
        self.segment, self.points = segment, points
        self._blocks: dict[int, Block] = {}

    def days(self, ask: Ask) -> tuple[DayMeasured, ...]:
        """Energy of each day of the ask in its hours and season; none where no channel has intervals."""
        parts = self._counting(ask)
        if not parts:
            return ()
        period = ask.period & self.segment.period
        assert period is not None, "a line is asked within its segment"
        energy = dict.fromkeys(self.segment.period, Decimal(0))
        estimated, missing = set[date](), set[date]()
        for part in parts:
            mine, inside = self._within(part, ask)
            sums = by_day(mine.calendar, mine.known() * inside)[0].tolist()
            guesses = by_day(mine.calendar, mine.estimated & inside)[0]
            gone = by_day(mine.calendar, ~mine.present & inside)[0]
            for i, day in enumerate(self.segment.period):
                energy[day] += sums[i] * part.thousandths * _sign(part, ask)
                if guesses[i]:
                    estimated.add(day)
                if gone[i]:
                    missing.add(day)
        return tuple(
            DayMeasured(day, energy[day], estimated=day in estimated, missing=day in missing) for day in period
        )

    def intervals(self, ask: Ask, day: date) -> tuple[IntervalRead, ...]:
        """Every interval of a day, meter after meter; those that the ask does not count are marked."""
        return tuple(read for part in self._counting(ask) for read in self._of_day(part, ask, day))

    def registers(self, ask: Ask) -> tuple[RegisterUse, ...]:
        """The reads of the quantity where it has no intervals."""
        if self._counting(ask):
            return ()
        wanted = {str(ask.determinant.what), str(_energy_of(ask))}
        return tuple(one for one in self._use.registers if one.unit in wanted)

    def peak_at(self, ask: Ask) -> datetime | None:
        """The local start of the window that set a demand, or None for what is none."""
        if not ask.determinant.what.is_demand or ask.determinant.daily or not self._counting(ask):
            return None
        intervals = [part for part in self._parts if part.channel.interval]
        try:
            load = load_of_stretches(
                intervals, self.segment.period, published=self._published, as_of=self.segment.revision
            )
            at = measure(load, ask).at
        except CannotMeasure:
            return None
        return None if at is None else at.astimezone(utility_zone())

    @cached_property
    def _parts(self) -> list[Stretch]:
        return parts_of([self.segment], self.points)[0]

    @cached_property
    def _use(self) -> UseView:
        return uses([self.segment], self.points)[self.segment.pk]

    @cached_property
    def _published(self) -> Published:
        return published()

    def _counting(self, ask: Ask) -> list[Stretch]:
        """The stretches of interval channels whose energy the ask counts."""
        flows = {Flow.DELIVERED, Flow.RECEIVED} if _nets(ask) else {ask.determinant.flow}
        return [
            part
            for part in self._parts
            if part.channel.interval and part.what is _energy_of(ask) and part.flow in flows
        ]  # fmt: skip

    def _within(self, part: Stretch, ask: Ask) -> tuple[Block, Bool]:
        """The readings of a stretch's channel, and the slots that the ask counts."""
        mine = row_of(self._block(part), part)
        inside: Bool = counted(part, mine.calendar) & slots_of(mine.calendar, ask)
        return mine, inside

    def _block(self, part: Stretch) -> Block:
        seconds = part.channel.interval
        assert seconds is not None
        if seconds not in self._blocks:
            ids = {one.channel.pk for one in self._parts if one.channel.interval == seconds}
            calendar = slot_calendar(self.segment.period, seconds=seconds, zone=utility_zone())
            self._blocks[seconds] = interval_store().read(
                np.array(sorted(ids), dtype=np.int64), calendar, published=self._published, as_of=self.segment.revision
            )
        return self._blocks[seconds]

    def _of_day(self, part: Stretch, ask: Ask, day: date) -> list[IntervalRead]:
        mine, inside = self._within(part, ask)
        calendar, zone = mine.calendar, utility_zone()
        slots = calendar.slots_of(day)
        stands = counted(part, calendar)
        revision = int(mine.revisions[0, (day - calendar.period.start).days])
        reads = []
        for slot in range(slots.start, slots.stop):
            if not stands[slot]:
                continue
            quality = Quality(int(mine.quality[0, slot]))
            count = None if quality is Quality.MISSING else int(mine.values[0, slot])
            energy = None if count is None else count * part.thousandths * _sign(part, ask)
            reads.append(
                IntervalRead(
                    start=datetime.fromtimestamp(int(calendar.edges[slot]), UTC).astimezone(zone),
                    seconds=int(calendar.edges[slot + 1] - calendar.edges[slot]),
                    meter=part.channel.meter.badge,
                    channel=part.channel.name,
                    count=count,
                    energy=energy,
                    quality=quality,
                    revision=revision,
                    counts=bool(inside[slot]),
                )
            )
        return reads


def _energy_of(ask: Ask) -> What:
    return ENERGY.get(ask.determinant.what, ask.determinant.what)


def _nets(ask: Ask) -> bool:
    return bool(ask.determinant.netting) or ask.determinant.flow is Flow.NET


def _sign(part: Stretch, ask: Ask) -> int:
    return SIGNS[part.flow] if _nets(ask) else 1
