"""Complaints: all of them with their causes, and the acts of looking into one until the customer is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.keyaccounts.models import Investigation, Issue
from lamplighter.keyaccounts.operations import complaints as looking
from lamplighter.keyaccounts.queries.complaints import causes, closing_letter, complaints
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.notices.queries.drafts import CannotCompose
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.desk.letters.writing import preview
from lamplighter.web.key.acts import named
from lamplighter.web.key.forms import LINES, people_of_the_desk
from lamplighter.web.key.loading import TODAY, load_issue
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Action, Crumb, Empty, Fact, Link, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, Table, table_page
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import Visit, visit

COMPLAINTS = Crumb("Complaints", "/key/complaints/")
REFUSALS = (CannotKeep, CannotCompose)
TONES = {"Late": Tone.BAD, "Closed": Tone.GOOD, "Told": Tone.GOOD, "Found": Tone.INFO}


class Complaints(Table):
    """Complaints from `complaints`, each with how far it is."""

    number = Column("Issue")
    who = Column("Who", empty_values=(), orderable=False)
    opened_at = DayColumn("Since")
    state = BadgeColumn("State", empty_values=(), orderable=False, tones=TONES)
    cause = Column("Cause", empty_values=(), orderable=False)
    investigator = Column("Looked into by", accessor="investigation__investigator__name", default="")

    def render_who(self, record: Issue) -> str:
        return str(record.organisation or f"Account {record.account}")

    def value_who(self, record: Issue) -> str:
        return self.render_who(record)

    def value_state(self, record: Issue) -> str:
        return state_of(record, visit(self.request).on)

    def render_state(self, record: Issue) -> Any:
        return self.columns["state"].column.render(self.value_state(record))

    def render_cause(self, record: Issue) -> str:
        found = investigation_of(record)
        return found.get_cause_display() if found and found.cause else ""

    def value_cause(self, record: Issue) -> str:
        return self.render_cause(record)

    def row_url(self, record: Issue) -> str:
        return reverse("key:issue", args=[record.number])


class Investigate(Once, Form):
    who = forms.ChoiceField(label="Who looks into it")
    due_on = DayField(label="By")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people_of_the_desk(self, "who", now)


class Found(Once, Form):
    cause = OptionsField(label="Cause", options={key: Option(str(label)) for key, label in Investigation.Cause.choices})
    words = forms.CharField(label="What was found", max_length=1000, widget=LINES)


class Correct(Once, Form):
    words = forms.CharField(label="What is put right", max_length=300)
    owner = forms.ChoiceField(label="By whom")
    due_on = DayField(label="By")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people_of_the_desk(self, "owner", now)


class Closing(Once, Form):
    found = forms.CharField(label="What we found", max_length=900, widget=LINES)
    doing = forms.CharField(label="What we do about it", max_length=900, widget=LINES)


@needs("keyaccounts.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every complaint; above them how many there are of each cause."""
    rows = complaints()
    counted = [f"{label}: {count}" for label, count in causes(list(rows)).most_common()]
    return table_page(request, title="Complaints", table=Complaints, rows=rows, meta=counted,
                      empty=Empty("Nobody complained.", good=True))  # fmt: skip


@needs("keyaccounts.work")
def investigate(request: HttpRequest, number: str) -> HttpResponse:
    found, now = load_issue(request, number, to="keyaccounts.work"), visit(request)

    def act(form: Investigate) -> str:
        said = form.cleaned_data
        looking.investigate(issue=found, investigator=named(said["who"]), due_on=said["due_on"], on=now.on,
                            by=actor(request), at=now.at)  # fmt: skip
        return "It is looked into."

    first = {"due_on": found.promised_on}
    return _panel(request, found, "Look into it", lambda *a: Investigate(*a, now=now, initial=first), act)


@needs("keyaccounts.work")
def find(request: HttpRequest, number: str) -> HttpResponse:
    found, one = _load(request, number)
    known = {"cause": one.cause, "words": str(one.findings or "")}

    def act(form: Found) -> str:
        looking.find(investigation=one, cause=form.cleaned_data["cause"], words=form.cleaned_data["words"],
                     by=actor(request), at=visit(request).at)  # fmt: skip
        return "Kept."

    return _panel(request, found, "What was found", lambda *a: Found(*a, initial=known), act)


