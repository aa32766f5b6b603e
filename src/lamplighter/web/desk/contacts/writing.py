"""Write to a customer by email or text, answer what they wrote, and say whose a message is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.cases.models import Contact, Message
from lamplighter.cases.operations.contacts import CannotLog, attach_account
from lamplighter.cases.operations.messages import write_message
from lamplighter.cases.rules import reply_subject
from lamplighter.cases.words import Means
from lamplighter.customers.consent import Purpose
from lamplighter.customers.models import Person
from lamplighter.customers.queries import contacts_of, wish_of
from lamplighter.customers.rules import CannotRecord, e164
from lamplighter.notices.queries.templates import sender
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.contacts.loading import load_contact
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit

LONGEST_TEXT = 640
"""Four parts of a text: more belongs into an email."""


class Write(Once, Form):
    draft = "message"
    means = OptionsField(
        label="By", options={"email": Option("Email", key="e"), "text": Option("Text", key="t")}, initial="email"
    )
    subject = forms.CharField(label="Subject", required=False, max_length=200)
    body = forms.CharField(label="Message", max_length=20_000, widget=forms.Textarea({"rows": 8}))


class Answer(Once, Form):
    draft = "answer"
    subject = forms.CharField(label="Subject", required=False, max_length=250)
    body = forms.CharField(label="Answer", max_length=20_000, widget=forms.Textarea({"rows": 8}))


class Whose(Form):
    number = forms.CharField(label="Account", max_length=20, widget=forms.TextInput({"autocomplete": "off"}))


@needs("contacts.work")
def write(request: HttpRequest, number: str) -> HttpResponse:
    """An email or a text to the customer, kept with the account."""
    account = load_account(request, number, to="contacts.work")
    here, seen = reverse("desk:account", args=[number]), visit(request)
    person = profile(account, on=seen.on).customer

    def act(bound: Write) -> str:
        said = bound.cleaned_data
        means = Means(said["means"])
        _send(
            request, means=means, to=_address(person, means, request), account=account, person=person,
            subject=said["subject"], body=said["body"],
        )  # fmt: skip
        return f"{means.label} is on its way."

    return form_panel(
        request, title="Write to the customer", form=Write, act=act, submit="Send", busy="Sending…", back=here,
        crumbs=[Crumb(number, here)], refusals=(CannotLog, CannotRecord), alerts=_reach(person, request),
        done=lambda said: Done(said, refresh=["timeline", "line"]),
    )  # fmt: skip


@needs("contacts.work")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer in the thread, to where the message came from."""
    found = load_contact(request, pk)
    message = Message.objects.filter(contact=found).select_related("opens").first()
    here = reverse("desk:contact", args=[pk])

    def form(*args: Any) -> Answer:
        made = Answer(*args)
        if found.means == Means.TEXT:
            del made.fields["subject"]
        elif message is not None:
            made.fields["subject"].initial = reply_subject(message.subject)
        return made

    def act(bound: Answer) -> str:
        if message is None or found.direction != Contact.Direction.IN:
            raise CannotLog("Only a message that came in is answered.")
        said = bound.cleaned_data
        _send(
            request, means=Means(found.means), to=found.party, account=found.account, person=found.person,
            subject=said.get("subject", ""), body=said["body"], answers=message,
        )  # fmt: skip
        return "Your answer is on its way."

    return form_panel(
        request, title="Answer", form=form, act=act, submit="Send", busy="Sending…", back=here,
        crumbs=[Crumb(found.number, here)], refusals=(CannotLog,), done=lambda said: Done(said, url=here),
    )  # fmt: skip


@needs("contacts.work")
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whose account a contact is about, where its address did not tell."""
    found = load_contact(request, pk)
    here = reverse("desk:contact", args=[pk])

    def act(bound: Whose) -> str:
        account = Account.objects.filter(number=bound.cleaned_data["number"].strip()).first()
        if account is None:
            raise CannotLog(f"There is no account {bound.cleaned_data['number']}.")
        load_account(request, account.number, to="contacts.work")
        person = profile(account, on=visit(request).on).customer
        attach_account(contact=found, account=account, person=person, by=actor(request), at=visit(request).at)
        return f"It is with account {account.number} now."

    return form_panel(
        request, title="Whose is it?", form=Whose, act=act, submit="Put it there", back=here,
        crumbs=[Crumb(found.number, here)], refusals=(CannotLog,), done=lambda said: Done(said, url=here),
    )  # fmt: skip


def _send(
    request: HttpRequest,
    *,
    means: Means,
    to: str,
    account: Account | None,
    person: Person | None,
    subject: str,
    body: str,
    answers: Message | None = None,
) -> None:
    if means is Means.TEXT and len(body) > LONGEST_TEXT:
        raise CannotLog(f"A text has at most {LONGEST_TEXT} characters; this has {len(body)}. Send an email.")
    if means is Means.TEXT and not wish_of(to, Purpose.SERVICE).given:
        raise CannotLog("They asked for no texts on this number. Write an email or a letter.")
    host = sender().email.rpartition("@")[2]
    if means is Means.EMAIL and not host:
        raise CannotLog("The utility's email is not set. An administrator sets the sender.")
    write_message(
        means=means, to=to, subject=subject, body=body, account=account, person=person, by=actor(request),
        at=visit(request).at, answers=answers, host=host or "lamplighter.invalid",
    )  # fmt: skip


def _address(person: Person | None, means: Means, request: HttpRequest) -> str:
    if person is None:
        raise CannotLog("The account has no customer.")
    reach = contacts_of(person, on=visit(request).on)
    if means is Means.EMAIL:
        if not reach.email:
            raise CannotLog("There is no email on file. Ask for one.")
        return reach.email
    if not reach.mobile:
        raise CannotLog("There is no mobile number on file. Ask for one.")
    return e164(reach.mobile)


def _reach(person: Person | None, request: HttpRequest) -> list[Alert]:
    """Where it would go, in which language they want to be written to."""
    if person is None:
        return [Alert(Level.STOP, "No customer")]
    reach = contacts_of(person, on=visit(request).on)
    found = [Alert(Level.KNOW, "Goes to", " or ".join(filter(None, [reach.email, reach.mobile])) or "nowhere yet")]
    if person.language != "en":
        found.append(Alert(Level.WATCH, f"Wants {person.get_language_display()}", "Write in that language if you can."))
    if reach.mobile and not wish_of(e164(reach.mobile), Purpose.SERVICE).given:
        found.append(Alert(Level.STOP, "No texts", "They asked for none on this number."))
    return found
