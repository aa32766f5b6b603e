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
    Shape,
    Tier,
    TierOrder,
    Tiers,
)
from lamplighter.rating.determinants import What
from lamplighter.rating.figures import PERIOD, FactorOf, Figure, Given, Lookup, keys_of
from lamplighter.rating.quantities import (
    Demand,
    Excess,
    Metered,
    OfAccount,
    OfLines,
    Once,
    Quantity,
)
from lamplighter.rating.reach import by_period
from tests.rating.strategies.quantities import demands, metered, power_factors
from tests.rating.strategies.values import DOLLARS, DOLLARS_PER_KWH, Making, by_hours, figures, numbers


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
        match draw(st.integers(0, 8)):
            case 7:
                limit = Lookup(("heating",), ((("gas",), floor), (("electric",), floor + Decimal("0.05"))))
            case 8 if hours and making.clock is not None:
                some = enumerate(making.clock.names)
                limit = Lookup((PERIOD,), tuple(((name,), floor + i * Decimal("0.05")) for i, name in some))
            case _:
                pass
        found.append(Tier(draw(prices(values, making, hours=hours)), limit))
    return (*found, Tier(draw(prices(values, making, hours=hours))))


@st.composite
def tiers(draw: st.DrawFn, quantity: Metered, limits: st.SearchStrategy[Decimal], making: Making) -> Tiers:
    """By month, day, bill or hours' use; with TOU periods in each of the three orders."""
    order = draw(st.sampled_from(list(TierOrder)))
    by_kw = {Basis.KW, Basis.KW_DAY}
    basis = draw(st.sampled_from(list(Basis)))
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
            return PerUnit(excess, draw(plain_shapes(DOLLARS_PER_KWH, limits, making)))
        case "bands":
            return PerUnit(quantity, draw(bands(making, DOLLARS_PER_KWH)))
        case _:
            hours = quantity.clock is not None
            charge = PerUnit(quantity, Flat(draw(prices(DOLLARS_PER_KWH, making, hours=hours))), credit=credit)
            return draw(with_losses_by_hours(charge, making))


@st.composite
def with_losses_by_hours(draw: st.DrawFn, charge: PerUnit, making: Making) -> PerUnit:
    """Perhaps losses by TOU period, where the price is by them."""
    quantity = charge.quantity
    if isinstance(quantity, Metered) and quantity.clock is not None and by_period(charge.shape) and draw(st.booleans()):
        return replace(charge, quantity=replace(quantity, losses=draw(by_hours(numbers("1", "1.1", 3), making))))
    return charge


@st.composite
def plain_shapes(
    draw: st.DrawFn, values: st.SearchStrategy[Decimal], limits: st.SearchStrategy[Decimal], making: Making
) -> Flat | Tiers:
    """A price, or tiers, of a quantity that is not split by TOU periods."""
    if draw(st.integers(0, 2)) == 2:
        found = draw(steps(limits, making, hours=False, values=values))
        return Tiers(found, draw(st.sampled_from([Basis.MONTH, Basis.BILL])))
    return Flat(draw(prices(values, making)))


@st.composite
def bands(draw: st.DrawFn, making: Making, values: st.SearchStrategy[Decimal]) -> Bands:
    """Chosen by energy, demand, a number of the account, a power factor, or what other lines bill."""
    kinds: list[st.SearchStrategy[Quantity | PowerFactor]] = [
        metered(making), demands(making), st.just(OfAccount("connected", "kW")), power_factors(),
    ]  # fmt: skip
    if making.counted:
        kinds.append(counts_again(making))
    by = draw(st.one_of(kinds))
    if isinstance(by, Demand | Metered) and by.losses is not None and PERIOD in keys_of(by.losses):
        by = replace(by, losses=None)  # a band is chosen by one number, of all hours together
    edges = draw(st.sampled_from([numbers("0", "600", 0), numbers("0", "15", 1)]))
    if isinstance(by, PowerFactor):
        edges = numbers("0", "0.2", 2).map(lambda n: n - Decimal("0.4"))
    return Bands(by, draw(steps(edges, making, hours=False, values=values)))


@st.composite
def counts_again(draw: st.DrawFn, making: Making) -> OfLines:
    """Lines of one kind of quantity that stand already."""
    unit = draw(st.sampled_from(sorted(making.counted)))
    codes = draw(st.lists(st.sampled_from(making.counted[unit]), min_size=1, max_size=3, unique=True))
    return OfLines(tuple(codes), unit)


@st.composite
def charges_again(draw: st.DrawFn, making: Making) -> PerUnit:
    """A charge on what other lines bill; what adds up is charged once, the rest by the month too."""
    quantity = draw(counts_again(making))
    per = Per.UNIT if quantity.unit == "kWh" else draw(st.sampled_from([Per.MONTH, Per.UNIT, Per.DAY]))
    values = DOLLARS_PER_KWH if quantity.unit == "kWh" else DOLLARS
    shape: Shape = draw(plain_shapes(values, numbers("0", "300", 0), making))
    if draw(st.integers(0, 5)) == 5:
        shape = draw(bands(making, values))
    return PerUnit(quantity, shape, per, credit=draw(st.integers(0, 5)) == 5)


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
            return PerUnit(excess, draw(plain_shapes(DOLLARS, numbers("0", "30", 0), making)), per)
        case _:
            return PerUnit(quantity, Flat(draw(prices(DOLLARS, making, hours=quantity.clock is not None))), per)


@st.composite
def fixed_charges(draw: st.DrawFn, making: Making) -> PerUnit:
    quantity: Quantity = Once()
    if draw(st.integers(0, 2)) == 2:
        quantity = OfAccount("connected", "kW", draw(numbers("0", "10", 0)))
    per = draw(st.sampled_from([Per.MONTH, Per.MONTH, Per.DAY, Per.UNIT]))
    shape: Shape = draw(plain_shapes(DOLLARS, numbers("0", "15", 0), making))
    if draw(st.integers(0, 4)) == 4:
        shape = draw(bands(making, DOLLARS))
    return PerUnit(quantity, shape, per, credit=draw(st.integers(0, 3)) == 3)
