"""Goals are read each morning: once a day, for the report over all plans, and to see how they went."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from lamplighter.journeys.measuring import BEYOND
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.measures import GoalState
from lamplighter.keyaccounts.models import GoalReading
from lamplighter.keyaccounts.operations.goals import read_goals
from lamplighter.keyaccounts.operations.plans import set_goal, start_plan
from lamplighter.keyaccounts.queries.plans import reported, running_plans
from lamplighter.platform.transactions import unit_of_work
from tests.keyaccounts.conftest import JOEL, TODAY
from tests.keyaccounts.world import NOW, Clock, answers, world


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    with world(tmp_path_factory.mktemp("goals"), django_db_blocker) as made:
        yield made


@pytest.fixture
def goal(built, db, monkeypatch):
    """Hear from us twice: it stands at none."""
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    with unit_of_work(JOEL):
        days = Period(TODAY - timedelta(days=100), TODAY + timedelta(days=200))
        plan = start_plan(organisation=built.kelp, period=days, situation="As it is.", review_on=TODAY, by=JOEL, at=NOW)
        return set_goal(plan=plan, title="Heard from us", measure="touches", baseline=Decimal(0), target=Decimal(2),
                        due_on=TODAY + timedelta(days=20), by=JOEL, at=NOW)  # fmt: skip


def reads(on):
    with unit_of_work(JOEL):
        return sum(read_goals(plan=plan, on=on, beyond=BEYOND, by=JOEL, at=NOW) for plan in running_plans(on=on))


def test_a_goal_is_read_once_a_day(goal):
    assert (reads(TODAY), reads(TODAY), reads(TODAY + timedelta(days=1))) == (1, 0, 1)
    assert [row.value for row in goal.readings.order_by("on")] == [0, 0]


def test_the_report_takes_the_mornings_reading_and_measures_a_goal_that_has_none(goal):
    (found,) = reported(on=TODAY, beyond=BEYOND)
    assert found.states == Counter({GoalState.BEHIND: 1}), "nothing was noted yet"
    GoalReading.objects.create(goal=goal, on=TODAY, value=2, read_at=NOW, read_by=JOEL)
    (found,) = reported(on=TODAY, beyond=BEYOND)
    assert found.states == Counter({GoalState.REACHED: 1}), "as it was read this morning"
    (found,) = reported(on=TODAY + timedelta(days=1), beyond=BEYOND)
    assert found.states == Counter({GoalState.BEHIND: 1}), "yesterday's reading is not today's"


def test_a_goals_page_tells_what_it_was_before(goal, built):
    for ago, value in ((95, 7), (31, 5), (3, 4)):
        GoalReading.objects.create(goal=goal, on=TODAY - timedelta(days=ago), value=value, read_at=NOW, read_by=JOEL)
    page = answers(built.be("joel").get(reverse("key:goal", args=[built.kelp.slug, goal.pk])))
    assert "It was 7 on Sun, Jun 7, 2026" in page
    assert "It was 5 on Mon, Aug 10, 2026" in page
    assert "It was 4 on" not in page
