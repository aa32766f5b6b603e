"""Bills worked by hand, on which both calculators agree, where a change, a count or a rule is easily got wrong.

Price changes on 16 June 2026, in the middle of a bill from 1 to 30 June.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from lamplighter.kernel.periods import Period
from lamplighter.rating import BillInput, PastBill, Tariff, asks, check_book, to_record
from tests.rating.columnar.both import both, evenly
from tests.rating.writing import tariff

D = Decimal
JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
ENERGY = """
[[line]]
code = "energy"
quantity = "kWh"
unit = "$/kWh"
price = 0.1
"""


SEASONS = """
[calendar]
seasons_by = "{}"
[[calendar.season]]
name = "summer"
from = "06-01"
to = "09-30"
[[calendar.season]]
name = "winter"
from = "10-01"
to = "05-31"
"""


def two(earlier: str, later: str, head: str = "") -> list[Tariff]:
    before = tariff(earlier, start="2025-01-01", end="2026-06-16", head=head)
    return [before, tariff(later, start="2026-06-16", head=head)]


def lines(versions: Tariff | Sequence[Tariff], quantity: str, bill: BillInput | None = None) -> dict[str, Fraction]:
    """What each line comes to where every demand is `quantity`, and energy is so much over the bill, day by day."""
    found: dict[str, Fraction] = {}
    for line in evenly(versions, bill or BillInput(JUNE), quantity).lines:
        found[line.code] = found.get(line.code, Fraction(0)) + Fraction(line.exact)
    return found


def again(price: str, of: str, unit: str) -> str:
    return f"""
[[line]]
code = "again"
quantity = "quantity of lines"
lines = ["{of}"]
counted_in = "{unit}"
unit = "$/{unit}"
price = {price}
"""


def test_a_charge_on_the_kwh_of_another_line_takes_each_price_for_its_own_days():
    """100 kWh, half of them at $0.01 and half at $0.02: $1.50."""
    versions = two(ENERGY + again("0.01", "energy", "kWh"), ENERGY + again("0.02", "energy", "kWh"))
    assert lines(versions, "100")["again"] == Fraction("1.5")


def test_a_line_that_counts_nothing_does_not_change_how_others_are_counted_again():
    """Heat is billed to nobody here, so that a charge on its kWh counts none; a charge on the kWh of energy and of that
    one takes each price for its own days: 50 kWh at $0.01 and 50 at $0.02."""
    head = '[attribute.heating]\nlabel = "Heating"\nvalues = ["gas", "electric"]\ndefault = "gas"\n'
    heat = ENERGY.replace('"energy"', '"heat"') + 'when = { heating = "electric" }\n' + again("1", "heat", "kWh")
    both_of_them = again("{}", 'energy", "again', "kWh").replace('code = "again"', 'code = "both"')
    versions = two(ENERGY + heat + both_of_them.format("0.01"), ENERGY + heat + both_of_them.format("0.02"), head)
    assert lines(versions, "100")["both"] == Fraction("1.5")


def test_kilowatts_of_a_line_cut_in_two_are_not_counted_twice():
    """100 kW at $5 and then at $6; a dollar on each kW billed is $100."""
    demand = '[[line]]\ncode = "demand"\nquantity = "kW"\nunit = "$/kW"\nprice = {}\n'
    versions = two(demand.format(5) + again("1", "demand", "kW"), demand.format(6) + again("1", "demand", "kW"))
    assert lines(versions, "100") == {"demand": 550, "again": 100}


def test_a_minimum_takes_each_price_for_its_own_days():
    """$20 a month and then $40: half a month of each is $30, less $10 of energy."""
    least = '[[line]]\ncode = "least"\nof = ["energy"]\n[[line.minimum]]\nunit = "$/month"\nprice = {}\n'
    versions = two(ENERGY + least.format(20), ENERGY + least.format(40))
    assert lines(versions, "100")["least"] == 20


def test_a_tax_that_does_not_change_sees_lines_that_come_and_go():
    """$10 of energy and $10 of a charge that is there on half the days: 10 % of both."""
    added = '[[line]]\ncode = "added"\nquantity = "kWh"\nunit = "$/kWh"\nprice = 0.2\n'
    tax = '[[line]]\ncode = "tax"\nof = "all above"\npercent = 10\n'
    for versions in (two(ENERGY + added + tax, ENERGY + tax), two(ENERGY + tax, ENERGY + added + tax)):
        assert lines(versions, "100") == {"energy": 10, "added": 10, "tax": 2}


def test_steps_of_lamps_are_not_prorated_as_lamps_are_not():
    """Twenty lamps for half a month, the first ten at $5 and the others at $4."""
    head = '[attribute.lamps]\nlabel = "Lamps"\ntype = "number"\nunit = "lamp"\n'
    lamps = """
