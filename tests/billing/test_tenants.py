"""Two tenants of one flat, one meter: whatever is asked of one of them never reads what the other used."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from lamplighter.accounts import operations as accounts
from lamplighter.customers import operations as customers
from lamplighter.journeys.moving import start_service, stop_service
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.queries.loads import year_curve
from lamplighter.usage.queries.points import points_of, points_of_account
from lamplighter.usage.queries.series import days
from tests.billing.test_rebill import FLAT
from tests.town import DANA

CAME, LEFT, LOOKED = date(2026, 7, 1), date(2026, 8, 10), date(2026, 9, 20)
SUMMER = Period(CAME, LOOKED)


@pytest.fixture
def flat_of_two(town):
    """Ada until August 9, Bo from the tenth; a kWh an hour all summer."""
    ada = town.on("2026-07-01").moves_in("Ada", town.adopts(FLAT))
    town.on("2026-08-10")
    stop_service(agreement=ada.agreement, on=LEFT, by=DANA, at=town.at)
    bo = customers.add_human(given="Bo", family="Town", by=DANA, at=town.at)
    his = accounts.open_account(customer=bo, customer_class="residential", cycle=town.cycle, on=LEFT, by=DANA,
                                at=town.at)  # fmt: skip
    moved = start_service(account=his, points=(ada.point,), schedule=ada.agreement.rates.get().schedule, on=LEFT,
                          by=DANA, at=town.at)  # fmt: skip
    town.uses("Ada", SUMMER, 1000)
    return ada.agreement, moved.started


def test_a_point_counts_for_a_service_on_its_own_days_alone(flat_of_two):
    ada, bo = flat_of_two
    of_each = points_of([ada.pk, bo.pk]).values()
    assert [use.period for uses in of_each for use in uses] == [Period(CAME, LEFT), Period(LEFT)]


def test_the_load_curve_of_who_left_ends_with_them_and_of_who_came_begins_with_them(flat_of_two):
    ada, bo = flat_of_two
    left, came = (year_curve(one, on=LOOKED) for one in (ada, bo))
    assert np.isnan(left.kw()).sum() == 24 * (LOOKED - LEFT).days
    assert np.nansum(left.kw()) == pytest.approx(24 * (LEFT - CAME).days)
    assert came.calendar.period.start == LEFT
    assert np.nansum(came.kw()) == pytest.approx(24 * (LOOKED - LEFT).days)


def test_the_days_of_an_account_are_its_own(flat_of_two):
    around = Period(LEFT - timedelta(days=2), LEFT + timedelta(days=2))
    for agreement, theirs in zip(flat_of_two, ([0, 1], [2, 3]), strict=True):
        told = days(points_of_account(agreement.account, period=around), period=around)
        assert [at for at, one in enumerate(told) if one.use.delivered == Decimal(24)] == theirs
        assert [at for at, one in enumerate(told) if one.use.delivered is not None] == theirs
