"""What earns credit points is read from the records of every kind in one question, each with its own day."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.operations.arranging import end_arrangement
from lamplighter.credit.queries.deposits import main_person, points_on
from lamplighter.credit.rules.deposits import Mark
from tests.credit.conftest import make_ready
from tests.credit.test_arrangements import plan
from tests.credit.test_cut_and_back import cuts

pytestmark = pytest.mark.django_db


def test_a_notice_and_a_cut_count_each_from_its_day_and_are_asked_for_together(debtor):
    ready = make_ready(debtor)
    noticed = {one.on for one in points_on(main_person(ready.account), on=ready.today)}
    assert noticed == {step.done_on for step in ready.account.collection_processes.get().steps.filter(key="past-due")}
    cuts(ready)
    with CaptureQueriesContext(connection) as asked:
        found = points_on(main_person(ready.account), on=ready.today)
    assert {(one.mark, one.account) for one in found} == {
        (Mark.LATE, ready.account.number), (Mark.CUT, ready.account.number),
    }  # fmt: skip
    assert next(one.on for one in found if one.mark is Mark.CUT) == ready.today
    assert len(asked) == 5, "the customer, their accounts, the points in force, their cases, and what happened"


def test_a_broken_plan_counts_from_the_day_on_which_it_broke(debtor):
    debtor.owes(30000, "2026-09-01").on("2026-11-20")
    made = plan(debtor)
    debtor.on("2026-11-24")
    end_arrangement(arrangement=made, outcome=Outcome.BROKEN, **debtor.now)
    (found,) = points_on(main_person(debtor.account), on=debtor.today)
    assert (found.mark, found.on) == (Mark.BROKEN, debtor.today)
