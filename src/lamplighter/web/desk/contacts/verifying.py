"""Verify who is on the line: facts with their answers behind a click, and what that person may be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import AccountRole
from lamplighter.accounts.queries import Profile, profile
from lamplighter.cases.models import Contact
from lamplighter.cases.operations.contacts import CannotLog, ContactIn, attach_account, begin_contact, verify
from lamplighter.cases.queries.contacts import live
from lamplighter.cases.words import ENOUGH, FACTS, MAY_KNOW, Means
from lamplighter.customers.models import Identity
from lamplighter.payments.queries import payments_of
from lamplighter.web.access import actor, needs
from lamplighter.web.loading import load_account, note_access
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import CheckRows, Form
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.ui.wording import short_day
from lamplighter.web.visits import visit

HOW = (("call", "On the telephone"), ("visit", "At the counter"))
REFRESH = ("line", "timeline")


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact to ask for, its answer, and the key that ticks it."""

    key: str
    label: str
    answer: str
    digit: int


class Verify(Form):
    who = forms.ChoiceField(label="Who is it", required=False)
    how = forms.ChoiceField(label="Where", choices=HOW, required=False)
    facts = forms.MultipleChoiceField(
        label="What they knew", widget=CheckRows, choices=list(FACTS.items()),
        error_messages={"required": f"Tick what they knew; {ENOUGH} are needed."},
    )  # fmt: skip


@needs("contacts.work")
def verify_caller(request: HttpRequest, number: str) -> HttpResponse:
    """`V`: two facts are enough, and they hold for this call alone."""
    account = load_account(request, number, to="contacts.work")
    here, seen = reverse("desk:account", args=[number]), visit(request)
    known = profile(account, on=seen.on)
    now = live(account, actor=actor(request), at=seen.at)
    asked = _asked(known, request)
    people = _people(known)
    if request.method == "GET":
        note_access(request, account.subject, "contacts.work")

    def form(*args: Any) -> Verify:
        made = Verify(*args)
        who = made.fields["who"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [(role, f"{name}: {label}") for role, name, label in people]
        if now is not None:
            del made.fields["how"]
        return made

    def act(bound: Verify) -> str:
        said, by, at = bound.cleaned_data, actor(request), seen.at
        contact = now.contact if now else _begin(request, known, said.get("how") or Means.CALL)
        if contact.account_id is None:
            attach_account(contact=contact, account=account, person=known.customer, by=by, at=at)
        role = said["who"] or AccountRole.Role.MAIN
        verify(contact=contact, account=account, role=role, facts=said["facts"], by=by, at=at)
        return f"Verified. {MAY_KNOW.get(role, '')}"

    return form_panel(
        request, title="Who is on the line?", form=form, act=act, submit="Verified", busy="Saving…", back=here,
        crumbs=[Crumb(number, here)], refusals=(CannotLog,), template="desk/contacts/verify.html",
        done=lambda said: Done(said, url=here), asked=asked,
        people=[(name, label, MAY_KNOW.get(role, "")) for role, name, label in people],
    )  # fmt: skip


def _begin(request: HttpRequest, known: Profile, how: str) -> Contact:
    begun = ContactIn(Means(how), account=known.account, person=known.customer, handled_by=actor(request))
    return begin_contact(contact=begun, by=actor(request), at=visit(request).at)


def _asked(known: Profile, request: HttpRequest) -> Sequence[Asked]:
    """What is on file to ask for; three queries."""
    payment = payments_of(known.account).first()
    identity = Identity.objects.filter(person=known.customer).first() if known.customer else None
    on = visit(request).on
    answers = {
        "address": known.premise.address if known.premise else "",
        "phone": known.reach.phone,
        "email": known.reach.email,
        "payment": f"{payment.amount}, {short_day(payment.event.received_on, on)}" if payment else "",
        "identity": identity.last_four if identity else "",
    }
    on_file = [key for key in FACTS if answers[key]]
    return [Asked(key, FACTS[key], answers[key], digit) for digit, key in enumerate(on_file, 1)]


def _people(known: Profile) -> list[tuple[str, str, str]]:
    """The customer and everybody else who stands on the account, as role, name and label."""
    role = AccountRole.Role
    main = [(role.MAIN.value, known.customer.name, role.MAIN.label)] if known.customer else []
    return [*main, *((one.role, one.person.name, role(one.role).label) for one in known.others)]
