"""What a line reaches for: the figures in it, the tables, factors and attributes that these need, its determinants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from lamplighter.rating.charges import (
    Bands,
    Carry,
    Draw,
    Flat,
    Lines,
    Maximum,
    Minimum,
    Percent,
    PerUnit,
    PowerFactor,
    PowerFactorRider,
    Price,
    Settle,
    Shape,
    Tiers,
)  # fmt: skip
from lamplighter.rating.conditions import attributes_of
from lamplighter.rating.figures import PERIOD, SEASON, Figure, factors_of, keys_of
from lamplighter.rating.peakhours import PeakHours
from lamplighter.rating.quantities import (
    ContractDemand,
    Demand,
    Excess,
    LeastDemand,
    Metered,
    OfAccount,
    OfLines,
    Once,
    Quantity,
)  # fmt: skip
from lamplighter.rating.tariff import Line


def figures_in(line: Line) -> Iterator[Figure]:
    """Every figure of a line."""
    match line.charge:
        case PerUnit(quantity=quantity, shape=shape):
            yield from figures_of_quantity(quantity)
            yield from figures_of_shape(shape)
        case Percent(rate=rate):
            yield rate
        case PowerFactorRider():
            return
        case Minimum(terms=terms) | Maximum(terms=terms):
            for term in terms:
                yield term.price
                yield from figures_of_quantity(term.quantity)
        case Settle(price=price):
            yield price
        case Carry() | Draw():
            return
        case _:
            assert_never(line.charge)


def figures_of_shape(shape: Shape) -> Iterator[Figure]:
    match shape:
        case Flat(price=price):
            yield from _of_price(price)
        case Tiers(tiers=tiers, demand=demand):
            for tier in tiers:
                yield from _of_price(tier.price)
                if tier.limit is not None:
                    yield tier.limit
            if demand is not None:
                yield from figures_of_quantity(demand)
        case Bands(by=by, bands=bands):
            if not isinstance(by, PowerFactor):
                yield from figures_of_quantity(by)
            for band in bands:
                yield from _of_price(band.price)
                if band.limit is not None:
                    yield band.limit


def by_period(shape: Shape) -> bool:
    """Whether a price or a limit in it varies by TOU period."""
    return any(PERIOD in keys_of(figure) for figure in figures_of_shape(shape))


def figures_of_quantity(quantity: Quantity) -> Iterator[Figure]:
    match quantity:
        case Metered(losses=losses):
            if losses is not None:
                yield losses
        case Demand(losses=losses, free=free, rules=rules):
            yield from (figure for figure in (losses, free) if figure is not None)
            yield from (rule.kw for rule in rules if isinstance(rule, LeastDemand))
        case Excess(quantity=inner, of=of):
            yield from figures_of_quantity(inner)
            yield from figures_of_quantity(of)
        case Once() | OfAccount() | OfLines():
            return


def quantities_in(line: Line) -> Iterator[Quantity]:
    """Every quantity of a line, also those inside tiers, bands and excesses."""
    match line.charge:
        case PerUnit(quantity=quantity, shape=shape):
            yield from _with_inner(quantity)
            match shape:
                case Tiers(demand=demand) if demand is not None:
                    yield demand
                case Bands(by=by) if not isinstance(by, PowerFactor):
                    yield from _with_inner(by)
                case _:
                    pass
        case Minimum(terms=terms) | Maximum(terms=terms):
            for term in terms:
                yield from _with_inner(term.quantity)
        case _:
            return


def keys_in(line: Line) -> frozenset[str]:
    """`season`, `period` and attributes by which the line's figures vary."""
    return frozenset(key for figure in figures_in(line) for key in keys_of(figure))


def factors_in(line: Line) -> frozenset[str]:
    return frozenset(name for figure in figures_in(line) for name in factors_of(figure))


def attributes_in(line: Line) -> frozenset[str]:
    """Attributes of the account that the line asks for."""
    names = set(attributes_of(line.when)) | (set(keys_in(line)) - {SEASON, PERIOD})
    for quantity in quantities_in(line):
        if isinstance(quantity, OfAccount):
            names.add(quantity.attribute)
        if isinstance(quantity, Demand):
            names.update(rule.attribute for rule in quantity.rules if isinstance(rule, ContractDemand))
    factor = power_factor_in(line)
    if factor is not None and factor.attribute:
        names.add(factor.attribute)
    return frozenset(names)


def power_factor_in(line: Line) -> PowerFactor | None:
    match line.charge:
        case PowerFactorRider(power_factor=factor):
            return factor
        case PerUnit(shape=Bands(by=PowerFactor() as factor)):
            return factor
        case _:
            return None


def banks_in(line: Line) -> frozenset[str]:
    match line.charge:
        case Carry(bank=bank) | Draw(bank=bank) | Settle(bank=bank):
            return frozenset({bank})
        case PerUnit(quantity=Metered(bank=bank)) if bank:
            return frozenset({bank})
        case _:
            return frozenset()


def selection_in(line: Line) -> Lines | None:
    """The other lines that a line is reckoned on."""
    match line.charge:
        case Percent(of=of) | PowerFactorRider(of=of) | Minimum(of=of) | Maximum(of=of) | Carry(of=of) | Draw(of=of):
            return of
        case PerUnit(quantity=OfLines(codes=codes)):
            return Lines(codes=codes)
        case _:
            return None


def counted_again_in(line: Line) -> tuple[str, ...]:
    """The codes of lines whose quantities a line counts again, to price them or to choose a band by them."""
    again = (quantity.codes for quantity in quantities_in(line) if isinstance(quantity, OfLines))
    return tuple(dict.fromkeys(code for codes in again for code in codes))


def members(lines: tuple[Line, ...], line: Line) -> tuple[str, ...]:
    """The codes that a line's selection means, in the tariff's order; never itself."""
    of = selection_in(line)
    if of is None:
        return ()
    at = [other.code for other in lines].index(line.code)
    return tuple(
        other.code
        for i, other in enumerate(lines)
        if i != at
        and other.code not in of.but
        and not (of.taxable and not other.taxable)
        and (other.code in of.codes or bool(set(of.tags) & set(other.tags)) or (of.above and i < at))
    )


def _with_inner(quantity: Quantity) -> Iterator[Quantity]:
    yield quantity
    if isinstance(quantity, Excess):
        yield quantity.quantity
        yield quantity.of


def _of_price(price: Price) -> Iterator[Figure]:
    yield price.dollars
    for _, figure in price.components:
        yield figure


def peak_hours_in(line: Line) -> Iterator[PeakHours]:
    """The recorded peak hours of the system that its quantities are measured at."""
    for quantity in quantities_in(line):
        if isinstance(quantity, Metered) and quantity.peak_hours is not None:
            yield quantity.peak_hours
