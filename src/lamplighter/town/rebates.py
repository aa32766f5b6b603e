"""Rebates of Marisol Bay: programs, manual and budgets, what key accounts asked for, and the plans that they serve.

Everything is invented but the carbon of a therm (40 CFR 98, table C-1: 53.06 kg of CO2 for a million Btu).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from lamplighter.customers.models import Person
from lamplighter.journeys import rebating
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Organisation
from lamplighter.payments.operations.refunding import write_checks
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import in_transaction, unit_of_work
from lamplighter.rebates.models import Mandate, Measure, RebateApplication, RebatePayment, RebateProgram
from lamplighter.rebates.operations import applying, defining, paying
from lamplighter.rebates.operations.defining import EntryIn, IncentiveIn, TermsIn
from lamplighter.rebates.operations.mandates import GoalIn, add_mandate, set_goal
from lamplighter.rebates.queries.offers import RebateIn, draft_rebate
from lamplighter.rebates.queries.standing import missing_papers
from lamplighter.rebates.rules.progress import Kpi
from lamplighter.rebates.rules.qualifying import PaperKind, Way
from lamplighter.rebates.rules.savings import Saved
from lamplighter.rebates.rules.stages import State
from lamplighter.rebates.rules.worth import Basis, Form
from lamplighter.town.calendar import at
from lamplighter.town.staff import FINANCE, FOUNDER, RENEE
from lamplighter.town.stage import Stage

JOEL, PETRA, IVO = staff("joel"), staff("petra"), staff("ivo")
MANUAL = "Technical reference manual of Marisol Bay Power (invented)"
BUSINESS = ("commercial", "industrial", "government")
THERM_KG = "5.306"
INVOICE, SPEC, PERMIT = PaperKind.INVOICE, PaperKind.SPEC, PaperKind.PERMIT
PAPER = "%PDF-1.4\n% {} of rebate {} of the demo city\n%%EOF\n"


@dataclass(frozen=True, slots=True)
class Kind:
    """A measure and its entry: what a unit saves (kWh, kW, kg of fuel's CO2), for how many years, what it is paid."""

    program: str
    code: str
    name: str
    unit: str
    saves: tuple[str, str, str]
    years: int
    dollars: str
    percent: int
    most: int
    answers: str = ""
    basis: Basis = Basis.DEEMED
    papers: tuple[PaperKind, ...] = (INVOICE, SPEC)


KINDS = (
    Kind("efficiency", "high-bay-lamps", "High-bay LED lamps", "lamps", ("210", "0.06", "0"), 12, "45", 50, 25_000),
    Kind("efficiency", "case-controls", "Controls of refrigerated cases", "cases", ("1150", "0.13", "0"), 10, "110",
         50, 20_000),
    Kind("efficiency", "freezers", "Ultra-low freezers", "freezers", ("3900", "0.45", "0"), 12, "600", 40, 15_000),
    Kind("efficiency", "custom", "Custom efficiency", "kWh of the first year", ("0", "0", "0"), 12, "0.12", 60, 75_000,
         "efficiency.kwh", Basis.MEASURED, (INVOICE,)),
    Kind("electrification", "heat-pumps", "Heat pumps for gas boilers", "therms a year", ("-7.9", "0", THERM_KG), 18,
         "4", 30, 40_000, "heat_pump.therms", papers=(INVOICE, SPEC, PERMIT)),
    Kind("electrification", "induction", "Electric kitchens and ovens", "therms a year", ("-13.8", "0", THERM_KG), 12,
         "6", 40, 20_000, "induction.therms"),
    Kind("electrification", "storage", "Batteries against the peak", "kWh of storage", ("-30", "0.4", "0"), 12, "180",
         40, 40_000, "battery.kwh", papers=(INVOICE, SPEC, PERMIT)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """What a key account asked for `back` days ago, whose work was done `done` days ago, and how far it came."""

    key: str
    measure: str
    quantity: int
    dollars: int
    back: int
    to: State
    done: int = 0
    way: Way = Way.CREDIT


ASKS = (
    Ask("high-school", "high-bay-lamps", 180, 34_000, 200, State.PAID, 34, Way.CONTRACTOR),
    Ask("mudflat", "freezers", 6, 41_000, 180, State.CLAWED, 44, Way.CHECK),
    Ask("three-herons", "high-bay-lamps", 420, 78_000, 130, State.PAID, 26, Way.CHECK),
    Ask("northquay", "custom", 180_000, 96_000, 90, State.MEASURING, 30),
    Ask("green-buoy", "case-controls", 36, 14_400, 80, State.PAID, 4),
    Ask("kelp-and-kettle", "storage", 200, 130_000, 70, State.READY, 15),
    Ask("saint-orla", "high-bay-lamps", 300, 52_000, 60, State.INSPECTION, 12),
    Ask("lantern-dock", "high-bay-lamps", 160, 30_000, 40, State.REVIEW, 5),
    Ask("tern-hotel", "heat-pumps", 9_000, 140_000, 30, State.RESERVED),
    Ask("golden-sampan", "induction", 1_800, 36_000, 3, State.QUEUED),
)
"""The brewery's waits for Renee; the bakery's waits until the electrification budget has money again."""


def pay_rebates(stage: Stage) -> None:
    """From the board's resolutions, which are of the fiscal year before this one, to what waits this morning."""
    today = stage.plan.as_of
    year = date(today.year if today.month >= 7 else today.year - 1, 7, 1)
    begins = year.replace(year=year.year - 1)
    with unit_of_work(FOUNDER):
        _resolve(begins, year)
    with unit_of_work(RENEE):
        _mandates(begins, year)
    cobalt = Organisation.objects.select_related("person").get(kind=Organisation.Kind.CONTRACTOR).person
    for one in ASKS:
        if today - timedelta(days=one.back) in stage.service(one.key).period:  # a small city remembers less
            with unit_of_work(JOEL):
                _follow(stage, one, cobalt, today)


@in_transaction
def _resolve(begins: date, year: date) -> None:
    when = at(begins, 9)
    programs = {
        code: defining.define_rebate_program(code=code, name=name, words=words, gl_code=gl, by=FOUNDER, at=when)
        for code, name, words, gl in (
            ("efficiency", "Business efficiency", "We pay a part of what saves power, before you buy it.",
             "rebates-efficiency"),
            ("electrification", "Business electrification",
             "We pay a part of what takes the place of gas and diesel, or holds the peak down.",
             "rebates-electrification"),
        )
    }  # fmt: skip
    for code, realised, net in (("efficiency", 93, 82), ("electrification", 100, 90)):
        terms = TermsIn(270, 25, "marisol-bay", Money(1_300_000), 60, realised, net,
                        "Resolution 2025-14 of the board; evaluation of 2024 (both invented)")  # fmt: skip
        defining.set_rebate_terms(program=programs[code], terms=terms, on=begins, by=FOUNDER, at=when)
    for code, earlier, now in (("efficiency", 12_000_000, 15_000_000), ("electrification", 6_000_000, 8_000_000)):
        for start, cents in ((year.replace(year=year.year - 1), earlier), (year, now)):
            period = Period(start, start.replace(year=start.year + 1))
            defining.set_rebate_budget(
                program=programs[code], year=period, amount=Money(cents), by=FOUNDER, at=when,
                citation=f"Budget resolution of {start.year} (invented)",
            )  # fmt: skip
    for kind in KINDS:
        _offer(programs[kind.program], kind, begins, year)
    _others(begins)


def _offer(program: RebateProgram, kind: Kind, begins: date, year: date) -> None:
    """The manual of last year and of this one, which pays the same for a little less."""
    measure = defining.define_measure(
        code=kind.code, program=program, name=kind.name, unit=kind.unit, basis=kind.basis, answers=kind.answers,
        by=FOUNDER, at=at(begins, 9),
    )  # fmt: skip
    for on, share in ((begins, Decimal("1.04")), (year, Decimal(1))):
        kwh, kw, fuel = (Decimal(one) * share for one in kind.saves)
        entry = EntryIn(
            f"{on:%Y.%m}", MANUAL, Saved(kwh, kw, fuel, kind.years), Decimal(kind.dollars), kind.percent,
            Money(kind.most * 100), BUSINESS, kind.papers,
        )  # fmt: skip
        defining.set_entry(measure=measure, entry=entry, on=on, by=FOUNDER, at=at(on, 9))


def _others(begins: date) -> None:
    for code, giver, name, form, value, most, stacks in (
        ("heat-pumps", "Bay Air Quality Agency", "Clean Heat Grant", Form.PERCENT, "15", 5_000_000, True),
        ("heat-pumps", "Harbor Green Bank", "Interest-free loan with a grant", Form.FIXED, "20000", None, False),
        ("storage", "State Energy Office", "Storage incentive", Form.UNIT, "200", None, True),
        ("induction", "Bay Air Quality Agency", "Clean Kitchens", Form.FIXED, "2500", None, True),
    ):
        incentive = IncentiveIn(giver, name, form, Decimal(value), Money(most) if most else None, stacks, "Invented")
        measure = Measure.objects.get(pk=code)
        defining.set_incentive(measure=measure, incentive=incentive, on=begins, by=FOUNDER, at=at(begins, 9))


@in_transaction
def _mandates(begins: date, year: date) -> None:
    """A city's climate plan and the board's own, with goals that count from this fiscal year on."""
    when = at(begins, 10)
    climate = add_mandate(
        kind=Mandate.Kind.CLIMATE, title="Climate Action Plan of Marisol Bay",
        words="Half of the carbon of buildings and work by 2035, none by 2045; the utility helps its customers there.",
        source="City Council resolution 2024-31, chapter 4 (invented)", on=begins, by=RENEE, at=when,
    )  # fmt: skip
    strategy = add_mandate(
        kind=Mandate.Kind.STRATEGY, title="Strategic plan of the Public Utilities Board",
        words="Goal 3: customers' bills and peaks are lower because we worked with them.",
        source="Adopted 2025, page 9 (invented)", on=begins, by=RENEE, at=when,
    )  # fmt: skip
    programs = {one.code: one for one in RebateProgram.objects.all()}
    ends = year.replace(year=year.year + 1) - timedelta(days=1)
    for mandate, words, kpi, target, codes in (
        (climate, "60 t of CO₂ less a year by projects of this year", Kpi.TONNES, 60, ("efficiency",
                                                                                     "electrification")),
        (strategy, "100 MWh a year saved by projects of this year", Kpi.NET_MWH, 100, ("efficiency",)),
        (strategy, "Six projects of this year in electrification", Kpi.PROJECTS, 6, ("electrification",)),
    ):  # fmt: skip
        goal = GoalIn(words, kpi, Decimal(target), year, ends)
        set_goal(mandate=mandate, goal=goal, programs=[programs[code] for code in codes], by=RENEE, at=when)


@in_transaction
def _follow(stage: Stage, one: Ask, contractor: Person, today: date) -> None:
    """An application as far as it came, on the days on which it came there."""
    on, measure = today - timedelta(days=one.back), Measure.objects.select_related("program").get(pk=one.measure)
    asked = RebateIn(
        measure, stage.service(one.key), Decimal(one.quantity), Money(one.dollars * 100), one.way,
        contractor if one.way is Way.CONTRACTOR else None, tuple(measure.incentives.filter(stacks=True)),
    )  # fmt: skip
    shown = draft_rebate(asked, on=on).digest
    made = applying.apply_for_rebate(asked=asked, shown=shown, on=on, by=JOEL, at=at(on, 10))
    if one.to in {State.QUEUED, State.RESERVED}:
        return
    installed = today - timedelta(days=one.done)
    told = min(installed + timedelta(days=3), today - timedelta(days=1))
    _brings(made, told)
    applying.tell_done(application=made, installed_on=installed, quantity=asked.quantity, cost=asked.cost, on=told,
                       by=JOEL, at=at(told, 11))  # fmt: skip
    if one.to is not State.REVIEW:
        _checked(made, one, told)
    if one.to in {State.PAID, State.READY, State.CLAWED}:
        paid = paying.pay_rebate(application=made, on=told, by=PETRA, at=at(told, 15))
        if isinstance(paid, RebatePayment) and paid.refund is not None:
            next_day = told + timedelta(days=1)
            write_checks(refunds=[paid.refund], on=next_day, by=FINANCE, at=at(next_day, 11))
    if one.to is State.CLAWED:
        day = today - timedelta(days=2)
        paying.claw_back(application=made, gone_on=day, words="The freezers went to the new site in Oakhaven.", on=day,
                         by=PETRA, at=at(day, 14))  # fmt: skip


def _checked(made: RebateApplication, one: Ask, on: date) -> None:
    """Petra checks; where it is drawn, Ivo looks, unless that is still to be done."""
    live = rebating.accept(application=made, on=on, by=PETRA, at=at(on, 13))
    if live.stage is State.INSPECTION and one.to is not State.INSPECTION:
        rebating.inspected(application=live, found=Decimal(one.quantity), words="As told.", photo=None, on=on, by=IVO,
                           at=at(on, 14))  # fmt: skip


def _brings(made: RebateApplication, on: date) -> None:
    lacking: Sequence[PaperKind] = missing_papers(made)
    for kind in lacking:
        file, _ = store_file(
            [PAPER.format(kind, made.number).encode()],
            name=f"{kind}.pdf",
            media_type="application/pdf",
            by=JOEL,
            at=at(on, 10),
        )
        applying.bring_rebate_papers(application=made, kind=kind, files=[file], by=JOEL, at=at(on, 10))
