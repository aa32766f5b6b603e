"""Revenue of days served and not billed by a month's end: by code and class, accrued, and back on the day after."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from lamplighter.billing.operations.accruing import CannotAccrue, accrue_unbilled
from lamplighter.billing.queries.unbilled import digest_of, unbilled_revenue
from lamplighter.journeys.control import controls
from lamplighter.journeys.moving import stop_service
from lamplighter.kernel.money import Money, total
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.models import Posting
from lamplighter.ledger.operations import CannotPost
from lamplighter.ledger.queries import trial_balance
from tests.town import DANA, FINANCE, FLAT, Town

JULY = Period(date(2026, 7, 1), date(2026, 8, 1))
JUN, AUG = date(2026, 6, 1), date(2026, 8, 1)


@pytest.fixture
def town(db, settings, tmp_path):
    """Ada is billed $46.50 for the 31 days of July; Ben comes on August 10 and has no bill yet."""
    settings.INTERVAL_STORE, settings.STATE = str(tmp_path / "intervals"), tmp_path
    town = Town(date(2026, 7, 1))
    rate = town.adopts(FLAT)
    town.moves_in("Ada", rate)
    town.uses("Ada", JULY, 416 + (np.arange(744) < 496))
    town.on("2026-08-01").bills("2026-07-01", "2026-08-01")
    town.on("2026-08-10").moves_in("Ben", rate)
    return town.on("2026-09-01")


def accrue(town, month=AUG, cents=7950):
    shown = digest_of({"revenue-residential": Money(cents)} if cents else {})
    return accrue_unbilled(month=month, shown=shown, on=town.today, by=FINANCE, at=town.at)


def test_each_served_day_counts_as_one_of_the_last_bill_and_a_first_one_as_the_mean_of_the_class(town):
    (row,) = unbilled_revenue(AUG)
    assert (row.customer_class, row.code, row.agreements, row.days) == ("residential", "revenue-residential", 2, 53)
    assert row.amount == Money(4650 + 3300), "31 days of Ada's and 22 of Ben's at $1.50"


def test_by_the_end_of_july_nobody_was_billed_and_nothing_is_known(town):
    assert unbilled_revenue(date(2026, 7, 1)) == []
    assert unbilled_revenue(JUN) == []


def test_a_stop_ends_the_days(town):
    ada = town.homes["Ada"].agreement
    stop_service(agreement=ada, on=date(2026, 8, 21), by=DANA, at=town.at)
    assert [row.days for row in unbilled_revenue(AUG)] == [20 + 22]


def test_it_is_accrued_on_the_last_day_and_back_on_the_first(town):
    accrue(town)
    moved = Posting.objects.filter(entry__source__startswith="unbilled:").order_by("entry__accounting_on", "id")
    assert [(f"{one.entry.accounting_on:%m-%d}", one.code_id, one.payoff.cents) for one in moved] == [
        ("08-31", "accrued-revenue", 7950), ("08-31", "revenue-residential", -7950),
        ("09-01", "accrued-revenue", -7950), ("09-01", "revenue-residential", 7950),
    ]  # fmt: skip
    assert total(one.payoff for one in trial_balance() if one.key == "accrued-revenue") == Money(0)
    assert all(not control.differences for control in controls())
    with pytest.raises(CannotAccrue, match="accrued already"):
        accrue(town)


def test_what_was_seen_is_what_is_posted(town):
    with pytest.raises(CannotAccrue, match=r"comes out as \$79\.50 now"):
        accrue(town, cents=7949)
    with pytest.raises(CannotAccrue, match="September 2026 is not over"):
        accrue(town, month=date(2026, 9, 1))
    with pytest.raises(CannotAccrue, match="Nothing of June 2026 is unbilled"):
        accrue(town, month=JUN, cents=0)
    ledger.close_month(month=AUG, by=FINANCE, at=town.at)
    with pytest.raises(CannotPost, match="books of August 2026 are closed"):
        accrue(town)
