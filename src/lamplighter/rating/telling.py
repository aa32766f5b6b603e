"""What a line of a tariff charges, in words for whoever reads the rate book: `summer, peak: $0.172 a kWh`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lamplighter.rating.charges import (
    Bands,
    Basis,
    Carry,
    Charge,
    Draw,
    Flat,
    Lines,
    Maximum,
    Minimum,
    Per,
    Percent,
    PerUnit,
    PowerFactor,
    PowerFactorForm,
    PowerFactorRider,
    Settle,
    Shape,
    Term,
    Tier,
    Tiers,
)
from lamplighter.rating.conditions import Condition, Every, Is, Not, Some, Within
from lamplighter.rating.figures import FactorOf, Figure, Given, Lookup, Sum
from lamplighter.rating.quantities import Once, Quantity, unit_of
from lamplighter.rating.tariff import Line, Tariff

OVER = {Per.UNIT: "", Per.MONTH: " a month", Per.DAY: " a day"}
LIMITS = {
    Basis.MONTH: " a month", Basis.DAY: " a day", Basis.BILL: " a bill", Basis.KW: " for each kW of demand",
    Basis.KW_DAY: " for each kW of demand a day",
}  # fmt: skip


NOT_TOLD = "not told by the source"


class Said(NamedTuple):
    """One number of a figure: for whom or when it is so, and what it is (None where no source tells)."""

    where: str
    number: str | None

    def as_price(self, unit: str = "", sign: str = "$") -> str:
        where = f"{self.where}: " if self.where else ""
        return f"{where}{NOT_TOLD if self.number is None else f'{sign}{self.number}{unit}'}"

    def as_limit(self) -> str:
        return f"{self.number or NOT_TOLD}{f' ({self.where})' if self.where else ''}"


def told_prices(line: Line, tariff: Tariff) -> tuple[str, ...]:
    """Every price, percentage and limit of a line as the rate book gives them, one phrase each. How a demand is
    reckoned (ratchets, what is free) stands in the rate book's own words."""
    return tuple(_phrases(line.charge, tariff))


def _phrases(charge: Charge, tariff: Tariff) -> Iterator[str]:
    match charge:
        case PerUnit(quantity=quantity, shape=shape, per=per, credit=credit):
            yield from _shape(shape, _unit(quantity, per) + ", off the bill" * credit, unit_of(quantity), tariff)
        case Percent(of=of, rate=rate, credit=credit):
            unit = f" % {'off' if credit else 'of'} {_lines(of, tariff)}"
            yield from (said.as_price(unit, sign="") for said in _figure(rate, tariff))
        case PowerFactorRider(of=of):
            above = "; above it as much off" if charge.credit_above else ""
            yield f"{_rider(charge)} of {_lines(of, tariff)}{above}"
        case Minimum(of=of, terms=terms):
            yield from _limit("at least", of, terms, tariff)
        case Maximum(of=of, terms=terms):
            yield from _limit("at most", of, terms, tariff)
        case Carry(of=of):
            yield f"what {_lines(of, tariff)} is below nothing, carried forward"
        case Draw(of=of):
            yield f"{_lines(of, tariff)}, paid out of what was carried forward"
        case Settle(price=price):
            yield from (said.as_price(" for each one left at the true-up") for said in _figure(price, tariff))


def told_condition(condition: Condition) -> str:
    """For whom a line is, by the facts of an account: `power assist`, `voltage primary or secondary`; "" for all."""
    match condition:
        case Is(attribute=name, words=words):
            own = words & {"yes", "no"}
            said = " or ".join(_key(name, word) for word in sorted(words))
            return said if own else f"{name.replace('_', ' ')} {said}"
        case Within(attribute=name, at_least=least, below=below):
            ends = [f"of {least:,f} or more"] * (least is not None) + [f"below {below:,f}"] * (below is not None)
            return f"{name.replace('_', ' ')} {' and '.join(ends)}"
        case Not(of=inner):
            return f"not {told_condition(inner)}"
        case Every(of=parts):
            return " and ".join(map(told_condition, parts))
        case Some(of=parts):
            return " or ".join(map(told_condition, parts))


