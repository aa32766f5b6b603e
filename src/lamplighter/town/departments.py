"""The users tax is the general fund's: settled up to the month before last; last month's waits for a second person.

Omar asks and Vera posts: nobody approves their own journal, and who takes cash writes no books.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lamplighter.ledger.models import Code
from lamplighter.ledger.operations.settling import ask_settlement, set_department
from lamplighter.ledger.queries.settling import unsettled
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import OFFICE, ZONE, at, months_after
from lamplighter.town.plan import Plan
from lamplighter.town.staff import ACCOUNTANT, FINANCE

FUND = "General fund"


def settle_with_the_city(plan: Plan, *, now: datetime) -> None:
    """On the tenth working day of last month up to the end of the one before; this morning up to the end of last."""
    with unit_of_work(FINANCE):
        set_department(
            code=Code.objects.get(pk="users-tax"), department=FUND, theirs="001-3110", starts_on=plan.begins,
            citation="Municipal code 4.36, budget of the year", by=FINANCE, at=at(plan.begins, 16),
        )  # fmt: skip
    last = months_after(plan.as_of.replace(day=1), -1)
    then = OFFICE.add_working_days(last, 10)
    asked = _ask(last - timedelta(days=1), at(then, 10))
    if asked is not None:
        with unit_of_work(ACCOUNTANT):
            approvals.approve(approval=asked, by=ACCOUNTANT, at=at(then, 14))
    _ask(plan.as_of.replace(day=1) - timedelta(days=1), min(now, at(plan.as_of, 7, 40)))


def _ask(through: date, when: datetime) -> Approval | None:
    """A young city may owe nothing yet."""
    if not unsettled(through).get(FUND):
        return None
    with unit_of_work(FINANCE):
        return ask_settlement(department=FUND, through=through, on=when.astimezone(ZONE).date(), by=FINANCE, at=when)
