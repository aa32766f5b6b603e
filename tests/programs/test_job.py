"""The nightly jobs of programs, rebates and funds open their unit of work: operations do not."""

import pytest
from django.db import connection

from lamplighter.jobs import programs
from lamplighter.journeys.granting import FundDay
from lamplighter.journeys.rebating import RebateDay
from lamplighter.journeys.recertifying import ProgramDay

pytestmark = pytest.mark.django_db
JOBS = {
    "pass_a_program_day": (programs.pass_day, ProgramDay(1, 2, 3), "1 reminded, 2 ended, 3 lapsed"),
    "pass_a_rebate_day": (programs.pass_rebate_day, RebateDay(4, 5), "4 lapsed, 5 reserved"),
    "pass_a_fund_day": (programs.pass_fund_day, FundDay(6, 7, 8), "6 gifts, 7 lapsed, 8 refused"),
}


@pytest.mark.parametrize("journey", JOBS)
def test_a_job_acts_in_the_name_of_programs_and_tells_what_it_did(journey, monkeypatch):
    job, day, told = JOBS[journey]

    def passed(**_):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lamplighter.actor', true)")
            assert cursor.fetchone() == ("system:programs",), "no unit of work is open"
        return day

    monkeypatch.setattr(programs, journey, passed)
    assert job(timestamp=0) == told


@pytest.mark.parametrize("job", [programs.pass_day, programs.pass_rebate_day, programs.pass_fund_day])
def test_a_job_passes_a_day_on_which_nothing_is_due(job):
    assert job(timestamp=0).startswith("0 ")
