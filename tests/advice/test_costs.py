"""Marginal costs: figures of a file within their bounds, and the cost of loads worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.costs import cost_of, costs_of
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period

FILE = """
[[marginal]]
since = 2026-01-01
dollars_per_mwh = 50
losses = 0.2
dollars_per_kw_year = 73
peak_months = [7]
peak_hours = [17, 18]
dollars_per_month = 365
source = "Own arithmetic"
"""


def curve(period, kw_by_hour):
    calendar = slot_calendar(period, seconds=3600, zone=ZoneInfo("America/Los_Angeles"))
    wh = np.array([kw_by_hour(hour) * 1000 for hour in calendar.minutes // 60], dtype=np.int64)
    nothing = np.zeros(calendar.slots, dtype=np.int64)
    read = np.ones(calendar.slots, dtype=bool)
    return LoadCurve(calendar, Decimal("0.001"), wh, nothing, read, ~read)


def test_a_flat_load_costs_its_energy_with_losses_its_kw_and_its_account():
    """100 kW for 365 days: 876 MWh / 0.8 x $50; 100 kW / 0.8 x $73; 12 x $365."""
    cost = cost_of(curve(Period(date(2026, 1, 1), date(2027, 1, 1)), lambda _: 100), costs_of(FILE))
    assert (cost.energy, cost.capacity, cost.account) == (Money(5_475_000), Money(912_500), Money(438_000))
    assert cost.peak_kw == Decimal("125.0")
    assert cost.total == Money(6_825_500)


def test_what_is_used_away_from_the_peak_costs_no_capacity():
    night = cost_of(curve(Period(date(2026, 1, 1), date(2027, 1, 1)), lambda hour: 100 if hour < 6 else 0),
                    costs_of(FILE))  # fmt: skip
    assert night.capacity == Money(0)
    assert night.energy.cents == pytest.approx(5_475_000 / 4, rel=0.001)


def test_hours_have_their_own_prices():
    rows = "[" + ", ".join(["[" + ", ".join("100" if hour == 12 else "0" for hour in range(24)) + "]"] * 12) + "]"
    costs = costs_of(FILE.replace("dollars_per_mwh = 50", f"dollars_per_mwh = {rows}"))
    noon = cost_of(curve(Period(date(2026, 1, 1), date(2027, 1, 1)), lambda hour: 10 if hour == 12 else 0), costs)
    assert noon.energy == Money.nearest(Decimal(365 * 10) / Decimal("0.8") * Decimal("0.1"))


def test_days_without_an_hour_of_the_peak_are_refused():
    with pytest.raises(CannotAdvise, match="none of the hours"):
        cost_of(curve(Period(date(2026, 1, 1), date(2026, 2, 1)), lambda _: 100), costs_of(FILE))


@pytest.mark.parametrize(
    ("was", "now", "field", "words"),
    [
        ("losses = 0.2", "losses = 1.2", "losses", "from 0 to 0.5"),
        ("losses = 0.2\n", "", "losses", "marginal.losses is missing"),
        ("dollars_per_mwh = 50", "dollars_per_mwh = [1, 2]", "dollars_per_mwh", "twelve rows"),
        ("peak_months = [7]", "peak_months = [13]", "peak_months", "whole numbers from 1 to 12"),
        ("peak_hours = [17, 18]", "peak_hours = []", "peak_hours", "whole numbers from 0 to 23"),
        ("since = 2026-01-01", 'since = "soon"', "since", "is a day"),
        ('source = "Own arithmetic"', 'source = ""', "source", "in words"),
        ("[[marginal]]", "[[maginal]]", "marginal", "have no"),
    ],
)
def test_a_file_is_refused_by_the_name_of_its_field(was, now, field, words):
    with pytest.raises(CannotAdvise, match=words) as fault:
        costs_of(FILE.replace(was, now))
    assert fault.value.field == field
