"""Measure many agreements at once by columns: each from one channel that stood all the days with one multiplier."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lamplighter.intervals.asked import answerable, answers, window_minutes
from lamplighter.intervals.block import Block
from lamplighter.intervals.measuring import sums
from lamplighter.intervals.published import Published
from lamplighter.intervals.scopes import slots_of
from lamplighter.intervals.slots import SlotCalendar, slot_calendar
from lamplighter.kernel.energy import Flow
from lamplighter.kernel.findings import Finding
from lamplighter.kernel.periods import Period
from lamplighter.rating.determinants import Ask, Determinant, What
from lamplighter.usage.measuring import Measured, Wanted
from lamplighter.usage.queries.channels import Stretch
from lamplighter.usage.store import interval_store, utility_zone

NONE = Decimal(0)
ENERGY_OF = MappingProxyType({What.KW: What.KWH, What.KVAR: What.KVARH, What.KVA: What.KVAH})


class Simple(NamedTuple):
    """An agreement that columns can measure: one channel for each quantity and flow."""

    wanted: Wanted
    by: dict[tuple[What, Flow], Stretch]

    @property
    def seconds(self) -> int:
        return next(iter(self.by.values())).channel.interval or 0


def simple(wanted: Wanted, stretches: Sequence[Stretch]) -> Simple | None:
    """None when columns can't: several channels for a quantity, an exchange, tiers in order of time, netting."""
    intervals = [s for s in stretches if not s.channel.is_register]
    by = {(s.what, s.flow): s for s in intervals}
    if not intervals or len(by) != len(intervals) or not all(s.whole for s in intervals):
        return None
    if len({s.channel.interval for s in intervals}) != 1:
        return None
    return Simple(wanted, by) if _answerable(wanted.asks, tuple(by), intervals[0].channel.interval or 0) else None


def measure(several: Sequence[Simple], *, published: Published, as_of: int | None = None) -> list[Measured]:
    """Answers in order. Agreements of one interval length and one run of days share one scan of the store."""
    groups: dict[tuple[int, Period], list[int]] = {}
    for i, one in enumerate(several):
        groups.setdefault((one.seconds, one.wanted.period), []).append(i)
    answers: dict[int, Measured] = {}
    for (seconds, period), members in groups.items():
        calendar = slot_calendar(period, seconds=seconds, zone=utility_zone())
        ids = np.unique([s.channel.pk for i in members for s in several[i].by.values()])
        block = interval_store().read(ids.astype(np.int64), calendar, published=published, as_of=as_of)
        revision = min(published.watermark, as_of or published.watermark)
        group = _Group(block, revision, _asking([several[i] for i in members]))
        answers.update({i: group.answer(several[i]) for i in members})
    return [answers[i] for i in range(len(several))]


class _Told(NamedTuple):
    """What answers an ask: of which quantity and flow, counts by row and, for a demand, the minutes of its window."""

    ask: Ask
    key: tuple[What, Flow]
    counts: list[int]
    minutes: int | None


