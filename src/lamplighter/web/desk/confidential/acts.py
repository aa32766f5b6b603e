"""Protect a customer's address and end that, with what was shown; see one, with the reason."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.customers.models import AddressProtection
from lamplighter.customers.rules import CannotRecord
from lamplighter.journeys.protecting import CannotProtect, end, protect
from lamplighter.platform.transactions import unit_of_work
from lamplighter.premises.models import Premise
from lamplighter.premises.operations import CannotTell, tell_address
from lamplighter.web.access import actor, needs
from lamplighter.web.loading import load_account, load_premise, note_access
from lamplighter.web.ui import htmx
from lamplighter.web.ui.formpanel import UNPROCESSABLE, Done, form_panel, layout
from lamplighter.web.ui.forms import DayField, Form, Once
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit

NEEDED = "addresses.protect"


class Protect(Once, Form):
    program = forms.ChoiceField(label="By", choices=AddressProtection.Program.choices)
    evidence = forms.CharField(
        label="What was shown", max_length=120, help_text="The participant card's number, or the order's."
    )
    until = DayField(label="Good until", required=False, help_text="As it stands on the card or order.")
    substitute = forms.CharField(
        label="Letters go to", help_text="The substitute address, line by line.",
        widget=forms.Textarea({"rows": 3, "data-no-draft": ""}), max_length=300,
    )  # fmt: skip


@needs(NEEDED)
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """From now on nobody sees where they live without a reason."""
    account, seen = load_account(request, number, to=NEEDED), visit(request)
    here = reverse("desk:account", args=[number])

    def act(form: Protect) -> str:
        said = form.cleaned_data
        protect(
            account=account, program=said["program"], evidence=said["evidence"], substitute=said["substitute"],
            until=said["until"], on=seen.on, by=actor(request), at=seen.at,
        )  # fmt: skip
        return "The address is confidential from now on."

    return form_panel(
        request, title="Protect the address", form=Protect, act=act, submit="Protect it", back=here,
        crumbs=[Crumb(number, here)], done=lambda said: Done(said, url=here), refusals=(CannotProtect, CannotRecord),
        alerts=[Alert(Level.KNOW, "At all accounts of this customer",
                      "Pages, lists, files and papers show a cover in its place. Who sees it is kept.")],
    )  # fmt: skip


class End(Once, Form):
    evidence = forms.CharField(
        label="What was shown", max_length=120, help_text="Who asked and how you know, or the program's letter."
    )


@needs(NEEDED)
def finish(request: HttpRequest, number: str) -> HttpResponse:
    """The address is shown again, and letters go there."""
    account, seen = load_account(request, number, to=NEEDED), visit(request)
    here = reverse("desk:account", args=[number])

    def act(form: End) -> str:
        end(account=account, evidence=form.cleaned_data["evidence"], on=seen.on, by=actor(request), at=seen.at)
        return "The address is shown again."

    return form_panel(
        request, title="End the protection", form=End, act=act, submit="End it", back=here,
        crumbs=[Crumb(number, here)], done=lambda said: Done(said, url=here), refusals=(CannotProtect, CannotRecord),
        alerts=[Alert(Level.WATCH, "Everybody who sees the account sees the address again",
                      "Letters go to the home. Enter another mailing address afterwards if they want one.")],
    )  # fmt: skip


class Reason(Form):
    reason = forms.CharField(label="Why you need it", max_length=200)


@needs(NEEDED)
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The address in clear, on this page only; who asked and why is kept."""
    place = load_premise(request, number, to=NEEDED)
    form = Reason(request.POST if request.method == "POST" else None)
    clear = ""
    if form.is_bound and form.is_valid():
        try:
            clear = _told(request, place, form.cleaned_data["reason"])
        except CannotTell as why:
            form.add_error(None, str(why))
    back = reverse("desk:premise", args=[number])
    failed = form.is_bound and not clear
    response = render(request, "desk/confidential/show.html", {
        "title": "Confidential address", "form": form, "clear": clear, "back": back, "submit": "Show it",
        "crumbs": [Crumb(place.address, back)], "layout": layout(request), "has_errors": failed,
    }, status=UNPROCESSABLE if failed else 200)  # fmt: skip
    response["Cache-Control"] = "no-store"
    htmx.vary(response)
    return response


def _told(request: HttpRequest, place: Premise, reason: str) -> str:
    seen = visit(request)
    running = Agreement.objects.filter(premise=place, cancelled_at=None, period__contains=seen.on).order_by("-pk")
    account = running.values_list("account", flat=True).first()
    with unit_of_work(actor(request)):
        clear = tell_address(premise=place, reason=reason, account=account, by=actor(request), at=seen.at)
    note_access(request, f"premise:{place.number}", NEEDED)
    return clear
