"""Random lines with their conditions, and tariffs of them, in one version or two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from lamplighter.kernel.energy import Flow
from lamplighter.kernel.findings import Severity
from lamplighter.kernel.periods import Period
from lamplighter.rating.charges import (
    Charge,
    Flat,
    Percent,
    PerUnit,
    Price,
)
from lamplighter.rating.checks.references import reference_faults
from lamplighter.rating.conditions import ALWAYS, Condition, Every, Is, Not, Some, Within
from lamplighter.rating.determinants import What
from lamplighter.rating.figures import Factor, Given
from lamplighter.rating.quantities import Demand, Excess, Metered, OfLines, Quantity
from lamplighter.rating.seasons import SeasonRule
from lamplighter.rating.tariff import (
    WHOLE,
    Change,
    Kind,
    Line,
    Proration,
    Rounding,
    RoundingRule,
    Tariff,
    with_riders,
)
from tests.rating.strategies.charges import charges_again, demand_charges, energy_charges, fixed_charges
from tests.rating.strategies.quantities import STEPS
from tests.rating.strategies.reckoned import reckoned_charges
from tests.rating.strategies.values import (
    ATTRIBUTES,
    DOLLARS_PER_KWH,
    END,
    FIRST,
    SUMMER,
    WINTER,
    Making,
    clocks,
)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """Mostly none; sometimes on a fact that the account may not tell."""
    found: list[Condition] = [
        Is("heating", frozenset({"electric"})),
        Is("assisted", frozenset({"yes"})),
        Within("contract", Decimal(40), Decimal(50)),
        Is("service", frozenset({"large"})),
        Within("connected", Decimal(5)),
    ]
    plain = st.sampled_from(found)
    return draw(
        st.one_of(
            st.just(ALWAYS),
            st.just(ALWAYS),
            st.just(ALWAYS),
            plain,
            plain.map(Not),
            st.lists(plain, max_size=2).map(lambda found: Every(tuple(found))),
            st.lists(plain, min_size=1, max_size=2).map(lambda found: Some(tuple(found))),
        )
    )


PRORATIONS = st.sampled_from(
    [
        None,
        None,
        WHOLE,
        Proration(Decimal(30)),
        Proration(Decimal(30), (27, 33)),
        Proration(Decimal("30.4167"), (25, 35), True),
    ]
)


@st.composite
def lines(draw: st.DrawFn, making: Making) -> Line:
    """One more line, which may refer to those before it."""
    code = f"line {len(making.codes) + 1}"
    kinds = ["fixed", "energy", "energy", "demand"] + (["reckoned"] * 4 if making.codes else [])
    kinds += ["again", "again"] if making.counted else []
    kinds += ["net"] if making.clock is not None or not making.banked else []
    kind = draw(st.sampled_from(kinds))
    match kind:
        case "fixed":
            charge: Charge = draw(fixed_charges(making))
        case "energy":
            charge = draw(energy_charges(making))
        case "demand":
            charge = draw(demand_charges(making))
        case "net":
            shape = Flat(Price(Given(draw(DOLLARS_PER_KWH))))
            hours = (draw(st.sampled_from(making.clock.names)),) if making.clock is not None else ()
            minutes = draw(st.sampled_from([0, 0, 60]))
            net = Metered(What.KWH, Flow.NET, making.clock, hours, minutes, "kWh", rounded=draw(STEPS))
            charge, making.banked = PerUnit(net, shape), True
        case "again":
            charge = draw(charges_again(making))
        case _:
            charge = draw(reckoned_charges(making))
    tags = draw(st.sampled_from([(), (), ("energy",), ("energy", "other")])) if kind != "reckoned" else ()
    tax = kind == "reckoned" and isinstance(charge, Percent)
    line = Line(code, code.capitalize(), charge, tags=tags, taxable=draw(st.integers(0, 3)) != 3)
    line = replace(line, declared=Kind.TAX if tax and draw(st.booleans()) else None)
    line = draw(limited(line, making))
    making.codes.append(code)
    making.taxed += [code] if line.taxable else []
    making.tags.update(tags)
    if isinstance(charge, PerUnit):
        making.counted.setdefault(unit_counted(charge.quantity), []).append(code)
    return line


def unit_counted(quantity: Quantity) -> str:
    """kWh, kW, or nothing for a number: what may be counted together."""
    match quantity:
        case Metered():
            return "kWh"
        case Demand():
            return "kW"
        case Excess(quantity=inner):
            return unit_counted(inner)
        case OfLines(unit=unit):
            return unit
        case _:
            return ""


@st.composite
def limited(draw: st.DrawFn, line: Line, making: Making) -> Line:
    """The line by season, by condition, by date; prorated and rounded in its own way; meeting changes in its own."""
    if making.seasons and draw(st.integers(0, 4)) == 4:
        line = replace(line, season=draw(st.sampled_from([season.name for season in making.seasons])))
    if draw(st.integers(0, 9)) == 9:
        start = draw(st.dates(date(2026, 5, 20), date(2026, 6, 30)))
        line = replace(line, valid=Period(start, draw(st.sampled_from([None, start + timedelta(days=20)]))))
    changes = [Change.SPLIT, Change.SPLIT, Change.SPLIT, Change.START, Change.END]
    return replace(
        line,
        when=draw(conditions()),
        prorate=draw(PRORATIONS),
        change=draw(st.sampled_from(changes)),
        rounded=draw(st.integers(0, 5)) == 5,
    )


ROUNDINGS = st.sampled_from(
    [
        Rounding(RoundingRule.ONCE, stated=True),
        Rounding(RoundingRule.EACH_LINE, stated=True),
        Rounding(RoundingRule.EACH_LINE, stated=True, tax_on_rounded=True),
    ]
)


@st.composite
def tariffs(draw: st.DrawFn, most_lines: int = 8) -> Tariff:
    """One version of a schedule, perhaps with a rider's lines in it."""
    seasons = draw(st.sampled_from([(), (SUMMER, WINTER)]))
    rule = draw(st.sampled_from(list(SeasonRule)))
    hours_rule = draw(st.sampled_from([SeasonRule.DATE, rule])) if seasons else SeasonRule.DATE
    clock = draw(st.one_of(st.none(), clocks(seasons)))
    making = Making(seasons, clock)
    found = tuple(draw(lines(making)) for _ in range(draw(st.integers(2, most_lines))))
    changed = draw(st.dates(date(2026, 5, 20), date(2026, 7, 10)))
    tariff = Tariff(
        "Test City",
        "T",
        "Test",
        Period(FIRST, END),
        found,
        draw(ROUNDINGS),
        attributes=ATTRIBUTES,
        not_together=(("exempt", "assisted"),),
        factors=(Factor("adjustment", ((FIRST, draw(DOLLARS_PER_KWH)), (changed, draw(DOLLARS_PER_KWH)))),),
        seasons=seasons,
        season_rule=rule,
        hours_rule=hours_rule,
        clocks=() if clock is None else (clock,),
        proration=draw(PRORATIONS) or WHOLE,
    )
    if draw(st.integers(0, 3)) == 3:  # in another order, in which lines are reckoned on later ones
        other = replace(tariff, lines=tuple(draw(st.permutations(found))))
        tariff = other if refers_well(other) else tariff
    if draw(st.integers(0, 5)) == 5:
        ridden = with_riders(tariff, draw(riders()))
        tariff = ridden if refers_well(ridden) else tariff
    return tariff


def refers_well(tariff: Tariff) -> bool:
    """Whether each line that is reckoned on others still is on some, and none in a circle."""
    return not any(fault.severity is Severity.ERROR for fault in reference_faults(tariff))


@st.composite
def riders(draw: st.DrawFn) -> Tariff:
    making = Making((), None)
    line = replace(draw(lines(making)), code="rider", label="Rider", season="")
    factors = (Factor("adjustment", ((FIRST, Decimal("0.01")),)),)
    return Tariff(
        "Test City", "R", "Rider", Period(FIRST, END), (line,), draw(ROUNDINGS), rider=True, factors=factors,
        attributes=ATTRIBUTES,
    )  # fmt: skip
