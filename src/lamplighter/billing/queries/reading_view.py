"""An issued bill as a value: what the page, the PDF and the explanation show, and nothing of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from lamplighter.billing.queries.comparison import Why
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import PricedLine


@dataclass(frozen=True, slots=True)
class UtilityView:
    """Who asks for the money, and how to reach them; what is not set is empty."""

    name: str
    phone: str = ""
    website: str = ""
    office: str = ""
    email: str = ""


class Group(StrEnum):
    """Where a line stands on the bill: taxes and discounts apart from what the service costs."""

    CHARGE = "charge"
    DISCOUNT = "discount"
    TAX = "tax"


@dataclass(frozen=True, slots=True)
class LineView:
    """One line as printed. `words` is its arithmetic: "412 kWh × $0.14218"; empty where the amount says it all."""

    place: int
    priced: PricedLine
    words: str
    group: Group

    @property
    def amount(self) -> Money:
        return self.priced.amount

    @property
    def label(self) -> str:
        return self.priced.label


@dataclass(frozen=True, slots=True)
class DayUse:
    """kWh of one local day: taken from the grid and sent back. Missing readings are told, never shown as nothing."""

    day: date
    delivered: Decimal
    received: Decimal = Decimal(0)
    estimated: bool = False
    missing: bool = False


@dataclass(frozen=True, slots=True)
class RegisterUse:
    """Two reads of a register and what they say was used; a demand register has only the last."""

    meter: str
    register: str
    from_on: date | None
    from_count: int | None
    to_on: date
    to_count: int
    factor: Decimal
    used: Decimal
    unit: str
    estimated: bool


@dataclass(frozen=True, slots=True)
class UseView:
    """How a segment's use was measured: by day from intervals, or between register reads."""

    method: str = ""
    days: tuple[DayUse, ...] = ()
    registers: tuple[RegisterUse, ...] = ()
    meters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BankView:
    """A bank of credits after a bill, and what it would be paid out at; both as they are expected at the true-up.

    `balance` is in dollars or kWh; None is expected where nothing tells.
    """

    name: str
    unit: str
    balance: Decimal
    worth: Money
    expected: Decimal | None = None
    expected_worth: Money | None = None


@dataclass(frozen=True, slots=True)
class TrueUpView:
    """The true-up in a billing month: to come, or `settled` with this bill."""

    month: date
    settled: bool
    bills_left: int
    banks: tuple[BankView, ...]


@dataclass(frozen=True, slots=True)
class SegmentView:
    """The charges of one agreement for a run of service days, as they were issued.

    `new_prices_on` is the day inside them on which the prices changed. `cancelled_on` and `replaced_by` tell what
    became of them since; `replaces` what they took the place of.
    """

    id: int
    schedule: str
    schedule_name: str
    service: tuple[str, ...]
    period: Period
    kind: str
    lines: tuple[LineView, ...]
    total: Money
    kwh: Decimal | None
    estimated: bool
    estimated_kwh: Decimal
    use: UseView
    new_prices_on: date | None = None
    replaces: str = ""
    replaced_by: str = ""
    cancelled_on: date | None = None
    true_up: TrueUpView | None = None
    band_kwh: Decimal = Decimal(0)

    def of(self, group: Group) -> tuple[LineView, ...]:
        return tuple(line for line in self.lines if line.group is group)

    def total_of(self, group: Group) -> Money:
        return total(line.amount for line in self.of(group))


@dataclass(frozen=True, slots=True)
class AdjustmentView:
    """A charge or credit beside the rate that came onto this bill."""

    label: str
    on: date | None
    amount: Money


@dataclass(frozen=True, slots=True)
class Amounts:
    """`due` = `previous` + `received` + `corrected` + `charges`; payments received are negative."""

    previous: Money = ZERO
    received: Money = ZERO
    corrected: Money = ZERO
    charges: Money = ZERO
    due: Money = ZERO

    @property
    def credit(self) -> bool:
        return self.due.cents < 0


@dataclass(frozen=True, slots=True)
class Compared:
    """One side of the comparison. `name` is "Nov 2025"; kWh is None where nothing was metered."""

    name: str
    days: int
    kwh: Decimal | None
    charges: Money

    @property
    def kwh_a_day(self) -> Decimal | None:
        return None if self.kwh is None or not self.days else self.kwh / self.days


@dataclass(frozen=True, slots=True)
class CauseView:
    """A cause of the change, in a line of words."""

    why: tuple[Why, ...]
    words: str
    amount: Money


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """This bill beside the same month last year, or beside the bill before; `causes` add up to `change`."""

    now: Compared
    then: Compared
    last_year: bool
    change: Money
    causes: tuple[CauseView, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Message:
    """Something that the customer should know, in a sentence or two."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What was open of one bill when another was issued, and for how many days it was past due; `bill` is empty where
    none had asked for it."""

    bill: str
    due_on: date
    late: int
    open: Money


@dataclass(frozen=True, slots=True)
class OpenItems:
    """What an account had open bill by bill, the oldest first. With `rest`, which is no bill's (credit that paid none
    yet, as a negative amount), it is what the bill asks for."""

    items: tuple[OpenItem, ...]
    rest: Money = ZERO


@dataclass(frozen=True, slots=True)
class BillView:
    """An issued bill as people read it. `scan_line` is empty where an account's number does not fit on one;
    `open_items` are there where the account is aged by them."""

    id: int
    number: str
    kind: str
    utility: UtilityView
    account: str
    customer: str
    mailing: tuple[str, ...]
    language: str
    issued_on: date
    issued_at: datetime
    due_on: date
    amounts: Amounts
    segments: tuple[SegmentView, ...]
    adjustments: tuple[AdjustmentView, ...]
    comparison: ComparisonView | None
    messages: tuple[Message, ...]
    scan_line: str
    open_items: OpenItems | None = None

    @property
    def period(self) -> Period | None:
        """From the first service day to the last; None on a bill without service."""
        if not self.segments:
            return None
        days = [segment.period for segment in self.segments]
        return Period(min(d.start for d in days), max(d.closed_end for d in days))

    @property
    def estimated(self) -> bool:
        return any(segment.estimated for segment in self.segments)

    @property
    def meters(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(meter for segment in self.segments for meter in segment.use.meters))

    @property
    def services(self) -> tuple[tuple[str, ...], ...]:
        """Each service address once."""
        return tuple(dict.fromkeys(segment.service for segment in self.segments if segment.service))

    @property
    def daily(self) -> tuple[DayUse, ...]:
        """Use by day of all segments together; none where a segment is measured by registers."""
        by_day: dict[date, DayUse] = {}
        for segment in self.segments:
            for day in segment.use.days:
                by_day[day.day] = _added(by_day.get(day.day), day)
        return tuple(by_day[day] for day in sorted(by_day))


def _added(one: DayUse | None, other: DayUse) -> DayUse:
    if one is None:
        return other
    return DayUse(
        other.day,
        one.delivered + other.delivered,
        one.received + other.received,
        estimated=one.estimated or other.estimated,
        missing=one.missing or other.missing,
    )
