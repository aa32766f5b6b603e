"""Loads of buildings that do not stand yet: worked by hand, and figures that are refused by name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.keyaccounts.planning import Use, estimate, planning_of, sales_by_month
from lamplighter.keyaccounts.rules import CannotKeep

FILE = """
[planning]
since = 2026-01-01
source = "Own arithmetic"
power_factor = 0.95
transformers_kva = [500, 75, 300]

[[building]]
key = "flats"
label = "Flats"
per = "dwellings"
va = 10000
demand = 0.25
load_factor = 0.4

[[building]]
key = "offices"
label = "Offices"
per = "sq ft"
va = 10
demand = 0.5
load_factor = 0.5

[[feeder]]
name = "Foundry 301"
rated_kva = 9000
peak_kva = 8600
"""
FIGURES = planning_of(FILE)


def test_uses_come_to_kva_kw_and_kwh():
    """100 flats: 1,000 kVA x 0.25 = 250, x 0.95 x 0.4 x 24 = 2,280 kWh a day; 10,000 sq ft: 100 x 0.5 = 50, 570."""
    found = estimate([Use("flats", Decimal(100)), Use("offices", Decimal(10_000))], FIGURES)
    assert [(one.connected_kva, one.demand_kva, one.kwh_day) for one in found.parts] == [
        (1000, 250, 2280), (100, 50, 570)
    ]  # fmt: skip
    assert (found.demand_kva, found.kw, found.kwh_day) == (300, 285, 2850)
    assert found.transformer_kva == 300, "the smallest that carries it"
    assert estimate([Use("flats", Decimal(1000))], FIGURES).transformer_kva is None, "it takes several"


def test_sales_rise_by_equal_steps_until_the_buildings_are_full():
    found = sales_by_month(Decimal(100), begins=date(2026, 12, 15), ramp_months=4, first=date(2026, 11, 1), count=6)
    assert found == [0, 775, 1550, 2100, 3100, 3000], "30, 31, 31, 28, 31, 30 days; a quarter more each month"


def test_what_was_full_before_the_first_month_stays_full():
    found = sales_by_month(Decimal(10), begins=date(2020, 1, 1), ramp_months=12, first=date(2026, 11, 1), count=2)
    assert found == [300, 310]


@pytest.mark.parametrize(
    ("use", "words"),
    [(Use("castles", Decimal(1)), "know no “castles”. They know flats, offices"),
     (Use("flats", Decimal(0)), "above nothing")],
)  # fmt: skip
def test_a_use_that_is_not_known_is_refused(use, words):
    with pytest.raises(CannotKeep, match=words):
        estimate([use], FIGURES)


@pytest.mark.parametrize(
    ("was", "now", "field"),
    [
        ("demand = 0.25", "demand = 25", "demand"),
        ("power_factor = 0.95\n", "", "power_factor"),
        ("transformers_kva = [500, 75, 300]", "transformers_kva = []", "transformers_kva"),
        ('per = "dwellings"', "per = 3", "per"),
        ("[[feeder]]", "[[feders]]", "feeder"),
        ("rated_kva = 9000", "rated_kva = 0", "rated_kva"),
    ],
)
def test_a_file_is_refused_by_the_name_of_its_field(was, now, field):
    with pytest.raises(CannotAdvise) as fault:
        planning_of(FILE.replace(was, now))
    assert fault.value.field == field
