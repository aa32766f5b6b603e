"""Programs in a period: figures and money, who told whom, languages and districts; samples; terms and budgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.credit.models import ForgivenessTerms
from lamplighter.journeys.parameters import program_key
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.notices.languages import Language
from lamplighter.programs.models import Budget, IncomeGuideline, Program, ProgramTerms, Sample, SampleCase
from lamplighter.programs.queries.enrolled import ending
from lamplighter.programs.queries.reporting import (
    SOON,
    budget_for,
    by_district,
    by_language,
    figures,
    participation,
    samples,
    spent,
)
from lamplighter.web.access import needs
from lamplighter.web.asked import days_asked
from lamplighter.web.desk.texts.governed import governed
from lamplighter.web.lead.programs.forgiving import ForgivenessTable
from lamplighter.web.lead.programs.tables import (
    Budgets,
    Cases,
    FiguresTable,
    Guidelines,
    ParticipationTable,
    Samples,
    TermsTable,
)
from lamplighter.web.naming import names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Empty, Fact, Link, Tab
from lamplighter.web.ui.tables import Table, grid, table_page
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

PROGRAMS = Crumb("Programs", "/lead/programs/")
TABS = (("Report", "lead:programs"), ("Audit samples", "lead:samples"), ("Terms and budgets", "lead:program-terms"))
TABLE = "ui/tables/grid.html"


@needs("programs.oversee")
def report(request: HttpRequest) -> HttpResponseBase:
    """One period: the figures, each a count of rows; the money of the year; who told whom; who has it."""
    period = days_asked(request, since=visit(request).on.replace(day=1))
    programs = list(Program.objects.order_by("name"))
    return page(
        request, title="Programs", template="lead/programs/report.html", tabs=_tabs(request),
        first=period.start, last=period.last_day,
        panels=[
            Panel("figures", f"{day(period.start)} to {day(period.last_day)}", TABLE,
                  lambda: _grid(request, "figures", FiguresTable,
                                [figures(program, period=period) for program in programs], "No program is defined.")),
            Panel("participation", "Who told whom", TABLE,
                  lambda: _grid(request, "participation", ParticipationTable, _participation(period, programs),
                                "Nobody was told of a program in these days."), lazy=True),
            *(Panel(f"money-{one.code}", f"{one.name}: budget", "lead/programs/facts.html",
                    partial(_money, one, period.last_day), place="side", lazy=True)
              for one in programs if one.gl_code),
            *(Panel(f"who-{one.code}", f"{one.name}: who has it", "lead/programs/facts.html",
                    partial(_who, one, period.last_day), place="side", lazy=True) for one in programs),
        ],
    )  # fmt: skip


@needs("programs.oversee")
def drawn(request: HttpRequest) -> HttpResponseBase:
    return table_page(
        request, title="Audit samples", table=Samples, rows=samples(), tabs=_tabs(request), crumbs=[PROGRAMS],
        empty=Empty("No sample was drawn yet."),
        actions=[Action("Draw a sample", reverse("lead:do-draw"), key="s", primary=True)],
    )  # fmt: skip


@needs("programs.oversee")
def sample(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The cases of a sample in the order drawn; each is looked into once."""
    found = Sample.objects.select_related("program").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such sample.")
    rows = SampleCase.objects.filter(sample=found).select_related("enrollment__account", "remark").order_by("place")
    return table_page(
        request, title=f"{found.program.name}: {found.name}", table=Cases, rows=rows,
        crumbs=[PROGRAMS, Crumb("Audit samples", reverse("lead:samples"))],
        meta=[f"Drawn {day(found.on)} of {found.population:,} by the seed “{found.seed}”",
              f"Answer by {day(found.answer_by)}"],
    )  # fmt: skip


