"""Rules about registers alone: high and low, nothing used, use while nobody is served, times of use and the total.

A stretch is what a register counted between two neighbouring reads. It is held against the stretch before and that of
the same season a year ago, a day each, since reads are rarely the same number of days apart. A register of demand is
held against its own earlier readings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

DAY = timedelta(days=1)
YEAR, SEASON = timedelta(days=365), timedelta(days=46)


@dataclass(frozen=True, slots=True)
class DialRules:
    """Percentages of each known history between which use is usual; days without use after which somebody looks; and
    use a day, in the plain unit, under which high and low say nothing."""

    low_percent: int = 50
    high_percent: int = 200
    zero_days: int = 25
    floor: int = 1_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """A register from one read to the next: what it counted (or, of demand, what it showed), in counts."""

    start: datetime
    end: datetime
    counted: int
    served: bool = True
    exact: bool = True

    @property
    def days(self) -> Fraction:
        return Fraction((self.end - self.start).total_seconds()) / 86_400


@dataclass(frozen=True, slots=True)
class OddDials:
    """A stretch that does not fit: `measured` and `threshold` in counts (of days: in days)."""

    rule: str
    start: datetime
    end: datetime
    measured: int
    threshold: int


def odd_dials(stretches: Sequence[Stretch], rules: DialRules, *, unit: Fraction, demand: bool) -> Iterator[OddDials]:
    """What is odd about the newest stretch of one register, the oldest first; `unit` is a count in the plain unit."""
    if not stretches or not stretches[-1].exact:
        return
    *before, last = stretches
    if not last.served:
        if last.counted > 0:
            yield OddDials("registers.inactive-use", last.start, last.end, last.counted, 0)
        return
    if last.counted == 0:
        if last.days >= rules.zero_days:
            yield OddDials("registers.zero", last.start, last.end, int(last.days), rules.zero_days)
        return
    yield from _high_low(last, _histories(last, before), rules, unit=unit, demand=demand)


def apart(total: Stretch, parts: Sequence[Stretch]) -> OddDials | None:
    """Registers by time of use against the total register between the same two reads: each bears one unit."""
    together = sum(part.counted for part in parts)
    if not total.exact or not all(part.exact for part in parts) or abs(together - total.counted) <= len(parts) + 1:
        return None
    return OddDials("registers.time-of-use", total.start, total.end, together, total.counted)


def _histories(last: Stretch, before: Sequence[Stretch]) -> list[Stretch]:
    """The stretch before, and the one whose middle lies nearest to a year ago."""
    known = [one for one in before if one.served and one.exact and one.days > 0]
    a_year_ago = last.start + (last.end - last.start) / 2 - YEAR
    season = [one for one in known if abs(one.start + (one.end - one.start) / 2 - a_year_ago) <= SEASON]
    nearest = min(season, key=lambda one: abs(one.start + (one.end - one.start) / 2 - a_year_ago), default=None)
    found = [*known[-1:], *([nearest] if nearest else [])]
    return list(dict.fromkeys(found))


def _high_low(
    last: Stretch, histories: Sequence[Stretch], rules: DialRules, *, unit: Fraction, demand: bool
) -> Iterator[OddDials]:
    """Outside the bounds of every history that is known."""

    def rate(one: Stretch) -> Fraction:
        return Fraction(one.counted) if demand else one.counted / one.days

    rates = [rate(one) for one in histories]
    if not rates or max(rate(last), *rates) * unit < rules.floor:
        return
    low, high = min(rates) * rules.low_percent / 100, max(rates) * rules.high_percent / 100
    if low <= rate(last) <= high:
        return
    bound = high if rate(last) > high else low
    scale = Fraction(1) if demand else last.days
    yield OddDials("registers.high-low", last.start, last.end, last.counted, round(bound * scale))
