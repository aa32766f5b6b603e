"""A turn of a duty is done with its evidence, and the list of the day is finished."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse

from lamplighter.web.access import actor, needs, permissions, refuse
from lamplighter.web.desk.today.views import LISTS
from lamplighter.web.office import office_days
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.visits import visit
from lamplighter.workforce.models import DeskDuty
from lamplighter.workforce.models.duties import WorkList
from lamplighter.workforce.operations.duties import CannotDo, Shown, do_duty, finish_list
from lamplighter.workforce.queries.turns import Turn, desks_of, turn_of

TODAY = Crumb("Today", "/desk/")
Evidence = DeskDuty.Evidence


class DoneForm(Once, Form):
    count = forms.IntegerField(label="What you counted")
    words = forms.CharField(label="What you found", max_length=1000, widget=forms.Textarea({"rows": 3}))


class Sure(Once, Form):
    """Nothing to fill in."""


@needs("worklist.work")
def done(request: HttpRequest, pk: int, day: str) -> HttpResponse:
    """By its owner, or by anybody of the desk where it has none."""
    turn = load_turn(request, pk, day)
    if turn.owner is None and turn.duty.desk not in desks_of(permissions(request)):
        refuse("team.lead", "This is a duty of another desk.")

    def form(*args: Any) -> DoneForm:
        made = DoneForm(*args)
        if turn.duty.evidence != Evidence.COUNT:
            del made.fields["count"]
        made.fields["words"].required = turn.duty.evidence == Evidence.WORDS
        if not made.fields["words"].required:
            made.fields["words"].label = "Note"
        return made

    def act(bound: DoneForm) -> str:
        shown = Shown(bound.cleaned_data["words"], bound.cleaned_data.get("count"))
        do_duty(duty=turn.duty, day=turn.day, shown=shown, calendar=office_days(request), by=actor(request),
                at=visit(request).at)  # fmt: skip
        return f"{turn.duty}: done."

    return form_panel(
        request, title=turn.duty.title, form=form, act=act, submit="It is done", busy="Writing…", back=TODAY.url,
        crumbs=[TODAY], refusals=(CannotDo,), done=Done,
    )  # fmt: skip


@needs("worklist.work")
def finish(request: HttpRequest, which: str) -> HttpResponse:
    """Refused while a duty of the list is not done or, at closing, a drawer is open."""
    if which not in LISTS:
        raise Http404("There is no such list.")
    named = WorkList(which)

    def act(_bound: Sure) -> str:
        seen = visit(request)
        finish_list(which=named, day=seen.on, calendar=office_days(request), by=actor(request), at=seen.at)
        return f"The {named.label.lower()} list is finished."

    return form_panel(
        request, title=f"Finish the {named.label.lower()} list", form=Sure, act=act, submit="Finish it", back=TODAY.url,
        crumbs=[TODAY], refusals=(CannotDo,), done=Done,
    )  # fmt: skip


def load_turn(request: HttpRequest, pk: int, day: str) -> Turn:
    duty = DeskDuty.objects.filter(pk=pk).first()
    try:
        on = date.fromisoformat(day)
    except ValueError:
        on = None
    found = turn_of(duty, on, at=visit(request).at, calendar=office_days(request)) if duty and on else None
    if found is None or found.day > visit(request).on:
        raise Http404("There is no such turn of a duty.")
    return found
