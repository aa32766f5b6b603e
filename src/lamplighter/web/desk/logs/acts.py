"""Begin a log, write a line, correct one by a second."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.web.access import actor, needs
from lamplighter.web.desk.logs.views import LOGS, load_log
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit
from lamplighter.workforce.models import Log, LogLine
from lamplighter.workforce.operations.logs import USUAL, begin_log, write_line
from lamplighter.workforce.rules.columns import CannotKeep, Kind, LogColumn, columns_from

COLUMNS = "One a line, as “Name: kind”. Kinds: text, number, money, day, choice of A, B. “Note (optional): text”."


class BeginForm(Once, Form):
    title = forms.CharField(label="Title", max_length=60)
    columns = forms.CharField(label="Columns", help_text=COLUMNS, widget=forms.Textarea({"rows": 6}))

    def clean_columns(self) -> tuple[LogColumn, ...]:
        try:
            return columns_from(self.cleaned_data["columns"])
        except CannotKeep as refused:
            raise forms.ValidationError(str(refused)) from None


class Sure(Once, Form):
    """Nothing to fill in."""


class LineForm(Once, Form):
    """A field for each column of a log."""

    def __init__(self, *args: Any, log: Log, said: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [f"said{place}" for place in range(len(log.asks))]
        for place, (name, asked) in enumerate(zip(self.names, log.asks, strict=True)):
            self.fields[name] = _field(asked)
            self.fields[name].error_messages["required"] = f"Fill in “{asked.label}”."
            self.fields[name].initial = said[place] if said else None

    @property
    def said(self) -> list[str]:
        return [str(self.cleaned_data[name] or "") for name in self.names]


@needs("team.lead", "worklist.work")
def begin(request: HttpRequest) -> HttpResponse:
    def act(form: BeginForm) -> str:
        said = form.cleaned_data
        return begin_log(title=said["title"], columns=said["columns"], by=actor(request), at=visit(request).at).key

    return form_panel(
        request, title="Begin a log", form=BeginForm, act=act, submit="Begin it", back=LOGS.url, crumbs=[LOGS],
        refusals=(CannotKeep,), done=lambda key: Done("The log is begun.", url=reverse("desk:log", args=[key])),
    )  # fmt: skip


@needs("team.lead", "worklist.work")
def usual(request: HttpRequest) -> HttpResponse:
    """Those that most offices keep."""

    def act(_form: Sure) -> str:
        for title, columns in USUAL:
            begin_log(title=title, columns=columns_from("\n".join(columns)), by=actor(request), at=visit(request).at)
        return f"{len(USUAL)} logs are begun."

    return form_panel(
        request, title=f"Begin {', '.join(title.lower() for title, _ in USUAL)}", form=Sure, act=act, back=LOGS.url,
        submit="Begin them", crumbs=[LOGS], refusals=(CannotKeep,), done=lambda said: Done(said, url=LOGS.url),
    )  # fmt: skip


@needs("worklist.work")
def write(request: HttpRequest, key: str) -> HttpResponse:
    log = load_log(key)
    here = reverse("desk:log", args=[key])

    def act(form: LineForm) -> str:
        return f"Line {write_line(log=log, said=form.said, by=actor(request), at=visit(request).at).number} is written."

    return form_panel(
        request, title=f"{log.title}: a line", form=lambda *args: LineForm(*args, log=log), act=act, back=here,
        submit="Write it", busy="Writing…", crumbs=[LOGS, Crumb(log.title, here)], refusals=(CannotKeep,),
        done=lambda said: Done(said, url=here),
    )  # fmt: skip


@needs("worklist.work")
def correct(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The wrong line stays; the second says what is right."""
    log, line = load_log(key), LogLine.objects.filter(log__key=key, number=number).select_related("written").first()
    if line is None:
        raise Http404("There is no such line.")
    here = reverse("desk:log", args=[key])

    def act(form: LineForm) -> str:
        made = write_line(log=log, said=form.said, by=actor(request), at=visit(request).at, corrects=line)
        return f"Line {made.number} corrects line {number}."

    return form_panel(
        request, title=f"{log.title}: correct line {number}", act=act, back=here, submit="Write the correction",
        form=lambda *args: LineForm(*args, log=log, said=line.values or None), busy="Writing…",
        crumbs=[LOGS, Crumb(log.title, here)], refusals=(CannotKeep,), done=lambda said: Done(said, url=here),
        alerts=[Alert(Level.KNOW, f"Line {number} stays as it is", "A new line says what is right.")],
    )  # fmt: skip


def _field(asked: LogColumn) -> forms.Field:
    """What is typed is checked by the log's own rule; the field only helps."""
    match asked.kind:
        case Kind.DAY:
            return DayField(label=asked.label, required=asked.required)
        case Kind.CHOICE:
            free = [] if asked.required else [("", "")]
            choices = [*free, *((one, one) for one in asked.choices)]
            return forms.ChoiceField(label=asked.label, choices=choices, required=asked.required)
    return forms.CharField(label=asked.label, required=asked.required, max_length=200)
