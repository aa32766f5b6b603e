"""Random charges reckoned on the lines that stand already."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from lamplighter.rating.charges import (
    Carry,
    Charge,
    Draw,
    Lines,
    Maximum,
    Minimum,
    Per,
    Percent,
    PowerFactorForm,
    PowerFactorRider,
    Settle,
    Term,
)
from lamplighter.rating.quantities import (
    Metered,
    OfAccount,
    Once,
)
from tests.rating.strategies.quantities import demands, metered, power_factors
from tests.rating.strategies.values import DOLLARS, DOLLARS_PER_KWH, PERCENTS, Making, figures, numbers


@st.composite
def selections(draw: st.DrawFn, making: Making) -> Lines:
    """All above, those taxable, some codes, or a tag; of lines that stand already."""
    some = tuple(draw(st.lists(st.sampled_from(making.codes), min_size=1, max_size=3, unique=True)))
    but = tuple(draw(st.lists(st.sampled_from(making.codes), max_size=1)))
    kinds = ["above", "taxable", "codes"] + (["tags"] if making.tags else [])
    match draw(st.sampled_from(kinds)):
        case "above":
            return Lines(above=True)
        case "taxable" if set(making.taxed) - set(but):
            return Lines(codes=some, above=True, taxable=True, but=tuple(code for code in but if code not in some))
        case "tags":
            return Lines(tags=(draw(st.sampled_from(sorted(making.tags))),))
        case _:
            return Lines(codes=some)


@st.composite
def reckoned_charges(draw: st.DrawFn, making: Making) -> Charge:
    """A percentage, a rider, a bound, or a bank of dollars."""
    of = draw(selections(making))
    match draw(st.sampled_from(["percent", "percent", "percent", "rider", "bound", "bank", "bank"])):
        case "rider":
            form = draw(st.sampled_from(list(PowerFactorForm)))
            per_point = draw(numbers("0.1", "1", 1)) if form is PowerFactorForm.PER_POINT else Decimal(0)
            reference = draw(st.sampled_from([Decimal("0.95"), Decimal("0.85"), Decimal("0.9")]))
            return PowerFactorRider(of, draw(power_factors()), form, reference, per_point, draw(st.booleans()))
        case "bound":
            return draw(bounds(of, making))
        case "bank":
            price = draw(figures(numbers("0", "1", 2), making))
            bank = draw(st.sampled_from(["dollars", "kWh"]))
            return draw(st.sampled_from([Carry(of, "dollars"), Draw(of, "dollars"), Settle(bank, price)]))
        case _:
            credit = draw(st.booleans())
            return Percent(of, draw(figures(PERCENTS, making)), credit, not credit and draw(st.integers(0, 3)) == 3)


@st.composite
def bounds(draw: st.DrawFn, of: Lines, making: Making) -> Minimum | Maximum:
    if draw(st.integers(0, 4)) == 4:
        return Minimum(of, (Term(Once(), draw(figures(DOLLARS, making)), Per.UNIT),), annual=True)
    found = tuple(draw(st.lists(terms(making), min_size=1, max_size=2)))
    return Maximum(of, found) if draw(st.integers(0, 2)) == 2 else Minimum(of, found)


@st.composite
def terms(draw: st.DrawFn, making: Making) -> Term:
    quantity = draw(st.one_of(st.just(Once()), st.just(OfAccount("connected", "kW")), demands(making), metered(making)))
    per = Per.UNIT if isinstance(quantity, Metered) else draw(st.sampled_from(list(Per)))
    values = DOLLARS_PER_KWH if isinstance(quantity, Metered) else DOLLARS
    return Term(quantity, draw(figures(values, making)), per)
