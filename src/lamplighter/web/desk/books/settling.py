"""Settlement with departments of the city: whose codes are whose, what is owed, statements, journals by two people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from lamplighter.ledger.models import Code, DepartmentCode, Settlement
from lamplighter.ledger.operations.settling import CannotSettle, ask_back, ask_settlement, set_department
from lamplighter.ledger.queries.settling import POOL, departments_on, settled_through, statement, unsettled
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.asked import day_asked
from lamplighter.web.columns import IdColumn
from lamplighter.web.desk.books.acts import Why
from lamplighter.web.desk.books.views import BOOKS, footed
from lamplighter.web.desk.service.places import choose_from
from lamplighter.web.naming import name_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Crumb, Empty, Level, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MomentColumn, MoneyColumn, Table, grid, table_page
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

HERE = Crumb("City departments", "/desk/books/departments/")
STANDS, BACK, TAKEN = "Settled", "Takes one back", "Taken back"
STATES = {STANDS: Tone.GOOD, BACK: Tone.NOTICE, TAKEN: Tone.BAD}
FOR_WHAT = "Above zero it is owed to the department; below zero the department owes it."


class Departments(Table):
    """What is not settled with each up to yesterday; a row opens the statement."""

    department = Column("Department", orderable=False)
    settled = DayColumn("Settled up to", orderable=False, default="never")
    owed = MoneyColumn("Not settled", orderable=False)

    def row_url(self, record: Any) -> str:
        return str(record["url"])


class Codes(Table):
    """Which code is whose, with the account on which the department books it."""

    number = IdColumn("Account", accessor="code__number")
    name = Column("Name", accessor="code__name")
    department = Column("Department", default="nobody's")
    theirs = IdColumn("Their account")
    starts_on = DayColumn("From")
    citation = Column("By")


class Settlements(Table):
    """The newest first; a row opens the statement."""

    number = IdColumn("Settlement", orderable=False)
    department = Column("Department")
    through = DayColumn("Up to")
    amount = MoneyColumn("Amount")
    state = BadgeColumn("State", empty_values=(), orderable=False, tones=STATES)
    recorded_at = MomentColumn("Posted")

    def value_state(self, record: Settlement) -> str:
        return state_of(record)

    def render_state(self, record: Settlement) -> Any:
        return self.columns["state"].column.render(state_of(record))

    def row_url(self, record: Settlement) -> str:
        return reverse("desk:settlement", args=[record.pk])


class Lines(Table):
    """Code by code, as a statement has it."""

    number = IdColumn("Account", accessor="code__number", orderable=False, footer="Together")
    name = Column("Name", accessor="code__name", orderable=False)
    theirs = IdColumn("Their account", orderable=False)
    before = MoneyColumn("From before", orderable=False)
    came = MoneyColumn("Came", orderable=False)
    went = MoneyColumn("Went back", orderable=False)
    amount = MoneyColumn("To settle", orderable=False, footer=footed("amount"))

    def row_url(self, record: Any) -> str:
        return f"{reverse('desk:books-under', args=[record.code.pk])}"


def state_of(one: Settlement) -> str:
    if one.reverses_id is not None:
        return BACK
    return TAKEN if hasattr(one, "reversed_by") else STANDS


@needs("ledger.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Departments with what is owed, the settlements, and whose codes are whose."""
    yesterday = visit(request).on - timedelta(days=1)
    acts = []
    if "ledger.post" in permissions(request):
        acts = [Action("Settle", reverse("desk:do-settle"), key="s", primary=True),
                Action("Whose a code is", reverse("desk:do-department"), key="w")]  # fmt: skip

    def departments() -> dict[str, Any]:
        rows = [
            {"department": name, "settled": settled_through(name), "owed": owed, "url": due_url(name, yesterday)}
            for name, owed in sorted(unsettled(yesterday).items())
        ]
        return {"grid": grid(request, table=Departments, rows=rows, caption="Departments", name="departments",
                             empty=Empty("No code is a department's. Say first whose a code is."))}  # fmt: skip

    def settlements() -> dict[str, Any]:
        rows = Settlement.objects.select_related("reversed_by").order_by("-pk")
        return {"grid": grid(request, table=Settlements, rows=rows, caption="Settlements", name="settlements",
                             empty=Empty("Nothing was settled yet."))}  # fmt: skip

    def codes() -> dict[str, Any]:
        rows = DepartmentCode.objects.select_related("code").order_by("-starts_on", "-pk")
        return {"grid": grid(request, table=Codes, rows=rows, caption="Codes", name="codes",
                             empty=Empty("No code is a department's."))}  # fmt: skip

    return page(
        request, title=HERE.text, crumbs=[BOOKS], actions=acts,
        panels=[
            Panel("departments", "Not settled up to yesterday", "ui/tables/grid.html", departments),
            Panel("settlements", "Settlements", "ui/tables/grid.html", settlements),
            Panel("codes", "Whose codes are whose", "ui/tables/grid.html", codes),
        ],
    )  # fmt: skip


