"""CSR-03d: plans, more time, budget billing and AutoPay in the call, and what happens on a broken promise."""

from datetime import UTC, date, datetime

import pytest

from lamplighter.billing.models import BudgetPlan
from lamplighter.credit.models import Arrangement, Extension
from lamplighter.journeys.reviewing import pass_a_day
from lamplighter.payments.models import Autopay
from tests.duties.playing import DONE, fills
from tests.town import NIGHTLY
from tests.web.desk.conftest import words
from tests.web.desk.test_autopay import sets_up
from tests.web.desk.test_budget import bills

HOA, GWEN = "Thi Hoa Nguyen", "Gwen Pruitt"


@pytest.fixture
def page(number):
    return lambda name: f"/desk/accounts/{number(name)}/"


def day_passes(text: str) -> None:
    on = date.fromisoformat(text)
    pass_a_day(on=on, by=NIGHTLY, at=datetime(on.year, on.month, on.day, 14, tzinfo=UTC))


def test_csr_03d_a_plan_is_set_up_in_the_call_and_broken_when_it_is_not_paid(dana, page):
    assert fills(dana, f"{page(HOA)}do/arrange/", months="3", consent="recorded").status_code in DONE
    plan = Arrangement.objects.get()
    assert "On plan $192.97" in words(dana.get(f"{page(HOA)}?panel=credit"))
    for day in ("2026-11-27", "2026-12-04"):
        day_passes(day)
    plan.refresh_from_db()
    assert plan.outcome == "broken"
    shown = words(dana.get(page(HOA)))
    assert "$192.97" in shown, "the debt is home again, whole"
    assert "On plan" not in words(dana.get(f"{page(HOA)}?panel=credit"))


def test_csr_03d_more_time_is_given_and_a_promise_that_is_not_kept_is_broken(dana, page):
    assert fills(dana, f"{page(HOA)}do/more-time/", until="2026-11-27").status_code in DONE
    assert "Nov 27" in words(dana.get(f"{page(HOA)}?panel=credit"))
    day_passes("2026-11-28")
    given = Extension.objects.get()
    assert (given.outcome, given.ended_on) == ("broken", date(2026, 11, 28))


def test_csr_03d_budget_billing_is_begun_billed_level_and_left_with_what_is_even(dana, page, town):
    shown = dana.get(f"{page(GWEN)}do/budget/")
    assert "Budget billing" in words(shown)
    assert fills(dana, f"{page(GWEN)}do/budget/", consent="recorded").status_code in DONE
    plan = BudgetPlan.objects.get()
    bill = bills(town.homes[GWEN].agreement)
    assert bill.charges == plan.amount
    assert f"you pay {plan.amount}" in words(dana.get(f"{page(GWEN)}bills/{bill.number}/"))
    assert "It is settled at once" in words(dana.get(f"{page(GWEN)}do/leave-budget/"))
    fills(dana, f"{page(GWEN)}do/leave-budget/")
    assert "Not on a budget" in words(dana.get(f"{page(GWEN)}?panel=credit"))


def test_csr_03d_autopay_is_set_up_with_its_words_and_stopped_at_once(dana, number, page):
    read, done = sets_up(dana, number(GWEN))
    assert "Marisol Bay Power to draw" in words(read)
    assert done.status_code in DONE
    fills(dana, f"{page(GWEN)}do/stop-autopay/", why="They asked")
    assert Autopay.objects.get().why_ended == "They asked"
    assert "AutoPay stopped: They asked" in words(dana.get(page(GWEN)))