[proration]
month_days = 30
[[line]]
code = "lamps"
quantity = "lamps"
unit = "$/lamp"
[[line.tier]]
price = 5
up_to = 10
[[line.tier]]
price = 4
"""
    half = BillInput(Period(date(2026, 6, 1), date(2026, 6, 16)), {"lamps": 20})
    assert lines(tariff(lamps, head=head), "0", half)["lamps"] == 45


def test_of_the_rules_of_a_demand_the_highest_counts():
    """Of 10 kW measured, the mean with 50 kW in May is 30, and 40 kW are billed at least: 40."""
    demand = """
[[line]]
code = "demand"
quantity = "kW"
unit = "$/kW"
price = 1
least = 40
mean_with_highest_of_months = 1
"""
    found = tariff(demand)
    [own] = to_record(found)
    bill = BillInput(JUNE, past=(PastBill(date(2026, 5, 1), {own.key: D(50)}),))
    assert lines(found, "10", bill)["demand"] == 40


def test_of_two_bills_in_a_month_a_ratchet_looks_at_the_higher():
    demand = """
[[line]]
code = "demand"
quantity = "kW"
unit = "$/kW"
price = 1
[[line.ratchet]]
percent = 100
months_back = 1
"""
    found = tariff(demand)
    [own] = to_record(found)
    may = [PastBill(date(2026, 5, 1), {own.key: D(kw)}) for kw in (50, 30)]
    assert lines(found, "10", BillInput(JUNE, past=tuple(may)))["demand"] == 50


HOURS_BY_SEASON = (
    SEASONS.format('cycle"\nhours_by = "season')
    + """
[[calendar.clock]]
name = "hours"
[[calendar.clock.period]]
name = "peak"
windows = [
  { from = "16:00", to = "20:00", seasons = ["summer"] },
  { from = "17:00", to = "20:00", seasons = ["winter"] },
]
[[calendar.clock.period]]
name = "off"
"""
)
RATCHETED = """
[[line]]
code = "demand"
quantity = "kW"
periods = ["peak"]
unit = "$/kW"
price = 1
[[line.ratchet]]
percent = 80
months_back = 1
"""


def test_a_ratchet_finds_its_peaks_where_hours_go_by_the_bills_season():
    found = tariff(RATCHETED, head=HOURS_BY_SEASON)
    [own] = to_record(found)
    bill = BillInput(JUNE, past=(PastBill(date(2026, 5, 1), {own.key: D(50)}),))
    assert lines(found, "10", bill)["demand"] == 40


def test_bands_by_the_kwh_of_other_lines_stand_for_the_whole_bill():
    """Below 150 kWh $1, from there $2: 100 kWh over a change of price are 50 and 50, each against half of 150."""
    banded = (
        ENERGY
        + """
