"""What must be measured before a tariff can be priced: billing determinants as plain, serialisable values.

Bills, what-ifs and the rate lab share this one description. `rating.measure` computes it plainly from intervals;
the columnar engine of `intervals` computes the same for many service points at once. A determinant says what, of
which flow, in which hours and days; an `Ask` adds over which service days.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from lamplighter.kernel.energy import Flow
from lamplighter.kernel.periods import Period
from lamplighter.rating.hours import Clock
from lamplighter.rating.seasons import Season


class What(StrEnum):
    """Units of measurement. Energies add up over time; demands are the highest mean over a window."""

    KWH = "kWh"
    KVARH = "kVArh"
    KVAH = "kVAh"
    KW = "kW"
    KVA = "kVA"
    KVAR = "kVAr"
    POWER_FACTOR = "power factor"  # kWh / sqrt(kWh^2 + kVArh^2) over the whole scope

    @property
    def adds_up(self) -> bool:
        return self in {What.KWH, What.KVARH, What.KVAH}

    @property
    def is_demand(self) -> bool:
        return self in {What.KW, What.KVA, What.KVAR}


@dataclass(frozen=True, slots=True)
class DemandWindow:
    """The averaging window in minutes. `step` below `minutes` slides; 0 minutes takes the meter's own interval."""

    minutes: int = 15
    step: int = 0

    @property
    def sliding(self) -> bool:
        return 0 < self.step < self.minutes

    def __str__(self) -> str:
        if not self.minutes:
            return "as metered"
        return f"{self.minutes} min" + (f" sliding by {self.step}" if self.sliding else "")


AS_METERED = DemandWindow(0)


@dataclass(frozen=True, slots=True)
class Band:
    """Only the kWh used while the month's running total lies from `lower` to `upper` (tiers in order of time)."""

    lower: Decimal
    upper: Decimal | None


@dataclass(frozen=True, slots=True)
class Determinant:
    """One quantity to measure.

    `clock` and `periods` limit it to TOU periods (no clock: all hours); `season` to the days of a season by date;
    `netting` is the number of minutes within which delivered and received energy are set off against each other
    before anything else (0: not at all); `daily` sums the highest demand of each day instead of taking the
    highest of all.
    """

    what: What
    flow: Flow = Flow.DELIVERED
    clock: Clock | None = None
    periods: tuple[str, ...] = ()
    season: Season | None = None
    window: DemandWindow | None = None
    daily: bool = False
    netting: int = 0
    band: Band | None = None

    def __post_init__(self) -> None:
        assert bool(self.clock) == bool(self.periods), "TOU periods belong to a clock"
        assert (self.window is not None) == self.what.is_demand, "demand has a window, energy has none"
        assert self.band is None or self.what.adds_up

    def __hash__(self) -> int:
        """Of the names of clock and season: what they hold is compared, and would take longer to hash than to find."""
        words = str.__hash__(self.what), str.__hash__(self.flow), self.periods
        named = self.clock and self.clock.name, self.season and self.season.name
        return hash((words, named, self.window, self.daily, self.netting, self.band))

    @property
    def key(self) -> str:
        """A stable, readable name under which bills keep the value; equal determinants have equal keys."""
        parts = [str(self.what), str(self.flow)]
        if self.clock is not None:
            parts.append(f"{self.clock.name}#{_digest(self.clock)}:{'+'.join(self.periods)}")
        if self.season is not None:
            parts.append(f"season:{self.season.name}#{_digest(self.season)}")
        if self.window is not None:
            parts.append(str(self.window) + (" daily" if self.daily else ""))
        if self.netting:
            parts.append(f"netted {self.netting} min")
        if self.band is not None:
            parts.append(f"{self.band.lower}..{'' if self.band.upper is None else self.band.upper}")
        return "/".join(parts)

    def __str__(self) -> str:
        return self.key


@dataclass(frozen=True, slots=True)
class Ask:
    """Measure a determinant over service days, in the utility's zone. The meter's answers are looked up by it, a dozen
    times a bill, so that its hash is worked out once."""

    determinant: Determinant
    period: Period
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.determinant, self.period)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type[Ask], tuple[Determinant, Period]]:
        """Made anew where it is sent: another process hashes words otherwise."""
        return Ask, (self.determinant, self.period)


@lru_cache(maxsize=512)
def _digest(value: Clock | Season) -> str:
    """Eight letters that tell apart two clocks of one name; frozen sets are sorted so that it never varies."""
    return hashlib.sha256(_canonical(value).encode()).hexdigest()[:8]


def _canonical(value: object) -> str:
    if isinstance(value, frozenset):
        return "{" + ",".join(sorted(_canonical(item) for item in value)) + "}"
    if isinstance(value, tuple):
        return "(" + ",".join(_canonical(item) for item in value) + ")"
    fields = getattr(value, "__dataclass_fields__", None)
    if fields is None:
        return repr(value)
    return type(value).__name__ + _canonical(tuple(getattr(value, name) for name in fields))
