"""When a service that begins, or began weeks ago, is billed for the first time."""

from __future__ import annotations

from datetime import date

import pytest

from lamplighter.journeys.nights import first_window
from tests.town import Town


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("since", "on", "month"),
    [
        ("2026-10-01", "2026-10-01", 10),  # read on the 21st, twenty days later
        ("2026-10-06", "2026-10-06", 11),  # a first service of fifteen days is carried into the next bill
        ("2026-10-01", "2026-11-03", 10),  # its nights ended on the 24th; what was left out is made up for ten days
        ("2026-10-01", "2026-11-04", 11),  # asked for later still, the window of October bills it no more
        ("2026-11-10", "2026-11-10", None),  # nothing is planned so far ahead
    ],
)
def test_the_window_is_read_after_the_first_days_and_its_nights_are_not_over(since, on, month):
    town = Town(date(2026, 10, 1))
    for reads_on in ("2026-10-21", "2026-11-20"):
        town.window(f"{reads_on[:7]}-01", reads_on)
    found = first_window(town.cycle.code, since=date.fromisoformat(since), on=date.fromisoformat(on))
    assert (found.month.month if found else None) == month
