"""What a cluster cannot price from one channel's totals is refused by name before anything is scanned."""

from datetime import date

import pytest

from lamplighter.intervals.cluster.pricing import asked
from lamplighter.intervals.cluster.scanning import Days
from lamplighter.kernel.periods import Period
from lamplighter.rating.refusals import CannotPrice
from tests.rating.test_tiers import hours_use, tou
from tests.rating.writing import tariff

JUNE = Days(Period(date(2026, 6, 1), date(2026, 7, 1)), 3600, "America/Los_Angeles")


@pytest.mark.parametrize("text", [tou("chronological"), hours_use("chronological")])
def test_steps_in_order_of_time_are_refused_by_name(text):
    """The totals of TOU periods do not tell which of their kWh came first."""
    with pytest.raises(CannotPrice, match="in order of time: one channel's days do not tell it"):
        asked((tariff(text),), JUNE)


def test_steps_in_proportion_are_asked_by_period():
    _, asks = asked((tariff(tou("proportional")),), JUNE)
    assert {ask.determinant.periods for ask in asks.values()} == {("peak",), ("off",)}