[[line]]
code = "access"
unit = "$/month"
band_by = {{ quantity = "quantity of lines", lines = ["energy"] }}
[[line.band]]
price = {}
below = 150
[[line.band]]
price = 2
"""
    )
    assert lines(two(banded.format(1), banded.format("1.5")), "100")["access"] == Fraction("1.25")
    assert lines(two(banded.format(1), banded.format("1.5")), "200")["access"] == 2


def test_a_bill_on_which_no_line_stands_is_nothing():
    winter = '[[line]]\ncode = "heat"\nunit = "$/month"\nprice = 5\nseason = "winter"\n'
    found = tariff(winter, head=SEASONS.format("date"), rounding="once")
    assert lines(found, "0") == {}


def test_a_winter_line_asks_nothing_of_a_summer_bill():
    head = SEASONS.format("date") + '[attribute.heating]\nlabel = "Heating"\nvalues = ["gas", "electric"]\n'
    winter = (
        '[[line]]\ncode = "heat"\nunit = "$/month"\nprice = 5\nseason = "winter"\nwhen = { heating = "electric" }\n'
    )
    assert lines(tariff(ENERGY + winter, head=head), "100") == {"energy": 10}


def test_a_tax_at_the_first_days_rate_sees_a_line_that_begins_later():
    """$10 of energy and $10 of a charge from the 16th, at 10 %, which becomes 20 % only with the next cycle: $2."""
    added = '[[line]]\ncode = "added"\nquantity = "kWh"\nunit = "$/kWh"\nprice = 0.2\n'
    tax = '[[line]]\ncode = "tax"\nof = "all above"\npercent = {}\nat_change = "cycle start"\n'
    assert lines(two(ENERGY + tax.format(10), ENERGY + added + tax.format(20)), "100")["tax"] == 2


def test_a_minimum_covers_the_lines_that_its_last_wording_names():
    """$20 and then $40 is $30; energy of $10 and the $5 that only the later version covers leave $15."""
    body = ENERGY + '[[line]]\ncode = "meter"\nunit = "$/month"\nprice = 5\n'
    least = '[[line]]\ncode = "least"\nof = {}\n[[line.minimum]]\nunit = "$/month"\nprice = {}\n'
    versions = two(body + least.format('["energy"]', 20), body + least.format('["energy", "meter"]', 40))
    assert lines(versions, "100")["least"] == 15


EXCESS = """
[[line]]
code = "reactive"
quantity = "kVAr"
unit = "{}"
price = {}
above = {{ quantity = "kW", percent = 50 }}
"""


def test_excess_demand_is_charged_once_at_each_price_for_its_days():
    """100 kVAr above half of 100 kW are 50, at $1 and then $2: $25 and $50, by the month or by the bill."""
    for unit in ("$/kVAr", "$/kVAr/bill"):
        assert lines(two(EXCESS.format(unit, 1), EXCESS.format(unit, 2)), "100")["reactive"] == 75


def test_a_charge_that_counts_kilowatts_again_is_not_prorated_as_demand_is_not():
    """A bill of 15 days where a month has 30: 100 kW at $5 and $1 on each of them."""
    demand = '\n[proration]\nmonth_days = 30\n[[line]]\ncode = "demand"\nquantity = "kW"\nunit = "$/kW"\nprice = 5\n'
    half = BillInput(Period(date(2026, 6, 1), date(2026, 6, 16)))
    found = lines(tariff(demand + again("1", "demand", "kW").replace('"$/kW"', '"$/kW/month"')), "100", half)
    assert found == {"demand": 500, "again": 100}


def test_steps_of_excess_energy_are_prorated_as_those_of_energy_are():
    """60 kVArh above 40 in 15 days of a 30-day month: half of the first 40 at $1, the other 40 at $2."""
    steps = """