def _rider(charge: PowerFactorRider) -> str:
    """How much of its lines a power-factor rider is."""
    reference = f"{charge.reference:f}"
    match charge.form:
        case PowerFactorForm.PER_POINT:
            return f"{charge.per_point:f} % for each hundredth of the power factor below {reference}"
        case PowerFactorForm.RATIO:
            return f"below a power factor of {reference}, ({reference} / power factor - 1)"
        case PowerFactorForm.DIFFERENCE:
            return f"below a power factor of {reference}, ({reference} - power factor)"


def _shape(shape: Shape, unit: str, counted: str, tariff: Tariff) -> Iterator[str]:
    match shape:
        case Flat(price=price):
            yield from (said.as_price(unit) for said in _figure(price.dollars, tariff))
        case Tiers(tiers=tiers, basis=basis):
            yield from _steps(tiers, f"{counted}{LIMITS[basis]}", unit, tariff)
        case Bands(by=by, bands=bands):
            of = "power factor" if isinstance(by, PowerFactor) else unit_of(by)
            yield from _steps(bands, of, unit, tariff)


def _steps(tiers: Iterable[Tier], counted: str, unit: str, tariff: Tariff) -> Iterator[str]:
    """Each step with where it ends."""
    for tier in tiers:
        limits = ", ".join(said.as_limit() for said in _figure(tier.limit, tariff)) if tier.limit else ""
        where = f"up to {limits} {counted}" if limits else "above"
        label = f"{tier.label}, " if tier.label else ""
        yield from (f"{label}{where}: {said.as_price(unit)}" for said in _figure(tier.price.dollars, tariff))


def _limit(word: str, of: Lines, terms: Iterable[Term], tariff: Tariff) -> Iterator[str]:
    """A minimum or maximum, term by term."""
    for term in terms:
        unit = f"{_unit(term.quantity, term.per)} for {_lines(of, tariff)}"
        yield from (f"{word} {said.as_price(unit)}" for said in _figure(term.price, tariff))


def _unit(quantity: Quantity, per: Per) -> str:
    """` a kWh`, ` a month`; a kW is for the month that is billed unless it is told by the day."""
    counted = "" if isinstance(quantity, Once) else f" a {unit_of(quantity)}"
    return counted if counted and per is Per.MONTH else f"{counted}{OVER[per]}"


def _figure(figure: Figure, tariff: Tariff) -> Iterator[Said]:
    """A number, each number of a table, the newest of a factor, a sum by its parts."""
    match figure:
        case Given(value=value):
            yield Said("", f"{value:,f}")
        case Lookup(by=by, cells=cells):
            for key, cell in cells:
                where = ", ".join(map(_key, by, key))
                yield Said(where, None if cell is None else f"{cell:,f}")
        case FactorOf(name=name):
            newest = tariff.factor(name).values[-1:]
            yield from (Said(f"{name} since {first:%b %-d, %Y}", f"{value:,f}") for first, value in newest)
        case Sum(parts=parts):
            yield Said("", " + ".join(", ".join(said.as_limit() for said in _figure(part, tariff)) for part in parts))


def _key(name: str, word: str) -> str:
    """`summer`, `Seattle`; of what is only true or not, `medical` and `no medical`."""
    said = name.replace("_", " ")
    return {"yes": said, "no": f"no {said}"}.get(word, word)


def _lines(of: Lines, tariff: Tariff) -> str:
    names = [line.label for line in tariff.lines if line.code in of.codes]
    names += [f"all lines of {tag}" for tag in of.tags]
    said = ", ".join(names) or "everything above"
    left = ", ".join(line.label for line in tariff.lines if line.code in of.but)
    return f"{said}{' that is taxed' if of.taxable else ''}{f', but {left}' if left else ''}"
