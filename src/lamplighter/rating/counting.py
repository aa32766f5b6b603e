"""Evaluate the quantities of a line over a piece of a bill: how much, in which unit, and how it came about.

A quantity is evaluated in two stages: what is the same for all bills that share the piece is worked out once, and
comes as a function of what one of them used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from enum import Enum
from typing import NamedTuple, Protocol, TypeAlias, assert_never

from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput, Step
from lamplighter.rating.charges import Charge, Per, PerUnit, PowerFactor, TierOrder, Tiers
from lamplighter.rating.demand import billing_demand, to_multiple
from lamplighter.rating.determinants import Ask, Band, Determinant, What
from lamplighter.rating.exact import NOTHING, Fraction, decimal
from lamplighter.rating.pieces import Piece
from lamplighter.rating.proration import months
from lamplighter.rating.quantities import Demand, Excess, Metered, OfAccount, OfLines, Once, Quantity, unit_of
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.seasons import Season, SeasonRule
from lamplighter.rating.tariff import WHOLE

Measured: TypeAlias = Callable[[Ask], Decimal]
Names: TypeAlias = tuple[str, ...]  # TOU periods of the quantity's clock; none: all hours


class Nature(Enum):
    """How a quantity behaves over a part of a bill (docs/algorithms/proration.md)."""

    ENERGY = "energy"  # each part has its own; what is said for a month is shared by days, and prorated
    DEMAND = "demand"  # the whole bill's in every part, at the price for a share of the days; not prorated
    NUMBER = "number"  # of lamps, kW connected, or the bill itself: the same, but prorated


class Count(NamedTuple):
    """A quantity with its unit, its nature and the steps to it."""

    value: Fraction
    unit: str
    nature: Nature
    steps: tuple[Step, ...] = ()


class Lines(Protocol):
    """The other lines of the bill, for those that are reckoned on them."""

    def base(self, piece: Piece, *, whole: bool = False) -> Fraction: ...

    def counted_again(self, quantity: OfLines, piece: Piece) -> Count: ...


class Setting(NamedTuple):
    """What evaluating needs besides the piece: the bill, the meter's answers, the other lines, the banks; and what the
    meter answers `after` the demands are known."""

    bill: BillInput
    measured: Measured
    lines: Lines
    banks: dict[str, Fraction]
    after: Measured


Counter: TypeAlias = Callable[[Setting], Count]


def count(quantity: Quantity, piece: Piece, names: Names, setting: Setting) -> Count:
    """The quantity over the piece, in the TOU periods `names` (none: in those that the quantity itself says)."""
    return piece.once("counter", quantity, names, lambda: counter(quantity, piece, names, setting.bill))(setting)


def counter(quantity: Quantity, piece: Piece, names: Names, bill: BillInput) -> Counter:
    """How a quantity is counted over a piece, of any `bill` that shares it: days and kind are theirs alike."""
    match quantity:
        case Metered():
            return _metered(quantity, piece, names)
        case Demand():
            return _demand(quantity, piece, names, bill.period)
        case Excess(quantity=inner, allowance=allowance, of=of):
            got, base = counter(inner, piece, names, bill), counter(of, piece, names, bill)
            return lambda setting: _excess(got(setting), base(setting), Fraction(allowance))
        case Once():
            one = Count(Fraction(1), "", Nature.NUMBER)
            return lambda _: one
        case OfAccount(attribute=attribute, unit=unit, free=free):
            above = max(NOTHING, Fraction(_number(piece, attribute)) - Fraction(free))
            steps = (Step(f"above the first {free}", decimal(above), unit),) if free else ()
            told = Count(above, unit, Nature.NUMBER, steps)
            return lambda _: told
        case OfLines():
            return lambda setting: setting.lines.counted_again(quantity, piece)
        case _:
            assert_never(quantity)


def _demand(quantity: Demand, piece: Piece, names: Names, days: Period) -> Counter:
    ask, unit = Ask(determinant(quantity, piece, names), days), str(quantity.what)
    kept = determinant_of(quantity, names, None, None)

    def counted(setting: Setting) -> Count:
        measured = Fraction(setting.measured(ask))
        value, steps = billing_demand(quantity, kept, measured, piece, setting.bill)
        return Count(value, unit, Nature.DEMAND, steps)

    return counted


def _excess(got: Count, base: Count, allowance: Fraction) -> Count:
    allowed = base.value * allowance
    text = f"allowance of {decimal(allowance * 100)} % of {decimal(base.value)} {base.unit}"
    steps = (*got.steps, Step(text, decimal(allowed), got.unit))
    return Count(max(NOTHING, got.value - allowed), got.unit, got.nature, steps)


def determinant(quantity: Metered | Demand, piece: Piece, names: Names) -> Determinant:
    """What the meter is asked for over a piece."""
    season = piece.season if piece.by_date else None
    hours = None if piece.tariff.hours_rule is SeasonRule.DATE else piece.season
    return determinant_of(quantity, names, season, hours)


def determinant_of(
    quantity: Metered | Demand, names: Names, season: Season | None, hours: Season | None
) -> Determinant:
    """The determinant of a quantity in some TOU periods, on the days of `season`, by the hours of season `hours`."""
    periods = names or quantity.periods
    clock = quantity.clock if periods else None
    if clock is not None and hours is not None:
        clock = clock.in_season(hours)
    match quantity:
        case Metered(what=what, flow=flow, netting=netting):
            return Determinant(what, flow, clock, periods, season, netting=netting)
        case Demand(what=what, flow=flow, window=window, daily=daily):
            return Determinant(what, flow, clock, periods, season, window, daily)
        case _:
            assert_never(quantity)


def in_band(
    quantity: Metered, piece: Piece, names: Names, limits: tuple[Fraction, Fraction | None], setting: Setting
) -> Fraction:
    """The energy of some TOU periods while the running total of all hours lay between two limits."""
    lower, upper = limits
    band = Band(decimal(lower), None if upper is None else decimal(upper))
    asked = Ask(replace(determinant(quantity, piece, names), band=band), piece.period)
    return Fraction(setting.after(asked) if asks_by_demand(piece.line.charge) else setting.measured(asked))


def asks_by_demand(charge: Charge) -> bool:
    """Whether its tiers run in order of time and end at so much for each kW, known only once the demand is."""
    match charge:
        case PerUnit(shape=Tiers(order=TierOrder.CHRONOLOGICAL, demand=Demand())):
            return True
        case _:
            return False


def times(piece: Piece, per: Per, nature: Nature, bill: BillInput) -> tuple[Fraction, tuple[Step, ...]]:
    """How often the price is due over the piece: months or days, or once."""
    match per:
        case Per.DAY:
            return Fraction(piece.days), ()
        case Per.MONTH:
            due = month_share(piece, nature, bill)
            if due == 1:
                return due, ()
            return due, (Step(f"of a month, for {piece.days} days", decimal(due)),)
        case Per.UNIT:
            return (Fraction(1) if nature is Nature.ENERGY else piece.share), ()
        case _:
            assert_never(per)


def month_share(piece: Piece, nature: Nature, bill: BillInput) -> Fraction:
    """Months billed for the piece. Demand charges are not prorated unless the line says so."""
    rule = piece.line.prorate
    if rule is None:
        rule = WHOLE if nature is Nature.DEMAND else piece.tariff.proration
    return months(bill.period.days, bill.kind, rule) * piece.share


def power_factor(factor: PowerFactor, piece: Piece, setting: Setting) -> Fraction:
    """As a fraction of one. Raises CannotPrice when it is neither told nor measured."""
    told = piece.facts.get(factor.attribute) if factor.attribute else None
    if isinstance(told, Decimal):
        value = Fraction(told)
    else:
        value = Fraction(setting.measured(Ask(Determinant(What.POWER_FACTOR), setting.bill.period)))
    if value <= 0 or value > 1:
        raise CannotPrice("power_factor.range", f"A power factor of {decimal(value)} is not between 0 and 1.")
    return value if factor.rounded is None else to_multiple(value, factor.rounded)


def _metered(quantity: Metered, piece: Piece, names: Names) -> Counter:
    unit, ask = unit_of(quantity), Ask(determinant(quantity, piece, names), piece.period)
    if quantity.peak_hours or quantity.losses or quantity.bank or quantity.rounded:
        return lambda setting: _reckoned(quantity, piece, names, Fraction(setting.measured(ask)), setting)
    return lambda setting: Count(Fraction(setting.measured(ask)), unit, Nature.ENERGY)


def _reckoned(quantity: Metered, piece: Piece, names: Names, value: Fraction, setting: Setting) -> Count:
    """Of energy that is not billed as it was measured, and how it came about."""
    unit, steps = unit_of(quantity), list[Step]()
    if quantity.peak_hours is not None:
        steps.append(Step(quantity.peak_hours.words(piece.period), decimal(value), unit))
    if quantity.losses is not None:
        factor = piece.figure(quantity.losses, names)
        value *= factor
        steps.append(Step(f"with losses, times {decimal(factor)}", decimal(value), unit))
    if quantity.bank:
        value, banked = _set_off(value, quantity.bank, setting)
        steps.extend(banked)
    if quantity.rounded is not None:
        value = to_multiple(value, quantity.rounded)
        steps.append(Step("rounded", decimal(value), unit))
    return Count(value, unit, Nature.ENERGY, tuple(steps))


def _set_off(net: Fraction, bank: str, setting: Setting) -> tuple[Fraction, list[Step]]:
    """Set the bank off against a net use; what was sent beyond it goes into the bank."""
    before = setting.banks.get(bank, NOTHING)
    left = net - before
    setting.banks[bank] = max(NOTHING, -left)
    text = Step("net of what was sent back", decimal(net), "kWh")
    return max(NOTHING, left), [text, Step(f"credit brought in from “{bank}”", decimal(before), "kWh")]


def _number(piece: Piece, attribute: str) -> Decimal:
    value = piece.facts.get(attribute)
    if not isinstance(value, Decimal):
        raise CannotPrice("attribute.missing", f"The tariff asks for “{attribute}”, which the account does not tell.")
    return value
