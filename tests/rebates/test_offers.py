"""What is offered on a day, and which rebates a what-if finds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lamplighter.kernel.money import Money
from lamplighter.rebates.operations import defining
from lamplighter.rebates.operations.defining import EntryIn
from lamplighter.rebates.queries.offers import WhatIf, offered, stacking
from lamplighter.rebates.rules.qualifying import PaperKind
from lamplighter.rebates.rules.savings import Saved
from lamplighter.rebates.rules.worth import Basis
from tests.rebates.conftest import BUSINESS, ON, RENEE, program_of
from tests.town import noon

pytestmark = pytest.mark.django_db
SAVING = WhatIf("efficiency", {"kw": Decimal(20), "kwh": Decimal(50_000)}, Money(3_000_000))


def also(shop, dollars):
    """Another rebate for the same kWh."""
    made = defining.define_measure(
        code="second", program=program_of(shop), name="Second", unit="kWh", basis=Basis.DEEMED,
        answers="efficiency.kwh", by=RENEE, at=noon(ON),
    )  # fmt: skip
    entry = EntryIn("1", "Invented", Saved(Decimal(1), Decimal(0), Decimal(0), 5), Decimal(dollars), None, None,
                    BUSINESS, (PaperKind.INVOICE,))  # fmt: skip
    defining.set_entry(measure=made, entry=entry, on=date(2026, 1, 1), by=RENEE, at=noon(ON))


def test_a_what_if_finds_the_rebate_that_counts_it_for_its_class_of_customers(shop):
    (found,) = stacking([SAVING], customer_class="commercial", on=ON)
    assert (found.entry.measure, found.stack.ours.amount) == (shop.custom, Money(600_000))
    assert stacking([SAVING], customer_class="residential", on=ON) == []
    assert stacking([WhatIf("stagger", {"kwh": Decimal(5)}, Money(1))], customer_class="commercial", on=ON) == []
    more = WhatIf("efficiency", {"kwh": Decimal(-5)}, Money(100))
    assert stacking([more], customer_class="commercial", on=ON) == [], "what uses more saves nothing"


@pytest.mark.parametrize(("dollars", "code"), [("0.05", "custom"), ("0.2", "second")])
def test_of_two_of_ours_the_one_that_pays_more_is_shown(shop, dollars, code):
    also(shop, dollars)
    (found,) = stacking([SAVING], customer_class="commercial", on=ON)
    assert found.entry.measure_id == code


def test_what_is_not_offered_on_the_day_is_not_offered(shop):
    assert {one.measure_id for one in offered(on=ON, customer_class="commercial")} == {"high-bay", "custom"}
    assert offered(on=date(2025, 12, 31)) == []
