"""What can be written and not be priced is refused by name when a tariff is read, not when somebody is billed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lamplighter.kernel.energy import Flow
from lamplighter.kernel.findings import Severity
from lamplighter.kernel.periods import Period
from lamplighter.rating import Ask, BillInput, CannotPrice, Determinant, Tariff, What, asks, check, price
from lamplighter.rating.charges import (
    Bands,
    Basis,
    Charge,
    Flat,
    Lines,
    Minimum,
    Per,
    Percent,
    PerUnit,
    PowerFactor,
    PowerFactorForm,
    PowerFactorRider,
    Price,
    Term,
    Tier,
    Tiers,
)
from lamplighter.rating.columnar import CannotCompile, compile
from lamplighter.rating.conditions import Is, Not
from lamplighter.rating.figures import PERIOD, Factor, FactorOf, Given, Lookup
from lamplighter.rating.quantities import Demand, Excess, Metered, OfAccount, OfLines, Once, RoundTo, Step
from lamplighter.rating.tariff import Line
from tests.rating.columnar.both import both
from tests.rating.strategies import ATTRIBUTES
from tests.rating.writing import AUGUST, tariff

D = Decimal
CLOCK = """
[[calendar.clock]]
name = "hours"
[[calendar.clock.period]]
name = "peak"
windows = [{ from = "16:00", to = "20:00" }]
[[calendar.clock.period]]
name = "off"
"""
ENERGY = '[[line]]\ncode = "energy"\nquantity = "kWh"\nunit = "$/kWh"\nprice = 0.1\n'
BASE = tariff(ENERGY, head=CLOCK)
[HOURS] = BASE.clocks
BY_PERIOD = Lookup((PERIOD,), ((("peak",), D(2)), (("off",), D(1))))
ONE = Flat(Price(Given(D(1))))
BANKED = Metered(flow=Flow.NET, bank="kWh")


def with_line(charge: Charge, *more: Charge) -> Tariff:
    """A tariff of energy and these charges, `x` the first of them."""
    codes = ["x", *(f"x{i}" for i in range(1, len(more) + 1))]
    lines = (Line(code, code, each) for code, each in zip(codes, (charge, *more), strict=True))
    factor = Factor("rate", ((date(2020, 1, 1), D(100)),))
    return replace(BASE, lines=(*BASE.lines, *lines), attributes=ATTRIBUTES, factors=(factor,))


def errors(found: Tariff) -> list[str]:
    return [f"{f.place.field}: {f.message}" for f in check(found) if f.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("charge", "where"),
    [
        (PerUnit(Metered(), Flat(Price(BY_PERIOD))), "price"),
        (PerUnit(OfAccount("connected", "kW"), Flat(Price(BY_PERIOD))), "price"),
        (PerUnit(Metered(clock=HOURS, losses=BY_PERIOD), ONE), "losses"),
        (PerUnit(Demand(clock=HOURS, periods=("peak", "off"), free=BY_PERIOD), ONE), "losses"),
        (PerUnit(Once(), Bands(Metered(), (Tier(ONE.price, BY_PERIOD), Tier(ONE.price)))), "price"),
        (PerUnit(Metered(clock=HOURS), Bands(Demand(), (Tier(Price(BY_PERIOD), BY_PERIOD), Tier(ONE.price)))), "band"),
        (Minimum(Lines(above=True), (Term(Once(), BY_PERIOD, Per.MONTH),)), "minimum"),
        (Percent(Lines(above=True), BY_PERIOD), "percent"),
    ],
)
def test_a_figure_by_tou_period_where_no_period_is_known_is_refused(charge, where):
    [error] = errors(with_line(charge))
    assert error.startswith(f"line[2].{where}: “x”: ")
    with pytest.raises(CannotCompile):
        compile(with_line(charge))


@pytest.mark.parametrize(
    "charge",
    [
        PerUnit(Metered(clock=HOURS, losses=BY_PERIOD), Flat(Price(BY_PERIOD))),
        PerUnit(Demand(clock=HOURS, periods=("peak",), losses=BY_PERIOD), ONE),
    ],
)
def test_losses_by_tou_period_are_priced_where_the_period_is_known(charge):
    found, bill = with_line(charge), BillInput(AUGUST)
    assert errors(found) == []
    priced = both(found, bill, {ask: D(100) for ask in asks(found, bill)})
    assert sum(line.exact for line in priced.line("x")) in {2 * 2 * 100 + 100, 2 * 100}


@pytest.mark.parametrize(
    "charge",
    [
        PerUnit(Metered(), Bands(BANKED, (Tier(ONE.price, Given(D(9))), Tier(ONE.price)))),
        PerUnit(Excess(BANKED, D(1), Metered()), ONE),
        Minimum(Lines(above=True), (Term(BANKED, Given(D(1)), Per.UNIT),)),
    ],
)
def test_a_bank_of_kwh_that_would_be_drawn_upon_twice_is_refused(charge):
    [error] = errors(with_line(charge))
    assert error == "line[2].bank: “x”: a bank of kWh is set off only against what the line itself prices."
    with pytest.raises(CannotCompile):
        compile(with_line(charge))


def test_what_lines_count_again_is_of_one_kind():
    demand = PerUnit(Demand(), ONE, Per.MONTH)
    again = PerUnit(OfLines(("energy", "x1"), "kWh"), ONE)
    assert errors(with_line(again, demand)) == ["line[2].lines: “x”: demand and energy cannot be counted together."]
    percent = Percent(Lines(codes=("energy",)), Given(D(1)))
    [error] = errors(with_line(PerUnit(OfLines(("x1",), "kWh"), ONE), percent))
    assert error == "line[2].lines: “x”: “x1” bills no quantity that could be counted again."


def test_an_allowance_is_of_the_kind_of_what_it_allows():
    [error] = errors(with_line(PerUnit(Excess(Metered(What.KVARH), D("0.5"), Demand()), ONE)))
    assert error.startswith("line[2].above: “x”: energy is set against an allowance of energy")


def test_steps_of_lamps_by_the_day_are_refused():
    steps = Tiers((Tier(ONE.price, Given(D(10))), Tier(ONE.price)), Basis.DAY)
    [error] = errors(with_line(PerUnit(OfAccount("connected", "kW"), steps)))
    assert error.startswith("line[2].tiers_per: “x”: ")


BY_HEATING = Lookup(("heating",), ((("gas",), D(100)), (("electric",), D(2))))


@pytest.mark.parametrize("rate", [BY_HEATING, FactorOf("rate"), Given(D(100))])
def test_a_tax_of_all_receipts_is_refused_however_its_rate_is_written(rate):
    found = with_line(Percent(Lines(above=True), rate, gross_up=True))
    assert errors(found) == ["line[2].percent: “x”: 100 % of receipts cannot be passed through."]
    kwh = {Ask(Determinant(What.KWH), AUGUST): D(100)}
    with pytest.raises(CannotPrice, match="all receipts"):
        both(found, BillInput(AUGUST, {"heating": "gas"}), kwh)


def test_a_power_factor_rounded_to_nothing_is_refused():
    factor = PowerFactor("factor", Step(D(1), RoundTo.DOWN))
    found = with_line(PowerFactorRider(Lines(above=True), factor, PowerFactorForm.RATIO, D("0.95")))
    [error] = errors(found)
    assert error.startswith("line[2].power_factor: “x”: a power factor is a fraction of one")
    with pytest.raises(CannotPrice, match="rounded to nothing"):
        both(found, BillInput(AUGUST, {"factor": D("0.9")}), {Ask(Determinant(What.KWH), AUGUST): D(100)})


def test_energy_below_nothing_in_one_direction_is_refused():
    with pytest.raises(CannotPrice, match="flows in one direction"):
        both(BASE, BillInput(AUGUST), {Ask(Determinant(What.KWH), AUGUST): D(-1)})


def test_a_line_that_counts_itself_goes_in_a_circle():
    again = PerUnit(OfLines(("energy", "x"), "kWh"), ONE)
    assert errors(with_line(again)) == ["line[2].of: Lines are reckoned in a circle: x on x."]
    with pytest.raises(CannotPrice, match="on itself"):
        price(with_line(again), BillInput(AUGUST), {Ask(Determinant(What.KWH), AUGUST): D(1)})
    banded = PerUnit(Once(), Bands(OfLines(("x",), "kWh"), (Tier(ONE.price, Given(D(9))), Tier(ONE.price))))
    assert errors(with_line(banded)) == ["line[2].of: Lines are reckoned in a circle: x on x."]


PLAIN = '[[line]]\ncode = "{}"\nof = ["energy"]\npercent = 5\n'


def test_a_circle_that_only_two_versions_make_together_refuses_the_bill_that_meets_both():
    ten, five = '[[line]]\ncode = "{}"\nof = ["energy", "{}"]\npercent = 10\n', ENERGY + PLAIN
    earlier = tariff(five.format("b") + ten.format("a", "b"), end="2026-08-16")
    later = tariff(five.format("a") + ten.format("b", "a"), start="2026-08-16")
    kwh = {Ask(Determinant(What.KWH), AUGUST): D(100)}
    with pytest.raises(CannotPrice, match="on itself"):
        both([earlier, later], BillInput(AUGUST), kwh)
    before = Period(date(2026, 7, 1), date(2026, 8, 1))
    assert both([earlier, later], BillInput(before), {Ask(Determinant(What.KWH), before): D(100)}).total.cents == 1155


TENTH = '[[line]]\ncode = "x"\nof = ["energy"]\npercent = 10\n'
LEAST = '[[line]]\ncode = "x"\nof = ["energy"]\n[[line.minimum]]\nunit = "$/month"\nprice = 40\n'


@pytest.mark.parametrize("later", [TENTH, LEAST])
def test_a_line_that_turns_into_another_kind_of_charge_refuses_the_bill_that_meets_both(later):
    earlier = tariff(ENERGY + '[[line]]\ncode = "x"\nunit = "$/month"\nprice = 4\n', end="2026-08-16")
    kwh = {Ask(Determinant(What.KWH), AUGUST): D(100)}
    with pytest.raises(CannotPrice, match="“x” turns into another kind of charge"):
        both([earlier, tariff(ENERGY + later, start="2026-08-16")], BillInput(AUGUST), kwh)


def test_a_number_is_not_asked_for_by_word():
    found = with_line(PerUnit(Once(), ONE))
    asked = replace(found.lines[1], when=Not(Is("connected", frozenset({"5"}))))
    found = replace(found, lines=(found.lines[0], asked))
    assert errors(found) == ["line[2].when: “connected” is a number: compare it with at_least and below."]
    with pytest.raises(CannotCompile, match="a choice by the number"):
        compile(found)


def test_hours_use_without_a_demand_is_refused():
    steps = Tiers((Tier(ONE.price, Given(D(10))), Tier(ONE.price)), Basis.KW)
    [error] = errors(with_line(PerUnit(Metered(), steps)))
    assert error == "line[2].tiers_per: “x”: hours' use is reckoned with a demand; name it in tiers_per_kw_of."


def test_a_line_above_others_that_share_a_bank_is_not_reckoned_on_the_last_of_them():
    """The bank would be drawn upon in another order by accounts to which the tax applies."""
    tax, shared = Percent(Lines(codes=("x2",)), Given(D(10))), PerUnit(BANKED, ONE)
    [error] = errors(with_line(tax, shared, shared))
    assert error == "line[2].of: “x” is reckoned on “x2” below it, which shares the bank “kWh”."
    assert errors(with_line(tax, PerUnit(Metered(), ONE), shared)) == []


def test_seasons_and_factors_that_are_not_there_are_refused():
    lines = (replace(BASE.lines[0], season="sumer"), Line("y", "Y", PerUnit(Metered(), Flat(Price(FactorOf("fuel"))))))
    assert errors(replace(BASE, lines=lines)) == [
        "line[1].season: No season is called “sumer”.",
        "line[2]: No factor is called “fuel”.",
    ]
