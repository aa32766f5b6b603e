"""Power Assist and the medical allowance of Marisol Bay: their terms, who has them, who asked lately, and an audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from zlib import crc32

from lamplighter.accounts.models import AgreementFact
from lamplighter.journeys.enrolling import apply_for
from lamplighter.journeys.recertifying import pass_a_program_day
from lamplighter.kernel.actors import Actor, staff, system
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.platform.transactions import in_transaction, unit_of_work
from lamplighter.programs.models import Application, Offer, Program, SampleCase
from lamplighter.programs.models.applications import Channel
from lamplighter.programs.operations.applying import ApplicationIn, record_offer
from lamplighter.programs.operations.defining import define_program, set_budget, set_guideline, set_terms
from lamplighter.programs.operations.enrolling import EnrollmentIn, convert_enrollments
from lamplighter.programs.operations.sampling import draw_sample, write_finding
from lamplighter.programs.queries.enrolled import enrolled_on
from lamplighter.programs.rules.qualifying import Basis, Guideline, Said, Terms
from lamplighter.programs.rules.sampling import draw
from lamplighter.town.calendar import at
from lamplighter.town.plan import Plan
from lamplighter.town.staff import CONVERSION, DANA, FOUNDER, RENEE
from lamplighter.town.stage import Stage

PROGRAMS = system("programs")
ASSIST, MEDICAL = "power-assist", "medical-allowance"
INCOME = Terms(
    frozenset({Basis.CATEGORY, Basis.AGENCY, Basis.INCOME, Basis.DECLARED}), 200,
    frozenset({"snap", "medicaid", "liheap", "wic", "ssi", "housing"}), months=24, fixed_months=48, papers_days=30,
    remind_days=(60, 15), citation="Resolution 2024-9 of the Public Utilities Board",
)  # fmt: skip
NEED = Terms(
    frozenset({Basis.MEDICAL}), None, months=24, fixed_months=24, papers_days=30, remind_days=(60, 15),
    citation="Resolution 2024-9 of the Public Utilities Board",
)  # fmt: skip
GUIDELINE = Guideline(Money(1_565_000), Money(550_000), "Federal poverty guidelines of 2025, 48 states")
SAMPLE, AUDITED = 20, "rahimi"


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who applied so many days ago, and another who was told that day and thinks about it."""

    key: str
    said: Said
    by: Actor
    channel: Channel
    back: int
    told: str


ASKED = (
    Asked("gwen", Said(Basis.INCOME, 2, Money(3_120_000)), staff("lupe"), Channel.COUNTER, 6, "dele"),
    Asked("owen", Said(Basis.DECLARED, 3, Money(4_410_000)), DANA, Channel.PHONE, 4, "ines"),
    Asked("carla", Said(Basis.DECLARED, 1, Money(5_280_000)), DANA, Channel.PHONE, 1, "jun"),
)
"""One waits for papers, one was approved, one was not."""


@in_transaction
def define_programs(*, on: date) -> None:
    """What the board resolved, long before the first day that is told."""
    by, when = FOUNDER, at(on, 9)
    assist = define_program(
        code=ASSIST, name="Power Assist", fact="power_assist", gl_code="assistance-discounts",
        words="If your household's income is low, or you get CalFresh or Medi-Cal, you can have 25% off your "
        "electricity. It takes about three minutes, and we can do it now.",
        by=by, at=when,
    )  # fmt: skip
    medical = define_program(
        code=MEDICAL, name="Medical allowance", fact="medical", gl_code="",
        words="If somebody at home needs medical equipment, you can have more electricity at the lower price. Your "
        "doctor signs a form.",
        by=by, at=when,
    )  # fmt: skip
    set_terms(program=assist, terms=INCOME, on=on, by=by, at=when)
    set_terms(program=medical, terms=NEED, on=on, by=by, at=when)
    set_guideline(guideline=GUIDELINE, on=on, by=by, at=when)


