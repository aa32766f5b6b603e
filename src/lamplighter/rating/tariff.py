"""A tariff: one version of one schedule of a rate book, as ordered, effective-dated lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating.attributes import Attribute
from lamplighter.rating.availability import ANYBODY, Availability
from lamplighter.rating.charges import Charge, Maximum, Minimum, Percent, PerUnit, PowerFactorRider
from lamplighter.rating.conditions import ALWAYS, Condition
from lamplighter.rating.figures import Factor
from lamplighter.rating.hours import Clock
from lamplighter.rating.peakhours import PeakHours
from lamplighter.rating.quantities import Demand, Metered
from lamplighter.rating.seasons import Season, SeasonRule


class Status(StrEnum):
    DRAFT = "draft"  # not adopted: for previews only
    OPEN = "open"
    CLOSED = "closed"  # to new customers
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures were read: title, address, page, and a hash of what was read, as far as known."""

    id: str
    title: str
    url: str = ""
    page: str = ""
    sha256: str = ""
    read_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    source: str = ""
    clause: str = ""


class RoundingRule(StrEnum):
    EACH_LINE = "each line"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class Rounding:
    """Where a bill is rounded to the cent. `stated` is false where no source tells and the file says what it assumes.

    `tax_on_rounded`: with "each line", percentages are taken of the rounded amounts instead of the exact ones.
    """

    rule: RoundingRule
    stated: bool
    note: str = ""
    tax_on_rounded: bool = False


class BillKind(StrEnum):
    REGULAR = "regular"
    OPENING = "opening"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Proration:
    """How many months a bill is. Never prorated: one. Else one within the regular window of days, days/month_days
    outside it; opening and closing bills too where `edges` says so, whatever their days."""

    month_days: Decimal | None = None
    regular: tuple[int, int] | None = None
    edges: bool = False


WHOLE = Proration()


class Change(StrEnum):
    """How a line meets a change of price inside a bill."""

    SPLIT = "split"  # each price for its own days
    START = "cycle start"  # the price in force on the first day
    END = "cycle end"  # the price in force on the last day


class Kind(StrEnum):
    """What a line is, for columns, ledgers and analysis."""

    FIXED = "fixed"
    ENERGY = "energy"
    DEMAND = "demand"
    TOU_DEMAND = "time-of-use demand"
    EXPORT = "export"
    MINIMUM = "minimum"
    DISCOUNT = "discount"
    RIDER = "rider"
    TAX = "tax"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the rate book.

    `season` limits it to that season; `valid` to its own dates within the version; `gl` is the distribution code
    for the ledger; `fund` says who bears a discount; `rounded` rounds it to the cent by itself even where the
    bill is rounded once; `tags` group lines for percentages and components for the unbundled bill.
    """

    code: str
    label: str
    charge: Charge
    season: str = ""
    when: Condition = ALWAYS
    valid: Period | None = None
    prorate: Proration | None = None  # None: as the tariff says
    change: Change = Change.SPLIT
    tags: tuple[str, ...] = ()
    taxable: bool = True
    rounded: bool = False
    gl: str = ""
    fund: str = ""
    citation: Citation = field(default_factory=Citation)
    declared: Kind | None = None

    @property
    def kind(self) -> Kind:
        if self.declared is not None:
            return self.declared
        return _kind(self.charge)


def _kind(charge: Charge) -> Kind:
    """What a line is by how it charges, where the rate book does not say."""
    kind = Kind.CREDIT
    match charge:
        case PerUnit(credit=False, quantity=Metered(peak_hours=PeakHours())):
            kind = Kind.DEMAND
        case PerUnit(credit=False, quantity=Metered()):
            kind = Kind.ENERGY
        case PerUnit(credit=False, quantity=Demand(clock=clock)):
            kind = Kind.TOU_DEMAND if clock else Kind.DEMAND
        case PerUnit(credit=False):
            kind = Kind.FIXED
        case Minimum() | Maximum():
            kind = Kind.MINIMUM
        case Percent(credit=credit):
            kind = Kind.DISCOUNT if credit else Kind.RIDER
        case PowerFactorRider():
            kind = Kind.RIDER
        case _:
            pass
    return kind


@dataclass(frozen=True, slots=True)
class Expected:
    """A line that a worked bill expects: its exact amount or its cents, whichever the source prints."""

    code: str
    exact: Decimal | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class WorkedBill:
    """A bill that the tariff file works out as its own test: what was used, and what must come out.

    `used` maps the name of a quantity (`kWh`, `kW`, `kWh.peak`) to its measure over the bill or over a part of it.
    """

    name: str
    period: Period
    used: tuple[tuple[Period, tuple[tuple[str, Decimal], ...]], ...]
    attributes: tuple[tuple[str, str], ...] = ()
    cycle: date | None = None
    kind: BillKind = BillKind.REGULAR
    past: tuple[tuple[date, Decimal], ...] = ()
    since: date | None = None
    banks: tuple[tuple[str, Decimal], ...] = ()
    settles: bool = False
    lines: tuple[Expected, ...] = ()
    exact_total: Decimal | None = None
    total_once: Money | None = None
    total_each_line: Money | None = None
    citation: Citation = field(default_factory=Citation)


class PartYear(StrEnum):
    """What an annual minimum asks of an account that was on the tariff for a part of the year."""

    WHOLE = "whole"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class TrueUp:
    """When a tariff's year closes: in the billing month `month` (1-12), or where that is None with the anniversary of
    the day on which the account came onto it. An account's own fact `true_up_month` goes before both."""

    month: int | None = None
    part_year: PartYear | None = None


