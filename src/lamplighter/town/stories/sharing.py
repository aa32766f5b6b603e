"""A household that pays six percent of its income for power since three bills ago; the fund bears the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial

from lamplighter.journeys.enrolling import apply_for
from lamplighter.kernel.money import Money
from lamplighter.platform.transactions import unit_of_work
from lamplighter.programs.models import Application, Program
from lamplighter.programs.models.applications import Channel
from lamplighter.programs.operations.applying import ApplicationIn
from lamplighter.programs.operations.defining import define_program, set_terms
from lamplighter.programs.rules.qualifying import Basis, Said, Terms
from lamplighter.programs.rules.sharing import FACT
from lamplighter.town.calendar import OFFICE, at
from lamplighter.town.plan import Plan, Reading, Scene
from lamplighter.town.staff import DANA, FOUNDER
from lamplighter.town.stage import Stage
from lamplighter.town.stories.timing import nth_bill

CODE, SINCE = "income-plan", 3
"""After which of their bills, counted back from the newest."""
TERMS = Terms(
    frozenset({Basis.INCOME, Basis.DECLARED}), 100, months=12, fixed_months=24, papers_days=30, remind_days=(60, 15),
    citation="Resolution 2025-41 of the Public Utilities Board", income_share=Decimal(6),
)  # fmt: skip


def define_income_plan(*, on: date) -> None:
    """What the board resolved, long before the first day that is told."""
    with unit_of_work(FOUNDER):
        program = define_program(
            code=CODE, name="Income Plan", fact=FACT, gl_code="income-plans", by=FOUNDER, at=at(on, 9, 50),
            words="If your household earns very little, your power can cost you at most 6% of what you earn.",
        )  # fmt: skip
        set_terms(program=program, terms=TERMS, on=on, by=FOUNDER, at=at(on, 9, 50))


def scenes(plan: Plan) -> Iterator[Scene]:
    """The first home by lot that is read by its dials: a small city may have none."""
    for one in plan.customers:
        meter = one.services[0].meter if one.services else None
        here = one.key.startswith("home-") and one.on is None and one.pays.until is None
        if here and meter is not None and meter.reading is Reading.REGISTER:
            asked = OFFICE.add_working_days(nth_bill(one.cycle, plan.as_of, SINCE).bills_on, 3)
            yield Scene(one.key, asked, partial(applies, key=one.key))
            return


def applies(stage: Stage, day: date, *, key: str) -> None:
    with unit_of_work(DANA):
        asked = ApplicationIn(
            Program.objects.get(pk=CODE), stage.service(key), Said(Basis.DECLARED, 2, Money(720_000)),
            Channel.PHONE, Application.Consent.RECORDED,
        )  # fmt: skip
        apply_for(asked=asked, on=day, by=DANA, at=at(day, 11, 40))
