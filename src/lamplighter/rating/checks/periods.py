"""Whether a figure that varies by TOU period stands where one period is known: in a price or limit of what is split."""

from __future__ import annotations

from collections.abc import Iterator

from lamplighter.rating.charges import Bands, Maximum, Minimum, Percent, PerUnit, PowerFactor, Settle, Tiers
from lamplighter.rating.figures import PERIOD, Figure, keys_of
from lamplighter.rating.quantities import Demand, Excess, Metered, Quantity
from lamplighter.rating.reach import by_period, figures_of_quantity, figures_of_shape
from lamplighter.rating.tariff import Line


def without_period(line: Line) -> Iterator[tuple[str, str]]:
    """Words of the line, with what is amiss, whose figures ask for a TOU period that nobody knows there."""
    for word, figure, message in _asked_without(line):
        if PERIOD in keys_of(figure):
            yield word, message


def _asked_without(line: Line) -> Iterator[tuple[str, Figure, str]]:
    match line.charge:
        case PerUnit(quantity=quantity, shape=shape):
            split = by_period(shape) and isinstance(quantity, Metered | Demand) and quantity.clock is not None
            if not split:
                yield from _of_quantity(quantity)
                for figure in figures_of_shape(shape):
                    yield "price", figure, "a price by TOU period needs a quantity that is metered by it."
            match shape:
                case Bands(by=by, bands=bands):
                    yield from _of_quantity(by)
                    for band in bands:
                        if split and band.limit is not None:
                            yield "band", band.limit, "a band is chosen once, not by TOU period."
                case Tiers(demand=demand) if demand is not None:
                    yield from _of_quantity(demand)
                case _:
                    pass
        case Minimum(terms=terms) | Maximum(terms=terms):
            for term in terms:
                yield "minimum", term.price, "a minimum or maximum is of the whole bill, not by TOU period."
                yield from _of_quantity(term.quantity)
        case Percent(rate=figure) | Settle(price=figure):
            yield "percent", figure, "a share of other lines is not by TOU period."
        case _:
            return


def _of_quantity(quantity: Quantity | PowerFactor) -> Iterator[tuple[str, Figure, str]]:
    """Figures of a quantity that is not split; a demand in one period knows it."""
    match quantity:
        case Demand(periods=(_,)) | PowerFactor():
            return
        case Excess(quantity=inner, of=of):
            yield from _of_quantity(inner)
            yield from _of_quantity(of)
        case _:
            for figure in figures_of_quantity(quantity):
                message = "losses and free kW by TOU period need a price by TOU period: nothing else tells them apart."
                yield "losses", figure, message
