"""Modules and who has learned them; a module is made, and people are asked to learn it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.platform.models import User
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.training.views import STATES, load_module
from lamplighter.web.people import colleagues
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import CheckRows, DayField, Form, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Empty
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MomentColumn, NumberColumn, Table, grid
from lamplighter.web.visits import visit
from lamplighter.workforce.models import Module
from lamplighter.workforce.operations.training import assign_module, make_module
from lamplighter.workforce.queries.training import learning_of_all, newest
from lamplighter.workforce.rules.quiz import CannotTrain, Question, questions_from

LEARN = Crumb("Training", "/lead/training/")
GRID = "ui/tables/grid.html"
QUIZ = "A question on a line, its answers below it, + before the right one, - before others; an empty line between."


class Modules(Table):
    title = Column("Module", orderable=False)
    version = NumberColumn("Version", orderable=False)
    asked = NumberColumn("Questions", orderable=False)

    def row_url(self, record: Any) -> str:
        return reverse("lead:do-assign-module", args=[record.pk])


class Record(Table):
    """Who, what, until when, and how it went."""

    person = Column("Who", orderable=False)
    title = Column("Module", orderable=False)
    due_on = DayColumn("By", orderable=False, default="–")
    state = BadgeColumn("State", orderable=False, tones=STATES)
    passed_at = MomentColumn("Passed", orderable=False, default="–")
    last = Column("Last try", orderable=False, default="–")


class ModuleForm(Once, Form):
    draft = "module"
    title = forms.CharField(label="Title", max_length=80, help_text="A title that is known: its next version.")
    text = forms.CharField(label="Text", widget=forms.Textarea({"rows": 10}))
    questions = forms.CharField(label="Questions", required=False, help_text=QUIZ, widget=forms.Textarea({"rows": 8}))
    percent = forms.IntegerField(label="Right answers to pass (percent)", min_value=1, max_value=100, initial=80)

    def clean_questions(self) -> tuple[Question, ...]:
        try:
            return questions_from(self.cleaned_data["questions"])
        except CannotTrain as refused:
            raise forms.ValidationError(str(refused)) from None


class AssignForm(Once, Form):
    people = forms.MultipleChoiceField(label="Who", widget=CheckRows)
    due_on = DayField(label="By")


@needs("team.lead")
def listed(request: HttpRequest) -> HttpResponseBase:
    return page(
        request, title="Training", actions=[Action("Make a module", reverse("lead:do-module"), key="n", primary=True)],
        panels=[
            Panel("record", "Record", GRID, lambda: {"grid": grid(
                request, table=Record, rows=_record(request), caption="Training record", name="record",
                empty=Empty("Nobody is asked to learn anything."))}),
            Panel("modules", "Modules", GRID, lambda: {"grid": grid(
                request, table=Modules, rows=_modules(), caption="Modules", name="modules",
                empty=Empty("There is no module yet."))}, "side"),
        ],
    )  # fmt: skip


@needs("team.lead")
def make(request: HttpRequest) -> HttpResponse:
    def act(form: ModuleForm) -> str:
        said = form.cleaned_data
        made = make_module(title=said["title"], text=said["text"], questions=said["questions"],
                           percent=said["percent"], by=actor(request), at=visit(request).at)  # fmt: skip
        return f"{made.title}, version {made.version}, is there to be learned."

    return form_panel(
        request, title="Make a module", form=ModuleForm, act=act, submit="Make it", back=LEARN.url, crumbs=[LEARN],
        refusals=(CannotTrain,), done=Done,
    )  # fmt: skip


@needs("team.lead")
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    module: Module = load_module(pk)

    def form(*args: Any) -> AssignForm:
        made = AssignForm(*args)
        made.fields["people"].choices = colleagues()  # type: ignore[attr-defined]
        return made

    def act(bound: AssignForm) -> str:
        people = list(User.objects.filter(username__in=bound.cleaned_data["people"], kind=User.Kind.STAFF))
        new = assign_module(module=module, people=people, due_on=bound.cleaned_data["due_on"], on=visit(request).on,
                            by=actor(request), at=visit(request).at)  # fmt: skip
        return f"{new} more to learn {module.title}."

    return form_panel(
        request, title=f"Have learned: {module.title}", form=form, act=act, submit="Ask them", back=LEARN.url,
        crumbs=[LEARN], refusals=(CannotTrain,), done=Done,
    )  # fmt: skip


def _record(request: HttpRequest) -> list[Mapping[str, Any]]:
    return [
        {"person": one.person.name, "title": f"{one.module.title}, version {one.module.version}",
         "due_on": one.due_on, "state": one.state(on=visit(request).on), "passed_at": one.passed_at,
         "last": f"{one.last.right} of {one.last.of} right" if one.last and one.last.of else None}
        for one in learning_of_all()
    ]  # fmt: skip


def _modules() -> list[Module]:
    found = list(newest())
    for one in found:
        one.asked = len(one.questions)  # type: ignore[attr-defined]
    return found
