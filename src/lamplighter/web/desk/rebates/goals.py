"""Mandates and the goals in them, how far the programs that serve them are, and what carbon a program saves at what
cost; printed, and as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.journeys.rebating import factor_on
from lamplighter.kernel.periods import Period
from lamplighter.rebates.models import Mandate, RebateBudget, RebateProgram
from lamplighter.rebates.operations.defining import CannotDefineRebate
from lamplighter.rebates.operations.mandates import GoalIn, add_mandate, set_goal
from lamplighter.rebates.queries.reporting import Done as Program
from lamplighter.rebates.queries.reporting import GoalStands, all_together, done, goals
from lamplighter.rebates.rules.progress import Kpi, Standing
from lamplighter.rebates.rules.savings import Sums
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.asked import days_asked
from lamplighter.web.desk.rebates.tabs import REBATES, tabs
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import CheckRows, DayField, Form, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Empty, Fact, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MoneyColumn, NumberColumn, Table, grid
from lamplighter.web.ui.wording import day, number
from lamplighter.web.visits import visit

GRID = "ui/tables/grid.html"
STANDINGS = {
    Standing.REACHED.value: Tone.GOOD, Standing.AHEAD.value: Tone.GOOD, Standing.BEHIND.value: Tone.WATCH,
    Standing.MISSED.value: Tone.BAD,
}  # fmt: skip


class Goals(Table):
    """Goals with how far they are, from `_goal`."""

    mandate = Column("Mandate or plan")
    words = Column("Goal")
    programs = Column("Served by", orderable=False)
    kpi = Column("Counts")
    target = NumberColumn("Target", places=1)
    reached = NumberColumn("Reached", places=1)
    share = NumberColumn("%")
    due = NumberColumn("At a steady pace by today", places=1)
    due_on = DayColumn("By")
    standing = BadgeColumn("Stands", tones=STANDINGS)


class Carbon(Table):
    """Programs with what their paid projects save, from `_program`."""

    program = Column("Program")
    projects = NumberColumn("Projects")
    gross = NumberColumn("Gross (kWh a year)")
    evaluated = NumberColumn("Evaluated (kWh)")
    net = NumberColumn("Net (kWh)")
    kw = NumberColumn("Net (kW)", places=1)
    tonnes = NumberColumn("Net CO₂ (t a year)", places=1)
    lifetime = NumberColumn("Net CO₂ over its years (t)", places=1)
    paid = MoneyColumn("Rebates paid")
    per_tonne = MoneyColumn("A tonne cost")
    found = Column("Found by the sample", orderable=False)


class Mandates(Table):
    """What binds, in its words."""

    title = Column("Mandate or plan")
    kind = Column("Kind", accessor="get_kind_display", order_by="kind")
    words = Column("What it says", orderable=False)
    source = Column("Where it stands", orderable=False)
    start = DayColumn("Since", accessor="period__start", order_by="period")


@needs("rebates.view")
def report(request: HttpRequest) -> HttpResponseBase:
    """Goals by today; programs over the days that are asked for (unless said, this budget year so far)."""
    on, period = visit(request).on, _period(request)
    paper = "print" in request.GET
    above: dict[str, Any] = {} if paper else {
        "tabs": tabs(request), "crumbs": [REBATES], "actions": _actions(request, period)
    }  # fmt: skip
    return page(
        request, title="Goals and carbon of programs", first=period.start, last=period.last_day, on=on,
        template="desk/rebates/goals_print.html" if paper else "desk/rebates/goals.html", **above,
        panels=[
            Panel("goals", "Goals and how far they are", GRID, lambda: {"grid": grid(
                request, table=Goals, rows=[_goal(one) for one in goals(on=on)], caption="Goals", name="goals",
                empty=Empty("No goal is set yet. Add a mandate, then its goals."))}),
            Panel("carbon", f"Savings, carbon and cost: {day(period.start)} to {day(period.last_day)}", GRID,
                  lambda: _carbon(request, period)),
            Panel("mandates", "Mandates and plans", GRID, lambda: {"grid": grid(
                request, table=Mandates, rows=Mandate.objects.order_by("title"), caption="Mandates", name="mandates",
                empty=Empty("None is written down yet."))}),
            Panel("how", "How this is counted", "desk/programs/facts.html", lambda: {"facts": _how(on)}),
        ],
    )  # fmt: skip


class AddMandate(Once, Form):
    kind = forms.ChoiceField(label="Kind", choices=Mandate.Kind.choices)
    title = forms.CharField(label="Title", max_length=120)
    words = forms.CharField(label="What it says", max_length=600, widget=forms.Textarea({"rows": 4}))
    source = forms.CharField(label="Where it stands", max_length=200, help_text="Statute, resolution, page.")
    on = DayField(label="Since")


@needs("programs.oversee")
def mandate(request: HttpRequest) -> HttpResponse:
    def act(form: AddMandate) -> str:
        said = form.cleaned_data
        made = add_mandate(
            kind=Mandate.Kind(said["kind"]), title=said["title"], words=said["words"], source=said["source"],
            on=said["on"], by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"{made.title} is written down."

    return _panel(request, "Add a mandate or plan", AddMandate, act)


class SetGoal(Once, Form):
    mandate = forms.ChoiceField(label="Of")
    words = forms.CharField(label="What is to be reached", max_length=200)
    kpi = forms.ChoiceField(label="Counted as", choices=[(each.value, each.label) for each in Kpi])
    target = forms.DecimalField(label="Target", max_digits=14, decimal_places=2)
    starts_on = DayField(label="Counted from")
    due_on = DayField(label="By")
    programs = forms.MultipleChoiceField(label="Programs that serve it", widget=CheckRows)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("mandate", Mandate.objects.order_by("title")), ("programs", RebateProgram.objects.order_by(
            "name"))):  # fmt: skip
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(row.pk, str(row)) for row in rows]


@needs("programs.oversee")
def goal(request: HttpRequest) -> HttpResponse:
    def act(form: SetGoal) -> str:
        said = form.cleaned_data
        made = set_goal(
            mandate=Mandate.objects.get(pk=said["mandate"]),
            goal=GoalIn(said["words"], Kpi(said["kpi"]), said["target"], said["starts_on"], said["due_on"]),
            programs=list(RebateProgram.objects.filter(pk__in=said["programs"])), by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return f"Set: {made.words}."

    return _panel(request, "Set a goal", SetGoal, act)


def _panel(request: HttpRequest, title: str, form: Any, act: Any) -> HttpResponse:
    here = reverse("desk:rebate-goals")
    return form_panel(
        request, title=title, form=form, act=act, submit="Set it", back=here, crumbs=[Crumb("Goals and carbon", here)],
        done=lambda words: Done(words, url=here), refusals=(CannotDefineRebate,),
    )  # fmt: skip


def _actions(request: HttpRequest, period: Period) -> list[Action]:
    query = f"first={period.start.isoformat()}&last={period.last_day.isoformat()}"
    paper = Action("Print", f"{reverse('desk:rebate-goals')}?{query}&print=1", key="p", panel=False)
    if "programs.oversee" not in permissions(request):
        return [paper]
    return [
        Action("Add a mandate", reverse("desk:do-set-rebate-mandate"), key="n", primary=True),
        Action("Set a goal", reverse("desk:do-set-rebate-goal"), key="t"),
        paper,
    ]


def _goal(one: GoalStands) -> dict[str, Any]:
    stands = one.progress
    return {
        "mandate": one.goal.mandate.title, "words": one.goal.words, "programs": ", ".join(one.programs),
        "kpi": Kpi(one.goal.kpi).label, "target": stands.target, "reached": stands.reached,
        "share": stands.share * 100, "due": stands.due, "due_on": one.goal.due_on, "standing": stands.standing.value,
    }  # fmt: skip


def _carbon(request: HttpRequest, period: Period) -> Mapping[str, Any]:
    found = done(period=period)
    rows = [_program(one) for one in found]
    if len(rows) > 1:
        rows.append(_sums(all_together(found)) | {"program": "All programs", "found": ""})
    return {"grid": grid(request, table=Carbon, rows=rows, caption="Carbon", name="carbon",
                         empty=Empty("No program is defined."))}  # fmt: skip


def _program(one: Program) -> dict[str, Any]:
    ratio = one.ratio
    found = "nobody drawn yet"
    if ratio is not None:
        within = f" ± {ratio.within * 100:.0f}" if ratio.within is not None else ""
        found = f"{ratio.value * 100:.0f}{within} % of {ratio.cases}"
    return _sums(one.sums) | {"program": one.program.name, "found": found}


def _sums(sums: Sums) -> dict[str, Any]:
    return {
        "projects": sums.projects, "gross": sums.kwh, "evaluated": sums.evaluated_kwh, "net": sums.net_kwh,
        "kw": sums.net_kw, "tonnes": sums.tonnes, "lifetime": sums.lifetime, "paid": sums.paid,
        "per_tonne": sums.per_tonne,
    }  # fmt: skip


def _how(on: date) -> list[Fact]:
    factor = factor_on(on)
    return [
        Fact("Projects", "Those whose rebate was paid in these days and not clawed back"),
        Fact("Evaluated", "Gross savings, by the manual or the meter, times the realisation rate of their terms"),
        Fact("Net", "Evaluated times net-to-gross: what would not have come without the program"),
        Fact("Carbon", f"Each project keeps the factor of its day; today's is {number(factor.kg_per_mwh)} kg a MWh"
                       f" ({factor.source}), with the fuel that is no longer burnt"),
        Fact("A tonne cost", "Rebates paid for each net tonne over the years that a measure lasts, undiscounted"),
    ]  # fmt: skip


def _period(request: HttpRequest) -> Period:
    """The year of the budgets so far, unless said."""
    on = visit(request).on
    year = RebateBudget.objects.filter(period__contains=on).order_by("period").first()
    return days_asked(request, since=year.period.start if year else on.replace(month=1, day=1))
