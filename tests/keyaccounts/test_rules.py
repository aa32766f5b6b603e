"""Tiers and health say their points and their reasons."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from lamplighter.journeys.measuring import BEYOND
from lamplighter.kernel.money import Money
from lamplighter.keyaccounts.measures import MEASURES, Aim, progress
from lamplighter.keyaccounts.queries.measuring import TAKERS
from lamplighter.keyaccounts.rules import Relation, Standing, health_of, next_touch, tier_of

ON = date(2026, 11, 20)
SMALL = tier_of(Standing())


@pytest.mark.parametrize(
    ("standing", "tier", "points"),
    [
        (Standing(Money(60_000_000), Decimal(1), Decimal(1900)), "A", 7),
        (Standing(Money(19_800_000), Decimal(1), Decimal(412), Decimal("0.02"), 1), "A", 6),
        (Standing(Money(16_000_000), Decimal(1), Decimal(20)), "B", 3),
        (Standing(Money(16_000_000), Decimal(1), None, Decimal("0.11")), "B", 4),
        (Standing(Money(900_000), Decimal(1), Decimal(49)), "C", 0),
    ],
)  # fmt: skip
def test_a_tier_follows_from_points_that_are_shown(standing, tier, points):
    found = tier_of(standing)
    assert (found.name, found.total) == (tier, points)
    assert all(one.why for one in found.points)


def test_nothing_amiss_is_a_hundred():
    found = health_of(Relation(ON, SMALL, last_touch=ON))
    assert (found.score, found.reasons, found.word) == (100, (), "Good")


def test_what_is_amiss_is_named_the_gravest_first():
    found = health_of(
        Relation(ON, SMALL, last_touch=ON - timedelta(days=100), issues_late=1, steps_overdue=1,
                 contract_ends=ON + timedelta(days=365), cost_change=Decimal("0.19"), no_outage_contact=True)
    )  # fmt: skip
    assert [one.why for one in found.reasons] == [
        "1 issue past the promised day", "The contract ends on Nov 20, 2027", "1 next step overdue",
        "Bills rose by 19% in a year", "No contact for 100 days", "Nobody is named for outages at night",
    ]  # fmt: skip
    assert found.score == 100 - 20 - 15 - 10 - 10 - 8 - 5
    assert found.word == "Poor"


def test_who_was_never_spoken_to_is_due_today():
    assert next_touch(Relation(ON, SMALL)) == ON
    assert next_touch(Relation(ON, SMALL, last_touch=ON)) == ON + timedelta(days=90)


PEAK = Aim("peak-kw", Decimal(412), Decimal(300), date(2026, 10, 1), date(2027, 2, 28))
"""112 kW in 150 days; on `ON` a third of them is gone, and 374.7 kW would be on course."""


@pytest.mark.parametrize(("value", "on", "words"), [
    ("299.4", ON, "Reached"),
    ("374", ON, "On course, 74 kW to go"),
    ("375", ON, "Behind, 75 kW to go"),
    ("430", ON, "Behind, 130 kW to go, and worse than at the start"),
    ("310", PEAK.due_on, "Behind, 10 kW to go"),
    ("310", PEAK.due_on + timedelta(days=1), "Missed by 10 kW"),
    (None, ON, "Not measured"),
])  # fmt: skip
def test_a_goal_says_in_words_where_it_stands(value, on, words):
    assert progress(PEAK, None if value is None else Decimal(value), on=on) == words


def test_a_goal_of_more_is_reached_from_below_and_dollars_are_told_as_dollars():
    aim = Aim("program-paid", Decimal(0), Decimal(5000), date(2026, 10, 1), date(2027, 2, 28))
    assert progress(aim, Decimal(5000), on=ON) == "Reached"
    assert progress(aim, Decimal(4000), on=ON) == "On course, $1,000 to go"
    assert progress(aim, Decimal(-10), on=ON) == "Behind, $5,010 to go, and worse than at the start"


def test_every_measure_has_somebody_who_takes_it_and_only_one():
    assert not TAKERS.keys() & BEYOND.keys()
    assert TAKERS.keys() | BEYOND.keys() == MEASURES.keys()
