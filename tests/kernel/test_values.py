from decimal import Decimal

import pytest

from lamplighter.kernel.actors import Actor, staff
from lamplighter.kernel.energy import Measure, Quality, Unit
from lamplighter.kernel.findings import Finding, Place, Severity, worst
from lamplighter.kernel.numerals import ungrouped


def test_a_measure_keeps_its_power_of_ten():
    kwh = Measure(Unit.WH, 3)
    assert kwh.value(5) == Decimal(5000)
    assert kwh.count(Decimal(5000)) == 5
    assert str(kwh) == "kWh"
    assert str(Measure(Unit.CUBIC_FOOT, 2)) == "10^2 ft3"
    with pytest.raises(ValueError, match="not a whole number"):
        kwh.count(Decimal(5500))


def test_estimates_are_known_by_their_quality():
    assert Quality(8).estimated
    assert Quality.ESTIMATED_LINEAR.estimated
    assert not Quality.EDITED.estimated


def test_an_actor_is_written_and_read():
    assert Actor.parse(str(staff("dana"))) == staff("dana")
    with pytest.raises(ValueError, match="robot"):
        Actor.parse("robot:x")


def test_a_finding_says_where_what_and_what_to_do():
    finding = Finding(
        "cmep.length",
        "23 readings where the line announces 24.",
        place=Place("a.cmep", 7, "quantity"),
        remedy="Ask the sender for the line again.",
    )
    assert str(finding) == (
        "a.cmep, line 7, quantity: 23 readings where the line announces 24. Ask the sender for the line again."
    )
    assert worst([finding, Finding("x", "y", Severity.INFO)]) is Severity.ERROR
    assert worst([]) is None


@pytest.mark.parametrize(("typed", "read"), [
    ("1,250.00", "1250.00"), ("-1,234,567", "-1234567"), ("84.66", "84.66"), ("12,50", "12,50"), ("1,2500", "1,2500"),
    ("1250,000", "1250,000"), ("0.455,123", "0.455,123"), ("1,250,00", "1,250,00"),
])  # fmt: skip
def test_a_comma_stands_between_thousands_alone(typed, read):
    assert ungrouped(typed) == read
