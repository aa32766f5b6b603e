"""Who may be on a schedule, as the rate book's availability clause has it."""

from decimal import Decimal

import pytest

from lamplighter.rating import parse
from lamplighter.rating.availability import ANYBODY, Availability, why_not

GS_2 = Availability(("commercial", "industrial"), Decimal(50), Decimal(500))
GS_3 = Availability(("commercial", "industrial"), Decimal(500), None, Decimal(200))
HEAD = """
[tariff]
utility = "Test"
code = "T-1"
name = "Test"
valid_from = 2026-01-01
[rounding]
rule = "once"
stated = true
[[line]]
code = "customer"
label = "Customer charge"
unit = "$/month"
price = 10
"""


@pytest.mark.parametrize(
    ("clause", "customer_class", "kw", "why"),
    [
        (ANYBODY, "residential", 3, ""),
        (GS_2, "commercial", 50, ""),
        (GS_2, "commercial", 49, "It asks for 50 kW at least; the highest of twelve months was 49.0 kW."),
        (GS_2, "commercial", 500, "It is for less than 500 kW; the highest of twelve months was 500.0 kW."),
        (GS_2, "residential", 60, "It is for commercial and industrial customers; this one is residential."),
        (GS_3, "commercial", 200, ""),
        (GS_3, "commercial", 199, "It asks for 200 kW at least; the highest of twelve months was 199.0 kW."),
    ],
)  # fmt: skip
def test_a_customer_may_be_on_it_or_hears_why_not(clause, customer_class, kw, why):
    assert why_not(clause, customer_class=customer_class, kw_peak=Decimal(kw)) == why


def test_the_tariff_file_says_it():
    found = parse(HEAD + '[available]\nto = ["commercial"]\nkw_from = 500\nkw_optional_from = 200\n', "t.toml").tariff
    assert found.available == Availability(("commercial",), Decimal(500), None, Decimal(200))
    assert parse(HEAD, "t.toml").tariff.available == ANYBODY


def test_a_word_that_is_not_known_is_refused():
    parsed = parse(HEAD + "[available]\nkw_form = 500\n", "t.toml")
    assert parsed.tariff is None
    assert [finding.code for finding in parsed.findings] == ["tariff.unknown_word"]
