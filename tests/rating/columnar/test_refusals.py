"""What columns cannot express is refused by name when the tariff is compiled; never approximated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lamplighter.kernel.energy import Flow
from lamplighter.kernel.periods import Period
from lamplighter.rating import Ask, BillInput, Tariff
from lamplighter.rating.attributes import Amount, Choice
from lamplighter.rating.charges import (
    Bands,
    Basis,
    Charge,
    Flat,
    Lines,
    Per,
    Percent,
    PerUnit,
    PowerFactor,
    PowerFactorForm,
    PowerFactorRider,
    Price,
    Tier,
    Tiers,
)
from lamplighter.rating.columnar import CannotCompile, Program, compile
from lamplighter.rating.conditions import Is
from lamplighter.rating.figures import Factor, FactorOf, Given, Lookup
from lamplighter.rating.hours import Clock, TouPeriod, Window
from lamplighter.rating.quantities import Excess, Metered, OfLines, Once, RoundTo, Step
from lamplighter.rating.seasons import SeasonRule
from lamplighter.rating.tariff import Line, Rounding, RoundingRule
from tests.rating.strategies import SUMMER, WINTER

D = Decimal
ONE = Price(Given(D(1)))
JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
HEAT = Choice("heat", "Heating", ("gas", "electric"))
LOAD = Amount("load", "Connected load", "kW")


def of(*charges: Charge, **also: object) -> Tariff:
    lines = tuple(Line(f"line {i}", f"Line {i}", charge) for i, charge in enumerate(charges, 1))
    rounding = Rounding(RoundingRule.ONCE, stated=True)
    return replace(Tariff("Test City", "T", "Test", Period(date(2020, 1, 1)), lines, rounding), **also)


def only(line: Line, **also: object) -> Tariff:
    return of(lines=(line,), **also)


def table(key: str) -> Price:
    return Price(Lookup((key,), ((("gas",), D(1)), (("electric",), D(2)))))


HOURS = Clock("hours", (TouPeriod("gas", "On", (Window(960, 1200),)), TouPeriod("electric", "Off")))
ON_PEAK = Metered(clock=HOURS)
OPEN = (Tier(ONE, Given(D(9))), Tier(ONE))
BEYOND = {
    "“line 1”: it asks for “heat”, which the tariff does not declare": of(PerUnit(Once(), Flat(table("heat")))),
    "“line 1”: a choice by the number “load”": of(PerUnit(Once(), Flat(table("load"))), attributes=(LOAD,)),
    "a choice by the number": only(
        Line("x", "X", PerUnit(Once(), Flat(ONE)), when=Is("load", frozenset({"1"}))), attributes=(LOAD,)
    ),
    "“x”: there is no season “autumn”": only(Line("x", "X", PerUnit(Once(), Flat(ONE)), season="autumn")),
    "“line 1”: there is no factor “fuel”": of(PerUnit(Once(), Flat(Price(FactorOf("fuel"))))),
    "“line 1”: a bank of kWh may be set off only": of(
        PerUnit(Once(), Bands(Metered(flow=Flow.NET, bank="sun"), OPEN), Per.MONTH)
    ),
    "“line 2”: “line 1” bills no quantity": of(
        Percent(Lines(above=True), Given(D(1))), PerUnit(OfLines(("line 1",), "kWh"), Flat(ONE))
    ),
    "“line 1”: the last tier ends": of(PerUnit(Metered(), Tiers(OPEN[:1]))),
    "a price by TOU period needs": of(PerUnit(Excess(ON_PEAK, D(1), ON_PEAK), Flat(table("period")))),
    "“line 1”: tiers by hours' use without a demand": of(PerUnit(Metered(), Tiers(OPEN, Basis.KW))),
    "hours by cycle with seasons by read": of(
        PerUnit(Once(), Flat(ONE)), seasons=(SUMMER, WINTER), season_rule=SeasonRule.READ, hours_rule=SeasonRule.CYCLE
    ),
    "“line 1”: A table asks for the period where there is none": of(PerUnit(Metered(), Flat(table("period")))),
    "“line 1” is reckoned, through other lines, on itself": of(
        Percent(Lines(codes=("line 2",)), Given(D(1))), Percent(Lines(codes=("line 1",)), Given(D(1)))
    ),
}


@pytest.mark.parametrize("message", BEYOND)
def test_a_tariff_beyond_columns_is_refused_by_name(message):
    with pytest.raises(CannotCompile, match=message):
        compile(BEYOND[message])


@pytest.mark.parametrize("message", BEYOND)
def test_what_was_not_tried_beforehand_is_refused_with_the_first_bill(message):
    """As the second opinion has it: it never prices what it cannot express."""
    try:
        program = compile(BEYOND[message], tried=False)
    except CannotCompile:
        return
    assert 0 in program.price([BillInput(JUNE)], [{}]).refused


def test_no_version_is_no_program():
    with pytest.raises(CannotCompile, match="no version"):
        compile(())


def reason(program: Program, bill: BillInput, **used: str) -> str:
    """Why a bill is refused; every quantity asked for is answered by its unit, or not at all."""
    slots, _ = program.asks(bill.period)
    answers = {
        Ask(slot.determinant, bill.period): D(used[unit])
        for slot in slots
        if (unit := str(slot.determinant.what).replace(" ", "_")) in used
    }
    return program.price([bill], [answers]).refused[0].code


def test_bills_are_refused_one_by_one_with_their_reason():
    versions = [of(PerUnit(Metered(), Flat(ONE)), valid=Period(date(2026, 1, 1), date(2026, 6, 10)))]
    assert compile(versions).price([BillInput(JUNE)], [{}]).refused[0].code == "tariff.versions"
    twice = [of(PerUnit(Metered(), Flat(ONE)), valid=Period(date(2026, month, 1))) for month in (1, 3)]
    assert compile(twice).price([BillInput(JUNE)], [{}]).refused[0].code == "tariff.versions"
    plain = compile(of(PerUnit(Metered(), Flat(ONE))))
    assert reason(plain, BillInput(JUNE)) == "quantity.missing"
    assert reason(plain, BillInput(JUNE), kWh="-1") == "quantity.negative"
    asking = compile(of(PerUnit(Metered(), Flat(table("heat"))), attributes=(HEAT,)))
    assert reason(asking, BillInput(JUNE), kWh="1") == "attribute.missing"
    assert reason(asking, BillInput(JUNE, {"heat": "wood"}), kWh="1") == "attribute.wrong"


def test_a_power_factor_out_of_range_or_rounded_to_nothing_is_refused():
    rider = PowerFactorRider(
        Lines(above=True), PowerFactor("", Step(D(1), RoundTo.DOWN)), PowerFactorForm.RATIO, D("0.95")
    )
    program = compile(of(PerUnit(Metered(), Flat(ONE)), rider))
    for factor in ("0", "1.01", "0.9"):
        assert reason(program, BillInput(JUNE), kWh="1", power_factor=factor) == "power_factor.range"


def test_a_tax_of_all_receipts_is_refused():
    rate = Lookup(("heat",), ((("gas",), D(100)), (("electric",), D(50))))
    tax = Percent(Lines(above=True), rate, gross_up=True)
    program = compile(of(PerUnit(Metered(), Flat(ONE)), tax, attributes=(HEAT,)))
    assert reason(program, BillInput(JUNE, {"heat": "gas"}), kWh="1") == "percent.receipts"
    asked = {Ask(slot.determinant, JUNE): D(7) for slot in program.asks(JUNE)[0]}
    priced = program.price([BillInput(JUNE, {"heat": "electric"})], [asked])
    assert priced.totals[0] == 1400, "50 % of receipts of $14 are the $7 that are passed through"


def test_a_line_that_turns_into_another_kind_of_charge_inside_a_bill_refuses_it():
    first = of(PerUnit(Metered(), Flat(ONE)), PerUnit(Once(), Flat(ONE)))
    change = date(2026, 6, 15)
    later = of(PerUnit(Metered(), Flat(ONE)), Percent(Lines(above=True), Given(D(1))), valid=Period(change))
    program = compile([replace(first, valid=Period(date(2020, 1, 1), change)), later])
    refused = program.price([BillInput(JUNE), BillInput(Period(change, JUNE.end))], [{}, {}]).refused
    assert [refused[0].code, refused[1].code] == ["line.changed", "quantity.missing"]


def test_a_figure_that_no_source_tells_refuses_every_bill_that_needs_it():
    by_season = Price(Lookup(("season",), ((("summer",), None), (("winter",), D(2)))))
    found = of(PerUnit(Once(), Flat(by_season), Per.MONTH), seasons=(SUMMER, WINTER), season_rule=SeasonRule.CYCLE)
    winter = Period(date(2026, 1, 1), date(2026, 2, 1))
    priced = compile(found).price([BillInput(JUNE), BillInput(winter)], [{}, {}])
    assert priced.refused[0].message == "The rate book gives no figure for season summer."
    assert priced.totals.tolist() == [0, 200]
    assert priced.lines(0) == ()


def test_a_factor_without_a_value_on_the_day_refuses_the_bill():
    fuel = Factor("fuel", ((date(2026, 6, 15), D("0.01")),))
    program = compile(of(PerUnit(Metered(), Flat(Price(FactorOf("fuel")))), factors=(fuel,)))
    assert program.price([BillInput(JUNE)], [{}]).refused[0].code == "factor.unknown"


def test_what_shows_only_in_a_later_season_refuses_those_bills_and_no_others():
    """A line of next winter that asks for a TOU period without a clock is met by no imaginary bill."""
    hidden = replace(
        Line("x", "X", PerUnit(Metered(), Flat(table("period")))), season="winter", valid=Period(date(2027, 7, 1))
    )
    plain = Line("y", "Y", PerUnit(Once(), Flat(ONE)))
    found = of(lines=(plain, hidden), seasons=(SUMMER, WINTER), season_rule=SeasonRule.CYCLE)
    later = Period(date(2027, 12, 1), date(2028, 1, 1))
    priced = compile(found).price([BillInput(JUNE), BillInput(later)], [{}, {}])
    assert priced.totals.tolist() == [100, 0]
    assert priced.refused[1].code == "tariff.beyond_columns"
    assert "“x”: A table asks for the period" in priced.refused[1].message
