"""A family whose old debt is forgiven with bills paid in time; and Owen's hardship, which waits for Renee."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from lamplighter.credit.models import Forgiveness
from lamplighter.credit.operations.forgiving import set_forgiveness_terms
from lamplighter.credit.rules.forgiving import CannotForgive, Rules
from lamplighter.credit.rules.hardship import Cause
from lamplighter.journeys.easing import ask_hardship
from lamplighter.journeys.forgiving import begin, draft, review
from lamplighter.kernel.actors import system
from lamplighter.kernel.money import Money
from lamplighter.platform.operations import approvals
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import OFFICE, at
from lamplighter.town.plan import Plan, Scene
from lamplighter.town.post import send_queued
from lamplighter.town.staff import DANA, FOUNDER, RENEE
from lamplighter.town.stage import Stage
from lamplighter.town.stories.timing import nth_bill

CREDIT = system("credit")
FAMILY, SINCE = "tran", 4
"""Who has it, and after which of their bills, counted back from the newest."""
RULES = Rules(Money(60000), 12, 2, 5, frozenset({"power-assist"}), "Resolution 2025-40 of the Public Utilities Board")


def set_terms(*, on: date) -> None:
    """What the board resolved, long before the first day that is told."""
    with unit_of_work(FOUNDER):
        set_forgiveness_terms(rules=RULES, code="arrearage-forgiveness", on=on, by=FOUNDER, at=at(on, 9, 40))


def scenes(plan: Plan) -> Iterator[Scene]:
    cycle = next(one.cycle for one in plan.customers if one.key == FAMILY)
    begun = OFFICE.add_working_days(nth_bill(cycle, plan.as_of, SINCE).bills_on, 2)
    yield Scene(FAMILY, begun, is_eased)
    for back in range(SINCE + 1):
        billed = nth_bill(cycle, plan.as_of, back).bills_on
        if billed + timedelta(days=9) > begun:
            yield Scene(FAMILY, OFFICE.next_working_day(billed + timedelta(days=9)), pays_the_bill)
            yield Scene(FAMILY, billed + timedelta(days=28), is_judged)


def is_eased(stage: Stage, day: date) -> None:
    """Renee accepts the hardship the same morning, and what was past due is set aside. In a city of few months nothing
    is past due by then."""
    account = stage.account(FAMILY)
    with unit_of_work(DANA):
        asked = ask_hardship(
            account=account, cause=Cause.ILLNESS, evidence="Hospital letter of last week", paper=None,
            until=day + timedelta(days=300), remark="He was six weeks in hospital, without pay.", on=day, by=DANA,
            at=at(day, 9, 50),
        )  # fmt: skip
    with unit_of_work(RENEE):
        approvals.approve(approval=asked, by=RENEE, at=at(day, 10, 30))
    with unit_of_work(DANA):
        try:
            shown = draft(account, on=day)
        except CannotForgive:
            return
        begin(account=account, draft=shown, consent="recorded", on=day, by=DANA, at=at(day, 11))


def pays_the_bill(stage: Stage, day: date) -> None:
    """Whatever they are asked for: never what is set aside."""
    if (owed := stage.owed(FAMILY).cents) > 0:
        stage.pays(FAMILY, owed, day)


def is_judged(stage: Stage, day: date) -> None:
    """The morning's job, after the bill's due day and grace."""
    with unit_of_work(CREDIT):
        for row in Forgiveness.objects.filter(account=stage.ids[FAMILY], ended_on__isnull=True):
            review(forgiveness=row, on=day, by=CREDIT, at=at(day, 4, 30))
    send_queued([stage.ids[FAMILY]], when=at(day, 15))


def ask_for_owen(stage: Stage) -> None:
    """Yesterday, in the same call as his grant."""
    day = stage.plan.as_of - timedelta(days=1)
    with unit_of_work(DANA):
        ask_hardship(
            account=stage.account("owen"), cause=Cause.INCOME, evidence="Employer's letter on cut hours", paper=None,
            until=day + timedelta(days=180), remark="Half the hours since summer. Rent comes first.", on=day, by=DANA,
            at=at(day, 15, 50),
        )  # fmt: skip
