"""Evaluate the lines of a tariff over the pieces of a bill into rows of exact fractions.

In two stages, as quantities are: what all bills that share a piece have alike is worked out for the first of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

from lamplighter.rating.bill import BillInput, Said, Step
from lamplighter.rating.charges import Bands, Basis, Flat, Per, PerUnit, PowerFactor, Shape, Tier, TierOrder, Tiers
from lamplighter.rating.counting import (
    Count,
    Counter,
    Names,
    Nature,
    Setting,
    count,
    counter,
    in_band,
    month_share,
    power_factor,
    times,
)  # fmt: skip
from lamplighter.rating.exact import NOTHING, Fraction, decimal
from lamplighter.rating.pieces import Piece
from lamplighter.rating.quantities import Demand, Metered, Quantity, clock_of, periods_of
from lamplighter.rating.reach import by_period
from lamplighter.rating.tiers import allocate, band, proportional

ONE = Fraction(1)
Limits: TypeAlias = dict[Names, list[Fraction | None]]  # where each tier ends; the last may have no end
_Ends: TypeAlias = tuple[Limits, dict[Names, list[tuple[Step, ...]]]]  # and the steps that tell it


class Row(NamedTuple):
    """One line over one piece: `exact` dollars for a quantity, negative for a credit."""

    piece: Piece
    quantity: Fraction
    exact: Fraction
    steps: tuple[Step, ...]
    said: Said
    components: tuple[tuple[str, Fraction], ...] = ()
    nature: Nature = Nature.NUMBER


Rows: TypeAlias = Callable[[Setting], Iterable[Row]]


def said(
    piece: Piece, unit: str, price: Fraction, *, label: str = "", times: Fraction = ONE, per: Per = Per.UNIT
) -> Said:
    line = piece.line
    return Said(
        line.code, label or line.label, line.kind, unit, decimal(price), decimal(times), piece.period, piece.days,
        piece.tariff.version, line.citation, line.gl, line.fund, line.tags, per,
    )  # fmt: skip


def per_unit(charge: PerUnit, piece: Piece, bill: BillInput) -> Rows:
    """The rows of a line that charges so much per unit."""
    splits = splits_of(charge.quantity, charge.shape)
    counters = {names: counter(charge.quantity, piece, names, bill) for names in splits}
    match charge.shape:
        case Flat(price=price):
            tier = Tier(price)
            each = [(counted, _pricer(piece, names, tier, bill)) for names, counted in counters.items()]
            return lambda setting: [priced(counted(setting)) for counted, priced in each]
        case Tiers() as shape:
            return _tier_rows(shape, piece, counters, bill)
        case Bands(by=by, bands=bands):
            pricers = {names: [_pricer(piece, names, tier, bill) for tier in bands] for names in splits}

            def rows(setting: Setting) -> Iterator[Row]:
                at, steps = _fallen(by, bands, piece, setting)
                for names, counted in counters.items():
                    found = counted(setting)
                    yield pricers[names][at](found._replace(steps=(*found.steps, *steps)))

            return rows


def splits_of(quantity: Quantity, shape: Shape) -> list[Names]:
    """The TOU periods, one by one, where the price varies by them; else all the line's hours together."""
    if not by_period(shape):
        return [()]
    return [(name,) for name in periods_of(quantity)] or [()]


class _Terms(NamedTuple):
    """What a tier charges over a piece, whatever the quantity: dollars for each unit, in all and of each component,
    negative for a credit."""

    each: Fraction
    components: tuple[tuple[str, Fraction], ...]
    told: tuple[Step, ...]
    said: Said


def _pricer(piece: Piece, names: Names, tier: Tier, bill: BillInput) -> Callable[[Count], Row]:
    """What a tier makes of a count; nearly every quantity is always of one nature."""
    known: dict[Nature, _Terms] = {}

    def priced(counted: Count) -> Row:
        value, _, nature, steps = counted
        terms = known.get(nature)
        if terms is None:
            terms = known[nature] = _terms(piece, names, counted, tier, bill)
        each, components, told, alike = terms
        parts = tuple([(tag, value * dollars) for tag, dollars in components]) if components else ()
        return Row(piece, value, value * each, steps + told if told else steps, alike, parts, nature)

    return priced


def _terms(piece: Piece, names: Names, counted: Count, tier: Tier, bill: BillInput) -> _Terms:
    charge = _charge(piece)
    clock = clock_of(charge.quantity)
    hours = clock.label(names[0]) if names and clock is not None else ""
    part = piece.season.name if piece.season is not None and piece.days < piece.period.days else ""
    label = ", ".join(text for text in (piece.line.label, part, hours, tier.label) if text)
    due, told = times(piece, charge.per, counted.nature, bill)
    units, dollars = -due if charge.credit else due, piece.figure(tier.price.dollars, names)
    return _Terms(
        units * dollars,
        tuple((tag, units * piece.figure(figure, names)) for tag, figure in tier.price.components),
        told,
        said(piece, counted.unit, dollars, label=label, times=due, per=charge.per),
    )


