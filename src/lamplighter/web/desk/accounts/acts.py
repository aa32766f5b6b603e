"""Acts on an account that move no money."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.operations import CannotServe
from lamplighter.web.access import actor, needs
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.visits import visit


class Note(Form):
    draft = "account-note"
    words = forms.CharField(label="Note", widget=forms.Textarea({"rows": 4}), max_length=4000)


@needs("notes.write")
def note(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="notes.write")
    here = reverse("desk:account", args=[number])

    def act(form: Note) -> str:
        accounts.write_note(account=account, words=form.cleaned_data["words"], by=actor(request), at=visit(request).at)
        return number

    return form_panel(
        request, title="Write a note", form=Note, act=act, submit="Save the note", back=here,
        crumbs=[Crumb(number, here)], done=lambda _: Done("Note saved.", refresh=["timeline"]), refusals=(CannotServe,),
    )  # fmt: skip