@needs("programs.oversee")
def terms(request: HttpRequest) -> HttpResponseBase:
    """By which rules applications are decided, the income table, and what may be spent."""
    return page(
        request, title="Terms and budgets", tabs=_tabs(request), crumbs=[PROGRAMS],
        alerts=governed(request, *map(program_key, Program.objects.values_list("code", flat=True))),
        actions=[
            Action("Set terms", reverse("lead:do-set-terms"), key="t", primary=True),
            Action("Set the income table", reverse("lead:do-set-guideline"), key="i"),
            Action("Set a budget", reverse("lead:do-set-budget"), key="b"),
            Action("Define a program", reverse("lead:do-define-program"), key="n"),
            Action("Set forgiveness", reverse("lead:do-set-forgiveness"), key="f"),
        ],
        panels=[
            Panel("terms", "Terms", TABLE, lambda: _grid(
                request, "terms", TermsTable, ProgramTerms.objects.select_related("program").order_by(
                    "program__name", "-period"), "No terms are set: nobody can apply.")),
            Panel("forgiveness", "Old debt forgiven for bills paid in time", TABLE, lambda: _grid(
                request, "forgiveness", ForgivenessTable, ForgivenessTerms.objects.select_related("code").order_by(
                    "-period"), "No terms are set: no old debt is forgiven.")),
            Panel("guidelines", "Income table", TABLE, lambda: _grid(
                request, "guidelines", Guidelines, IncomeGuideline.objects.order_by("-period"),
                "None is set: income can't be judged.")),
            Panel("budgets", "Budgets", TABLE, lambda: _grid(
                request, "budgets", Budgets, Budget.objects.select_related("program").order_by("-period"),
                "None is set.")),
        ],
    )  # fmt: skip


def _tabs(request: HttpRequest) -> list[Tab]:
    return [Tab(label, reverse(name), current=request.path == reverse(name)) for label, name in TABS]


def _grid(
    request: HttpRequest, name: str, table: type[Table], rows: Sequence[Any] | Any, nothing: str
) -> Mapping[str, Any]:
    return {"grid": grid(request, table=table, rows=rows, caption=name.capitalize(), name=name, empty=Empty(nothing))}


def _participation(period: Period, programs: Sequence[Program]) -> list[dict[str, Any]]:
    rows, titles = participation(period=period), {program.code: program.name for program in programs}
    people = names_of(row.by for row in rows)
    return [
        {"program": titles[row.program], "channel": row.channel, "person": people[row.by], "told": row.told,
         "applied": row.applied, "enrolled": row.enrolled}
        for row in rows
    ]  # fmt: skip


def _money(program: Program, last: date) -> Mapping[str, Any]:
    """The fiscal year of the period's last day: what was spent, and what would be at this pace."""
    budget = Budget.objects.filter(program=program, period__contains=last).first()
    if budget is None:
        link = Link("Set it", reverse("lead:do-set-budget"), panel=True)
        return {"facts": [Fact("Budget", "None is set for this day", link)]}
    year = budget.period
    so_far = Period(year.start, last + timedelta(days=1))
    gone = spent(program, period=so_far)
    allowed = budget_for(program, period=so_far) or ZERO
    pace = Money(gone.cents * year.days // so_far.days)
    facts = [
        Fact("Budget of the year", allowed),
        Fact(f"Spent to {day(last)}", gone),
        Fact("Left", allowed - gone),
        Fact("At this pace by the end", pace),
        Fact("By resolution", budget.citation),
    ]
    return {"facts": facts}


def _who(program: Program, last: date) -> Mapping[str, Any]:
    """By language and district, and how many are to recertify soon."""
    languages = {language.value: language.label for language in Language}
    spoken = (f"{languages.get(code, code)} {count}" for code, count in by_language(program, day=last))
    places = (f"{code or 'unknown'} {count}" for code, count in by_district(program, day=last))
    soon = ending(on=last, within=SOON).filter(program=program).count()
    facts = [
        Fact("Languages", " · ".join(spoken) or "Nobody"),
        Fact("Postcodes", " · ".join(places) or "Nobody"),
        Fact(f"End within {SOON} days", soon, Link("Open", reverse("desk:recertify"))),
    ]
    return {"facts": facts}
