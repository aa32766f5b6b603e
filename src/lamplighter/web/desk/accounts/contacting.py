"""Change how a customer is called and reached; two people who change the same field are told of each other."""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha256
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.queries import profile
from lamplighter.cases.operations.alerts import Blocked, refuse_blocked
from lamplighter.cases.words import Barred
from lamplighter.customers import rules
from lamplighter.customers.models import Person
from lamplighter.customers.operations import ContactsMoved, change_contacts
from lamplighter.customers.queries import Contacts, contacts_of
from lamplighter.customers.rules import CannotRecord
from lamplighter.platform.queries.events import events_about
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.contacts.people import blocking
from lamplighter.web.loading import load_account
from lamplighter.web.naming import name_of
from lamplighter.web.ui.formpanel import ChangedMeanwhile, Difference, Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.ui.wording import moment
from lamplighter.web.visits import visit

NAMES = tuple(one.name for one in fields(Contacts))
OFF = {"autocomplete": "off"}
TELEPHONE = forms.TextInput({"autocomplete": "off", "inputmode": "tel"})


class ContactForm(Once, Form):
    """Each field carries what it showed at first, so that only what this person changed is changed."""

    given = forms.CharField(label="Given name", required=False, max_length=80, widget=forms.TextInput(OFF))
    family = forms.CharField(label="Family name", max_length=79, widget=forms.TextInput(OFF))
    mobile = forms.CharField(label="Mobile", required=False, max_length=40, widget=TELEPHONE)
    phone = forms.CharField(label="Telephone", required=False, max_length=40, widget=TELEPHONE)
    email = forms.CharField(label="Email", required=False, max_length=254,
                            widget=forms.EmailInput(OFF))  # fmt: skip
    mailing = forms.CharField(
        label="Mailing address", required=False, max_length=400, widget=forms.Textarea({"rows": 3}),
        help_text="Where letters go, if not to the premise.",
    )  # fmt: skip
    on = DayField(label="From", help_text="The day from which the new number or address holds. A name holds at once.")

    def __init__(self, *args: Any, human: bool, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in NAMES:
            self.fields[name].show_hidden_initial = True
        if not human:
            del self.fields["given"]
            self.fields["family"].label = "Name"
            self.fields["family"].error_messages["required"] = "Fill in “Name”."

    @property
    def seen(self) -> Contacts:
        """What the fields showed when the form was opened."""
        return Contacts(**{name: self._first(name) for name in NAMES if name in self.fields})

    @property
    def wanted(self) -> Contacts:
        return Contacts(**{name: _lines(self.cleaned_data[name]) for name in NAMES if name in self.fields})

    def clean_mobile(self) -> str:
        return self._checked("mobile", rules.e164)

    def clean_phone(self) -> str:
        return self._checked("phone", rules.e164)

    def clean_email(self) -> str:
        return self._checked("email", rules.checked_email)

    def clean_on(self) -> Any:
        if self.cleaned_data["on"] < self.today:
            raise forms.ValidationError("Choose today or a later day.")
        return self.cleaned_data["on"]

    def _checked(self, name: str, check: Any) -> str:
        typed = str(self.cleaned_data[name])
        try:
            if typed and typed != self._first(name):
                check(typed)
        except CannotRecord as refused:
            raise forms.ValidationError(str(refused)) from None
        return typed

    def _first(self, name: str) -> str:
        return _lines(self.data.get(self[name].html_initial_name, ""))


@needs("accounts.change")
def contact(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="accounts.change")
    here, on = reverse("desk:account", args=[number]), visit(request).on
    person = profile(account, on=on).customer
    if person is None:
        raise Http404(f"Account {number} has no customer.")
    now = contacts_of(person, on=on)

    def form(*args: Any) -> ContactForm:
        first = {name: getattr(now, name) for name in NAMES}
        return ContactForm(
            *args, human=person.kind == Person.Kind.HUMAN, today=on, initial={**first, "on": on}
        )  # fmt: skip

    def act(typed: ContactForm) -> str:
        asked = {"person": person, "wanted": typed.wanted, "on": typed.cleaned_data["on"], "account": account.pk}
        by, at = actor(request), visit(request).at
        refuse_blocked(account, Barred.DATA, on=on)
        try:
            changed = change_contacts(seen=typed.seen, by=by, at=at, **asked)
        except ContactsMoved as moved:
            if typed.data.get("over") != _version(moved):
                raise _meanwhile(request, person, typed, moved) from moved
            changed = change_contacts(seen=moved.now, by=by, at=at, **(asked | {"wanted": _only(typed, moved)}))
        return "Changed." if changed else "Nothing was changed."

    return form_panel(
        request, title="Change name and contact", form=form, act=act, submit="Save", back=here, busy="Saving…",
        crumbs=[Crumb(number, here)], done=lambda said: Done(said, url=here), refusals=(CannotRecord, Blocked),
        alerts=blocking(account, Barred.DATA, on=on),
    )  # fmt: skip


def _meanwhile(request: HttpRequest, person: Person, typed: ContactForm, moved: ContactsMoved) -> ChangedMeanwhile:
    """Who was faster, and in which fields."""
    last = events_about(subject=f"person:{person.number}").first()
    who, when = (name_of(last.actor), moment(last.at, visit(request).on)) if last else ("Somebody", "meanwhile")
    differences = [
        Difference(
            str(typed.fields[name].label), getattr(moved.now, name) or "nothing",
            getattr(typed.wanted, name) or "nothing",
        )
        for name in moved.names
    ]  # fmt: skip
    return ChangedMeanwhile(who, when, _version(moved), differences)


def _only(typed: ContactForm, moved: ContactsMoved) -> Contacts:
    """What stands now, with the fields that this person changed."""
    mine = {name for name in NAMES if getattr(typed.wanted, name) != getattr(typed.seen, name)}
    return Contacts(**{name: getattr(typed.wanted if name in mine else moved.now, name) for name in NAMES})


def _version(moved: ContactsMoved) -> str:
    return sha256(repr((moved.now, moved.names)).encode()).hexdigest()[:16]


def _lines(text: Any) -> str:
    return str(text).replace("\r\n", "\n").strip()
