"""What collection came to: each figure counts the rows that it lists, on their own days."""

from __future__ import annotations

from datetime import date

import pytest

from lamplighter.credit.queries.results import COLLECTING, EASED, GIVEN_UP, MEASURES, PROMISED, promises_on, results
from lamplighter.credit.queries.standing import draft_plan
from lamplighter.journeys.arranging import give_time, make_plan
from lamplighter.journeys.collecting import look_at
from lamplighter.journeys.reviewing import review_plan, review_promise
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period

pytestmark = pytest.mark.django_db
YEAR = Period(date(2026, 1, 1), date(2027, 12, 31))


def told(measures, period=YEAR):
    """Key, count and cents of every figure that is not nothing."""
    return {one.measure.key: (one.count, one.amount.cents if one.amount is not None else None)
            for one in results(measures, period) if one.count}  # fmt: skip


def is_given_a_plan(debtor):
    draft = draft_plan(debtor.account, down=Money(8000), months=2, on=debtor.today)
    return make_plan(account=debtor.account, draft=draft, consent="recorded", **debtor.now)


def test_a_plan_that_breaks_is_counted_when_it_was_made_due_and_broken(debtor):
    debtor.owes(18000, "2026-09-20").on("2026-11-18")
    look_at(accounts=[debtor.account.pk], **debtor.now)
    plan = is_given_a_plan(debtor)
    review_plan(plan=plan, **debtor.on("2026-11-30").now)
    assert told(COLLECTING, Period(date(2026, 11, 1), date(2026, 11, 20))) == {
        "begun": (1, 18000), "otherwise": (1, 18000), "notices": (1, 18000),
    }  # fmt: skip
    assert told(PROMISED) == {"plans": (1, 18000), "parts": (1, 8000), "plans-broken": (1, 18000)}, (
        "what fell due after its end was never due"
    )
    assert told(PROMISED, Period(date(2026, 11, 19), date(2026, 11, 30))) == {}, "made before, broken after"
    assert told(GIVEN_UP) == {}


def test_a_promise_that_is_kept(debtor):
    debtor.owes(18000, "2026-09-20").on("2026-11-18")
    promise = give_time(account=debtor.account, until=date(2026, 12, 1), **debtor.now)
    debtor.on("2026-11-25").pays(18000)
    review_promise(promise=promise, **debtor.now)
    assert told(PROMISED) == {"times": (1, 18000), "times-due": (1, 18000), "times-kept": (1, 18000)}


def test_every_figure_lists_as_many_rows_as_it_counts_with_the_same_money(debtor):
    debtor.owes(18000, "2026-09-20").on("2026-11-18")
    look_at(accounts=[debtor.account.pk], **debtor.now)
    review_plan(plan=is_given_a_plan(debtor), **debtor.on("2026-11-30").now)
    found = results(MEASURES.values(), YEAR)
    assert sum(one.count for one in found) >= 5
    for one in found:
        rows = list(one.measure.rows(YEAR))
        assert len(rows) == one.count, one.measure.label
        assert {row["number"] for row in rows} <= {debtor.account.number}
        if one.measure.money:
            assert sum((row["money"] for row in rows), ZERO) == one.amount, one.measure.label


def test_a_plan_holds_from_its_first_day_until_it_breaks_and_names_its_next_part(debtor):
    debtor.owes(18000, "2026-09-20").on("2026-11-18")
    plan = is_given_a_plan(debtor)
    days = list(plan.instalments.order_by("place").values_list("due_on", flat=True))
    review_plan(plan=plan, **debtor.on("2026-11-30").now)
    assert promises_on(date(2026, 11, 17)) == []
    (held,) = promises_on(date(2026, 11, 20))
    assert (held.kind, held.amount, held.next_on, held.until) == ("Plan", Money(18000), days[1], days[2])
    assert promises_on(date(2026, 11, 30)) == [], "the day on which it broke"


@pytest.mark.parametrize("measures", [COLLECTING, PROMISED, EASED, GIVEN_UP])
def test_each_kind_of_row_is_asked_once(debtor, measures, django_assert_num_queries):
    with django_assert_num_queries(len({one.model for one in measures})):
        results(measures, YEAR)