class _Group:
    """One block of readings and what is computed from it, each ask once for all the channels of which it is `asked`."""

    def __init__(self, block: Block, revision: int, asked: Mapping[Ask, Collection[int]]) -> None:
        self.block, self.revision, self.asked = block, revision, asked
        self.row = {int(channel): i for i, channel in enumerate(block.channels)}
        everything = np.ones((1, block.calendar.slots), dtype=np.bool_)
        self.all = sums(block, everything)
        self.lacks = bool(self.all.coverage.missing.any())
        self.guesses = bool(self.all.estimated.any())
        self.alone: dict[Ask, _Told] = {}
        self.together: dict[tuple[Ask, ...], list[_Told]] = {}

    def answer(self, one: Simple) -> Measured:
        missing = self._missing(one)
        if missing:
            return Measured(findings=missing, revision=self.revision, method="columns")
        values = {told.ask: self._value(one, told) for told in self._told(one.wanted.asks)}
        delivered = one.by.get((What.KWH, Flow.DELIVERED))
        estimated = NONE
        if delivered is not None and self.guesses:
            row = self.row[delivered.channel.pk]
            estimated = int(self.all.estimated[row, 0]) * delivered.thousandths
        return Measured(values, (), estimated, self.revision, (), "columns")

    def _missing(self, one: Simple) -> tuple[Finding, ...]:
        """Where a channel that is asked for lacks readings."""
        if not self.lacks:
            return ()
        asked = {_source(ask.determinant) for ask in one.wanted.asks}
        found = []
        for key in asked & set(one.by):
            stretch = one.by[key]
            lacking = int(self.all.coverage.missing[self.row[stretch.channel.pk], 0])
            if lacking:
                found.append(missing_readings(stretch, lacking, self.block.calendar, one.wanted.period))
        return tuple(found)

    def _value(self, one: Simple, told: _Told) -> Decimal:
        stretch = one.by.get(told.key)
        if stretch is None:
            return NONE  # a meter without a received channel sends nothing back
        value = told.counts[self.row[stretch.channel.pk]] * stretch.thousandths
        return value if told.minutes is None else value * 60 / told.minutes

    def _told(self, asks: tuple[Ask, ...]) -> list[_Told]:
        """What answers each ask, kept, since bills of a cycle ask alike."""
        if asks not in self.together:
            for ask in asks:
                if ask not in self.alone:
                    self.alone[ask] = self._answered(ask)
            self.together[asks] = [self.alone[ask] for ask in asks]
        return self.together[asks]

    def _answered(self, ask: Ask) -> _Told:
        asked, calendar = ask.determinant, self.block.calendar
        minutes = None if asked.window is None else window_minutes(asked, calendar.seconds)
        return _Told(ask, _source(asked), self._counted(ask).tolist() if ask in self.asked else [], minutes)

    def _counted(self, ask: Ask) -> NDArray[np.int64]:
        """Counts of the channels that are asked for it, nothing for others."""
        if ask.determinant.window is None and slots_of(self.block.calendar, ask).all():
            return self.all.totals[:, 0]
        rows = np.array(sorted(self.row[channel] for channel in self.asked[ask]), dtype=np.int64)
        counts = np.zeros(len(self.block.channels), dtype=np.int64)
        counts[rows] = answers(self.block.take(rows), ask)
        return counts


def _asking(several: Sequence[Simple]) -> dict[Ask, set[int]]:
    """The channels that each ask is answered from."""
    alike: dict[tuple[Ask, ...], list[Simple]] = {}
    for one in several:
        alike.setdefault(one.wanted.asks, []).append(one)
    found: dict[Ask, set[int]] = {}
    for asks, those in alike.items():
        for ask in asks:
            key = _source(ask.determinant)
            if channels := {one.by[key].channel.pk for one in those if key in one.by}:
                found.setdefault(ask, set()).update(channels)
    return found


def missing_readings(stretch: Stretch, lacking: int, calendar: SlotCalendar, period: Period) -> Finding:
    return Finding(
        "usage.missing",
        f"{lacking:,} of {calendar.slots:,} readings of meter {stretch.channel.meter.badge}"
        f" ({stretch.channel.name}) are missing from {period.start:%b %-d} to {period.last_day:%b %-d, %Y}.",
        remedy="Import or estimate them; missing use is never billed as zero.",
    )


def _source(asked: Determinant) -> tuple[What, Flow]:
    return ENERGY_OF.get(asked.what, asked.what), asked.flow


@lru_cache(maxsize=1024)
def _answerable(asks: tuple[Ask, ...], by: tuple[tuple[What, Flow], ...], seconds: int) -> bool:
    """Whether columns can tell all that is asked from channels of these quantities; bills of a cycle ask alike."""
    return all(_columnar(ask.determinant, by, seconds) for ask in asks)


def _columnar(asked: Determinant, by: Collection[tuple[What, Flow]], seconds: int) -> bool:
    if asked.flow not in {Flow.DELIVERED, Flow.RECEIVED} or not answerable(asked, seconds):
        return False
    energy, flow = _source(asked)
    return (energy, flow) in by or (flow is Flow.RECEIVED and (energy, Flow.DELIVERED) in by)
