"""The versions of a schedule, oldest first, and what in them columns cannot express."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lamplighter.rating.attributes import Amount, Attribute
from lamplighter.rating.charges import Basis, PerUnit, Shape, Tiers
from lamplighter.rating.columnar.refusals import CannotCompile
from lamplighter.rating.conditions import words_in
from lamplighter.rating.figures import PERIOD, SEASON
from lamplighter.rating.quantities import Demand, Excess, Metered, OfLines, Quantity, Ratchet, periods_of
from lamplighter.rating.reach import attributes_in, by_period, factors_in, keys_in, quantities_in
from lamplighter.rating.seasons import Season, SeasonRule
from lamplighter.rating.tariff import Line, Tariff


class Book:
    """Looks up lines, attributes and seasons by version. Raises CannotCompile for what cannot be expressed."""

    def __init__(self, versions: Sequence[Tariff]) -> None:
        if not versions:
            raise CannotCompile("There is no version of a tariff to price on.")
        self.versions = tuple(sorted(versions, key=lambda version: version.valid.start))
        self._lines = [{line.code: line for line in version.lines} for version in self.versions]
        self.looks_at_months = any(_looks_at_months(line) for version in self.versions for line in version.lines)
        for version in self.versions:
            for why in _beyond(version):
                raise CannotCompile(f"{version.version}: {why}")

    def line(self, version: int, code: str) -> Line | None:
        return self._lines[version].get(code)

    def attribute(self, version: int, name: str) -> Attribute:
        return next(attribute for attribute in self.versions[version].attributes if attribute.name == name)

    def season(self, version: int, name: str) -> Season | None:
        return next((season for season in self.versions[version].seasons if season.name == name), None)


def splits_of(quantity: Quantity, shape: Shape) -> tuple[tuple[str, ...], ...]:
    """The TOU periods one by one where prices or limits vary by them, else all the quantity's hours together."""
    apart = periods_of(quantity) if by_period(shape) else ()
    return tuple((name,) for name in apart) or ((),)


def _beyond(tariff: Tariff) -> Iterator[str]:
    """What of a version is not expressed in columns."""
    if tariff.seasons and tariff.hours_rule not in {SeasonRule.DATE, tariff.season_rule}:
        yield f"hours by {tariff.hours_rule} with seasons by {tariff.season_rule}"
    attributes = {attribute.name: attribute for attribute in tariff.attributes}
    seasons = {season.name for season in tariff.seasons}
    codes = {line.code: line for line in tariff.lines}
    for line in tariff.lines:
        for why in (
            *_of_attributes(line, attributes),
            *_of_names(line, tariff, seasons),
            *_of_quantities(line, codes),
            *_of_shape(line),
        ):
            yield f"“{line.code}”: {why}"


def _of_attributes(line: Line, attributes: dict[str, Attribute]) -> Iterator[str]:
    for name in sorted(attributes_in(line) - attributes.keys()):
        yield f"it asks for “{name}”, which the tariff does not declare"
    words = {*keys_in(line), *words_in(line.when)} - {SEASON, PERIOD}
    for name in sorted(words):
        if isinstance(attributes.get(name), Amount):
            yield f"a choice by the number “{name}”"


def _of_names(line: Line, tariff: Tariff, seasons: set[str]) -> Iterator[str]:
    if line.season and line.season not in seasons:
        yield f"there is no season “{line.season}”"
    for name in sorted(factors_in(line) - {factor.name for factor in tariff.factors}):
        yield f"there is no factor “{name}”"


def _of_quantities(line: Line, codes: dict[str, Line]) -> Iterator[str]:
    own = line.charge.quantity if isinstance(line.charge, PerUnit) else None
    for quantity in quantities_in(line):
        match quantity:
            case Metered(bank=bank) if bank and quantity is not own:
                yield "a bank of kWh may be set off only against what the line itself prices"
            case OfLines(codes=named):
                for code in named:
                    if code in codes and not isinstance(codes[code].charge, PerUnit):
                        yield f"“{code}” bills no quantity that could be counted again"
            case _:
                pass


def _of_shape(line: Line) -> Iterator[str]:
    if not isinstance(line.charge, PerUnit):
        return
    quantity, shape = line.charge.quantity, line.charge.shape
    if isinstance(quantity, Excess | OfLines) and splits_of(quantity, shape) != ((),):
        yield "a price by TOU period needs a quantity that is metered by it"
    if not isinstance(shape, Tiers):
        return
    if shape.tiers[-1].limit is not None:
        yield "the last tier ends"
    if shape.basis in {Basis.KW, Basis.KW_DAY} and shape.demand is None:
        yield "tiers by hours' use without a demand"


def _looks_at_months(line: Line) -> bool:
    return any(
        isinstance(rule, Ratchet) and bool(rule.months)
        for quantity in quantities_in(line)
        if isinstance(quantity, Demand)
        for rule in quantity.rules
    )