def _tier_rows(shape: Tiers, piece: Piece, counters: dict[Names, Counter], bill: BillInput) -> Rows:
    splits = list(counters)
    pricers = {names: [_pricer(piece, names, tier, bill) for tier in shape.tiers] for names in splits}
    by_demand = shape.basis in {Basis.KW, Basis.KW_DAY}
    known: dict[Nature, _Ends] = {}

    def ends(counted: Count, setting: Setting) -> _Ends:
        if by_demand:
            return _limits(shape, piece, splits, counted, setting)
        if counted.nature not in known:
            known[counted.nature] = _limits(shape, piece, splits, counted, setting)
        return known[counted.nature]

    def rows(setting: Setting) -> list[Row]:
        counts = {names: counted(setting) for names, counted in counters.items()}
        limits, steps = ends(counts[splits[0]], setting)
        found = []
        for names, shares in _shares(shape, counts, limits, piece, setting).items():
            _, unit, nature, before = counts[names]
            for share, told, priced in zip(shares, steps[names], pricers[names], strict=True):
                if share:
                    found.append(priced(Count(share, unit, nature, before + told if before else told)))
        if not found:  # nothing used stands in the first tier
            _, unit, nature, before = counts[splits[0]]
            found.append(pricers[splits[0]][0](Count(NOTHING, unit, nature, before + steps[splits[0]][0])))
        return found

    return rows


def _limits(shape: Tiers, piece: Piece, splits: list[Names], counted: Count, setting: Setting) -> _Ends:
    """Where the tiers of each TOU period end, and the steps that tell it."""
    scale, told = _limit_scale(counted.nature, shape, piece, setting)
    limits = {names: [_limit(tier, piece, names, scale) for tier in shape.tiers] for names in splits}
    steps = {
        names: [
            told if limit is None else (*told, Step("this step ends at", decimal(limit), counted.unit))
            for limit in several
        ]
        for names, several in limits.items()
    }
    return limits, steps


def _shares(
    shape: Tiers,
    counts: dict[Names, Count],
    limits: Limits,
    piece: Piece,
    setting: Setting,
) -> dict[Names, list[Fraction]]:
    """What of each TOU period's quantity falls into each tier."""
    quantity = _charge(piece).quantity
    if len(counts) == 1 or shape.order is TierOrder.SEPARATE or isinstance(quantity, Demand):
        return {names: allocate(counted.value, limits[names]) for names, counted in counts.items()}
    if shape.order is TierOrder.PROPORTIONAL:
        whole = sum((counted.value for counted in counts.values()), NOTHING)
        return {names: proportional(counted.value, whole, limits[names]) for names, counted in counts.items()}
    assert isinstance(quantity, Metered), "only metered energy runs through tiers in order of time"
    return {
        names: [in_band(quantity, piece, names, edges, setting) for edges in _edges(limits[names])] for names in counts
    }


def _charge(piece: Piece) -> PerUnit:
    assert isinstance(piece.line.charge, PerUnit), "rows of tiers belong to a charge per unit"
    return piece.line.charge


def _edges(limits: list[Fraction | None]) -> Iterator[tuple[Fraction, Fraction | None]]:
    lower = NOTHING
    for limit in limits:
        yield lower, limit
        lower = lower if limit is None else max(lower, limit)


def _limit(tier: Tier, piece: Piece, names: Names, scale: Fraction) -> Fraction | None:
    return None if tier.limit is None else piece.figure(tier.limit, names) * scale


def _limit_scale(nature: Nature, shape: Tiers, piece: Piece, setting: Setting) -> tuple[Fraction, tuple[Step, ...]]:
    """What a tier's printed limit is multiplied by over this piece; that of kW or lamps is the same for any days."""
    if nature is not Nature.ENERGY:
        return Fraction(1), ()
    due = month_share(piece, nature, setting.bill)
    match shape.basis:
        case Basis.MONTH:
            return due, () if due == 1 else (Step("steps are for a month; months billed", decimal(due), "months"),)
        case Basis.DAY:
            return Fraction(piece.days), (Step("steps are for a day; days", decimal(Fraction(piece.days)), "days"),)
        case Basis.BILL:
            return piece.share, ()
        case Basis.KW | Basis.KW_DAY:
            assert shape.demand is not None, "hours' use is reckoned with a demand"
            kw = count(shape.demand, piece, (), setting)
            over = due if shape.basis is Basis.KW else Fraction(piece.days)
            told = Step("steps are for each kW of billing demand", decimal(kw.value), kw.unit)
            return kw.value * over, (*kw.steps, told)


def _fallen(
    by: Quantity | PowerFactor, bands: tuple[Tier, ...], piece: Piece, setting: Setting
) -> tuple[int, tuple[Step, ...]]:
    """Which band applies, and the quantity by which it was chosen."""
    if isinstance(by, PowerFactor):
        value, unit, scale = power_factor(by, piece, setting), "power factor", Fraction(1)
    else:
        counted = count(by, piece, (), setting)
        value, unit = counted.value, counted.unit
        scale = month_share(piece, counted.nature, setting.bill) if counted.nature is Nature.ENERGY else Fraction(1)
    limits = [_limit(tier, piece, (), scale) for tier in bands]
    return band(value, limits), (Step("the price is chosen by", decimal(value), unit),)
