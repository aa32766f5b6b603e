"""How a line of a bill came about, as a value: arithmetic, clause, tariff text, rounding, books, readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lamplighter.billing.queries.reading_view import RegisterUse
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import PricedLine
from lamplighter.rating.determinants import Ask


@dataclass(frozen=True, slots=True)
class TextView:
    """The tariff text that priced the line, by its SHA-256."""

    code: str
    name: str
    valid: Period
    adopted_by: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ClauseView:
    """Where the rate book says so; what it does not tell is empty."""

    title: str = ""
    clause: str = ""
    page: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LedgerCode:
    """Where the line stands in the books."""

    key: str
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class OfLine:
    """A line that this one is reckoned on."""

    place: int
    label: str
    amount: Money


@dataclass(frozen=True, slots=True)
class DayMeasured:
    """What one local day adds to a determinant: energy within its hours and season, all meters together."""

    day: date
    energy: Decimal
    estimated: bool
    missing: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """A measured quantity behind a line. `days` for intervals, `registers` for dials; `peak_at` is the local start of
    the window that set a demand."""

    ask: Ask
    words: str
    value: Decimal
    unit: str
    days: tuple[DayMeasured, ...] = ()
    registers: tuple[RegisterUse, ...] = ()
    peak_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IntervalRead:
    """One interval of a day: its local start, what was counted (None: no reading) and from which revision.

    `energy` is in kWh (kVArh, kVAh), with its sign; `counts` tells whether the determinant counts it.
    """

    start: datetime
    seconds: int
    meter: str
    channel: str
    count: int | None
    energy: Decimal | None
    quality: Quality
    revision: int
    counts: bool

    @property
    def power(self) -> Decimal | None:
        """Mean kW over the interval."""
        return None if self.energy is None else self.energy * 3600 / self.seconds


@dataclass(frozen=True, slots=True)
class Derivation:
    """How one line of a bill came about."""

    bill: str
    segment: int
    place: int
    line: PricedLine
    words: str
    rounding: str
    text: TextView
    clause: ClauseView
    ledger: LedgerCode
    of: tuple[OfLine, ...]
    measures: tuple[Measure, ...]
    facts: tuple[tuple[str, str], ...]
