"""Kernel values go into the database and come back."""

from datetime import UTC, date, datetime

import pytest

from lamplighter.kernel.actors import staff
from lamplighter.kernel.instants import Span
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import SwitchState
from lamplighter.platform.models import ApprovalLimit
from tests.accounts.conftest import place  # noqa: F401

AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
ON = date(2026, 11, 20)


def limit(period):
    return ApprovalLimit.objects.create(
        role="csr", permission="adjustments.ask", amount=Money(1999), period=period, set_by=staff("ada")
    )


@pytest.mark.parametrize("period", [Period(ON), Period(ON, date(2026, 11, 21))])
def test_money_periods_and_actors_come_back_as_they_were(db, period):
    found = ApprovalLimit.objects.get(pk=limit(period).pk)
    assert (found.amount, found.period, found.set_by) == (Money(1999), period, staff("ada"))


def test_a_range_of_no_days_is_not_kept(db):
    """PostgreSQL knows one empty range: it would come back without its day."""
    kept = limit(Period(ON))
    with pytest.raises(AssertionError, match="forgets its day"):
        limit(Period(ON, ON))
    with pytest.raises(AssertionError, match="forgets its day"):
        ApprovalLimit.objects.filter(pk=kept.pk).update(period=Period(ON, ON))


def test_a_span_of_no_time_is_not_kept(place):  # noqa: F811
    with pytest.raises(AssertionError, match="forgets when"):
        SwitchState.objects.create(point=place.point, state="on", span=Span(AT, AT))
