"""Other acts on who is served: the customer died, letters go elsewhere for a season, bills by paper or email."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.accounts.standing.operations import set_dispatch
from lamplighter.cases.operations.alerts import Blocked
from lamplighter.cases.words import Barred
from lamplighter.credit.operations.holding import CannotHold
from lamplighter.customers.models import Person
from lamplighter.customers.operations import set_mailing_address
from lamplighter.customers.rules import CannotRecord
from lamplighter.journeys.bereavement import customer_died
from lamplighter.kernel.periods import Period
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.contacts.people import blocking, unless_blocked
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit


class Estate(Once, Form):
    died_on = DayField(label="Died on")
    evidence = forms.CharField(label="Reference", max_length=80, help_text="The certificate's number, or who told us.")
    cares = forms.CharField(label="Who looks after the estate", max_length=160, required=False)
    mailing = forms.CharField(label="Where letters go", max_length=400, required=False,
                              widget=forms.Textarea({"rows": 3}))  # fmt: skip


@needs("accounts.change", "credit.work")
def estate(request: HttpRequest, number: str) -> HttpResponse:
    """The kind way: nothing is collected for 60 days, power stays on, the estate is written to once."""
    account = load_account(request, number, to="accounts.change")
    here, seen = reverse("desk:account", args=[number]), visit(request)

    def act(form: Estate) -> str:
        said = form.cleaned_data
        customer_died(
            account=account, person=_customer(request, account), died_on=said["died_on"], evidence=said["evidence"],
            cares=said["cares"], mailing=said["mailing"], on=seen.on, by=actor(request), at=seen.at,
        )  # fmt: skip
        return "Nothing is collected for 60 days. A letter of condolence goes out."

    return form_panel(
        request, title="The customer died", form=Estate, back=here, crumbs=[Crumb(number, here)],
        act=unless_blocked(account, Barred.DATA, act, on=seen.on), refusals=(CannotRecord, CannotHold, Blocked),
        done=lambda said: Done(said, url=here),
        alerts=[*blocking(account, Barred.DATA, on=seen.on),
                Alert(Level.KNOW, "Say", "“I am sorry for your loss. Nothing has to be decided today.”")],
    )  # fmt: skip


class Seasonal(Once, Form):
    lines = forms.CharField(label="Address", max_length=400, widget=forms.Textarea({"rows": 3}))
    first = DayField(label="From")
    last = DayField(label="To (the last day)")


@needs("accounts.change")
def seasonal(request: HttpRequest, number: str) -> HttpResponse:
    """Letters go elsewhere for some months, and then home again by themselves."""
    account = load_account(request, number, to="accounts.change")
    here, seen = reverse("desk:account", args=[number]), visit(request)

    def act(form: Seasonal) -> str:
        said = form.cleaned_data
        if said["last"] < max(said["first"], seen.on):
            raise CannotRecord("The last day comes before the first, or is over.")
        set_mailing_address(
            person=_customer(request, account), lines=said["lines"],
            period=Period(said["first"], said["last"] + timedelta(days=1)), by=actor(request), at=seen.at,
        )  # fmt: skip
        return "Letters go there in that time, and home again after it."

    return form_panel(
        request, title="Seasonal address", form=Seasonal, back=here, crumbs=[Crumb(number, here)],
        act=unless_blocked(account, Barred.DATA, act, on=seen.on), refusals=(CannotRecord, Blocked),
        done=lambda said: Done(said, url=here), alerts=blocking(account, Barred.DATA, on=seen.on),
    )  # fmt: skip


class Dispatch(Form):
    dispatch = OptionsField(
        label="Bills by", options={
            "paper": Option("Paper", key="p"), "email": Option("Email", "No paper", key="e"),
            "both": Option("Paper and email", key="b"),
        },
    )  # fmt: skip


@needs("accounts.change")
def dispatch(request: HttpRequest, number: str) -> HttpResponse:
    """Paperless, or paper again, from the next bill on."""
    account = load_account(request, number, to="accounts.change")
    here, seen = reverse("desk:account", args=[number]), visit(request)
    email = profile(account, on=seen.on).reach.email

    def act(form: Dispatch) -> str:
        chosen = form.cleaned_data["dispatch"]
        if chosen != Account.Dispatch.PAPER and not email:
            raise CannotRecord("There is no email on file. Ask for one first.")
        set_dispatch(account=account, dispatch=chosen, by=actor(request), at=seen.at)
        return "It holds from the next bill on."

    return form_panel(
        request, title="How bills come", form=lambda *args: Dispatch(*args, initial={"dispatch": account.dispatch}),
        act=unless_blocked(account, Barred.DATA, act, on=seen.on), back=here, crumbs=[Crumb(number, here)],
        refusals=(CannotRecord, Blocked), done=lambda said: Done(said, url=here),
        alerts=[*blocking(account, Barred.DATA, on=seen.on), Alert(Level.KNOW, "Email on file", email or "none")],
    )  # fmt: skip


def _customer(request: HttpRequest, account: Account) -> Person:
    person = profile(account, on=visit(request).on).customer
    if person is None:
        raise Http404(f"Account {account.number} has no customer.")
    return person
