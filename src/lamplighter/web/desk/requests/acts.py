"""Ask another department, and move a request on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.cases.departments import DEPARTMENTS
from lamplighter.cases.models import Request
from lamplighter.cases.operations.requests import CannotAsk, ask_department, move_request
from lamplighter.web.access import actor, needs, permissions, refuse
from lamplighter.web.desk.requests.loading import load_request
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.visits import visit

REQUESTS = Crumb("Requests", "/desk/requests/")
VERBS = {
    "accepted": ("Take it", "We work on it"), "answered": ("Answer", "What was done, or found"),
    "declined": ("Decline", "Why it can't be done"), "closed": ("Close", "Note"),
    "asked": ("Ask again", "What is missing"),
}  # fmt: skip
OF_THE_ASKED = frozenset({"accepted", "answered", "declined"})


class Ask(Once, Form):
    draft = "request"
    department = OptionsField(
        label="Who is asked", options={one.key: Option(one.label) for one in DEPARTMENTS.values()}
    )
    title = forms.CharField(label="What, in a line", max_length=80, help_text="No names: it stands on a worklist.")
    words = forms.CharField(label="In full", max_length=4000, widget=forms.Textarea({"rows": 5}))
    due_on = DayField(label="By")


@needs("contacts.work")
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """About an account."""
    account = load_account(request, number, to="contacts.work")
    here = reverse("desk:account", args=[number])
    return _ask(request, account, here, Crumb(number, here))


@needs("contacts.work")
def ask_anybody(request: HttpRequest) -> HttpResponse:
    """About no account: a broken form, a tool, a rule."""
    return _ask(request, None, REQUESTS.url, REQUESTS)


def _ask(request: HttpRequest, account: Account | None, back: str, crumb: Crumb) -> HttpResponse:
    seen = visit(request)

    def form(*args: Any) -> Ask:
        made = Ask(*args)
        made.fields["due_on"].initial = seen.on + timedelta(days=2)
        return made

    def act(bound: Ask) -> str:
        said = bound.cleaned_data
        made = ask_department(
            department=said["department"], title=said["title"], words=said["words"], due_on=said["due_on"],
            account=account, on=seen.on, by=actor(request), at=seen.at,
        )  # fmt: skip
        return f"{made.number} is with {DEPARTMENTS[made.department].label.lower()}."

    return form_panel(
        request, title="Ask another department", form=form, act=act, submit="Ask", busy="Asking…", back=back,
        crumbs=[crumb], refusals=(CannotAsk,), done=lambda said: Done(said, refresh=["timeline", "requests"]),
    )  # fmt: skip


class Move(Once, Form):
    words = forms.CharField(label="Words", required=False, max_length=4000, widget=forms.Textarea({"rows": 4}))


@needs("worklist.work")
def move(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    """Taken, answered or declined by who is asked; closed or asked again by those who speak with the customer."""
    found = load_request(request, pk)
    if to not in VERBS:
        raise Http404("A request does not go there.")
    wanted = DEPARTMENTS[found.department].permission if to in OF_THE_ASKED else "contacts.work"
    if wanted not in permissions(request):
        refuse(wanted, "Only who is asked answers; only who asked closes.")
    here = reverse("desk:request", args=[pk])
    title, label = VERBS[to]

    def form(*args: Any) -> Move:
        made = Move(*args)
        made.fields["words"].label = label
        return made

    def act(bound: Move) -> str:
        move_request(request=found, to=to, words=bound.cleaned_data["words"], by=actor(request), at=visit(request).at)
        return f"{found.number}: {Request.State(to).label.lower()}."

    return form_panel(
        request, title=f"{title}: {found.title}", form=form, act=act, submit=title, back=here,
        crumbs=[REQUESTS, Crumb(found.number, here)], refusals=(CannotAsk,), done=lambda said: Done(said, url=here),
    )  # fmt: skip
