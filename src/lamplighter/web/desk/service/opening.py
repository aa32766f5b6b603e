"""Start service for somebody who is not a customer yet: who, where, from when, in one panel; the known are named."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, AccountRole
from lamplighter.credit.queries.deposits import standing_at
from lamplighter.customers import operations as customers
from lamplighter.customers import rules
from lamplighter.customers.models import ContactPoint, Person
from lamplighter.customers.rules import CannotRecord
from lamplighter.journeys.depositing import decide_at_start
from lamplighter.journeys.serving import start_at_desk
from lamplighter.journeys.starting import StartDraft, cycle_at
from lamplighter.kernel.money import ZERO
from lamplighter.tariffs.models import Schedule
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.credit.saying import policy_fact
from lamplighter.web.desk.service.places import AddressField, choose_from, rate_choices
from lamplighter.web.desk.service.starting import CHANGED, EVIDENCE, REFUSALS, deposit_fact, start_facts, started
from lamplighter.web.desk.service.terms import debts_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import AsShown, DayField, Form, MoneyField, Once
from lamplighter.web.ui.parts import Crumb, Fact
from lamplighter.web.visits import visit

ACCOUNTS = Crumb("Accounts", "/desk/accounts/")
CLASSES = ("residential", "commercial")
OFF = {"autocomplete": "off"}


class NewCustomer(Once, AsShown, Form):
    draft = "new-customer"
    given = forms.CharField(label="Given name", max_length=80, required=False, help_text="Empty: a business.",
                            widget=forms.TextInput(OFF))  # fmt: skip
    family = forms.CharField(label="Family name, or the business", max_length=79, widget=forms.TextInput(OFF))
    mobile = forms.CharField(label="Mobile", max_length=40, required=False, widget=forms.TextInput(OFF))
    email = forms.CharField(label="Email", max_length=254, required=False, widget=forms.TextInput(OFF))
    language = forms.ChoiceField(label="Language", choices=Person.Language.choices)
    paperless = forms.BooleanField(label="Bills by email alone", required=False)
    place = AddressField(label="Where", max_length=120, widget=forms.TextInput(OFF))
    on = DayField(label="First day of service")
    rate = forms.ChoiceField(label="Rate")
    evidence = forms.CharField(label="Lease or sale", max_length=200, required=False, help_text=EVIDENCE)
    deposit = MoneyField(label="Deposit", required=False, least=ZERO, help_text="Empty: none is asked.")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.account = request, None
        self.drafted: StartDraft | None = None
        choose_from(self.fields["rate"], [choice for one in CLASSES for choice in rate_choices(one)])
        self.fields["on"].initial = visit(request).on
        self.fields["place"].initial = request.GET.get("place", "")  # the number of a premise, from its page

    def clean_mobile(self) -> str:
        return self._checked("mobile", rules.e164)

    def clean_email(self) -> str:
        return self._checked("email", rules.checked_email)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        if said["paperless"] and not said["email"]:
            self.add_error("email", "Bills by email need an email address.")
        self.drafted = started(self, said["place"], said["rate"], said["on"], said["evidence"])
        if self.drafted:
            self.hold_to(self.drafted.digest, CHANGED)
        return said

    def _checked(self, name: str, check: Any) -> str:
        typed = str(self.cleaned_data[name]).strip()
        try:
            return str(check(typed)) if typed else ""
        except CannotRecord as refused:
            raise forms.ValidationError(str(refused)) from None


@needs("service.start")
def open_and_start(request: HttpRequest) -> HttpResponse:
    """A new customer with their account and service; who may be known already is named before anything is kept."""

    def act(form: NewCustomer) -> str:
        assert form.drafted
        said, by, at = form.cleaned_data, actor(request), visit(request).at
        person = _person(said, request)
        schedule = Schedule.objects.get(pk=said["rate"])
        account = accounts.open_account(
            customer=person, customer_class=schedule.customer_class, cycle=cycle_at(said["place"]),
            on=min(said["on"], visit(request).on), by=by, at=at,
            dispatch=Account.Dispatch.EMAIL if said["paperless"] else Account.Dispatch.PAPER,
        )  # fmt: skip
        start_at_desk(draft=form.drafted, account=account, evidence=said["evidence"], deposit=None, by=by, at=at)
        decide_at_start(account=account, amount=said["deposit"], on=visit(request).on, by=by, at=at)
        return str(account.number)

    return form_panel(
        request, title="New customer", form=lambda *args: NewCustomer(*args, request=request), act=act,
        check=lambda form: [*_known(form, request), *start_facts(form.drafted, request), *deposit_fact(form),
                            _policy(form, request)],
        submit="Start service", busy="Starting…", back=ACCOUNTS.url, crumbs=[ACCOUNTS],
        refusals=(*REFUSALS, CannotRecord),
        done=lambda number: Done(f"Account {number} is open.", url=reverse("desk:account", args=[number])),
    )  # fmt: skip


def _policy(form: NewCustomer, request: HttpRequest) -> Fact:
    """What the deposit policy says of somebody who is not known here, at this place and on this rate."""
    assert form.drafted
    standing = standing_at(
        None, customer_class=form.drafted.schedule.customer_class, point=form.drafted.point, on=visit(request).on
    )
    return policy_fact(standing)


def _person(said: dict[str, Any], request: HttpRequest) -> Person:
    by, at, on = actor(request), visit(request).at, visit(request).on
    if said["given"].strip():
        person = customers.add_human(
            given=said["given"], family=said["family"], language=said["language"], by=by, at=at
        )
    else:
        person = customers.add_organisation(name=said["family"], by=by, at=at)
    for kind in (ContactPoint.Kind.MOBILE, ContactPoint.Kind.EMAIL):
        if said[kind.value]:
            customers.add_contact_point(person=person, kind=kind, value=said[kind.value], on=on, by=by, at=at)
    return person


def _known(form: NewCustomer, request: HttpRequest) -> list[Fact]:
    """People of the same name, number or address, with their accounts and what they owe."""
    said, on = form.cleaned_data, visit(request).on
    name = f"{said['given']} {said['family']}".strip()
    people = {person.pk: person for person in Person.objects.filter(name__iexact=name)[:5]}
    values = [value for value in (said["mobile"], said["email"]) if value]
    for point in ContactPoint.objects.filter(value__in=values).select_related("person")[:5]:
        people[point.person_id] = point.person
    found = []
    for person in people.values():
        roles = AccountRole.objects.filter(person=person, role=AccountRole.Role.MAIN).select_related("account")
        numbers = ", ".join(role.account.number for role in roles) or "no account"
        owes = "; ".join(alert.title for alert in debts_of(person, on=on))
        found.append(Fact("Perhaps known already", f"{person.name}, {numbers}" + (f". {owes}" if owes else "")))
    return found
