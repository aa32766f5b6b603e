"""A comparison of rates equals twelve bills computed one by one, offers only what they may have, refuses guesses."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from lamplighter.accounts import operations as accounts
from lamplighter.billing.models import Segment
from lamplighter.billing.queries.comparing_rates import at_prices_of, compare_rates
from lamplighter.billing.queries.service_years import CannotCompare, service_year
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from tests.billing.conftest import factory
from tests.town import DANA, ZONE

BOOK = "marisol-bay-power"
BEGAN, END = date(2025, 8, 3), date(2026, 9, 3)
READS = [date(2025, 9, 3), date(2025, 10, 3), date(2025, 11, 4), date(2025, 12, 3), date(2026, 1, 5), date(2026, 2, 3),
         date(2026, 3, 4), date(2026, 4, 3), date(2026, 5, 4), date(2026, 6, 3), date(2026, 7, 2), date(2026, 8, 3),
         date(2026, 9, 2)]  # fmt: skip


@pytest.fixture
def works(town):
    """Two works of one and the same load, Kettle on GS-2 and Twin on GS-3, and a year of their bills."""
    town.on("2025-08-03")
    rates = {}
    for code in ("gs-1", "gs-2", "gs-3", "r-1"):
        kind = "residential" if code == "r-1" else "commercial"
        for year in ("2024", "2026"):
            rates[code] = town.adopts_book(f"{BOOK}/{code}_{year}-07-01.toml", kind)
    for who, code in (("Kettle", "gs-2"), ("Twin", "gs-3")):
        home = town.moves_in(who, rates[code], interval=900)
        accounts.state_fact(agreement=home.agreement, name="power_factor", value="0.87", period=Period(BEGAN), by=DANA,
                            at=town.at)  # fmt: skip
        calendar = slot_calendar(Period(BEGAN, END), seconds=900, zone=ZONE)
        town.uses(who, Period(BEGAN, END), factory(calendar).astype(np.int64))
    return town


def billed(town, reads=READS):
    for day in reads:
        town.on(day.isoformat()).bills(day.replace(day=1).isoformat(), day.isoformat())
    return town.on("2026-09-10")


def test_each_total_is_that_of_twelve_bills_computed_one_by_one(works):
    billed(works)
    found = compare_rates(works.homes["Kettle"].agreement, on=works.today)
    for who, code in (("Kettle", "GS-2"), ("Twin", "GS-3")):
        (option,) = [one for one in found.options if one.code == code]
        bills = Segment.objects.filter(agreement=works.homes[who].agreement).order_by("period")
        assert [bill.total for bill in option.year.bills] == [segment.total for segment in bills][-12:]
    assert found.current.code == "GS-2"
    assert found.saving(found.current) == Money(0)
    assert sum((amount for amount in found.best.year.by_kind().values()), Money(0)) == found.best.year.total


def test_only_rates_that_they_may_be_on_are_offered(works):
    billed(works)
    found = compare_rates(works.homes["Kettle"].agreement, on=works.today)
    assert {option.code for option in found.options} == {"GS-2", "GS-3"}
    whys = {one.code: one.why for one in found.not_offered}
    assert whys["GS-1"].startswith("It is for less than 50 kW; the highest of twelve months was ")
    assert whys["R-1"] == "It is for residential customers; this one is commercial."


def test_at_the_prices_of_one_day_both_halves_of_the_year_cost_alike(works):
    billed(works)
    then = compare_rates(works.homes["Kettle"].agreement, on=works.today)
    now = compare_rates(works.homes["Kettle"].agreement, on=works.today, prices_of=works.today)
    assert now.current.year.total > then.current.year.total
    book = at_prices_of(now.service, works.today)
    assert {one.tariff.valid.start for one in book["marisol-bay-power/gs-2"]} == {BEGAN}
    lines = {line.price for bill in now.current.year.bills for line in bill.line("demand")}
    assert lines == {Decimal("12.4")}


def test_a_short_history_is_refused_with_the_reason(works):
    billed(works, READS[:8])
    with pytest.raises(CannotCompare, match="There are 8 bills here"):
        compare_rates(works.homes["Kettle"].agreement, on=works.today)


def test_a_history_of_estimates_is_refused(works):
    billed(works)
    start = date(2026, 4, 10)
    days = Period(start, start + timedelta(days=50))
    wh = factory(slot_calendar(days, seconds=900, zone=ZONE)).astype(np.int64)
    works.uses("Kettle", days, wh + 1, quality=Quality.ESTIMATED_LINEAR)
    with pytest.raises(CannotCompare, match="of the readings are estimates"):
        compare_rates(works.homes["Kettle"].agreement, on=works.today)


def test_the_curve_of_a_service_is_what_was_published(works):
    billed(works)
    service = service_year(works.homes["Kettle"].agreement, on=works.today)
    assert service.curve.missing == 0
    assert int(service.curve.delivered[:96].sum()) * service.curve.unit == Decimal(
        int(factory(slot_calendar(Period(BEGAN, END), seconds=900, zone=ZONE)).astype(np.int64)[:96].sum())
    ) / 1000  # fmt: skip
