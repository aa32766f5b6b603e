"""What a bill is priced from besides measured quantities, and what comes out: lines that show how they came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating.charges import Per
from lamplighter.rating.determinants import Ask
from lamplighter.rating.tariff import BillKind, Citation, Kind, RoundingRule

Quantities: TypeAlias = Mapping[Ask, Decimal]
NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PastBill:
    """Peaks of an earlier bill, by determinant key, under the first day of its cycle's month."""

    month: date
    peaks: Mapping[str, Decimal]


class BillInput(NamedTuple):
    """The service days billed and what is known of the account.

    `attributes` are facts as the account tells them; `cycle` is any day of the billing cycle's month (default: the
    month of the last day). `past` are earlier bills for ratchets, `since` the first day of service, before which
    nothing is looked for. `banks` are balances of credit brought in; `settles` marks the true-up. For an annual
    minimum, `billed_this_year` is what its lines came to on the year's earlier bills, and `closes_year` the last.
    """

    period: Period
    attributes: Mapping[str, object] = NONE
    cycle: date | None = None
    kind: BillKind = BillKind.REGULAR
    past: tuple[PastBill, ...] = ()
    since: date | None = None
    banks: Mapping[str, Decimal] = NONE
    settles: bool = False
    billed_this_year: Decimal = Decimal(0)
    closes_year: bool = False

    @property
    def month(self) -> date:
        """The first day of the billing cycle's month."""
        return (self.cycle or self.period.last_day).replace(day=1)


class Step(NamedTuple):
    """One step towards a quantity or price, in words that a customer understands."""

    words: str
    value: Decimal | None = None
    unit: str = ""


class Said(NamedTuple):
    """What a line says whatever the quantity: the lines of all bills that are alike have the very same."""

    code: str
    label: str
    kind: Kind
    unit: str
    price: Decimal
    times: Decimal
    period: Period
    days: int
    tariff: str
    citation: Citation
    gl: str = ""
    fund: str = ""
    tags: tuple[str, ...] = ()
    per: Per = Per.UNIT


class PricedLine(NamedTuple):
    """A line as billed: `quantity` x `times` (of `per`: months or days) x `price` = `exact`, shown as `amount`.

    For a percentage the quantity is the dollars that it is taken of, and the price the fraction.
    """

    quantity: Decimal
    exact: Decimal
    amount: Money
    steps: tuple[Step, ...]
    said: Said
    components: tuple[tuple[str, Decimal], ...] = ()

    @property
    def code(self) -> str:
        return self.said.code

    @property
    def label(self) -> str:
        return self.said.label

    @property
    def kind(self) -> Kind:
        return self.said.kind

    @property
    def unit(self) -> str:
        return self.said.unit

    @property
    def price(self) -> Decimal:
        return self.said.price

    @property
    def times(self) -> Decimal:
        return self.said.times

    @property
    def period(self) -> Period:
        return self.said.period

    @property
    def days(self) -> int:
        return self.said.days

    @property
    def tariff(self) -> str:
        return self.said.tariff

    @property
    def citation(self) -> Citation:
        return self.said.citation

    @property
    def gl(self) -> str:
        return self.said.gl

    @property
    def fund(self) -> str:
        return self.said.fund

    @property
    def tags(self) -> tuple[str, ...]:
        return self.said.tags

    @property
    def per(self) -> Per:
        return self.said.per


class PricedBill(NamedTuple):
    """Lines that foot to the total; the exact total before rounding; balances of banks; peaks for later ratchets."""

    tariff: str
    period: Period
    lines: tuple[PricedLine, ...]
    exact: Decimal
    total: Money
    rounding: RoundingRule
    banks: Mapping[str, Decimal]
    peaks: Mapping[str, Decimal]

    def of(self, *kinds: Kind) -> Decimal:
        """The exact amount of some kinds of line."""
        return sum((line.exact for line in self.lines if line.kind in kinds), Decimal(0))

    def line(self, code: str) -> tuple[PricedLine, ...]:
        return tuple(line for line in self.lines if line.code == code)
