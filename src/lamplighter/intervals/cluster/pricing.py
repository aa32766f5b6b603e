"""Bills repriced by a cluster: a month of one channel each, on the columnar calculator, to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lamplighter.intervals.asked import answerable, answers, lacking, window_minutes
from lamplighter.intervals.block import Block
from lamplighter.intervals.cluster.scanning import Days, by_blocks, scanned
from lamplighter.intervals.published import Published
from lamplighter.kernel.energy import Flow
from lamplighter.kernel.periods import Period
from lamplighter.rating.columnar import Group, Program, Scaled, Slot, compile
from lamplighter.rating.columnar.refusals import Refusal
from lamplighter.rating.determinants import Ask, What
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.tariff import Tariff

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SCHEMA = "channel long, cents long, refusal string"


@dataclass(frozen=True, slots=True)
class Schedule:
    """The versions of a schedule, what all of its accounts tell alike, and how many decimal places of a kWh (kW) a
    count is: 3 for Wh."""

    versions: tuple[Tariff, ...]
    facts: Mapping[str, str | bool | Decimal] = field(default_factory=dict)
    places: int = 3


def priced(
    spark: SparkSession, uri: str, days: Days, schedule: Schedule, *, published: Published, parts: int = 16
) -> pa.Table:
    """`channel`, `cents` and `refusal` (empty where the bill stands), ordered by channel: one bill of `days` for each
    channel of energy delivered. Raises CannotPrice where the schedule needs more than one channel's readings of these
    days (peaks of earlier bills, energy sent back, reactive energy, netting) or the order in which they came."""
    asked(schedule.versions, days)
    frame = scanned(spark, uri, days.period, published=published, parts=parts)
    return frame.mapInArrow(by_blocks(days, Price(days, schedule)), SCHEMA).toArrow().sort_by("channel")


@dataclass(frozen=True, slots=True)
class Price:
    """What a worker makes of a block; on one machine the same is called on what `IntervalStore.read` gives."""

    days: Days
    schedule: Schedule

    def __call__(self, block: Block) -> Iterator[pa.RecordBatch]:
        program, asks = asked(self.schedule.versions, self.days)
        measured = {slot: self._scaled(block, ask) for slot, ask in asks.items()}
        size = len(block.channels)
        group = Group(period=self.days.period, size=size, measured=measured, facts=self.schedule.facts)
        bills = program.price_arrays(group)
        gaps = lacking(block)
        refusals = [_refusal(gap, bills.refusal(i)) for i, gap in enumerate(gaps.tolist())]
        cents = np.where(gaps > 0, 0, bills.totals)
        yield pa.RecordBatch.from_pydict({"channel": block.channels, "cents": cents, "refusal": refusals})

    def _scaled(self, block: Block, ask: Ask) -> Scaled:
        counts = answers(block, ask)
        if ask.determinant.window is not None:
            counts = counts * (60 // window_minutes(ask.determinant, block.calendar.seconds))
        return Scaled(counts, self.schedule.places)


def _refusal(gap: int, why: Refusal | None) -> str:
    if gap:
        return f"{gap} readings are missing."
    return "" if why is None else why.message


@lru_cache(maxsize=8)
def asked(versions: tuple[Tariff, ...], days: Days) -> tuple[Program, dict[Slot, Ask]]:
    """The schedule compiled, and what it asks of a channel over the days."""
    program = compile(versions)
    slots, past = program.asks(days.period)
    asks = {slot: Ask(slot.determinant, _days(slot, days.period)) for slot in slots}
    beyond = [f"{slot.determinant} in order of time" for slot in slots if slot.tier is not None]
    beyond += [str(a.determinant) for a in asks.values() if not _of_one_channel(a, days.seconds)]
    if past or beyond:
        what = beyond[0] if beyond else f"{past[0].key}, {past[0].back} months before"
        raise CannotPrice("cluster.channels", f"{versions[-1].code} needs {what}: one channel's days do not tell it.")
    return program, asks


def _of_one_channel(ask: Ask, seconds: int) -> bool:
    wanted = ask.determinant
    return wanted.what in {What.KWH, What.KW} and wanted.flow is Flow.DELIVERED and answerable(wanted, seconds)


def _days(slot: Slot, period: Period) -> Period:
    start = period.start + timedelta(days=slot.first)
    return Period(start, start + timedelta(days=slot.days))
