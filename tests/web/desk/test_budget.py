"""Budget billing at the desk (part of CSR-03d): begun with its arithmetic, billed level, watched, settled, left."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from lamplighter.billing.levelling import BilledMonth, CannotLevel, asked_instead, is_off, level, says
from lamplighter.billing.models import Adjustment, Bill, BudgetPlan
from lamplighter.billing.operations.budgeting import change_budget
from lamplighter.billing.operations.policies import set_policy
from lamplighter.billing.operations.windows import define_window
from lamplighter.billing.queries.budgets import draft_level, used_ahead
from lamplighter.billing.rules import BudgetPolicy, Policy
from lamplighter.journeys.billing import bill_accounts
from lamplighter.journeys.control import controls
from lamplighter.kernel.money import Money
from lamplighter.ledger.models import Posting
from lamplighter.ledger.queries import balances
from lamplighter.platform.transactions import unit_of_work
from lamplighter.worklist.models import Item
from tests.town import NIGHTLY, noon
from tests.web.desk.conftest import words
from tests.web.desk.town import TODAY
from tests.web.filling import fills


def months(*dollars):
    return [BilledMonth(date(2025, n, 1), Money(amount * 100)) for n, amount in enumerate(dollars, 1)]


def test_the_amount_is_a_twelfth_up_to_the_next_dollar():
    assert level(1, months(*[100] * 11, 31), step=Money(100)).amount == Money(9500), "1,131 a year is 94.25 a month"
    assert level(1, months(*[100] * 12), step=Money(100)).amount == Money(10000)
    later = [*months(*[100] * 12), BilledMonth(date(2026, 1, 1), Money(22000))]
    assert level(1, later, step=Money(100)).amount == Money(11000)
    assert level(1, months(*[100] * 11, 31), step=Money(500)).amount == Money(9500)
    assert level(1, months(*[100] * 11, 101), step=Money(500)).amount == Money(10500)


@pytest.mark.parametrize(("dollars", "why"), [([100] * 11, "12 months"), ([0] * 12, "nothing to level")])
def test_without_a_year_or_without_charges_there_is_no_budget(dollars, why):
    with pytest.raises(CannotLevel, match=why):
        level(1, months(*dollars), step=Money(100))


def test_the_monitor_looks_beyond_a_fifth():
    assert not is_off(Money(10000), Money(12000), off_by=20)
    assert is_off(Money(10000), Money(12001), off_by=20)
    assert is_off(Money(10000), Money(7999), off_by=20)
    assert is_off(Money(10000), Money(11001), off_by=10)


def test_what_is_asked_for_is_the_level_amount_and_the_bill_says_what_is_ahead():
    assert Money(14000) + asked_instead(Money(14000), Money(10000)) == Money(10000)
    assert says(Money(14000), Money(10000), Money(4000)).endswith("$40.00 more used than asked for so far")


@pytest.fixture
def gwen(town, number):
    return f"/desk/accounts/{number('Gwen Pruitt')}/"


@pytest.fixture
def service(town):
    return town.homes["Gwen Pruitt"].agreement


def stands(service):
    found = balances([service.subledger_id])[service.subledger_id]
    return found.current, found.payoff


def bills(service):
    """The cycle's next bill of this account alone, read yesterday."""
    day = TODAY - timedelta(days=1)
    with unit_of_work(NIGHTLY):
        window = define_window(cycle=service.account.cycle, month=date(2026, 12, 1), opens_on=day, reads_on=day,
                               closes_on=day, accounting_on=day)  # fmt: skip
        bill_accounts(accounts=[service.account_id], window=window, on=TODAY, by=NIGHTLY, at=noon(TODAY))
    return Bill.objects.filter(account=service.account_id).latest("id")


def test_budget_billing_is_begun_with_its_arithmetic_and_only_what_was_shown(dana, gwen, service):
    draft = draft_level(service, on=TODAY)
    form = dana.get(f"{gwen}do/budget/")
    assert form.status_code == 200
    shown = fills(dana, f"{gwen}do/budget/", consent="recorded")
    assert shown.status_code == 204
    plan = BudgetPlan.objects.get(agreement=service)
    assert plan.amount == draft.amount
    assert len(draft.months) == 12
    page = words(dana.get(f"{gwen}?panel=credit"))
    assert f"{plan.amount} with each bill" in page
    assert "on budget billing already" in words(fills(dana, f"{gwen}do/budget/", consent="recorded"))


def test_who_is_past_due_gets_no_budget(dana, number):
    url = f"/desk/accounts/{number('Thi Hoa Nguyen')}/do/budget/"
    assert "is past due. Budget billing begins when it is paid" in words(fills(dana, url, consent="recorded"))
    assert not BudgetPlan.objects.exists()


