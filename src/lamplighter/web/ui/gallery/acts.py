"""The gallery's forms: money once, answers to check, an upload, a draft with undo, a conflict."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse

from lamplighter.kernel.money import Money
from lamplighter.web.access import staff_only
from lamplighter.web.ui.formpanel import ChangedMeanwhile, Difference, Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.ui.gallery import samples
from lamplighter.web.ui.gallery.views import HOME, wait
from lamplighter.web.ui.parts import Fact

TENDERS = {
    "cash": Option("Cash", key="c"),
    "check": Option("Check", "Made out to the utility", key="k"),
    "card": Option("Card terminal", key="d"),
}


class DrawerClosed(Exception):
    """The gallery's example of a refusal."""


ASK_AMOUNT = {"required": "Enter the amount the customer is paying."}


class Pay(Once, Form):
    draft = "gallery-pay"
    amount = MoneyField(label="Amount", help_text="Past due is $186.42.", error_messages=ASK_AMOUNT, most=Money(500000))
    tender = OptionsField(label="Paid with", options=TENDERS)
    identity = forms.CharField(
        label="Identity number", required=False, widget=forms.TextInput({"data-no-draft": "", "autocomplete": "off"})
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea({"rows": 2}))


class Move(Once, Form):
    draft = "gallery-move"
    on = DayField(label="Last day here", help_text="We don't visit on Saturdays.")
    reason = forms.ChoiceField(label="Reason", choices=[("", "Choose one"), ("move", "Moving"), ("sale", "Sold")])
    paperless = forms.BooleanField(label="Send the final bill by email", required=False)


class Upload(Form):
    papers = forms.FileField(label="Proof of income", help_text="A photo or a PDF.")


class Note(Form):
    draft = "gallery-note"
    words = forms.CharField(label="Note", widget=forms.Textarea)


@staff_only
def do(request: HttpRequest, kind: str) -> HttpResponse:
    wait(request)
    match kind:
        case "pay":
            return _panel(request, "Take a payment", Pay, _take, submit="Post the payment", alerts=samples.ALERTS[1:2])
        case "move":
            return _panel(request, "Stop service", Move, lambda _: "stop", submit="Confirm", check=_answers)
        case "upload":
            return _panel(request, "Add papers", Upload, _size, submit="Upload", busy="Uploading…")
        case "note":
            return _panel(request, "Write a note", Note, lambda _: "note", busy="Saving…")
        case "conflict":
            return _panel(request, "Change the phone number", Note, _conflict, busy="Saving…")
    raise Http404


def _panel(request: HttpRequest, title: str, form: type[forms.Form], act: Any, **more: Any) -> HttpResponse:
    return form_panel(
        request, title=title, form=form, act=act, done=_done, back=HOME.url, crumbs=[HOME],
        refusals=(DrawerClosed,), **more,
    )  # fmt: skip


def _done(result: str) -> Done:
    if result == "note":
        return Done("Note saved.", undo="/ui/undo/", refresh=["timeline"])
    if result.startswith("$"):
        return Done(f"{result} taken.", template="ui/gallery/receipt.html", context={"amount": result})
    return Done("Service stops." if result == "stop" else f"{result} came in.")


def _take(form: Pay) -> str:
    if form.cleaned_data["tender"] == "card":
        raise DrawerClosed("The card terminal is off. Take cash or a check.")
    return str(form.cleaned_data["amount"])


def _answers(form: Move) -> list[Fact]:
    return [
        Fact("Last day here", form.cleaned_data["on"]),
        Fact("Reason", dict(form.fields["reason"].choices)[form.cleaned_data["reason"]]),  # type: ignore[attr-defined]
        Fact("Final bill", "By email" if form.cleaned_data["paperless"] else "On paper"),
    ]


def _size(form: Upload) -> str:
    papers = form.cleaned_data["papers"]
    return f"{papers.name}, {papers.size:,} bytes,"


def _conflict(form: Note) -> str:
    if form.data.get("over") == "2":
        return "note"
    now = Difference("Phone", "(510) 555-0177", form.cleaned_data["words"])
    raise ChangedMeanwhile("Mei-Ling", "20 seconds ago", "2", [now])
