"""URDB records as they are found, what they become, and what is refused by name."""

from __future__ import annotations

import json
from calendar import monthrange
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from lamplighter.kernel.periods import Period
from lamplighter.rating import Kind, What, load_of_kw, needed, price_months
from lamplighter.rating.charges import PerUnit, TierOrder, Tiers
from lamplighter.rating.urdb import Convention, convert, read
from lamplighter.rating.urdb.records import Unreadable

D = Decimal
ALWAYS = [[0] * 24] * 12
MONTHS = [Period(date(2018, m, 1), date(2018 + m // 12, m % 12 + 1, 1)) for m in range(1, 13)]
ENERGY = {"energyratestructure": [[{"rate": 0.1, "unit": "kWh"}]]}
PEAKS = [200, 100, 100, 400, 100, 500, 100, 100, 100, 100, 100, 300]


def record(**fields):
    [found] = read(json.dumps(fields))
    return found


def converted(**fields):
    imported = convert(record(**fields), convention=Convention.SAM, file="rate.json")
    assert imported.tariff is not None, "\n".join(map(str, imported.findings))
    return imported.tariff


def refused(**fields):
    imported = convert(record(**fields), convention=Convention.SAM, file="rate.json")
    assert imported.tariff is None
    return "\n".join(map(str, imported.findings))


def year(tariff, kw=None):
    """A year of 1 kW with a peak in the first hour of each month, or as given."""
    values: list[Decimal] = []
    for month in range(1, 13):
        hours = monthrange(2018, month)[1] * 24
        values += [D(kw[month - 1] if kw else 1), *[D(1)] * (hours - 1)]
    load = load_of_kw(ZoneInfo("UTC"), date(2018, 1, 1), 60, values)
    return price_months([tariff], load, MONTHS, {}, cyclic=True).months


def billed(months, *kinds):
    return [month.bill.of(*kinds) for month in months]


FLAT = {"flatdemandstructure": [[{"rate": 10}]], "flatdemandmonths": [0] * 12, "flatdemandunit": "kW"}


def test_reopts_ratchet_of_35_percent():
    """1 kW, hour 8 at 100 kW: 10.5 for half the year and 11.5 for the other; 5302.50 (REopt and SAM agree)."""
    tariff = converted(
        flatdemandstructure=[[{"rate": 10.5}], [{"rate": 11.5}]],
        flatdemandmonths=[0] * 6 + [1] * 6,
        lookbackpercent=0.35,
        lookbackmonths=[1] * 12,
    )
    kw = [100, *[1] * 11]
    assert sum(billed(year(tariff, kw), Kind.DEMAND)) == D("5302.5")


def test_reopts_ratchet_of_flagged_months():
    """75 % of the highest of January, April and December: 74,500 (REopt and SAM agree)."""
    rates = [10, 10, 20, 50, 20, 10, 20, 20, 20, 20, 20, 5]
    tariff = converted(
        flatdemandstructure=[[{"rate": rate}] for rate in rates],
        flatdemandmonths=list(range(12)),
        lookbackpercent=0.75,
        lookbackmonths=[1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1],
    )
    demand = [month.bill.line("demand")[0].quantity for month in year(tariff, PEAKS)]
    assert demand == [300, 300, 300, 400, 300, 500, 300, 300, 300, 300, 300, 300]
    assert sum(billed(year(tariff, PEAKS), Kind.DEMAND)) == 74_500


def test_a_look_back_over_a_range_is_of_just_so_many_months():
    """75 % of the highest of the last six months, cyclic: 79,375 (REopt; SAM looks back one month too far)."""
    rates = [10, 10, 20, 50, 20, 10, 20, 20, 20, 20, 20, 5]
    tariff = converted(
        flatdemandstructure=[[{"rate": rate}] for rate in rates],
        flatdemandmonths=list(range(12)),
        lookbackpercent=0.75,
        lookbackrange=6,
    )
    demand = [month.bill.line("demand")[0].quantity for month in year(tariff, PEAKS)]
    assert demand == [225, 225, 225, 400, 300, 500, 375, 375, 375, 375, 375, 375]
    assert sum(billed(year(tariff, PEAKS), Kind.DEMAND)) == 79_375


def test_reopts_tiered_demand():
    """12 x (tier 1 x r1 + (peak - tier 1) x r2)."""
    tariff = converted(**ENERGY, demandratestructure=[[{"rate": 10, "max": 50}, {"rate": 12}]])
    assert sum(billed(year(tariff, [80] * 12), Kind.TOU_DEMAND)) == 12 * (50 * 10 + 30 * 12)


def test_a_fixed_charge_by_the_day_is_365_twelfths_in_sams_calendar_and_days_in_ours():
    fields = {**ENERGY, "fixedchargefirstmeter": 1.2, "fixedchargeunits": "$/day"}
    assert set(billed(year(converted(**fields)), Kind.FIXED)) == {D("36.5")}
    actual = convert(record(**fields)).tariff
    assert billed(year(actual), Kind.FIXED)[:2] == [D("37.2"), D("33.6")]


def test_minimums_by_month_and_year():
    tariff = converted(**ENERGY, mincharge=80, minchargeunits="$/month")
    assert billed(year(tariff), Kind.MINIMUM)[0] == D("5.6")  # 744 kWh at .1
    annual = converted(**ENERGY, mincharge=1000, minchargeunits="$/year")
    assert billed(year(annual), Kind.MINIMUM) == [*[0] * 11, 1000 - 876]


def test_rate_and_adj_are_added_and_a_fuel_adjustment_goes_by_month():
    tariff = converted(energyratestructure=[[{"rate": 0.1, "adj": 0.02}]], fueladjustmentsmonthly=[0.01] * 6 + [0] * 6)
    energy = billed(year(tariff), Kind.ENERGY)
    assert (energy[0], energy[11]) == (744 * D("0.13"), 744 * D("0.12"))


def test_tiers_by_the_day_and_by_the_kilowatt():
    def tiers(limit, unit):
        return converted(energyratestructure=[[{"rate": 1, "max": limit, "unit": unit}, {"rate": 2, "unit": unit}]])

    assert billed(year(tiers(10, "kWh daily")), Kind.ENERGY)[0] == 310 * 1 + 434 * 2
    assert billed(year(tiers(20, "kWh/kW"), [10] * 12), Kind.ENERGY)[0] == 200 * 1 + 553 * 2


def test_a_period_with_fewer_tiers_keeps_its_price_beyond_them():
    hours = [[0] * 12 + [1] * 12] * 12
    tariff = converted(
        energyratestructure=[[{"rate": 1, "max": 100}, {"rate": 2}], [{"rate": 5}]],
        energyweekdayschedule=hours,
        energyweekendschedule=hours,
    )
    # 372 kWh each; of the first period 100/744 in tier 1
    first = D(372) * 100 / 744
    assert billed(year(tariff), Kind.ENERGY)[0] == first * 1 + (372 - first) * 2 + 372 * 5


@pytest.mark.parametrize(
    ("rules", "order"),
    [
        ("Net Metering", TierOrder.PROPORTIONAL),
        ("Net Billing Hourly", TierOrder.CHRONOLOGICAL),
        ("Net Billing Instantaneous", TierOrder.CHRONOLOGICAL),
        ("Buy All Sell All", TierOrder.CHRONOLOGICAL),
        ("", TierOrder.PROPORTIONAL),
    ],
)
def test_how_tiers_meet_hours_follows_the_rules_for_generation(rules, order):
    hours = [[0] * 12 + [1] * 12] * 12
    tariff = converted(
        energyratestructure=[[{"rate": 1, "max": 100}, {"rate": 2}]] * 2,
        energyweekdayschedule=hours,
        energyweekendschedule=hours,
        dgrules=rules,
    )
    charge = tariff.lines[0].charge
    assert isinstance(charge, PerUnit)
    assert isinstance(charge.shape, Tiers)
    assert charge.shape.order is order


def test_dirty_records_are_tidied():
    clean = converted(**ENERGY, **FLAT, dgrules="Net Metering")
    dirty = converted(
        energyRateStructure=str(ENERGY["energyratestructure"]),
        energyWeekdaySchedule=json.dumps(ALWAYS),
        flatdemandstructure=[[{"rate": "10", "max": 1e38}]],
        flatdemandmonths="[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]",
        flatDemandUnits="kW",
        dgRules="Net Metering",
        startdate="7/6/2007 6:00",
    )
    assert [line.charge for line in dirty.lines] == [line.charge for line in clean.lines]
    assert dirty.valid.start == date(2007, 7, 6)


def test_a_bulk_row_and_bulk_json_are_read_like_the_rest():
    months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    row = {f"flatDemandMonth_{name}": 0 for name in months}
    row |= {"energyratestructure/period0/tier0rate": 0.1, "flatdemandstructure/period0/tier0rate": 10}
    bulk = {
        "energyRate_strux": [{"energyRateTiers": [{"rate": 0.1, "unit": "kWh"}]}],
        "flatDemandMonths": [0] * 12,
        "flatDemand_strux": [{"flatDemandTiers": [{"rate": 10}]}],
        "effectiveDate": {"$date": "2024-12-30T12:10:30Z"},
    }
    charges = [[line.charge for line in converted(**fields).lines] for fields in ({**ENERGY, **FLAT}, row, bulk)]
    assert charges[0] == charges[1] == charges[2]
    assert converted(**bulk).valid.start == date(2024, 12, 30)


@pytest.mark.parametrize(
    "name",
    ["flatdemandmonth_sss", "energyratestructure/period999999999/tier0rate", "flatdemandstructure/period0/tier٣rate"],
)
def test_a_column_of_a_bulk_row_that_names_no_month_or_period_is_refused_by_name(name):
    assert name in refused(**ENERGY, **{name: 1})


def test_a_price_that_no_decimal_holds_twice_is_refused():
    assert "energyratestructure" in refused(energyratestructure=[[{"rate": "1E+999999999", "unit": "kWh"}]])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"coincidentratestructure": [[{"rate": 0.79}]]}, "coincident peak charge cannot be priced"),
        (
            {"energyweekdayschedule": [[0] * 23 + [1]] * 12, "energyweekendschedule": ALWAYS},
            "names period 1, which energy",
        ),
        ({"energyratestructure": [[{"rate": 1}], [{"rate": 2}]]}, "no schedule for them"),
        ({"energyratestructure": [[{"rate": 1, "unit": "MCF"}]]}, "“mcf” is not a unit of energy tiers"),
        ({"energyratestructure": [[{"rate": 1}, {"rate": 2}]]}, "stands before another, which is never reached"),
        ({"energyratestructure": [[{"rate": 1, "max": 9}, {"rate": 2, "max": 9}, {"rate": 3}]]}, "ended"),
        ({"energyratestructure": [[{"rate": "abc"}]]}, "abc is not a number"),
        ({"energyratestructure": [{"rate": 1}]}, "not a list of periods"),
        (
            {"energyratestructure": [[{"rate": 1, "max": 9, "unit": "kWh/kW"}, {"rate": 1, "unit": "kWh"}]]},
            "Tiers of several units",
        ),
        ({**FLAT, "flatdemandunit": "hp"}, "Demand in hp cannot be priced"),
        ({**FLAT, "flatdemandmonths": [1] * 12}, "names period 1, which has no structure"),
        ({"flatdemandstructure": [[{"rate": 1}], [{"rate": 2}]]}, "flatdemandmonths does not say when"),
        ({**FLAT, "lookbackpercent": 0.5, "lookbackmonths": [1] * 12, "lookbackrange": 3}, "not both"),
        ({"demandratestructure": [[{"rate": 1}]], "lookbackpercent": 0.5}, "does not say in which period"),
        ({"fixedchargefirstmeter": 1, "fixedchargeunits": "$/fortnight"}, "is not a unit of a fixed charge"),
        ({"energyweekdayschedule": [[0] * 24] * 11}, "not 12 rows of 24"),
    ],
)
def test_what_cannot_be_expressed_is_refused_by_name(fields, said):
    assert said in refused(**{**ENERGY, **fields})


