"""Fees are figures of the utility's own schedule, from a day on; a policy sets them, and how power comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lamplighter.billing.models import Bill, FeeSchedule
from lamplighter.billing.operations.policies import CannotSet
from lamplighter.billing.queries.fees import fees_on
from lamplighter.billing.queries.reading import view
from lamplighter.credit.queries.reconnecting import reconnect_policy, wire_unasked
from lamplighter.credit.rules.reconnecting import BackPolicy
from lamplighter.journeys.figures import CannotRead
from lamplighter.journeys.parameters import FEES, parameters
from lamplighter.journeys.start_fees import charge_start
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.kernel.policies import CannotSetPolicy
from tests.town import FLAT, NIGHTLY

pytestmark = pytest.mark.django_db
JULY, YEAR = date(2026, 7, 1), date(2027, 1, 1)
CITES = {"citation": "Resolution 26-77", "by": staff("renee"), "at": datetime(2026, 6, 1, 12, tzinfo=UTC)}


def change(key, on, **figures):
    parameters()[key].change(figures, on=on, **CITES)


def test_a_fee_is_another_from_its_day_and_the_others_stay():
    change(FEES, JULY, meter_test="55.00")
    assert (fees_on(date(2026, 6, 30)).meter_test, fees_on(JULY).meter_test) == (Money(4000), Money(5500))
    assert fees_on(JULY).citation == "Resolution 26-77"
    change(FEES, YEAR, returned="20")
    assert (fees_on(YEAR).meter_test, fees_on(YEAR).returned) == (Money(5500), Money(2000))
    assert FeeSchedule.objects.get(period__contains=JULY).period.end == YEAR


def test_what_a_returned_payment_costs_grows_with_the_second():
    fees = fees_on(JULY)
    assert [fees.returned_item(times) for times in (1, 2, 3)] == [Money(2500), Money(3500), Money(3500)]


@pytest.mark.parametrize(
    ("figures", "on", "why"), [({"reconnect": "-1"}, YEAR, "zero or more"), ({}, JULY, "later day")]
)
def test_fees_that_may_not_be_are_refused(figures, on, why):
    change(FEES, JULY, meter_test="55")
    with pytest.raises(CannotSet, match=why):
        change(FEES, on, **figures)


def test_whether_power_is_back_unasked_is_said_by_the_policy_of_the_day():
    assert wire_unasked(on=JULY), "as the program comes"
    change(BackPolicy.key, JULY, wire_unasked="No", least="8")
    assert (wire_unasked(on=date(2026, 6, 30)), wire_unasked(on=JULY)) == (True, False)
    policy = reconnect_policy(on=JULY)
    assert (policy.least, policy.citation, policy.fee) == (Money(800), "Resolution 26-77", Money(2500))
    assert parameters()[BackPolicy.key].now(JULY) == {"least": "8.00", "wire_unasked": "no"}


@pytest.mark.parametrize(
    ("figures", "wrong", "why"),
    [
        ({"wire_unasked": "perhaps"}, CannotRead, "is not yes or no"),
        ({"least": "900"}, CannotSetPolicy, r"\$0.00 to \$500.00, not \$900.00"),
    ],
)
def test_terms_of_power_back_that_may_not_be_are_refused(figures, wrong, why):
    with pytest.raises(wrong, match=why):
        change(BackPolicy.key, JULY, **figures)


def test_what_starting_service_costs_stands_on_the_first_bill(town):
    town.on("2026-08-01").moves_in("Ada", town.adopts(FLAT))
    town.uses("Ada", Period(date(2026, 8, 1), date(2026, 10, 1)), 1000)
    charge_start(town.homes["Ada"].agreement, Money(2000), by=NIGHTLY, at=town.at)
    for month, reads_on in (("2026-08-01", "2026-09-01"), ("2026-09-01", "2026-10-01")):
        town.on(reads_on).bills(month, reads_on)
    first, second = (view(bill) for bill in Bill.objects.order_by("pk"))
    assert [(one.label, one.amount) for one in first.adjustments] == [("Starting service", Money(2000))]
    assert first.amounts.due == first.segments[0].total + Money(2000)
    assert second.adjustments == ()
