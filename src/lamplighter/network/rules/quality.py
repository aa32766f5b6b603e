"""What a year of meter events says of power at a point: voltage by ANSI C84.1, dips by ITIC, outages by IEEE 1366.

ANSI C84.1-2020 gives service voltage two ranges: most of the time it is in range A; range B is to be rare and short,
and beyond it is put right at once. The ITIC curve (2000) is what office electronics ride through. IEEE 1366-2012 calls
an interruption of over five minutes sustained, any other momentary (docs/algorithms/power-quality.md). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from statistics import median

MOMENTARY = timedelta(minutes=5)
MANY = 3
"""CEMI-3: customers with more than three sustained interruptions in a year."""


class Range(StrEnum):
    """Where a voltage lies by ANSI C84.1."""

    A = "range A"
    B_LOW = "range B, low"
    B_HIGH = "range B, high"
    LOW = "below range B"
    HIGH = "above range B"


@dataclass(frozen=True, slots=True)
class Base:
    """A nominal service voltage with its ranges A and B, in volts: ANSI C84.1-2020, table 1."""

    volts: int
    a: tuple[int, int]
    b: tuple[int, int]

    def range_of(self, volts: Decimal) -> Range:
        if self.a[0] <= volts <= self.a[1]:
            return Range.A
        if volts < self.a[0]:
            return Range.B_LOW if volts >= self.b[0] else Range.LOW
        return Range.B_HIGH if volts <= self.b[1] else Range.HIGH

    def percent(self, volts: Decimal) -> Decimal:
        return (volts / self.volts * 100).quantize(Decimal("0.1"))


BASES = (
    Base(120, (114, 126), (110, 127)),
    Base(208, (197, 218), (191, 220)),
    Base(240, (228, 252), (220, 254)),
    Base(277, (263, 291), (254, 293)),
    Base(480, (456, 504), (440, 508)),
)


def base_of(volts: Sequence[Decimal]) -> Base:
    """The nominal voltage that is nearest to the middle of what was measured; 120 V where nothing was."""
    middle = median(volts) if volts else Decimal(120)
    return min(BASES, key=lambda base: abs(middle / base.volts - 1))


@dataclass(frozen=True, slots=True)
class Voltage:
    """Steady readings of some time: how many in each range, the lowest, the middle one and the highest."""

    base: Base
    ranges: dict[Range, int]
    low: Decimal
    middle: Decimal
    high: Decimal

    @property
    def count(self) -> int:
        return sum(self.ranges.values())

    def share(self, *ranges: Range) -> Decimal:
        """Percent of the readings."""
        return Decimal(100) * sum(self.ranges[one] for one in ranges) / self.count


def voltage(readings: Sequence[Decimal], base: Base) -> Voltage | None:
    """None without a reading."""
    if not readings:
        return None
    ranges = dict.fromkeys(Range, 0)
    for volts in readings:
        ranges[base.range_of(volts)] += 1
    return Voltage(base, ranges, min(readings), Decimal(median(readings)), max(readings))


@dataclass(frozen=True, slots=True)
class Dip:
    """A sag, or a swell (`high`): its extreme in percent of the base and its length, None where no meter told them."""

    at: datetime
    high: bool
    volts: Decimal | None
    percent: Decimal | None
    seconds: Decimal | None

    @property
    def ridden(self) -> bool | None:
        """Whether office electronics ride through it by the ITIC curve; None where that can't be told."""
        if self.percent is None or self.seconds is None:
            return None
        return self.percent <= self._limit if self.high else self.percent >= self._limit

    @property
    def lacks(self) -> float | None:
        """By how many percent the voltage would have to be higher for a sag to be ridden through."""
        if self.high or self.ridden is not False or not self.percent:
            return None
        return float((self._limit / self.percent - 1) * 100)

    @property
    def _limit(self) -> Decimal:
        """Percent of nominal that is ridden through for so long."""
        assert self.seconds is not None
        limits = SWELLS if self.high else SAGS
        return Decimal(next(percent for seconds, percent in limits if seconds is None or self.seconds <= seconds))


