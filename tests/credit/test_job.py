"""The morning's job passes the day on which it runs."""

from __future__ import annotations

from datetime import date

import pytest

from lamplighter.credit.models import Process
from lamplighter.jobs import credit
from tests.credit.conftest import noon

pytestmark = pytest.mark.django_db


def test_the_job_passes_today_and_says_what_it_came_to(debtor, monkeypatch):
    class Clock:
        now = staticmethod(lambda: noon(date(2026, 11, 18)))
        localdate = staticmethod(lambda: date(2026, 11, 18))

    monkeypatch.setattr(credit, "timezone", Clock)
    debtor.owes(18642, "2026-09-20")
    assert (
        credit.pass_day(timestamp=0) == "0 plans kept, 0 broken, 1 collections begun, 0 deposits given back, 0 applied"
    )
    assert Process.objects.get().started_on == date(2026, 11, 18)
    assert (
        credit.pass_day(timestamp=0) == "0 plans kept, 0 broken, 0 collections begun, 0 deposits given back, 0 applied"
    )