def test_reactive_power_becomes_a_line_that_asks_for_kvar():
    tariff = converted(**ENERGY, demandreactivepowercharge=0.66)
    assert What.KVAR in {own.what for own in needed(tariff)}


def test_daily_demand_adds_up_days():
    tariff = converted(**ENERGY, **{**FLAT, "flatdemandunit": "kW daily"})
    assert billed(year(tariff, [5] * 12), Kind.DEMAND)[0] == (5 + 30) * 10


def test_a_price_that_is_missing_is_nothing_and_said_to_be():
    imported = convert(record(energyratestructure=[[{"unit": "kWh"}]], fixedmonthlycharge=30))
    assert imported.tariff is not None
    assert [finding.code for finding in imported.findings] == ["urdb.no_price"]


def test_a_field_that_nobody_knows_is_not_dropped_in_silence():
    imported = convert(record(**ENERGY, wheelingcharge=3))
    assert "wheelingcharge is not known, and was not priced" in str(imported.findings[0])


def test_an_answer_of_the_api_and_a_list_are_unwrapped():
    assert len(read('{"items": [{"label": "a"}, {"label": "b"}]}')) == 2
    assert len(read('\ufeff[{"label": "a"}]')) == 1
    for text in ("{", "3", "[]", '{"items": []}', "[1]"):
        with pytest.raises(Unreadable):
            read(text)


def test_eighteen_decimals_survive():
    [found] = read('{"energyratestructure": [[{"rate": 0.070768997073172670}]]}')
    tariff = convert(found).tariff
    assert tariff is not None
    assert billed(year(tariff), Kind.ENERGY)[0] == 744 * D("0.070768997073172670")


@pytest.mark.parametrize("written", ["1E-99999999999999999999", "1E+99999999999999999999", "1E-400", "1E+400"])
def test_a_number_beyond_all_measure_is_refused_by_name(written):
    [record] = read('{"label": "x", "energyratestructure": [[{"rate": ' + written + "}]]}")
    found = convert(record, file="x.json")
    assert found.tariff is None
    assert any("is not a number" in one.message for one in found.findings)
