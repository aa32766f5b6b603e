"""Raise a requirement, and move it on by one step with its words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.cases.models import Requirement
from lamplighter.cases.operations.requests import CannotAsk
from lamplighter.cases.operations.requirements import move_requirement, raise_requirement
from lamplighter.platform.models import User
from lamplighter.web.access import actor, needs, permissions, refuse, staff_only
from lamplighter.web.desk.requirements.views import REQUIREMENTS, VERBS, load_requirement, wanted_for
from lamplighter.web.desk.texts.forms import keepers
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.visits import Visit, visit

SOON = timedelta(days=90)


class Raise(Once, Form):
    draft = "requirement"
    kind = OptionsField(
        label="What it is", options={key: Option(str(label)) for key, label in Requirement.Kind.choices}
    )
    system = forms.ChoiceField(label="Of which system", choices=Requirement.System.choices)
    title = forms.CharField(label="What it shall do, in a line", max_length=80)
    reason = forms.CharField(label="Why", max_length=4000, widget=forms.Textarea({"rows": 5}))
    benefit = forms.CharField(label="What it brings", max_length=300)
    cost = MoneyField(label="Cost, once", required=False)
    saving = MoneyField(label="Saves, a year", required=False)
    wanted_on = DayField(label="Wanted by")
    owner = forms.ChoiceField(label="Kept by")

    def __init__(self, *args: Any, now: Visit, **kwargs: Any) -> None:
        known = {"wanted_on": now.on + SOON, "owner": now.user.username if now.user else ""}
        super().__init__(*args, initial=known, **kwargs)
        self.fields["owner"].choices = keepers(now.on)  # type: ignore[attr-defined]


class Move(Once, Form):
    words = forms.CharField(label="In words", max_length=2000, widget=forms.Textarea({"rows": 4}))


@needs("policies.write")
def begin(request: HttpRequest) -> HttpResponse:
    now = visit(request)

    def act(form: Raise) -> str:
        said = form.cleaned_data
        return str(raise_requirement(
            kind=said["kind"], system=said["system"], title=said["title"], reason=said["reason"],
            benefit=said["benefit"], cost=said["cost"], saving=said["saving"], wanted_on=said["wanted_on"],
            owner=User.objects.get(username=said["owner"]), on=now.on, by=actor(request), at=now.at,
        ).pk)  # fmt: skip

    return form_panel(
        request, title="Raise a requirement", form=lambda *args: Raise(*args, now=now), act=act, submit="Raise it",
        back=REQUIREMENTS.url, crumbs=[REQUIREMENTS], refusals=(CannotAsk,),
        done=lambda pk: Done(f"RQ-{pk} is raised.", url=reverse("desk:requirement", args=[int(pk)])),
    )  # fmt: skip


@staff_only
def move(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    """A step by who keeps requirements; a decision by who may adopt."""
    found = load_requirement(pk)
    if to not in VERBS:
        raise Http404("A requirement does not go there.")
    if wanted_for(to) not in permissions(request):
        refuse(wanted_for(to))
    here, state = reverse("desk:requirement", args=[pk]), Requirement.State(to)

    def act(form: Move) -> str:
        move_requirement(requirement=found, to=to, words=form.cleaned_data["words"], on=visit(request).on,
                         by=actor(request), at=visit(request).at)  # fmt: skip
        return f"{found.number}: {state.label.lower()}."

    return form_panel(
        request, title=f"{VERBS[state]}: {found.title}", form=Move, act=act, submit=VERBS[state], back=here,
        crumbs=[REQUIREMENTS, Crumb(found.number, here)], refusals=(CannotAsk,),
        done=lambda said: Done(said, url=here),
    )  # fmt: skip
