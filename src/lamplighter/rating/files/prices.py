"""Read prices: flat, in tiers or in bands, in the unit of the line's quantity, with their components."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from lamplighter.rating.charges import Bands, Basis, Flat, Per, PerUnit, PowerFactor, Price, Tier, TierOrder, Tiers
from lamplighter.rating.figures import Given
from lamplighter.rating.files.figures import Known, figure
from lamplighter.rating.files.quantities import quantity, rounded
from lamplighter.rating.files.tables import Table
from lamplighter.rating.files.units import PriceUnit, price_unit
from lamplighter.rating.quantities import (
    Demand,
    Excess,
    Metered,
    OfAccount,
    Once,
    Quantity,
    periods_of,
    unit_of,
)
from lamplighter.rating.reach import by_period


def per_unit(table: Table, known: Known) -> PerUnit:
    """A line that charges so much per unit of its quantity."""
    counted = quantity(table, known)
    unit = unit_for(table, counted)
    periods = periods_of(counted)
    if "tier" in table:
        shape: Flat | Tiers | Bands = _tiers(table, counted, known, unit)
    elif "band" in table:
        shape = Bands(_banded_by(table, known), _steps(table, "band", known, unit, periods))
    else:
        shape = Flat(_price(table, known, unit, periods))
    return PerUnit(_clocked(counted, shape), shape, _per(counted, unit), table.truth("credit"))


def _clocked(counted: Quantity, shape: Flat | Tiers | Bands) -> Quantity:
    """Without its clock where neither the line's hours nor its prices go by one."""
    if isinstance(counted, Metered | Demand) and not counted.periods and not by_period(shape):
        return replace(counted, clock=None)
    return counted


def unit_for(table: Table, counted: Quantity) -> PriceUnit:
    """The unit that the file states for a price; refused where it is not one of the quantity."""
    text = table.text("unit")
    unit = price_unit(text)
    of = unit_of(counted)
    expected = f"$/{of}" if of else "$/month or $/day"
    if unit is None:
        if text:
            table.wrong("unit", f"“{text}” is not a unit of a price.", f"Write {expected}.")
        return PriceUnit(Decimal(1), of, None)
    if unit.of != of:
        message = f"The price is in {text}, but the line counts {of or 'the bill itself'}."
        table.notes.add((*table.path, "unit"), "wrong_unit", message, f"Write {expected}.")
    return unit


def _per(counted: Quantity, unit: PriceUnit) -> Per:
    """Demand is charged by the month unless the unit says by the day; energy once."""
    if unit.per is not None:
        return unit.per
    return Per.MONTH if isinstance(counted, Demand | OfAccount) or _excess_demand(counted) else Per.UNIT


def _excess_demand(counted: Quantity) -> bool:
    return isinstance(counted, Excess) and isinstance(counted.quantity, Demand)


def _price(table: Table, known: Known, unit: PriceUnit, periods: tuple[str, ...]) -> Price:
    dollars = figure(table, "price", known, periods=periods, scale=unit.scale)
    if dollars is None:
        table.notes.add((*table.path, "price"), "missing", "price is missing: a number is expected.")
        dollars = Given(Decimal(0))
    parts = table.table("components")
    if parts is None:
        return Price(dollars)
    found = tuple(
        (tag, part)
        for tag in parts.values
        if (part := figure(parts, tag, known, periods=periods, scale=unit.scale)) is not None
    )
    return Price(dollars, found)


def _tiers(table: Table, counted: Quantity, known: Known, unit: PriceUnit) -> Tiers:
    steps = _steps(table, "tier", known, unit, periods_of(counted))
    demand_of = table.table("tiers_per_kw_of")
    demand = None
    if demand_of is not None:
        found = quantity(demand_of, known)
        demand_of.close()
        if isinstance(found, Demand):
            demand = found
        else:
            demand_of.wrong("quantity", "Hours' use is reckoned with a demand.", 'Write quantity = "kW".')
    basis = table.word("tiers_per", Basis, Basis.BILL if isinstance(counted, Demand) else Basis.MONTH)
    if (basis in {Basis.KW, Basis.KW_DAY}) != (demand is not None):
        table.wrong("tiers_per", "Tiers per kW need a demand.", 'Write tiers_per_kw_of = { quantity = "kW" }.')
    default = TierOrder.SEPARATE if isinstance(counted, Demand) else TierOrder.PROPORTIONAL
    return Tiers(steps, basis, table.word("tiers_with_hours", TierOrder, default), demand)


def _steps(table: Table, name: str, known: Known, unit: PriceUnit, periods: tuple[str, ...]) -> tuple[Tier, ...]:
    """`[[line.tier]]` with up_to, or `[[line.band]]` with below; the last is open."""
    edge = "up_to" if name == "tier" else "below"
    steps = []
    for inner in table.tables(name):
        price = _price(inner, known, unit, periods)
        steps.append(Tier(price, figure(inner, edge, known, periods=periods), inner.text("label", "")))
        inner.close()
    return tuple(steps)


def _banded_by(table: Table, known: Known) -> Quantity | PowerFactor:
    by = table.table("band_by")
    if by is None:
        table.notes.add((*table.path, "band_by"), "missing", "band_by says which quantity chooses the price.")
        return Once()
    if "power_factor" in by:
        value = by.text("power_factor")
        found: Quantity | PowerFactor = PowerFactor("" if value == "measured" else value, rounded(by))
    else:
        found = quantity(by, known)
    by.close()
    return found
