"""Evaluate the lines of a tariff over the pieces of a bill into rows of exact fractions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from lamplighter.rating.bill import Step
from lamplighter.rating.charges import Bands, Basis, Flat, Per, PerUnit, PowerFactor, Shape, Tier, TierOrder, Tiers
from lamplighter.rating.counting import (
    Count,
    Names,
    Nature,
    Setting,
    count,
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

Limits: TypeAlias = dict[Names, list[Fraction | None]]  # where each tier ends; the last may have no end


class Row(NamedTuple):
    """Quantity, price and times of one line over one piece; `exact` is their product, negative for a credit."""

    piece: Piece
    label: str
    quantity: Fraction
    unit: str
    price: Fraction
    times: Fraction
    exact: Fraction
    steps: tuple[Step, ...]
    components: tuple[tuple[str, Fraction], ...] = ()
    per: Per = Per.UNIT
    nature: Nature = Nature.NUMBER


def per_unit(charge: PerUnit, piece: Piece, setting: Setting) -> Iterator[Row]:
    """The rows of a line that charges so much per unit."""
    splits = piece.once("splits", charge, (), lambda: splits_of(charge.quantity, charge.shape))
    match charge.shape:
        case Flat(price=price):
            for names in splits:
                tier = piece.once("tier", price, (), lambda: Tier(price))
                yield _row(piece, names, count(charge.quantity, piece, names, setting), tier, setting)
        case Tiers():
            yield from _tier_rows(charge.shape, piece, splits, setting)
        case Bands(by=by, bands=bands):
            at, steps = _fallen(by, bands, piece, setting)
            for names in splits:
                counted = count(charge.quantity, piece, names, setting)
                yield _row(piece, names, counted._replace(steps=(*counted.steps, *steps)), at, setting)


def splits_of(quantity: Quantity, shape: Shape) -> list[Names]:
    """The TOU periods, one by one, where the price varies by them; else all the line's hours together."""
    if not by_period(shape):
        return [()]
    return [(name,) for name in periods_of(quantity)] or [()]


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a tier charges over a piece, whatever the quantity. `sign` turns a credit around."""

    label: str
    dollars: Fraction
    components: tuple[tuple[str, Fraction], ...]
    due: Fraction
    told: tuple[Step, ...]
    per: Per
    sign: int


def _row(piece: Piece, names: Names, counted: Count, tier: Tier, setting: Setting) -> Row:
    nature = counted.nature
    terms = piece.once(nature.value, tier, names, lambda: _terms(piece, names, nature, tier, setting))
    units = counted.value * terms.due * terms.sign
    parts = tuple((tag, units * dollars) for tag, dollars in terms.components)
    return Row(
        piece, terms.label, counted.value, counted.unit, terms.dollars, terms.due, units * terms.dollars,
        counted.steps + terms.told, parts, terms.per, nature,
    )  # fmt: skip


def _terms(piece: Piece, names: Names, nature: Nature, tier: Tier, setting: Setting) -> _Terms:
    charge = _charge(piece)
    clock = clock_of(charge.quantity)
    hours = clock.label(names[0]) if names and clock is not None else ""
    part = piece.season.name if piece.season is not None and piece.days < piece.period.days else ""
    due, told = times(piece, charge.per, nature, setting.bill)
    return _Terms(
        label=", ".join(text for text in (piece.line.label, part, hours, tier.label) if text),
        dollars=piece.figure(tier.price.dollars, names),
        components=tuple((tag, piece.figure(figure, names)) for tag, figure in tier.price.components),
        due=due,
        told=told,
        per=charge.per,
        sign=-1 if charge.credit else 1,
    )


def _tier_rows(shape: Tiers, piece: Piece, splits: list[Names], setting: Setting) -> Iterator[Row]:
    quantity = _charge(piece).quantity
    counts = {names: count(quantity, piece, names, setting) for names in splits}
    first = counts[splits[0]]
    if shape.basis in {Basis.KW, Basis.KW_DAY}:
        limits, steps = _limits(shape, piece, splits, first, setting)
    else:
        limits, steps = piece.once(
            f"limits of {first.nature.value}", shape, (), lambda: _limits(shape, piece, splits, first, setting)
        )
    shares = _shares(shape, counts, limits, piece, setting)
    used = any(share for split in shares.values() for share in split)
    for names in splits:
        for i, (tier, share) in enumerate(zip(shape.tiers, shares[names], strict=True)):
            if not share and (used or i or names != splits[0]):
                continue
            whole = counts[names]
            counted = Count(share, whole.unit, whole.nature, whole.steps + steps[names][i])
            yield _row(piece, names, counted, tier, setting)


def _limits(
    shape: Tiers, piece: Piece, splits: list[Names], counted: Count, setting: Setting
) -> tuple[Limits, dict[Names, list[tuple[Step, ...]]]]:
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
) -> tuple[Tier, tuple[Step, ...]]:
    """The band that applies, and the quantity by which it was chosen."""
    if isinstance(by, PowerFactor):
        value, unit, scale = power_factor(by, piece, setting), "power factor", Fraction(1)
    else:
        counted = count(by, piece, (), setting)
        value, unit = counted.value, counted.unit
        scale = month_share(piece, counted.nature, setting.bill) if counted.nature is Nature.ENERGY else Fraction(1)
    limits = [_limit(tier, piece, (), scale) for tier in bands]
    return bands[band(value, limits)], (Step("the price is chosen by", decimal(value), unit),)
