"""Modules to learn: one's own list, a module's text, and its questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.platform.models import User
from lamplighter.web.access import actor, needs
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Entry, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MomentColumn, Table, table_page
from lamplighter.web.visits import visit
from lamplighter.workforce.models import Attempt, Module
from lamplighter.workforce.operations.training import try_module
from lamplighter.workforce.queries.training import Learning, learning_of, newest
from lamplighter.workforce.rules.quiz import CannotTrain

TRAINING = Crumb("Training", "/desk/training/")
STATES = {"Passed": Tone.GOOD, "Overdue": Tone.BAD, "Not passed yet": Tone.WATCH, "To do": Tone.NOTICE,
          "Free to learn": Tone.PLAIN}  # fmt: skip


class Mine(Table):
    """What somebody is to learn, what they have learned, and what else there is."""

    title = Column("Module", orderable=False)
    state = BadgeColumn("State", orderable=False, tones=STATES)
    due_on = DayColumn("By", orderable=False, default="–")
    passed_at = MomentColumn("Passed", orderable=False, default="–")

    def row_url(self, record: Mapping[str, Any]) -> str:
        return reverse("desk:module", args=[record["pk"]])


class Quiz(Once, Form):
    """A choice for each question."""

    def __init__(self, *args: Any, module: Module, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, question in enumerate(module.asks):
            options = {str(n): Option(answer) for n, answer in enumerate(question.answers)}
            self.fields[f"answer{place}"] = OptionsField(label=question.asks, options=options)

    @property
    def given(self) -> list[int]:
        return [int(value) for name, value in self.cleaned_data.items() if name.startswith("answer")]


@needs("worklist.work")
def listed(request: HttpRequest) -> HttpResponseBase:
    seen = visit(request)
    mine = learning_of(_me(request))
    known = {one.module.pk for one in mine}
    free = [Learning(module, _me(request), None, None, None) for module in newest() if module.pk not in known]
    rows = [
        {"pk": one.module.pk, "title": f"{one.module.title}, version {one.module.version}", "due_on": one.due_on,
         "state": one.state(on=seen.on) if one in mine else "Free to learn", "passed_at": one.passed_at}
        for one in (*mine, *free)
    ]  # fmt: skip
    return table_page(request, title="Training", table=Mine, rows=rows, empty=Empty("There is no module yet."))


@needs("worklist.work")
def module(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = load_module(pk)
    tries = Attempt.objects.filter(module=found, person=_me(request)).order_by("-id")
    label = "Answer the questions" if found.questions else "I have read it"
    return page(
        request, title=found.title, crumbs=[TRAINING], meta=[f"Version {found.version}"],
        actions=[Action(label, reverse("desk:do-try", args=[pk]), key="a", primary=True)],
        panels=[
            Panel("text", "Text", "desk/training/text.html", lambda: {"text": found.text}),
            Panel("tries", "Your tries", "desk/contacts/thread.html",
                  lambda: {"entries": [_entry(one) for one in tries], "empty": Empty("None yet.")}, "side"),
        ],
    )  # fmt: skip


@needs("worklist.work")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own answers; enough of them right, and it is passed."""
    found = load_module(pk)
    here = reverse("desk:module", args=[pk])

    def act(form: Quiz) -> str:
        made = try_module(module=found, person=_me(request), given=form.given, by=actor(request), at=visit(request).at)
        return _said(made)

    return form_panel(
        request, title=found.title, form=lambda *args: Quiz(*args, module=found), act=act, back=here,
        submit="Send the answers" if found.questions else "I have read it", busy="Sending…", refusals=(CannotTrain,),
        crumbs=[TRAINING, Crumb(found.title, here)], done=lambda said: Done(said, url=here),
    )  # fmt: skip


def load_module(pk: int) -> Module:
    found = Module.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such module.")
    return found


def _me(request: HttpRequest) -> User:
    user = visit(request).user
    assert user is not None
    return user


def _entry(made: Attempt) -> Entry:
    return Entry(made.at, Badge("Passed", Tone.GOOD) if made.passed else Badge("Not passed", Tone.WATCH), _said(made))


def _said(made: Attempt) -> str:
    if not made.of:
        return "Read."
    verdict = "Passed" if made.passed else "Not passed: read it again"
    return f"{verdict}. {made.right} of {made.of} right."