@needs("ledger.view")
def due(request: HttpRequest) -> HttpResponseBase:
    """What would be settled with a department (`?department=&through=`); as CSV too."""
    name = request.GET.get("department", "")
    if not name:
        return redirect(HERE.url)  # where one is chosen
    if name not in _names(visit(request).on):
        raise Http404("No code is this department's.")
    through = day_asked(request, "through") or visit(request).on - timedelta(days=1)
    found = statement(name, through=through)
    since = f"after {day(found.since)}" if found.since else "from the beginning"
    return table_page(
        request, title=f"{name}: not settled up to {day(through)}", table=Lines, rows=found.lines,
        crumbs=[BOOKS, HERE], alerts=[Alert(Level.KNOW, f"Booked {since}", FOR_WHAT)],
    )  # fmt: skip


@needs("ledger.view")
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The statement of a settlement, as it was posted; it prints, and goes out as CSV."""
    found = Settlement.objects.filter(pk=pk).select_related("reversed_by", "reverses", "approval", "entry").first()
    if found is None:
        raise Http404("There is no such settlement.")
    acts = []
    if state_of(found) == STANDS and "ledger.post" in permissions(request):
        acts = [Action("Take it back", reverse("desk:do-settlement-back", args=[pk]), key="b")]
    asked, gave = name_of(found.approval.asked_by), name_of(found.recorded_by)
    said = (
        f"Posted {day(found.entry.accounting_on)} against the city's pooled cash; asked by {asked}, approved by {gave}."
    )
    if state_of(found) == TAKEN:
        said += f" {found.reversed_by.number} takes it back."
    if found.reverses is not None:
        said += f" It takes back {found.reverses.number}."
    rows = list(found.lines.select_related("code").order_by("code__number"))
    return table_page(
        request, title=f"{found.number}, {found.department}, up to {day(found.through)}: {found.amount}", table=Lines,
        rows=rows, crumbs=[BOOKS, HERE], actions=acts, alerts=[Alert(Level.KNOW, said, FOR_WHAT)],
    )  # fmt: skip


class Department(Once, Form):
    code = forms.ChoiceField(label="Code")
    department = forms.CharField(label="Department", max_length=60, required=False, help_text="Empty: nobody's.")
    theirs = forms.CharField(label="Their account", max_length=40, required=False)
    starts_on = DayField(label="From")
    citation = forms.CharField(label="By agreement, budget or resolution", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Code.objects.filter(control=False).exclude(pk=POOL).order_by("number")
        choose_from(self.fields["code"], [(one.pk, str(one)) for one in mine])


@needs("ledger.post")
def name_department(request: HttpRequest) -> HttpResponse:
    """From a day on; rows of before stay."""

    def form(*args: Any) -> Department:
        return Department(*args, initial={"starts_on": visit(request).on})

    def act(form: Department) -> str:
        said = form.cleaned_data
        made = set_department(
            code=Code.objects.get(pk=said["code"]), department=said["department"], theirs=said["theirs"],
            starts_on=said["starts_on"], citation=said["citation"], by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"{made.code} is {made.department or 'nobody'}'s from {day(made.starts_on)}."

    return form_panel(
        request, title="Whose a code is", form=form, act=act, submit="Set it", back=HERE.url,
        crumbs=[BOOKS, HERE], refusals=(CannotSettle,), done=lambda words: Done(words, url=HERE.url),
    )  # fmt: skip


class Settle(Once, Form):
    department = forms.ChoiceField(label="Department")
    through = DayField(label="Up to the end of")


@needs("ledger.post")
def settle(request: HttpRequest) -> HttpResponse:
    """Asked for by one, posted when another approves."""
    seen = visit(request)

    def form(*args: Any) -> Settle:
        made = Settle(*args, initial={"through": seen.on.replace(day=1) - timedelta(days=1)})
        choose_from(made.fields["department"], [(name, name) for name in _names(seen.on)])
        return made

    def act(form: Settle) -> str:
        said = form.cleaned_data
        asked = ask_settlement(
            department=said["department"], through=said["through"], on=seen.on, by=actor(request), at=seen.at
        )
        return f"Asked: {asked.summary}. A second person posts it."

    return form_panel(
        request, title="Settle with a department", form=form, act=act, submit="Ask for it", back=HERE.url,
        crumbs=[BOOKS, HERE], refusals=(CannotSettle, CannotDecide), done=lambda words: Done(words, url=HERE.url),
        alerts=[Alert(Level.KNOW, "Nothing is posted yet", "Who approves it posts the journal on that day.")],
    )  # fmt: skip


@needs("ledger.post")
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """By a second entry, which a second person posts."""
    found = Settlement.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such settlement.")
    here = reverse("desk:settlement", args=[pk])

    def act(form: Why) -> str:
        ask_back(settlement=found, remark=form.cleaned_data["remark"], by=actor(request), at=visit(request).at)
        return "Asked. A second person posts it."

    return form_panel(
        request, title=f"Take back {found.number}", form=Why, act=act, submit="Ask for it", back=here,
        crumbs=[BOOKS, HERE, Crumb(found.number, here)], refusals=(CannotSettle, CannotDecide),
        done=lambda words: Done(words, url=here),
    )  # fmt: skip


def due_url(department: str, through: date) -> str:
    return f"{reverse('desk:department-due')}?{urlencode({'department': department, 'through': through})}"


def _names(on: date) -> list[str]:
    return sorted({row.department for row in departments_on(on).values()})
