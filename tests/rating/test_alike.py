"""Bills that are alike share a layout and what is measured for them, for as long as a process lives
(billing/queries/wording.py): both may hang on nothing else that a bill tells."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.rating.price import asks, laid_out, price
from lamplighter.rating.refusals import CannotPrice
from tests.rating.strategies import priceable

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(priceable(), st.booleans(), st.booleans(), st.integers(0, 900))
def test_a_layout_serves_every_bill_that_is_alike(drawn, settles, closes, held):
    versions, cases = drawn
    for bill, quantities in cases:
        other = bill._replace(
            settles=settles, closes_year=closes, billed_this_year=Decimal(held), past=(), since=None,
            banks=dict.fromkeys(bill.banks, Decimal(held)),
        )  # fmt: skip
        asked = told(partial(asks, versions, bill))
        assert told(partial(asks, versions, other)) == asked
        if isinstance(asked, str):
            continue  # an account or days that the tariff refuses, whatever was used
        shared = laid_out(versions, other)
        told(partial(price, versions, other, quantities, layout=shared))  # works out what the layout keeps
        alone = told(partial(price, versions, bill, quantities))
        assert told(partial(price, versions, bill, quantities, layout=shared)) == alone


def told(work: Callable[[], object]) -> object:
    try:
        return work()
    except CannotPrice as refused:
        return str(refused)
