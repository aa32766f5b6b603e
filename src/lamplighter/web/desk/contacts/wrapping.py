"""Wrap a contact up in a few keys: the reason is guessed from what was done, Enter takes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.billing.models import Bill
from lamplighter.cases.models import Contact
from lamplighter.cases.operations.contacts import (
    CannotLog,
    ContactIn,
    WrapUp,
    attach_account,
    attach_files,
    begin_contact,
    wrap_up,
)
from lamplighter.cases.queries.contacts import Live, guess, live
from lamplighter.cases.words import OUTCOMES, REASONS, Means
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.files import store_file
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.accounts.money import standing
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.visits import visit

LATELY = timedelta(hours=1)
FRESH = timedelta(days=14)
MOST_BYTES = 20 * 1024 * 1024
LOGGED = {
    "call": Option("Call", key="l"), "visit": Option("Visit at the counter", key="v"),
    "letter": Option("Letter from them", key="t"),
}  # fmt: skip
SHORT = {"resolved": "r", "follow-up": "f", "handed-over": "h", "cut-off": "x"}


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class SomeFiles(forms.FileField):
    """Any number of files, each of a size that a letter's scan has."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        for one in files:
            if one.size > MOST_BYTES:
                raise forms.ValidationError(f"{one.name} is larger than {MOST_BYTES // 1024 // 1024} MB.")
        return [super(SomeFiles, self).clean(one, initial) for one in files]


class Wrap(Once, Form):
    draft = "wrap"
    means = OptionsField(label="What it was", options=LOGGED, required=False, initial="call")
    reason = OptionsField(label="Why they called", options={key: Option(label) for key, label in REASONS.items()})
    outcome = OptionsField(
        label="What came of it", initial="resolved",
        options={key: Option(label, key=SHORT[key]) for key, label in OUTCOMES.items()},
    )  # fmt: skip
    words = forms.CharField(label="Note", required=False, max_length=4000, widget=forms.Textarea({"rows": 2}))
    answer_on = DayField(label="We answer by", required=False, help_text="Only if we owe them an answer.")
    scans = SomeFiles(label="Files", required=False, help_text="A scanned letter, a lease, a photo.")


@needs("contacts.work")
def wrap(request: HttpRequest, number: str) -> HttpResponse:
    """`W`: what is live now, or something that is written down afterwards."""
    account = load_account(request, number, to="contacts.work")
    here, seen = reverse("desk:account", args=[number]), visit(request)
    now = live(account, actor=actor(request), at=seen.at)

    def form(*args: Any) -> Wrap:
        made = Wrap(*args)
        made.fields["reason"].widget.attrs["autofocus"] = True
        made.fields["reason"].initial = _guess(request, account, now)
        if now is not None:
            del made.fields["means"]
        return made

    def act(bound: Wrap) -> str:
        said, by, at = bound.cleaned_data, actor(request), seen.at
        if said["answer_on"] and said["answer_on"] < seen.on:
            raise CannotLog("The day of our answer is over. Choose today or a later one.")
        contact = now.contact if now else _begin(request, account, said["means"] or Means.CALL)
        if contact.account_id is None:
            contact = attach_account(contact=contact, account=account, person=None, by=by, at=at)
        wrap_up(
            contact=contact, by=by, at=at,
            said=WrapUp(said["reason"], said["outcome"], said["words"], said["answer_on"]),
        )  # fmt: skip
        attach_files(contact=contact, files=stored(request, said["scans"]), by=by, at=at)
        return f"{contact.label}: {REASONS[said['reason']].lower()}, {OUTCOMES[said['outcome']].lower()}."

    title = f"Wrap up: {now.contact.label.lower()}" if now else "Log a contact"
    return form_panel(
        request, title=title, form=form, act=act, submit="Wrap up", busy="Saving…", back=here,
        crumbs=[Crumb(number, here)], refusals=(CannotLog,), template="desk/contacts/wrap.html",
        done=lambda said: Done(said, refresh=["line", "timeline", "alerts"]),
    )  # fmt: skip


def stored(request: HttpRequest, files: Iterable[UploadedFile[Any]]) -> Sequence[tuple[StoredFile, str]]:
    """Uploaded files, kept by their bytes, with the names that they came with."""
    by, at = actor(request), visit(request).at
    kept = []
    for one in files:
        name, kind = str(one.name or "file"), str(one.content_type or "application/octet-stream")[:100]
        kept.append((store_file(one.chunks(), name=name, media_type=kind, by=by, at=at)[0], name))
    return kept


def _begin(request: HttpRequest, account: Account, means: str) -> Contact:
    known = profile(account, on=visit(request).on)
    begun = ContactIn(Means(means), account=account, person=known.customer, handled_by=actor(request))
    return begin_contact(contact=begun, by=actor(request), at=visit(request).at)


def _guess(request: HttpRequest, account: Account, now: Live | None) -> str:
    seen = visit(request)
    money = standing(profile(account, on=seen.on), on=seen.on)
    bill = Bill.objects.filter(account=account).order_by("-id").first()
    return guess(
        account, actor=actor(request), since=now.contact.began_at if now else seen.at - LATELY,
        owes=bool(money.ageing.past_due), fresh_bill=bill is not None and seen.on - bill.issued_on < FRESH,
    )  # fmt: skip
