"""Who else may speak for an account, in which language, on which numbers and for what, and what one must know first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, AccountRole
from lamplighter.accounts.operations import CannotServe
from lamplighter.accounts.queries import profile
from lamplighter.cases.models import AccountAlert
from lamplighter.cases.operations.alerts import Blocked, CannotAlert, end_alert, raise_alert, refuse_blocked
from lamplighter.cases.words import MAY_KNOW, Barred
from lamplighter.customers import operations as customers
from lamplighter.customers.consent import ASKED, Purpose, Said
from lamplighter.customers.models import Person
from lamplighter.customers.queries import contacts_of, wishes_of
from lamplighter.customers.rules import CannotRecord, e164
from lamplighter.kernel.periods import Period
from lamplighter.web.access import actor, needs, require
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import CheckRows, DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

Role = AccountRole.Role
MAY_STAND = (Role.AUTHORIZED, Role.CO_APPLICANT, Role.THIRD_PARTY, Role.GUARANTOR)
SEEN = ["alerts", "about", "timeline"]


class AddPerson(Once, Form):
    draft = "person"
    role = OptionsField(
        label="As what", options={one.value: Option(one.label, MAY_KNOW[one]) for one in MAY_STAND},
        initial=Role.AUTHORIZED.value,
    )  # fmt: skip
    given = forms.CharField(label="Given name", max_length=80)
    family = forms.CharField(label="Family name", max_length=79)
    phone = forms.CharField(label="Telephone", max_length=40, required=False)
    email = forms.CharField(label="Email", max_length=254, required=False)
    mailing = forms.CharField(
        label="Address for copies of notices", required=False, max_length=400, widget=forms.Textarea({"rows": 3})
    )
    until = DayField(label="Until (the last day)", required=False, help_text="Empty: until somebody ends it.")


@needs("accounts.change")
def add_person(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="accounts.change")
    here, seen = reverse("desk:account", args=[number]), visit(request)

    def act(bound: AddPerson) -> str:
        said, by, at = bound.cleaned_data, actor(request), seen.at
        if said["role"] == Role.THIRD_PARTY and not said["mailing"].strip():
            raise CannotServe("Copies of notices go by mail: give the address.")
        if said["until"] and said["until"] < seen.on:
            raise CannotServe("That day is over. Choose a later one.")
        person = customers.add_human(given=said["given"], family=said["family"], by=by, at=at)
        for kind in ("phone", "email"):
            if said[kind]:
                customers.add_contact_point(person=person, kind=kind, value=said[kind], on=seen.on, by=by, at=at)
        if said["mailing"].strip():
            customers.set_mailing_address(person=person, lines=said["mailing"], period=Period(seen.on), by=by, at=at)
        end = said["until"] and said["until"] + timedelta(days=1)
        accounts.add_role(account=account, person=person, role=said["role"], period=Period(seen.on, end), by=by, at=at)
        return f"{person.name} is on the account: {Role(said['role']).label.lower()}."

    return form_panel(
        request, title="Add a person", form=AddPerson, act=unless_blocked(account, Barred.DATA, act, on=seen.on),
        submit="Add", back=here, crumbs=[Crumb(number, here)],
        refusals=(CannotServe, CannotRecord, Blocked), done=lambda said: Done(said, url=here),
        alerts=blocking(account, Barred.DATA, on=seen.on),
    )  # fmt: skip


class EndRole(Once, Form):
    who = forms.ChoiceField(label="Who")
    on = DayField(label="First day without it")


@needs("accounts.change")
def end_person(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody stands on the account no more."""
    account = load_account(request, number, to="accounts.change")
    here, seen = reverse("desk:account", args=[number]), visit(request)
    others = {str(role.pk): role for role in profile(account, on=seen.on).others}

    def form(*args: Any) -> EndRole:
        made = EndRole(*args)
        who = made.fields["who"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [(key, f"{role.person.name}: {Role(role.role).label}") for key, role in others.items()]
        made.fields["on"].initial = seen.on
        return made

    def act(bound: EndRole) -> str:
        role = others[bound.cleaned_data["who"]]
        accounts.end_role(role=role, on=bound.cleaned_data["on"], by=actor(request), at=seen.at)
        return f"{role.person.name} is off the account from {day(bound.cleaned_data['on'], seen.on)}."

    return form_panel(
        request, title="Take a person off", form=form, act=unless_blocked(account, Barred.DATA, act, on=seen.on),
        submit="Take off", back=here, crumbs=[Crumb(number, here)], refusals=(CannotServe, Blocked),
        done=lambda said: Done(said, url=here),
        alerts=[*blocking(account, Barred.DATA, on=seen.on),
                *([] if others else [Alert(Level.KNOW, "Nobody else stands on this account")])],
    )  # fmt: skip


class Speaks(Form):
    language = forms.ChoiceField(label="Language", choices=Person.Language.choices)
    interpreter = forms.BooleanField(label="Wants an interpreter on calls", required=False)


@needs("accounts.change")
def language(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="accounts.change")
    here, person = reverse("desk:account", args=[number]), _customer(request, account)

    def act(bound: Speaks) -> str:
        said = bound.cleaned_data
        customers.set_language(
            person=person, language=said["language"], interpreter=said["interpreter"], by=actor(request),
            at=visit(request).at, account=account.pk,
        )  # fmt: skip
        return "We use that language from the next notice on."

    first = {"language": person.language, "interpreter": person.interpreter}
    return form_panel(
        request, title="Language", form=lambda *args: Speaks(*args, initial=first), act=act, back=here,
        crumbs=[Crumb(number, here)], done=lambda said: Done(said, url=here),
    )  # fmt: skip


class Consents(Once, Form):
    which = forms.ChoiceField(label="Number")
    given = forms.MultipleChoiceField(
        label="We may call and text about", required=False, widget=CheckRows,
        choices=[(one.value, one.label) for one in ASKED],
    )  # fmt: skip
    quiet_from = forms.TimeField(label="Not after", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    quiet_until = forms.TimeField(label="Not before", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    how = OptionsField(
        label="They said so", initial="call",
        options={one.value: Option(one.label) for one in (Said.CALL, Said.COUNTER, Said.WRITING)},
    )  # fmt: skip


@needs("accounts.change")
def consent(request: HttpRequest, number: str) -> HttpResponse:
    """What a number may be used for, and the hours in which it stays quiet. Emergencies always go out."""
    account = load_account(request, number, to="accounts.change")
    here, seen = reverse("desk:account", args=[number]), visit(request)
    person = _customer(request, account)
    reach = contacts_of(person, on=seen.on)
    numbers = {e164(shown): shown for shown in (reach.mobile, reach.phone) if shown}
    wishes = wishes_of(next(iter(numbers))) if numbers else {}
    service = wishes.get(Purpose.SERVICE)

    def form(*args: Any) -> Consents:
        made = Consents(*args)
        which = made.fields["which"]
        assert isinstance(which, forms.ChoiceField)
        which.choices = list(numbers.items())
        made.fields["given"].initial = [one.value for one, wish in wishes.items() if wish.given]
        if service is not None:
            made.fields["quiet_from"].initial = service.quiet_from
            made.fields["quiet_until"].initial = service.quiet_until
        return made

    def act(bound: Consents) -> str:
        said = bound.cleaned_data
        customers.state_consent(
            number=said["which"], given={one: one.value in said["given"] for one in ASKED}, how=Said(said["how"]),
            quiet=(said["quiet_from"], said["quiet_until"]), by=actor(request), at=seen.at,
            subject=f"person:{person.number}", account=account.pk,
        )  # fmt: skip
        return "Kept. It holds at once."

    alerts = [] if numbers else [Alert(Level.KNOW, "No number on file", "Change the contact first.")]
    return form_panel(
        request, title="Calls and texts", form=form, act=act, back=here, crumbs=[Crumb(number, here)],
        done=lambda said: Done(said, refresh=["timeline"]), alerts=alerts,
    )  # fmt: skip


class RaiseAlert(Once, Form):
    draft = "alert"
    level = OptionsField(
        label="How loud", initial="watch",
        options={
            "stop": Option("Stop", "Blocks acts until it ends"), "watch": Option("Watch", "Asks for care"),
            "know": Option("Know", "Good to know"),
        },
    )  # fmt: skip
    title = forms.CharField(label="What one must know", max_length=60)
    acts = forms.MultipleChoiceField(
        label="What a stop blocks", required=False, widget=CheckRows, choices=[(one.value, one.label) for one in Barred]
    )
    words = forms.CharField(label="Why", required=False, max_length=1000, widget=forms.Textarea({"rows": 2}))
    until = DayField(label="Until (the last day)", required=False, help_text="Empty: until somebody ends it.")


@needs("accounts.change")
def alert(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="accounts.change")
    here, seen = reverse("desk:account", args=[number]), visit(request)

    def act(bound: RaiseAlert) -> str:
        said = bound.cleaned_data
        if said["until"] and said["until"] < seen.on:
            raise CannotAlert("That day is over. Choose a later one.")
        after = said["until"] and said["until"] + timedelta(days=1)
        raise_alert(
            account=account, level=said["level"], title=said["title"], acts=[Barred(one) for one in said["acts"]],
            period=Period(seen.on, after), by=actor(request), at=seen.at, words=said["words"],
        )  # fmt: skip
        return "Everybody sees it from now on."

    return form_panel(
        request, title="Raise an alert", form=RaiseAlert, act=act, submit="Raise it", back=here,
        crumbs=[Crumb(number, here)], refusals=(CannotAlert,), done=lambda said: Done(said, refresh=SEEN),
    )  # fmt: skip


class EndAlert(Once, Form):
    words = forms.CharField(label="Why it ends", max_length=1000, widget=forms.Textarea({"rows": 2}))


@needs("accounts.change")
def stop_alert(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A stop is ended by a supervisor; what only warns, by anybody who may change the account."""
    account = load_account(request, number, to="accounts.change")
    found = AccountAlert.objects.filter(account=account, pk=pk).first()
    if found is None:
        raise Http404("There is no such alert on this account.")
    if found.level == AccountAlert.Level.STOP:
        require(request, "team.lead", "A stop is ended by a supervisor.")
    here = reverse("desk:account", args=[number])

    def act(bound: EndAlert) -> str:
        end_alert(alert=found, on=visit(request).on, by=actor(request), at=visit(request).at,
                  words=bound.cleaned_data["words"])  # fmt: skip
        return f"Ended: {found.title}."

    return form_panel(
        request, title=f"End: {found.title}", form=EndAlert, act=act, submit="End it", back=here,
        crumbs=[Crumb(number, here)], refusals=(CannotAlert,), done=lambda said: Done(said, refresh=SEEN),
    )  # fmt: skip


def unless_blocked(account: Account, barred: Barred, act: Callable[[Any], str], *, on: date) -> Callable[[Any], str]:
    """An act of a form that a stop alert may forbid. Raises Blocked where one does."""

    def checked(bound: Any) -> str:
        refuse_blocked(account, barred, on=on)
        return act(bound)

    return checked


def blocking(account: Account, act: Barred, *, on: date) -> list[Alert]:
    """The stops that forbid an act, as its own form shows them."""
    rows = AccountAlert.objects.filter(
        account=account, level=AccountAlert.Level.STOP, period__contains=on, acts__contains=[act.value]
    )
    return [Alert(Level.STOP, row.title, f"{act.label} is blocked. Only a supervisor can end this.") for row in rows]


def _customer(request: HttpRequest, account: Account) -> Person:
    person = profile(account, on=visit(request).on).customer
    if person is None:
        raise Http404(f"Account {account.number} has no customer.")
    return person
