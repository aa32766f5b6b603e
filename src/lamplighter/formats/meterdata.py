"""What a meter file says, in columns: channels of readings, exact to the last digit, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamplighter.kernel.energy import Commodity, Flow, Measure, Quality, Unit
from lamplighter.kernel.findings import Finding, Severity, worst

Ints = NDArray[np.int64]
Codes = NDArray[np.uint8]
Mask = NDArray[np.bool_]


class Format(StrEnum):
    ESPI = "espi"
    CMEP = "cmep"
    NEM12 = "nem12"
    NEM13 = "nem13"
    CSV = "csv"


class ReadKind(StrEnum):
    """A reading is what was used in an interval, or what a register showed at an instant."""

    INTERVAL = "interval"
    REGISTER = "register"


ADDITIVE = frozenset({
    Unit.WH, Unit.VAH, Unit.VARH, Unit.CUBIC_METRE, Unit.CUBIC_FOOT, Unit.US_GALLON, Unit.THERM, Unit.JOULE,
    Unit.BTU, Unit.HOUR, Unit.COUNT,
})  # fmt: skip
"""Units that may be added up over time; watts, volts and degrees may not."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the file calls a channel: `id` is unique in the file; the others are empty where it names nothing.

    `point` is the usage point, NMI or premise; `register` the register, suffix or meter reading.
    """

    id: str
    meter: str = ""
    point: str = ""
    register: str = ""


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of time: `seconds` from `start` (UTC)."""

    start: datetime
    seconds: int


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """Readings of one quantity, in order of time.

    All arrays are as long as each other. `starts`: epoch seconds UTC at which the interval begins (of a register
    read: its instant). `seconds`: duration (0 for register reads). `counts`: whole numbers of `measure`; 0 where
    `quality` is MISSING, which is no reading and not zero. `cost`: hundred-thousandths of the currency, as NAESB
    ESPI has it. `lines`: 1-based line of the file. `interval_seconds`: the nominal duration, 0 where none is named.
    """

    identity: Identity
    commodity: Commodity
    flow: Flow
    measure: Measure
    kind: ReadKind
    interval_seconds: int
    starts: Ints
    seconds: Ints
    counts: Ints
    quality: Codes
    lines: Ints | None = None
    cost: Ints | None = None
    currency: str = ""

    @property
    def present(self) -> Mask:
        return np.not_equal(self.quality, np.uint8(Quality.MISSING))

    @property
    def readings(self) -> int:
        """How many readings have a value."""
        return int(np.count_nonzero(self.present))

    @property
    def missing(self) -> int:
        """How many readings the file marks as having no value."""
        return len(self.starts) - self.readings

    @property
    def nominal_seconds(self) -> int:
        """The duration that the file names, else the one that most readings have."""
        if self.interval_seconds or not len(self.seconds):
            return self.interval_seconds
        durations, times = np.unique(self.seconds, return_counts=True)
        return int(durations[np.argmax(times)])

    @property
    def total(self) -> Decimal | None:
        """In the plain unit: the sum of intervals, or last less first read; None for what cannot be added up."""
        counts = self.counts[self.present]
        if self.measure.unit not in ADDITIVE or not len(counts):
            return None
        if self.kind is ReadKind.REGISTER:
            return self.measure.value(int(counts[-1]) - int(counts[0]))
        return self.measure.value(exact_sum(counts))

    @property
    def total_wh(self) -> Decimal | None:
        return self.total if self.measure.unit is Unit.WH else None

    @property
    def total_cost(self) -> int | None:
        return None if self.cost is None else exact_sum(self.cost)

    @property
    def first(self) -> datetime | None:
        """When the first reading begins (of a register: its instant)."""
        return instant(int(self.starts[0])) if len(self.starts) else None

    @property
    def last(self) -> datetime | None:
        """When the last reading ends."""
        return instant(int((self.starts + self.seconds).max())) if len(self.starts) else None

    def gaps(self) -> tuple[Spell, ...]:
        """Times between the first and the last reading that no reading with a value covers."""
        if self.kind is ReadKind.REGISTER or not len(self.starts):
            return ()
        present = self.present
        begin, end = int(self.starts[0]), int((self.starts + self.seconds).max())
        starts = np.append(self.starts[present], end)
        covered = np.append(begin, (self.starts + self.seconds)[present])
        covered = np.maximum.accumulate(covered)
        holes = np.flatnonzero(starts > covered)
        return spells(covered[holes], starts[holes] - covered[holes])

    def irregular_durations(self) -> tuple[Spell, ...]:
        """Readings that are not of the nominal duration: 7,200 s in autumn, days of 82,800 and 90,000 s."""
        if self.kind is ReadKind.REGISTER:
            return ()
        odd = np.flatnonzero(self.seconds != self.nominal_seconds)
        return spells(self.starts[odd], self.seconds[odd])

    def overlaps(self) -> tuple[Spell, ...]:
        """Readings that begin before an earlier one has ended, and for how long both run."""
        if self.kind is ReadKind.REGISTER or len(self.starts) < 2:
            return ()
        ends = np.maximum.accumulate(self.starts + self.seconds)
        odd = np.flatnonzero(self.starts[1:] < ends[:-1]) + 1
        return spells(self.starts[odd], np.minimum(ends[odd - 1] - self.starts[odd], self.seconds[odd]))

    def duplicates(self) -> tuple[Spell, ...]:
        """Readings that begin when the one before begins. The readers leave none."""
        odd = np.flatnonzero(np.diff(self.starts) == 0) + 1
        return spells(self.starts[odd], self.seconds[odd])


@dataclass(frozen=True, slots=True)
class MeterFile:
    """One file read: the channels that can be used, and a finding for everything that is wrong with it."""

    format: Format
    channels: tuple[Channel, ...] = ()
    findings: tuple[Finding, ...] = ()
    name: str = ""

    @property
    def whole(self) -> bool:
        """Nothing was left out."""
        return worst(self.findings) is not Severity.ERROR


def exact_sum(counts: Ints) -> int:
    """The sum without the wrap-around of 64 bits."""
    high, low = counts >> 32, counts & 0xFFFFFFFF
    return (int(high.sum()) << 32) + int(low.sum())


def instant(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def spells(starts: Iterable[Any], seconds: Iterable[Any]) -> tuple[Spell, ...]:
    return tuple(Spell(instant(int(start)), int(length)) for start, length in zip(starts, seconds, strict=True))