def begin_programs(plan: Plan, ids: Mapping[str, int], *, now: datetime) -> None:
    """Who has them by this morning, a budget for the year, an audit that goes on, and what came in lately."""
    stage = Stage(plan, dict(ids))
    with unit_of_work(CONVERSION):
        _take_over(stage)
        _budget(plan.as_of)
    with unit_of_work(RENEE):
        _audit(stage)
    for one in ASKED:
        with unit_of_work(one.by):
            _ask(stage, one, plan.as_of - timedelta(days=one.back))
    with unit_of_work(PROGRAMS):
        pass_a_program_day(on=plan.as_of, by=PROGRAMS, at=min(now, at(plan.as_of, 6)))


def _take_over(stage: Stage) -> None:
    """Whoever had the discount or the allowance before: until the day that was said, else for up to two years more."""
    plan, keys = stage.plan, {account: key for key, account in stage.ids.items()}
    programs = {program.fact: program for program in Program.objects.filter(pk__in=(ASSIST, MEDICAL))}
    facts = AgreementFact.objects.filter(name__in=programs, value="yes", period__contains=plan.as_of)
    rows = []
    for fact in facts.select_related("agreement").order_by("agreement"):
        lot = crc32(keys[fact.agreement.account_id].encode())
        later = plan.as_of + timedelta(days=20 + lot % 690)
        days = Period(fact.period.start, fact.period.end or later)
        basis = Basis.MEDICAL if fact.name == "medical" else (Basis.DECLARED, Basis.CATEGORY)[lot % 2]
        rows.append(EnrollmentIn(programs[fact.name], fact.agreement, days, basis))
    convert_enrollments(enrollments=rows, by=CONVERSION, at=at(plan.begins, 8))


def _budget(as_of: date) -> None:
    """Of the fiscal year, which begins in July."""
    start = date(as_of.year if as_of.month >= 7 else as_of.year - 1, 7, 1)
    set_budget(
        program=Program.objects.get(pk=ASSIST), year=Period(start, start.replace(year=start.year + 1)),
        amount=Money(6_000_000), citation="Budget resolution of the Public Utilities Board", by=FOUNDER,
        at=at(start, 9),
    )  # fmt: skip


def _audit(stage: Stage) -> None:
    """Drawn six weeks ago. Yusuf Rahimi is in it, and has shown nothing yet; most others have."""
    program, on = Program.objects.get(pk=ASSIST), stage.plan.as_of - timedelta(days=42)
    wanted = enrolled_on(program, day=on).filter(account=stage.ids[AUDITED]).first()
    if wanted is None:
        return
    keys = list(enrolled_on(program, day=on).values_list("pk", flat=True))
    seeds = (f"marisol-{number}" for number in count(1))
    seed = next(seed for seed in seeds if wanted.pk in draw(keys, seed=seed, size=SAMPLE))
    made = draw_sample(
        program=program, name=f"{on.year} Q{(on.month - 1) // 3 + 1}", seed=seed, size=SAMPLE,
        answer_by=stage.plan.as_of + timedelta(days=3), on=on, by=RENEE, at=at(on, 14),
    )  # fmt: skip
    for after, case in enumerate(made.cases.exclude(enrollment=wanted).order_by("place")[: SAMPLE - 3], start=5):
        day = on + timedelta(days=after)
        write_finding(
            case=case, finding=SampleCase.Finding.QUALIFIES, remark="", on=day, by=RENEE, at=at(day, 15)
        )  # fmt: skip


def _ask(stage: Stage, one: Asked, day: date) -> None:
    program, agreement = Program.objects.get(pk=ASSIST), stage.service(one.key)
    asked = ApplicationIn(program, agreement, one.said, one.channel, Application.Consent.RECORDED)
    apply_for(asked=asked, on=day, by=one.by, at=at(day, 11, 40))
    record_offer(
        program=program, agreement=stage.service(one.told), channel=one.channel, answer=Offer.Answer.THINKS,
        saving=None, on=day, by=one.by, at=at(day, 11, 50),
    )  # fmt: skip
