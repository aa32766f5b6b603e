"""Who belongs on which rate by a year of use, and how changes are banded."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.ratestudies.queries.rules import may_choose
from lamplighter.ratestudies.rules import BANDS, Limits, Used, band, band_words, belongs

SHOPS = frozenset({"commercial"})
RULES = {
    "gs-1": Limits("gs-1", SHOPS, usual=True),
    "gs-2": Limits("gs-2", SHOPS, rank=1, kw=Decimal(50), kwh=Decimal(8000), months=6, stay=3),
    "gs-3": Limits("gs-3", SHOPS, rank=2, kw=Decimal(500), months=3, stay=1),
    "ev": Limits("ev", SHOPS, chosen=True),
}


def year(*, over: int, kw: int = 60, kwh: int = 100, of: int = 12):
    return [Used(date(2026, 1, 1), Decimal(kwh), Decimal(kw if month < over else 10)) for month in range(of)]


@pytest.mark.parametrize(("own", "over", "schedule"), [
    ("gs-1", 5, "gs-1"), ("gs-1", 6, "gs-2"), ("gs-2", 3, "gs-2"), ("gs-2", 2, "gs-1"),
])  # fmt: skip
def test_it_takes_more_months_to_come_in_than_to_stay(own, over, schedule):
    assert belongs(own, "commercial", year(over=over), RULES).schedule == schedule


def test_either_limit_counts_and_the_highest_rank_wins():
    assert belongs("gs-1", "commercial", year(over=0, kwh=8000), RULES).schedule == "gs-2"
    found = belongs("gs-1", "commercial", year(over=12, kw=700), RULES)
    assert (found.schedule, found.why) == ("gs-3", "12 of 12 months at or over 500 kW; the rule asks for 3.")


def test_a_choice_is_left_to_the_customer_and_an_unknown_schedule_alone():
    assert belongs("ev", "commercial", year(over=12), RULES).schedule == "ev"
    assert belongs("gs-9", "commercial", year(over=12), RULES).schedule == "gs-9"


BOOK = {**RULES, "gs-3": replace(RULES["gs-3"], optional_kw=Decimal(200))}
"""The same rules, and a tariff that lets whoever reaches 200 kW ask for GS-3."""


@pytest.mark.parametrize(("own", "rules", "may"), [
    ("gs-2", RULES, ["gs-2"]),
    ("gs-2", BOOK, ["gs-2", "gs-3"]),
    ("gs-3", BOOK, ["gs-3", "gs-1", "gs-2"]),
    ("gs-1", BOOK, ["gs-1", "gs-3", "ev"]),
])  # fmt: skip
def test_what_the_tariff_opens_on_request_may_be_chosen_and_left_again(own, rules, may):
    assert may_choose(own, "commercial", rules) == may


def test_who_asked_for_what_the_tariff_opens_stays_while_they_reach_its_demand():
    assert belongs("gs-3", "commercial", year(over=12, kw=300), RULES).schedule == "gs-2"
    kept = belongs("gs-3", "commercial", year(over=1, kw=300), BOOK)
    assert (kept.schedule, kept.why) == ("gs-3", "The tariff opens it to whoever reaches 200 kW and asks for it.")
    assert belongs("gs-3", "commercial", year(over=12, kw=150), BOOK).schedule == "gs-2"


def test_a_rule_by_demand_is_not_judged_where_no_meter_tells_it():
    dumb = [Used(date(2026, 1, 1), Decimal(100))] * 12
    found = belongs("gs-3", "commercial", dumb, {**RULES, "gs-2": Limits("gs-2", SHOPS, kw=Decimal(50), months=6)})
    assert (found.schedule, "No meter tells" in found.why) == ("", True)


@given(st.integers(1, 10**9), st.integers(0, 2 * 10**9))
def test_every_change_lies_in_the_band_that_its_words_say(present, proposed):
    number, percent = band(present, proposed), 100 * (proposed - present)
    low = BANDS[number - 1] * present if number else None
    high = BANDS[number] * present if number < len(BANDS) else None
    assert low is None or percent >= low
    assert high is None or percent <= high
    assert band_words(number)


def test_who_paid_nothing_pays_much_more_or_the_same():
    assert (band(0, 0), band(0, 5), band(0, -5)) == (len(BANDS) // 2, len(BANDS), 0)
    assert band_words(band(100, 100)) == "within 2%"