@needs("keyaccounts.work")
def correct(request: HttpRequest, number: str) -> HttpResponse:
    (found, one), now = _load(request, number), visit(request)

    def act(form: Correct) -> str:
        said = form.cleaned_data
        looking.correct(investigation=one, words=said["words"], owner=named(said["owner"]), due_on=said["due_on"],
                        on=now.on, by=actor(request), at=now.at)  # fmt: skip
        return "It stands among the next steps."

    return _panel(request, found, "Put something right", lambda *a: Correct(*a, now=now), act)


@needs("keyaccounts.work", "notices.send")
def tell(request: HttpRequest, number: str) -> HttpResponse:
    """The closing letter, read before it goes."""
    (found, one), now = _load(request, number), visit(request)
    doing = " ".join(f"{row.step.words}." for row in one.corrections.select_related("step__words").order_by("pk"))
    known = {"found": str(one.findings or ""), "doing": doing}

    def drafted(form: Closing) -> Any:
        return closing_letter(one, found=form.cleaned_data["found"], doing=form.cleaned_data["doing"], on=now.on)

    def act(form: Closing) -> str:
        looking.tell_customer(investigation=one, drafted=drafted(form), by=actor(request), at=now.at)
        return "The letter is on its way."

    return _panel(request, found, "Closing letter", lambda *a: Closing(*a, initial=known), act, submit="Read it",
                  check=lambda form: _read(form, drafted))  # fmt: skip


def _read(form: Closing, drafted: Any) -> list[Fact]:
    try:
        return preview(drafted(form))
    except CannotKeep as why:
        return [Fact("It can't be sent", str(why))]


def panel_of(found: Issue) -> Mapping[str, Any]:
    """How far the complaint is, for the page of its issue."""
    one = investigation_of(found)
    if one is None:
        return {"facts": [], "empty": Empty("Nobody looks into it yet.")}
    facts = [Fact("Looked into by", f"{one.investigator.name}, by {day(one.due_on)}")]
    if one.cause:
        facts += [Fact("Cause", one.get_cause_display()), Fact("Found", str(one.findings))]
    for row in one.corrections.select_related("step__words", "step__owner").order_by("pk"):
        done = f"done {day(row.step.done_at.date())}" if row.step.done_at else f"by {day(row.step.due_on)}"
        facts.append(Fact("Put right", f"{row.step.words} ({row.step.owner.name}, {done})"))
    if one.letter_id is not None:
        facts.append(Fact("Closing letter", "Written", Link("Read it", reverse("desk:letter", args=[one.letter_id]))))
    return {"facts": facts, "links": []}


def actions(request: HttpRequest, found: Issue) -> list[Action]:
    """What comes next in looking into it."""
    if found.closed_at is not None or "keyaccounts.work" not in permissions(request):
        return []
    number, one = [found.number], investigation_of(found)
    if one is None:
        return [Action("Look into it", reverse("key:do-investigate", args=number), key="v")]
    acts = [Action("What was found", reverse("key:do-find", args=number), key="f")] if one.letter_id is None else []
    if one.found_at is not None:
        acts.append(Action("Put something right", reverse("key:do-correct", args=number), key="r"))
        if one.letter_id is None:
            acts.append(Action("Closing letter", reverse("key:do-tell", args=number), key="w"))
    return acts


def investigation_of(found: Issue) -> Investigation | None:
    return getattr(found, "investigation", None)


def state_of(issue: Issue, on: Any) -> str:
    one = investigation_of(issue)
    if issue.closed_at is not None:
        return "Closed"
    if one is None:
        return "Late" if issue.promised_on < on else "Open"
    if one.letter_id is not None:
        return "Told"
    if one.found_at is not None:
        return "Found"
    return "Late" if one.due_on < on else "Looked into"


def _load(request: HttpRequest, number: str) -> tuple[Issue, Investigation]:
    found = load_issue(request, number, to="keyaccounts.work")
    one = investigation_of(found)
    if one is None:
        raise Http404(f"Nobody looks into issue {number} yet.")
    return found, one


def _panel(
    request: HttpRequest, found: Issue, title: str, form: Any, act: Any, *, submit: str = "Save", check: Any = None
) -> HttpResponse:
    here = reverse("key:issue", args=[found.number])
    return form_panel(request, title=title, form=form, act=act, submit=submit, back=here, check=check, done=Done,
                      crumbs=[TODAY, Crumb(f"Issue {found.number}", here)], refusals=REFUSALS)  # fmt: skip