@dataclass(frozen=True, slots=True)
class Tariff:
    """A version: valid over its own service days, adopted by a resolution, read from sources.

    A rider is a tariff whose lines are added to another's (`with_riders`).
    """

    utility: str
    code: str
    name: str
    valid: Period
    lines: tuple[Line, ...]
    rounding: Rounding
    status: Status = Status.OPEN
    adopted_by: str = ""
    applies_to: str = ""
    available: Availability = ANYBODY
    rider: bool = False
    sources: tuple[Source, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    not_together: tuple[tuple[str, ...], ...] = ()  # flags of which an account may have one
    factors: tuple[Factor, ...] = ()
    seasons: tuple[Season, ...] = ()
    season_rule: SeasonRule = SeasonRule.DATE
    hours_rule: SeasonRule = SeasonRule.DATE
    clocks: tuple[Clock, ...] = ()
    proration: Proration = WHOLE
    bills: tuple[WorkedBill, ...] = ()
    notes: tuple[str, ...] = ()
    true_up: TrueUp | None = None

    def __post_init__(self) -> None:
        codes = [line.code for line in self.lines]
        assert len(codes) == len(set(codes)), f"{self.code}: a line appears once"

    @property
    def version(self) -> str:
        return f"{self.code} of {self.valid.start}"

    def line(self, code: str) -> Line | None:
        return next((line for line in self.lines if line.code == code), None)

    def factor(self, name: str) -> Factor:
        return next(factor for factor in self.factors if factor.name == name)

    def season(self, name: str) -> Season:
        return next(season for season in self.seasons if season.name == name)


def with_riders(base: Tariff, *riders: Tariff) -> Tariff:
    """The schedule with the riders' lines put in before its first tax, so that taxes see them.

    Attributes, factors and sources are joined; where both name one, the schedule's counts.
    """
    for rider in riders:
        assert rider.rider, f"{rider.code} is a schedule of its own, not a rider"
        taxes = [i for i, line in enumerate(base.lines) if line.kind is Kind.TAX]
        at = taxes[0] if taxes else len(base.lines)
        base = replace(
            base,
            code=f"{base.code}+{rider.code}",
            lines=(*base.lines[:at], *rider.lines, *base.lines[at:]),
            attributes=_joined(base.attributes, rider.attributes, "name"),
            factors=_joined(base.factors, rider.factors, "name"),
            sources=_joined(base.sources, rider.sources, "id"),
            clocks=_joined(base.clocks, rider.clocks, "name"),
            seasons=base.seasons or rider.seasons,
            true_up=base.true_up or rider.true_up,
            not_together=(*base.not_together, *rider.not_together),
        )
    return base


def cut_by_riders(base: Tariff, riders: Sequence[Tariff], period: Period) -> tuple[Tariff, ...]:
    """A version on the days of a bill: as many as there are stretches with the same riders, each with its own."""
    beside = [rider for rider in riders if rider.valid.overlaps(period)]
    turns = (day for rider in beside for day in (rider.valid.start, rider.valid.end) if day is not None)
    cuts = {day for day in turns if day in period and day != period.start}
    found = []
    for valid in base.valid.split(*cuts):
        mine = [rider for rider in beside if rider.valid.overlaps(valid)]
        version = replace(base, valid=valid) if cuts else base
        if valid.overlaps(period):
            found.append(with_riders(version, *mine) if mine else version)
    return tuple(found)


T = TypeVar("T")


def _joined(own: tuple[T, ...], added: tuple[T, ...], name: str) -> tuple[T, ...]:
    known = {getattr(value, name) for value in own}
    return (*own, *(value for value in added if getattr(value, name) not in known))
