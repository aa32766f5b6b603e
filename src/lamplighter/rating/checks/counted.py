"""Whether what a line counts again, or sets off as an allowance, is of one kind: energy, peaks or plain numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from lamplighter.rating.charges import Basis, PerUnit, Tiers
from lamplighter.rating.peakhours import PeakHours
from lamplighter.rating.quantities import Demand, Excess, Metered, OfAccount, OfLines, Once, Quantity
from lamplighter.rating.reach import quantities_in
from lamplighter.rating.tariff import Line, Tariff


class Counted(StrEnum):
    ENERGY = "energy"  # adds up over the days of a bill
    DEMAND = "demand"
    NUMBER = "a number"


def counted_faults(line: Line, tariff: Tariff) -> Iterator[tuple[str, str]]:
    """Words of the line with what is amiss."""
    lines = {other.code: other for other in tariff.lines}
    for quantity in quantities_in(line):
        match quantity:
            case OfLines(codes=codes):
                yield from _of_lines(codes, lines)
            case Excess(quantity=Demand(what=what), of=OfAccount(unit=unit)):
                if unit != what:
                    yield "above", f"{what} is set against an allowance in {what}, not in {unit}."
            case Excess(quantity=inner, of=of) if kinds_of(inner, lines) != kinds_of(of, lines):
                yield "above", "energy is set against an allowance of energy, demand against one of demand."
            case _:
                pass
    match line.charge:
        case PerUnit(quantity=quantity, shape=Tiers(basis=basis)) if basis not in {Basis.MONTH, Basis.BILL}:
            if not isinstance(quantity, Demand) and kinds_of(quantity, lines) - {Counted.ENERGY}:
                yield "tiers_per", "tiers of what does not add up over days, as lamps do not, are as printed."
        case _:
            pass


def kinds_of(quantity: Quantity, lines: Mapping[str, Line], seen: frozenset[str] = frozenset()) -> frozenset[Counted]:
    """What a quantity is made of; what no line of the tariff bills is left out."""
    match quantity:
        case Metered(peak_hours=PeakHours()):
            return frozenset({Counted.DEMAND})
        case Metered():
            return frozenset({Counted.ENERGY})
        case Demand():
            return frozenset({Counted.DEMAND})
        case Once() | OfAccount():
            return frozenset({Counted.NUMBER})
        case Excess(quantity=inner):
            return kinds_of(inner, lines, seen)
        case OfLines(codes=codes):
            found: frozenset[Counted] = frozenset()
            for code in codes:
                charge = lines[code].charge if code in lines and code not in seen else None
                if isinstance(charge, PerUnit):
                    found |= kinds_of(charge.quantity, lines, seen | {code})
            return found


def _of_lines(codes: tuple[str, ...], lines: Mapping[str, Line]) -> Iterator[tuple[str, str]]:
    for code in codes:
        if code in lines and not isinstance(lines[code].charge, PerUnit):
            yield "lines", f"“{code}” bills no quantity that could be counted again."
    kinds = kinds_of(OfLines(codes, ""), lines)
    if len(kinds) > 1:
        yield "lines", f"{' and '.join(sorted(kinds))} cannot be counted together."
