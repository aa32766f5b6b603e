"""Put a returned draft right with another amount or day, within its days; call off one that waits."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.journeys.draft_correcting import Room, call_off, correct_draft, room_for
from lamplighter.payments.autopay.banks import bank_day, bank_day_before
from lamplighter.payments.autopay.rules import CannotDraw
from lamplighter.payments.models import Draft
from lamplighter.web.access import actor, needs
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit


class Corrected(Once, Form):
    draft = "corrected-draft"
    amount = MoneyField(label="Amount, as it was authorized")
    draw_on = DayField(label="Drawn on")
    remark = forms.CharField(label="What was wrong", max_length=500, widget=forms.Textarea({"rows": 2}))


class Off(Once, Form):
    why = forms.CharField(label="Why", max_length=200, initial="The customer asked", widget=forms.TextInput())


@needs("payments.take")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """How much and when, with what came back beside it; or what stands against it."""
    found, crumbs, here = _draft(request, pk)
    on = visit(request).on
    room, against = _room(found, on)
    first = {"amount": min(found.amount, room.most), "draw_on": room.first} if room else {}

    def act(form: Corrected) -> str:
        said = form.cleaned_data
        made = correct_draft(
            draft=found, amount=said["amount"], draw_on=said["draw_on"], remark=said["remark"], on=on,
            by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"{made.amount} is drawn on {day(made.draw_on, on)} in place of {found.amount}. The customer is told."

    def shown(form: Corrected) -> list[Fact]:
        said = form.cleaned_data
        settles = bank_day(said["draw_on"])
        return [
            Fact("Came back", found.amount), Fact("Drawn instead", said["amount"]), Fact("On", day(settles, on)),
            Fact("In the bank's file of", day(bank_day_before(settles), on)), Fact("The customer", "is told today"),
        ]  # fmt: skip

    return form_panel(
        request, title="Correct this draft", form=lambda *args: Corrected(*args, initial=first), act=act, check=shown,
        submit="Draw it corrected", back=here, crumbs=crumbs, done=Done, refusals=(CannotDraw,), alerts=[against],
    )  # fmt: skip


@needs("payments.take")
def stop_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One draft is not drawn; AutoPay goes on."""
    found, crumbs, here = _draft(request, pk)

    def act(form: Off) -> str:
        call_off(draft=found, why=form.cleaned_data["why"], on=visit(request).on, by=actor(request),
                 at=visit(request).at)  # fmt: skip
        return f"{found.amount} is not drawn. The bill stays due."

    return form_panel(
        request, title="Do not draw it", form=Off, act=act, submit="Call it off", back=here, crumbs=crumbs, done=Done,
        refusals=(CannotDraw,), alerts=[Alert(Level.KNOW, "Only this draft", "The bill itself stays due.")],
    )  # fmt: skip


def _draft(request: HttpRequest, pk: int) -> tuple[Draft, list[Crumb], str]:
    found: Any = Draft.objects.filter(pk=pk).exclude(bill="").select_related("autopay__account").first()
    if found is None:
        raise Http404("There is no such draft.")
    account = load_account(request, found.autopay.account.number, to="payments.take")
    here = reverse("desk:draft", args=[pk])
    return found, [Crumb(account.number, reverse("desk:account", args=[account.number])), Crumb("Draft", here)], here


def _room(found: Draft, on: date) -> tuple[Room | None, Alert]:
    try:
        room = room_for(found, on=on)
    except CannotDraw as refused:
        return None, Alert(Level.STOP, "It can't be corrected", str(refused))
    words = f"From {day(room.first, on)} to {day(room.last, on)}. Ask the customer what they had agreed to."
    return room, Alert(Level.WATCH, f"Once, and at most the {room.most} that is owed", words)
