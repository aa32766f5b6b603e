"""Random charges per unit: flat, in tiers, in bands, on energy, demand and the account."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from lamplighter.kernel.energy import Flow
from lamplighter.rating.charges import (
    Bands,
    Basis,
    Flat,
    Per,
    PerUnit,
    PowerFactor,
    Price,
    Tier,
    TierOrder,
    Tiers,
)
from lamplighter.rating.determinants import What
from lamplighter.rating.figures import PERIOD, FactorOf, Figure, Given, Lookup
from lamplighter.rating.quantities import (
    Excess,
    Metered,
    OfAccount,
    Once,
    Quantity,
)
from tests.rating.strategies.quantities import demands, metered, power_factors
from tests.rating.strategies.values import DOLLARS, DOLLARS_PER_KWH, Making, figures, numbers


@st.composite
def prices(draw: st.DrawFn, values: st.SearchStrategy[Decimal], making: Making, *, hours: bool = False) -> Price:
    if draw(st.integers(0, 5)) == 5:
        whole, part = draw(values), draw(values)
        return Price(Given(whole + part), (("generation", Given(whole)), ("delivery", Given(part))))
    if draw(st.integers(0, 5)) == 5:
        return Price(FactorOf("adjustment"))
    return Price(draw(figures(values, making, hours=hours)))


@st.composite
def steps(
    draw: st.DrawFn,
    limits: st.SearchStrategy[Decimal],
    making: Making,
    *,
    hours: bool,
    values: st.SearchStrategy[Decimal],
) -> tuple[Tier, ...]:
    """Two to four, with rising limits, perhaps by attribute; the last is open."""
    floor, found = Decimal(0), []
    for _ in range(draw(st.integers(1, 3))):
        floor += Decimal("0.5") + draw(limits)
        limit: Figure = Given(floor)
        if draw(st.integers(0, 4)) == 4:
            limit = Lookup(("heating",), ((("gas",), floor), (("electric",), floor + Decimal("0.05"))))
        found.append(Tier(draw(prices(values, making, hours=hours)), limit))
    return (*found, Tier(draw(prices(values, making, hours=hours))))


@st.composite
def tiers(draw: st.DrawFn, quantity: Metered, limits: st.SearchStrategy[Decimal], making: Making) -> Tiers:
    """By month, day, bill or hours' use; with TOU periods in each of the three orders."""
    order = draw(st.sampled_from(list(TierOrder)))
    by_kw = {Basis.KW, Basis.KW_DAY}
    basis = draw(
        st.sampled_from([basis for basis in Basis if order is not TierOrder.CHRONOLOGICAL or basis not in by_kw])
    )
    demand = draw(demands(making, plain=True)) if basis in by_kw else None
    found = draw(steps(limits, making, hours=quantity.clock is not None, values=DOLLARS_PER_KWH))
    if quantity.clock is not None and draw(st.booleans()):
        table = Lookup((PERIOD,), tuple(((name,), draw(DOLLARS_PER_KWH)) for name in quantity.clock.names))
        found = (replace(found[0], price=Price(table)), *found[1:])
    return Tiers(found, basis, order, demand)


@st.composite
def energy_charges(draw: st.DrawFn, making: Making) -> PerUnit:
    quantity = draw(metered(making))
    credit = quantity.flow is Flow.RECEIVED
    limits = draw(st.sampled_from([numbers("0", "600", 0), numbers("0", "15", 1)]))
    match draw(st.sampled_from(["flat", "tiers", "tiers", "bands", "excess"])):
        case "tiers":
            shape = draw(tiers(quantity, limits, making))
            if shape.order is TierOrder.CHRONOLOGICAL:
                quantity = replace(quantity, losses=None, rounded=None)
            return PerUnit(quantity, shape, credit=credit)
        case "excess":
            inner = replace(quantity, what=What.KVARH)
            excess = Excess(inner, draw(numbers("0.1", "1", 2)), draw(metered(making)))
            return PerUnit(excess, Flat(draw(prices(DOLLARS_PER_KWH, making))))
        case "bands":
            by: Quantity | PowerFactor = draw(
                st.one_of(metered(making), demands(making), st.just(OfAccount("connected", "kW")), power_factors())
            )
            edges = numbers("0", "0.2", 2).map(lambda n: n - Decimal("0.4")) if isinstance(by, PowerFactor) else limits
            return PerUnit(quantity, Bands(by, draw(steps(edges, making, hours=False, values=DOLLARS_PER_KWH))))
        case _:
            return PerUnit(quantity, Flat(draw(prices(DOLLARS_PER_KWH, making, hours=True))), credit=credit)


@st.composite
def demand_charges(draw: st.DrawFn, making: Making) -> PerUnit:
    quantity = draw(demands(making))
    per = draw(st.sampled_from([Per.MONTH, Per.MONTH, Per.UNIT, Per.DAY]))
    match draw(st.sampled_from(["flat", "tiers", "excess"])):
        case "tiers" if not quantity.daily:
            found = draw(steps(numbers("0", "60", 0), making, hours=quantity.clock is not None, values=DOLLARS))
            return PerUnit(quantity, Tiers(found, Basis.BILL, TierOrder.SEPARATE), per)
        case "excess":
            inner = replace(draw(demands(making, plain=True)), what=What.KVAR)
            excess = Excess(inner, draw(numbers("0.1", "1", 2)), draw(demands(making)))
            return PerUnit(excess, Flat(draw(prices(DOLLARS, making))), draw(st.sampled_from([Per.MONTH, Per.DAY])))
        case _:
            return PerUnit(quantity, Flat(draw(prices(DOLLARS, making, hours=quantity.clock is not None))), per)


@st.composite
def fixed_charges(draw: st.DrawFn, making: Making) -> PerUnit:
    quantity: Quantity = Once()
    if draw(st.integers(0, 2)) == 2:
        quantity = OfAccount("connected", "kW", draw(numbers("0", "10", 0)))
    per = draw(st.sampled_from([Per.MONTH, Per.MONTH, Per.DAY, Per.UNIT]))
    return PerUnit(quantity, Flat(draw(prices(DOLLARS, making))), per, credit=draw(st.integers(0, 3)) == 3)