[proration]
month_days = 30
[[line]]
code = "reactive"
quantity = "kVArh"
unit = "$/kVArh"
above = { quantity = "kWh", percent = 40 }
[[line.tier]]
price = 1
up_to = 40
[[line.tier]]
price = 2
"""
    half = BillInput(Period(date(2026, 6, 1), date(2026, 6, 16)))
    assert lines(tariff(steps), "100", half)["reactive"] == 20 + 80


def test_an_account_that_says_nothing_meets_each_default_on_its_own_days():
    """Heating counts as gas ($1) until the later version takes it to be electric ($3): half a month of each."""
    head = '[attribute.heating]\nlabel = "Heating"\nvalues = ["gas", "electric"]\ndefault = "{}"\n'
    charge = '[[line]]\ncode = "heat"\nunit = "$/month"\nprice = { by = "heating", gas = 1, electric = 3 }\n'
    before = tariff(charge, start="2025-01-01", end="2026-06-16", head=head.format("gas"))
    later = tariff(charge, start="2026-06-16", head=head.format("electric"))
    assert lines([before, later], "0")["heat"] == 2
    assert lines([before, later], "0", BillInput(JUNE, {"heating": "gas"}))["heat"] == 1


def test_of_two_versions_the_newer_says_what_stands_above():
    """The surcharge moves above the tax on the 16th: the whole bill's surcharge is taxed, and the book warns of it."""
    surcharge = '[[line]]\ncode = "surcharge"\nunit = "$/month"\nprice = 4\n'
    tax = '[[line]]\ncode = "tax"\nof = "all above"\npercent = 10\n'
    versions = two(ENERGY + tax + surcharge, ENERGY + surcharge + tax)
    assert lines(versions, "100") == {"energy": 10, "surcharge": 4, "tax": Fraction("1.4")}
    assert [finding.code for finding in check_book(versions)] == ["tariff.order"]
    assert check_book(two(ENERGY + tax + surcharge, ENERGY + tax)) == ()


def test_a_peak_is_kept_by_the_hours_that_billed_it():
    """A bill of the May cycle, winter's, runs into June: its peak is that of winter's hours on every day."""
    found = tariff(RATCHETED, head=HOURS_BY_SEASON)
    [own] = to_record(found)
    shoulder = BillInput(Period(date(2026, 5, 10), date(2026, 6, 9)), cycle=date(2026, 5, 1), since=date(2026, 5, 10))
    [asked] = asks(found, shoulder)
    assert asked.determinant.clock is not None
    assert not any(window.seasons for hours in asked.determinant.clock.periods for window in hours.windows)
    assert both(found, shoulder, {asked: D(50)}).peaks == {own.key: D(50)}


STEPS_IN_ORDER = """
[[line]]
code = "{}"
quantity = "kWh"
unit = "$/kWh"
tiers_per = "bill"
tiers_with_hours = "chronological"
[[line.tier]]
price = {{ by = "period", peak = 1, off = 1 }}
up_to = {}
[[line.tier]]
price = {{ by = "period", peak = 2, off = 3 }}
"""


def test_steps_in_order_of_time_end_where_each_line_says():
    """200 kWh off peak, then 100 at peak. A step to 100 kWh: $100, 100 x $3, 100 x $2; a step to 250: $250, 50 x $2."""
    clock = HOURS_BY_SEASON.replace('hours_by = "season"\n', "").replace('seasons_by = "cycle"', 'seasons_by = "date"')
    found = tariff(STEPS_IN_ORDER.format("early", 100) + STEPS_IN_ORDER.format("late", 250), head=clock)
    starts = {"off": D(0), "peak": D(200)}
    used = {}
    for ask in asks(found, BillInput(JUNE)):
        [hours] = ask.determinant.periods
        first, last = starts[hours], starts[hours] + (D(200) if hours == "off" else D(100))
        band = ask.determinant.band
        lower, upper = (band.lower, band.upper) if band is not None else (D(0), None)
        used[ask] = max(D(0), min(last, upper if upper is not None else last) - max(first, lower))
    priced = both(found, BillInput(JUNE), used)
    amounts = {code: sum(line.exact for line in priced.line(code)) for code in ("early", "late")}
    assert amounts == {"early": 100 + 100 * 3 + 100 * 2, "late": 250 + 50 * 2}
