"""The Neighbor Fund: who gives to it with their bills, whom it helped, and a grant that waits for Renee."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from lamplighter.credit.queries.debts import owed_for_service
from lamplighter.journeys.granting import ask_grant, open_fund, pass_a_fund_day
from lamplighter.kernel.actors import staff, system
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.platform.transactions import unit_of_work
from lamplighter.programs.models import AssistanceFund, Enrollment
from lamplighter.programs.operations.giving import begin_gift
from lamplighter.programs.operations.granting import put_in, set_fund_terms
from lamplighter.programs.rules.giving import Way
from lamplighter.town.calendar import OFFICE, at
from lamplighter.town.plan import Plan, Scene
from lamplighter.town.staff import DANA, FOUNDER
from lamplighter.town.stage import Stage

PROGRAMS, LUPE = system("programs"), staff("lupe")
KEY, NAME = "neighbor-fund", "Neighbor Fund"
CAP, PUT_IN = Money(20000), Money(1_500_000)
RESOLUTION = "Resolution 2024-12 of the Public Utilities Board"
GIVES = {"alma": (Way.ROUND_UP, ZERO), "kip": (Way.ROUND_UP, ZERO), "pat": (Way.MONTHLY, Money(500)),
         "okafor": (Way.MONTHLY, Money(1000)), "fatima": (Way.ROUND_UP, ZERO)}  # fmt: skip
HELPED, ASKED = Money(12500), Money(18000)
"""The first is within what Lupe grants alone, the second above what Dana does."""


def found_fund(*, on: date) -> None:
    """What the board resolved, long before the first day that is told; the money came when the books began."""
    when = at(on, 9, 30)
    fund = open_fund(
        key=KEY, name=NAME, code="grant-fund", on=on, by=FOUNDER, at=when,
        words="Your neighbors give to it. It can pay up to $200 of what you owe, once we have a paper from an agency, "
        "or at once if you have Power Assist.",
    )  # fmt: skip
    set_fund_terms(
        fund=fund, cap=CAP, programs=["power-assist"], papers_days=10, citation=RESOLUTION, on=on, by=FOUNDER, at=when
    )


def scenes(plan: Plan) -> Iterator[Scene]:
    first = OFFICE.next_working_day(plan.begins + timedelta(days=14))
    for key in GIVES:
        yield Scene(key, first, partial(begins_to_give, key=key))


def begins_to_give(stage: Stage, day: date, *, key: str) -> None:
    way, amount = GIVES[key]
    with unit_of_work(DANA):
        begin_gift(
            account=stage.account(key), fund=AssistanceFund.objects.get(pk=KEY), way=way, amount=amount, on=day,
            by=DANA, at=at(day, 13, 20),
        )  # fmt: skip


def help_neighbors(stage: Stage) -> None:
    """The board's money of the year, a grant that was given two days ago, one that waits, and this morning's job."""
    plan = stage.plan
    fund = AssistanceFund.objects.get(pk=KEY)
    with unit_of_work(FOUNDER):
        put_in(
            fund=fund, amount=PUT_IN, citation=RESOLUTION, source="first-year", on=plan.begins, by=FOUNDER,
            at=at(plan.begins, 9),
        )  # fmt: skip
    _grant_somebody(stage, fund, plan.as_of - timedelta(days=2))
    yesterday = plan.as_of - timedelta(days=1)
    with unit_of_work(DANA):
        ask_grant(
            account=stage.account("owen"), fund=fund, amount=ASKED, paper=None, on=yesterday, by=DANA,
            remark="Two plans broke. His hours were cut in half.", at=at(yesterday, 15, 40),
        )  # fmt: skip
    with unit_of_work(PROGRAMS):
        pass_a_fund_day(on=plan.as_of, by=PROGRAMS, at=at(plan.as_of, 4, 40))


def _grant_somebody(stage: Stage, fund: AssistanceFund, day: date) -> None:
    """The first household with Power Assist that owes enough; a small city may have none."""
    rows = Enrollment.objects.filter(program="power-assist", period__contains=day).exclude(account=stage.ids["owen"])
    for one in rows.select_related("account").order_by("account"):
        if total(debt.amount for debt in owed_for_service(one.account)) >= HELPED:
            with unit_of_work(LUPE):
                ask_grant(
                    account=one.account, fund=fund, amount=HELPED, paper=None, on=day, by=LUPE,
                    remark="A new baby, and one wage.", at=at(day, 10, 50),
                )  # fmt: skip
            return
