"""Random schedules: versions that follow each other, each with something changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from lamplighter.kernel.periods import Period
from lamplighter.rating.charges import (
    Bands,
    Charge,
    Flat,
    Maximum,
    Minimum,
    Per,
    Percent,
    PerUnit,
    Price,
    Tiers,
)
from lamplighter.rating.figures import Given
from lamplighter.rating.quantities import Once
from lamplighter.rating.tariff import (
    Change,
    Line,
    Tariff,
)
from tests.rating.strategies.tariffs import PRORATIONS, ROUNDINGS, conditions, refers_well, tariffs
from tests.rating.strategies.values import (
    CHANGE,
    DOLLARS,
    DOLLARS_PER_KWH,
    END,
    HEATING,
    PERCENTS,
)


@st.composite
def schedules(draw: st.DrawFn) -> tuple[Tariff, ...]:
    """One version, two or three, each with other prices than the one before, and perhaps other lines and rules."""
    found = [draw(tariffs())]
    for day in draw(st.sampled_from([[], [], [CHANGE], [CHANGE], [CHANGE, CHANGE + timedelta(days=12)]])):
        later = draw(amended(replace(found[-1], valid=Period(day, END)), f"added {day}"))
        found[-1] = _in_force(replace(found[-1], valid=Period(found[-1].valid.start, day)))
        found.append(_in_force(later))
    return tuple(found)


@st.composite
def amended(draw: st.DrawFn, tariff: Tariff, added: str) -> Tariff:
    """A later version: lines repriced, one more, one less; other defaults, proration and rounding."""
    changed = tuple(draw(reworded(line)) for line in tariff.lines)
    if draw(st.integers(0, 3)) == 3:
        more = Line(added, "Added", PerUnit(Once(), Flat(Price(Given(draw(DOLLARS)))), Per.MONTH), tags=("energy",))
        at = draw(st.integers(0, len(changed)))
        changed = (*changed[:at], more, *changed[at:])
    attributes = tariff.attributes
    if draw(st.integers(0, 5)) == 5:
        attributes = (replace(HEATING, default="electric"), *attributes[1:])
    later = replace(
        tariff,
        lines=changed,
        rounding=draw(ROUNDINGS),
        proration=draw(PRORATIONS) or tariff.proration,
        attributes=attributes,
    )
    dropped = draw(st.sampled_from([None, None, *later.lines]))
    fewer = replace(later, lines=tuple(line for line in later.lines if line is not dropped))
    return fewer if refers_well(fewer) else later


def _in_force(version: Tariff) -> Tariff:
    """A line whose own dates would never meet the version's has none."""
    lines = (
        line if line.valid is None or line.valid.overlaps(version.valid) else replace(line, valid=None)
        for line in version.lines
    )
    return replace(version, lines=tuple(lines))


@st.composite
def reworded(draw: st.DrawFn, line: Line) -> Line:
    """Perhaps with another price or rate, or another word; now and then another kind of charge."""
    match draw(st.integers(0, 30)):
        case 30:
            return replace(line, taxable=not line.taxable)
        case 29:
            return replace(line, when=draw(conditions()))
        case 28:
            return replace(line, change=draw(st.sampled_from(list(Change))))
        case 27 if isinstance(line.charge, Percent):
            return replace(line, charge=PerUnit(Once(), Flat(Price(Given(draw(DOLLARS)))), Per.MONTH))
        case n if n > 13:
            return replace(line, charge=draw(repriced(line.charge)))
        case _:
            return line


@st.composite
def repriced(draw: st.DrawFn, charge: Charge) -> Charge:
    """With another price, where it has one that is a plain number."""
    match charge:
        case PerUnit(shape=Flat(price=Price(dollars=Given()))):
            charge = replace(charge, shape=Flat(Price(Given(draw(DOLLARS_PER_KWH)))))
        case PerUnit(shape=Tiers() as shape):
            dearer = replace(shape.tiers[-1], price=Price(Given(draw(DOLLARS_PER_KWH))))
            charge = replace(charge, shape=replace(shape, tiers=(*shape.tiers[:-1], dearer)))
        case PerUnit(shape=Bands() as shape):
            dearer = replace(shape.bands[-1], price=Price(Given(draw(DOLLARS))))
            charge = replace(charge, shape=replace(shape, bands=(*shape.bands[:-1], dearer)))
        case Percent(rate=Given()):
            charge = replace(charge, rate=Given(draw(PERCENTS)))
        case Minimum(terms=terms, annual=annual):
            other = (replace(terms[0], price=Given(draw(DOLLARS))), *terms[1:])
            charge = replace(charge, terms=other, annual=annual and draw(st.booleans()))
        case Maximum(terms=terms):
            charge = replace(charge, terms=(replace(terms[0], price=Given(draw(DOLLARS))), *terms[1:]))
        case _:
            pass
    return charge