def test_a_bill_asks_for_the_level_amount_and_leaving_settles_to_the_cent(dana, gwen, service, town):
    fills(dana, f"{gwen}do/budget/", consent="recorded")
    plan = BudgetPlan.objects.get(agreement=service)
    current, payoff = stands(service)
    bill = bills(service)
    came_to = bill.segments.get().total
    assert stands(service) == (current + plan.amount, payoff + came_to), "the table of behaviour 3.7"
    assert bill.charges == plan.amount
    line = Adjustment.objects.get(kind="budget")
    assert line.amount == plan.amount - came_to
    assert f"charges {came_to}, you pay {plan.amount}" in words(dana.get(f"{gwen}bills/{bill.number}/"))
    paper = dana.get(f"{gwen}bills/{bill.number}/pdf/").getvalue()
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages).split())
    assert f"you pay {plan.amount}" in printed
    assert not Posting.objects.filter(entry=line.entry).exclude(payoff=Money(0)).exists(), "no money moves"
    ahead = used_ahead(service)
    assert ahead == came_to - plan.amount
    fills(dana, f"{gwen}do/leave-budget/")
    now, settled = stands(service)
    assert now == settled == payoff + came_to
    plan.refresh_from_db()
    assert plan.end_reason == "asked"
    assert "Begin it again from Nov 21 on" in words(fills(dana, f"{gwen}do/budget/", consent="recorded"))
    assert [one.differences for one in controls() if one.differences] == []


def test_budgets_follow_the_rules_of_their_day(dana, gwen, service):
    """A resolution changes the rounding and the year from tomorrow: what begins today is as it was, and what is drafted
    tomorrow comes to whole ten dollars."""
    tomorrow, rules = TODAY + timedelta(days=1), Policy(budget=BudgetPolicy(Money(1000), 5, 330))
    with unit_of_work(NIGHTLY):
        set_policy(policy=rules, citation="Resolution 26-40", on=tomorrow, by=NIGHTLY, at=noon(TODAY))
    fills(dana, f"{gwen}do/budget/", consent="recorded")
    plan = BudgetPlan.objects.get(agreement=service)
    today, then = draft_level(service, on=TODAY), draft_level(service, on=tomorrow)
    assert (plan.amount, plan.settles_on) == (today.amount, TODAY + timedelta(days=360))
    assert plan.amount.cents % 1000, "whole ten dollars would say nothing"
    assert (then.amount.cents % 1000, then.amount - today.amount < Money(1000)) == (0, True)
    assert then.digest != today.digest
    with unit_of_work(NIGHTLY):
        changed = change_budget(plan=plan, draft=then, on=tomorrow, by=NIGHTLY, at=noon(tomorrow))
    assert changed.amount == then.amount


def test_a_year_settles_and_an_amount_that_is_off_is_work_and_changed_in_one_act(dana, gwen, service, town):
    fills(dana, f"{gwen}do/budget/", consent="recorded")
    plan = BudgetPlan.objects.get(agreement=service)
    right = plan.amount
    with unit_of_work(NIGHTLY):
        BudgetPlan.objects.filter(pk=plan.pk).update(amount=Money(1000), settles_on=TODAY)
    _, payoff = stands(service)
    bill = bills(service)
    assert stands(service)[0] == stands(service)[1] == payoff + bill.segments.get().total
    plan.refresh_from_db()
    assert plan.settles_on == TODAY + timedelta(days=360)
    item = Item.objects.get(kind="billing.budget")
    assert f"say {right}" in item.summary
    assert fills(dana, f"{gwen}do/change-budget/").status_code == 204
    plan.refresh_from_db()
    item.refresh_from_db()
    assert plan.amount > Money(1000)
    assert item.state == "done"


def test_a_stop_settles_the_budget_and_asks_for_the_rest_as_it_was_used(dana, gwen, service, town):
    fills(dana, f"{gwen}do/budget/", consent="recorded")
    bills(service)
    assert used_ahead(service)
    fills(dana, f"{gwen}do/stop/", on="2026-11-27")
    assert not used_ahead(service)
    assert BudgetPlan.objects.get(agreement=service).end_reason == "stopped"


def test_a_service_with_its_own_settlement_has_no_budget(dana, number):
    url = f"/desk/accounts/{number('Kip Larsen')}/do/budget/"
    assert "has no budget" in words(fills(dana, url, consent="recorded"))


def test_a_petition_makes_what_was_used_before_it_old_debt(dana, gwen, service, town):
    fills(dana, f"{gwen}do/budget/", consent="recorded")
    bills(service)
    assert used_ahead(service)
    filed = {"chapter": "7", "case_number": "26-41877", "court": "N.D. Cal.", "filed_on": "2026-11-20"}
    fills(dana, f"{gwen}do/bankruptcy/", **filed)
    assert not used_ahead(service)
    assert Adjustment.objects.filter(kind="budget").latest("id").entry.postings.get().owed_on < TODAY
