"""Whether tiers rise and end open, components add up to their price, and tables are complete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product

from lamplighter.rating.attributes import NO, YES, Choice, Flag
from lamplighter.rating.charges import Bands, Flat, PerUnit, Price, Shape, Tier, Tiers
from lamplighter.rating.checks.fault import Fault, Path
from lamplighter.rating.exact import decimal
from lamplighter.rating.figures import PERIOD, SEASON, Figure, factors_of, keys_of, resolve
from lamplighter.rating.quantities import periods_of
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.tariff import Line, Tariff


def price_faults(tariff: Tariff) -> Iterator[Fault]:
    for i, line in enumerate(tariff.lines):
        if isinstance(line.charge, PerUnit):
            yield from _shape_faults(line.charge.shape, line, tariff, ("line", i))


def _shape_faults(shape: Shape, line: Line, tariff: Tariff, path: Path) -> Iterator[Fault]:
    match shape:
        case Flat(price=price):
            yield from _components(price, line, tariff, path)
        case Tiers(tiers=tiers):
            yield from _steps(tiers, line, tariff, path, "tier")
        case Bands(bands=bands):
            yield from _steps(bands, line, tariff, path, "band")


def _steps(tiers: Sequence[Tier], line: Line, tariff: Tariff, path: Path, name: str) -> Iterator[Fault]:
    """Limits must rise, and only the last step is open."""
    edge = "up_to" if name == "tier" else "below"
    for i, tier in enumerate(tiers):
        yield from _components(tier.price, line, tariff, (*path, name, i))
        last = i == len(tiers) - 1
        if last and tier.limit is not None:
            message = f"The last {name} ends, and nothing prices what is beyond it."
            yield Fault((*path, name, i, edge), "no_end", message, f"Leave {edge} out of the last {name}.")
        if not last and tier.limit is None:
            message = f"This {name} has no end, so that those after it are never reached."
            yield Fault((*path, name, i), "unreachable", message, f"Give {edge} to all but the last {name}.")
    for i, (lower, upper) in enumerate(pairwise([None, *(tier.limit for tier in tiers[:-1])])):
        if upper is None or any(factors_of(figure) for figure in (lower, upper) if figure is not None):
            continue
        for words in _combinations([upper] if lower is None else [lower, upper], line, tariff):
            below = Fraction(0) if lower is None else _known(lower, words)
            above = _known(upper, words)
            if below is not None and above is not None and above <= below:
                where = f" for {', '.join(words.values())}" if words else ""
                message = (
                    f"This {name} ends at {decimal(above)}, where the one before it ends{where}: it is never reached."
                )
                yield Fault((*path, name, i, edge), "unreachable", message)
                break


def _components(price: Price, line: Line, tariff: Tariff, path: Path) -> Iterator[Fault]:
    """Components are parts of the bundled price, never added to it."""
    figures = [price.dollars, *(figure for _, figure in price.components)]
    if not price.components or any(factors_of(figure) for figure in figures):
        return
    for words in _combinations(figures, line, tariff):
        whole = _known(price.dollars, words)
        parts = [_known(figure, words) for _, figure in price.components]
        if whole is None or None in parts:
            continue
        added = sum((part for part in parts if part is not None), Fraction(0))
        if added != whole:
            where = f" for {', '.join(words.values())}" if words else ""
            message = f"The components add up to {decimal(added)}, the price is {decimal(whole)}{where}."
            yield Fault((*path, "components"), "components", message)
            return


def _combinations(figures: Sequence[Figure], line: Line, tariff: Tariff) -> Iterator[dict[str, str]]:
    """Every set of words by which these figures can be looked up."""
    keys = sorted({key for figure in figures for key in keys_of(figure)})
    for words in product(*(_words(key, line, tariff) for key in keys)):
        yield dict(zip(keys, words, strict=True))


def _words(key: str, line: Line, tariff: Tariff) -> tuple[str, ...]:
    if key == SEASON:
        return (line.season,) if line.season else tuple(season.name for season in tariff.seasons)
    if key == PERIOD:
        assert isinstance(line.charge, PerUnit)
        return periods_of(line.charge.quantity)
    match next((attribute for attribute in tariff.attributes if attribute.name == key), None):
        case Choice(values=values):
            return values
        case Flag():
            return (YES, NO)
        case _:
            return ()


def _known(figure: Figure, words: dict[str, str]) -> Fraction | None:
    """None where no source tells the figure."""
    try:
        return resolve(figure, words, {})
    except CannotPrice:
        return None
