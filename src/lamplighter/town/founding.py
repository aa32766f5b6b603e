"""What a utility has before its first customer: books, cycles, staff, sources of payments, letters, bill windows."""

from __future__ import annotations

from datetime import date, timedelta

from lamplighter.accounts.models import Cycle
from lamplighter.billing.operations.windows import define_window
from lamplighter.formats.conversion import utility
from lamplighter.journeys import founding
from lamplighter.kernel.money import Money
from lamplighter.platform.models import User
from lamplighter.platform.operations import users
from lamplighter.platform.operations.limits import set_limit
from lamplighter.platform.transactions import in_transaction
from lamplighter.premises.models import Jurisdiction
from lamplighter.town.calendar import CYCLES, OFFICE, Turn, at, billed_turns, turn_after
from lamplighter.town.places import districts_of
from lamplighter.town.plan import Plan
from lamplighter.town.programs import define_programs
from lamplighter.town.staff import ADMINISTRATOR, FOUNDER, SOURCES, STAFF
from lamplighter.town.stories.easing import set_terms
from lamplighter.town.stories.giving import found_fund
from lamplighter.town.stories.sharing import define_income_plan

WINDOW_DAYS = 4
BANK = utility.Bank(
    bank="First Bay Bank", routing="121000358", number="000123456789", holder="Marisol Bay Power", company="1946001234"
)
"""Whose bank is invented; the routing number has a right check digit."""
LIMITS = (
    ("csr", "adjustments.ask", 5000),
    ("senior-csr", "adjustments.ask", 10000),
    ("supervisor", "adjustments.approve", 100000),
    ("senior-csr", "billing.correct", 10000),
    ("billing-analyst", "billing.correct", 50000),
    ("supervisor", "credit.decide", 250000),
    ("csr", "programs.apply", 12500),
    ("senior-csr", "programs.apply", 15000),
    ("program-staff", "programs.apply", 20000),
    ("program-staff", "rebates.work", 2000000),
    ("supervisor", "rebates.approve", 10000000),
)
"""What each role may give back or bill again alone, or decide for others, in cents."""


@in_transaction
def found(plan: Plan) -> tuple[Jurisdiction, dict[int, Cycle]]:
    """Everything but the rate book; the city as who taxes, and the cycles by number."""
    began = plan.begins - timedelta(days=1100)
    founding.found(utility=_utility(), by=FOUNDER, at=at(began, 9), demo_town=True)
    _hire(plan.as_of, began)
    define_programs(on=began)
    found_fund(on=began)
    set_terms(on=began)
    define_income_plan(on=began)
    cycles = {int(cycle.code): cycle for cycle in Cycle.objects.all()}
    _define_windows(plan, cycles)
    return Jurisdiction.objects.get(), cycles


def _utility() -> utility.Utility:
    return utility.Utility(
        name="Marisol Bay Power", phone="(510) 555-0100", website="marisolbaypower.example",
        office="2100 Oak St, Marisol Bay", email="billing@marisolbaypower.example", bank=BANK,
        jurisdiction=(utility.Jurisdiction(key="marisol-bay", name="City of Marisol Bay"),),
        source=tuple(
            utility.Source(key=one.key, name=one.name, kind=one.kind, opening_float=Money(one.opening_float))
            for one in SOURCES.values()
        ),
        cycle=tuple(
            utility.Cycle(code=f"{number:02}", name=" and ".join(one.name for one in districts_of(number)))
            for number in range(1, CYCLES + 1)
        ),
    )  # fmt: skip


def windows_to_define(cycle: int, as_of: date, months: int) -> list[Turn]:
    """Those that are billed, and the next two."""
    billed = billed_turns(cycle, before=as_of, count=months)
    following = turn_after(billed[-1])
    return [*billed, following, turn_after(following)]


def _hire(as_of: date, began: date) -> None:
    for one in STAFF:
        joined = as_of - timedelta(weeks=one.weeks) if one.weeks else began
        hired = users.add_user(
            username=one.username, name=one.name, kind=User.Kind.STAFF, title=one.title,
            email=f"{one.username}@marisolbaypower.example", by=FOUNDER, at=at(joined, 8),
        )  # fmt: skip
        by = FOUNDER if hired.actor == ADMINISTRATOR else ADMINISTRATOR
        users.grant_role(user=hired, role=one.role, on=joined, by=by, at=at(joined, 8, 30))
    for role, permission, cents in LIMITS:
        set_limit(role=role, permission=permission, amount=Money(cents), on=began, by=ADMINISTRATOR, at=at(began, 9))


def _define_windows(plan: Plan, cycles: dict[int, Cycle]) -> None:
    for number, cycle in cycles.items():
        for one in windows_to_define(number, plan.as_of, plan.size.months):
            define_window(
                cycle=cycle, month=one.month, reads_on=one.reads_on, opens_on=one.bills_on,
                closes_on=OFFICE.add_working_days(one.bills_on, WINDOW_DAYS), accounting_on=one.bills_on,
                estimate_on=OFFICE.add_working_days(one.bills_on, WINDOW_DAYS),
            )  # fmt: skip