SAGS: tuple[tuple[Decimal | None, int], ...] = (
    (Decimal("0.02"), 0), (Decimal("0.5"), 70), (Decimal(10), 80), (None, 90),
)  # fmt: skip
SWELLS: tuple[tuple[Decimal | None, int], ...] = ((Decimal("0.5"), 120), (None, 110))
"""Up to so many seconds, so many percent of nominal: ITIC (CBEMA) curve, revised 2000."""
DEPTHS: tuple[tuple[str, Decimal], ...] = (
    ("Under 40%", Decimal(40)), ("40 to 70%", Decimal(70)), ("70 to 80%", Decimal(80)), ("80 to 90%", Decimal(90)),
    ("90 to 110%", Decimal(110)), ("110 to 120%", Decimal(120)), ("120% and over", Decimal("Infinity")),
)  # fmt: skip
LENGTHS: tuple[tuple[str, Decimal], ...] = (
    ("to 0.5 s", Decimal("0.5")), ("to 10 s", Decimal(10)), ("to 1 min", Decimal(60)),
    ("longer", Decimal("Infinity")),
)  # fmt: skip
UNTOLD = "Not told"


def by_depth(dips: Iterable[Dip]) -> list[tuple[str, dict[str, int]]]:
    """How many of each depth and length, the deepest first; depths of which there was none are left out."""
    names = [*(name for name, _ in DEPTHS), UNTOLD]
    found = {name: dict.fromkeys((*(length for length, _ in LENGTHS), UNTOLD), 0) for name in names}
    for one in dips:
        depth = next((name for name, top in DEPTHS if one.percent is not None and one.percent < top), UNTOLD)
        length = next((name for name, top in LENGTHS if one.seconds is not None and one.seconds <= top), UNTOLD)
        found[depth][length] += 1
    return [(name, counts) for name, counts in found.items() if any(counts.values())]


class Said(StrEnum):
    """What a point said of its power."""

    LOST = "lost"
    BACK = "back"
    THERE = "there"


@dataclass(frozen=True, slots=True)
class Word:
    """One word on power: `seconds` is how long it had been out, where the meter told that it is back."""

    at: datetime
    said: Said
    seconds: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """A time without power. `began` is None where the last gasp was not heard; `ended` where it is not over, or where
    nobody heard that it was. `seen`: the meter was seen with power at `ended`, and had it back by then."""

    began: datetime | None
    ended: datetime | None
    seen: bool = False

    @property
    def at(self) -> datetime:
        found = self.began or self.ended
        assert found is not None, "an outage has a beginning or an end"
        return found

    @property
    def lasted(self) -> timedelta | None:
        return self.ended - self.began if self.began is not None and self.ended is not None else None

    @property
    def minutes(self) -> Decimal | None:
        return None if self.lasted is None else Decimal(round(self.lasted.total_seconds())) / 60

    @property
    def momentary(self) -> bool:
        """Of one whose length is not known nobody says that it was short."""
        return self.lasted is not None and self.lasted <= MOMENTARY


def outages(words: Iterable[Word]) -> tuple[Outage, ...]:
    """Outages from what was heard, in order. A gasp that is told twice is one; `back` without a gasp is an outage that
    began so long before as the meter says, or nobody knows when; a meter seen with power ends what is open."""
    found: list[Outage] = []
    began: datetime | None = None
    for word in sorted(words, key=lambda one: one.at):
        match word.said:
            case Said.LOST:
                began = began or word.at
            case Said.BACK:
                told = word.at - timedelta(seconds=float(word.seconds)) if word.seconds is not None else None
                found.append(Outage(began or told, word.at))
                began = None
            case Said.THERE if began is not None:
                found.append(Outage(began, word.at, seen=True))
                began = None
    return (*found, *([Outage(began, None)] if began is not None else []))


@dataclass(frozen=True, slots=True)
class Counts:
    """A customer's year by IEEE 1366: sustained and momentary interruptions, and minutes of those with both ends."""

    sustained: int
    momentary: int
    minutes: Decimal
    unknown: int


def counts(found: Iterable[Outage]) -> Counts:
    """`unknown` of the sustained have no minutes, since their beginning or end was not heard."""
    each = list(found)
    long = [one for one in each if not one.momentary]
    minutes = [one.minutes for one in long if one.minutes is not None]
    return Counts(len(long), len(each) - len(long), sum(minutes, Decimal(0)), len(long) - len(minutes))


@dataclass(frozen=True, slots=True)
class Indices:
    """A feeder's year by IEEE 1366: `customers` whose meters tell, interruptions and minutes of the average one, and
    the percent of them with more than three."""

    customers: int
    saifi: Decimal
    saidi: Decimal
    maifi: Decimal
    cemi3: Decimal


def indices(each: Sequence[Counts]) -> Indices:
    """Of at least one customer."""
    count = Decimal(len(each))
    return Indices(
        len(each), sum(one.sustained for one in each) / count, sum((one.minutes for one in each), Decimal(0)) / count,
        sum(one.momentary for one in each) / count, 100 * sum(one.sustained > MANY for one in each) / count,
    )  # fmt: skip
