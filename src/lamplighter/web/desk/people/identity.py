"""Identity numbers of a person: their last digits for who serves them, a whole one with permission and a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from lamplighter.accounts.models import AccountRole
from lamplighter.customers.models import Identity, Person
from lamplighter.customers.operations import set_identity, show_identity
from lamplighter.customers.rules import CannotRecord
from lamplighter.web.access import Refused, actor, needs, permissions
from lamplighter.web.loading import note_access
from lamplighter.web.ui import htmx
from lamplighter.web.ui.formpanel import Done, form_panel, layout
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Crumb, Empty, Fact, Level, Link
from lamplighter.web.visits import visit

REASONS = {
    "bureau": Option("To check credit or identity with a bureau"),
    "agency": Option("To hand a debt to an agency or a court"),
    "program": Option("To apply to a program in the customer's name"),
    "customer": Option("The customer asks what we have"),
    "law": Option("A court or authority demands it"),
}


class Show(Form):
    reason = OptionsField(label="Why", options=REASONS)
    remark = forms.CharField(label="Case or request", max_length=200, help_text="So that who audits it finds the case.")


class Enter(Once, Form):
    kind = forms.ChoiceField(label="Kind", choices=Identity.Kind.choices)
    number = forms.CharField(
        label="Number", max_length=40, widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        help_text="It is sealed as it is kept; pages show its last four characters.",
    )  # fmt: skip


@needs("accounts.view")
def identity(request: HttpRequest, number: str) -> HttpResponseBase:
    """Which numbers are kept of a person, and on which accounts the person stands."""
    found = _load(request, number)
    acts = []
    if "accounts.change" in permissions(request):
        acts.append(Action("Enter a number", reverse("desk:do-enter-identity", args=[number]), key="e"))
    return page(
        request, title=found.sort_name, number=number, crumbs=[Crumb("Accounts", reverse("desk:accounts"))],
        meta=["Identity numbers"], actions=acts,
        panels=[
            Panel("kept", "Identity numbers", "desk/people/identity.html", lambda: _kept(request, found)),
            Panel("accounts", "On accounts", "administration/notices/facts.html",
                  lambda: {"facts": _accounts(found, visit(request).on)}, "side"),
        ],
    )  # fmt: skip


@needs("accounts.view", "identity.view")
def show(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One number in clear, for a reason that is kept: it is shown once, in this panel, and nowhere else."""
    found = _load(request, number)
    kept = Identity.objects.filter(person=found, pk=pk).first()
    if kept is None:
        raise Http404("There is no such number of this person.")
    here = reverse("desk:identity", args=[number])
    shown: dict[str, str] = {}

    def act(form: Show) -> str:
        said = form.cleaned_data
        shown["number"] = show_identity(
            identity=kept, reason=said["reason"], remark=said["remark"], by=actor(request), at=visit(request).at
        )
        note_access(request, f"person:{found.number}", "identity.view")
        return kept.get_kind_display()

    def done(kind: str) -> Done:
        return Done(
            "Shown once; who saw it and why is recorded.", url="", template="desk/people/shown.html",
            context={"kind": kind, "number": shown.get("number", "")},
        )  # fmt: skip

    answer = form_panel(
        request, title=f"Show the {kept.get_kind_display()}", form=Show, act=act, submit="Show it", back=here,
        crumbs=[Crumb(found.sort_name, here)], done=done,
        alerts=[Alert(Level.KNOW, "This is recorded", "Your name, the time, the reason and the case.")],
    )  # fmt: skip
    if shown and not htmx.asks(request):  # a page of its own shows it too, and does not send it to another address
        answer = render(request, "desk/people/shown.html", {
            "title": kept.get_kind_display(), "kind": kept.get_kind_display(), "number": shown["number"],
            "done": done(""), "layout": layout(request), "crumbs": [Crumb(found.sort_name, here)],
        })  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


@needs("accounts.view", "accounts.change")
def enter(request: HttpRequest, number: str) -> HttpResponse:
    """Keep a number, or another one in its place."""
    found = _load(request, number)
    here = reverse("desk:identity", args=[number])

    def act(form: Enter) -> str:
        said = form.cleaned_data
        kept = set_identity(
            person=found, kind=said["kind"], number=said["number"], by=actor(request), at=visit(request).at
        )
        return str(kept)

    return form_panel(
        request, title="Enter an identity number", form=Enter, act=act, submit="Keep it", back=here,
        crumbs=[Crumb(found.sort_name, here)], done=lambda said: Done(f"Kept: {said}.", url=here),
        refusals=(CannotRecord,),
    )  # fmt: skip


def _load(request: HttpRequest, number: str) -> Person:
    """A person who is not oneself: nobody works on their own account."""
    found = Person.objects.filter(number=number).select_related("login").first()
    if found is None:
        raise Http404(f"There is no person {number}.")
    if found.login is not None and found.login == visit(request).user:
        raise Refused("accounts.view", "This is yourself. Ask a colleague.")
    return found


def _kept(request: HttpRequest, found: Person) -> dict[str, Any]:
    may = "identity.view" in permissions(request)
    rows = list(found.identities.order_by("kind"))
    facts = [
        Fact(
            row.get_kind_display(), f"ending {row.last_four}",
            Link("Show", reverse("desk:do-show-identity", args=[found.number, row.pk]), panel=True) if may else None,
        )
        for row in rows
    ]  # fmt: skip
    return {"facts": facts, "empty": Empty("No identity number is kept of this person.")}


def _accounts(found: Person, on: date) -> list[Fact]:
    roles = AccountRole.objects.filter(person=found, period__contains=on).select_related("account").order_by("account")
    return [
        Fact(
            row.get_role_display(), row.account.number, Link("Open", reverse("desk:account", args=[row.account.number]))
        )
        for row in roles
    ]
