"""What is done with open items: a credit matched by hand, a match undone, the way in which an account is aged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.credit.models import Match
from lamplighter.credit.operations.matching import match_by_hand, set_style, unmatch
from lamplighter.credit.queries.openitems import Loose, Stand, stand_of, style_of
from lamplighter.credit.rules.matching import CannotMatch, Style
from lamplighter.kernel.money import Money
from lamplighter.web.access import actor, needs
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, MoneyField, Once
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit

OPEN_SAYS = "Each payment is tied to the bill that it names, else to the one of its exact amount, else to the oldest."
FORWARD_SAYS = "Every match is undone; payments pay the oldest debt."


class Why(Once, Form):
    reason = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 2}))


class MatchForm(Why):
    bill = forms.ChoiceField(label="Bill")
    amount = MoneyField(label="Amount", least=Money(1))
    field_order = ("bill", "amount", "reason")

    def __init__(self, *args: Any, stand: Stand, loose: Loose, **kwargs: Any) -> None:
        super().__init__(*args, initial={"amount": loose.left}, **kwargs)
        self.fields["bill"].choices = [  # type: ignore[attr-defined]
            (one.bill, f"{one.bill or 'Not billed yet'}: {one.open} open")
            for one in stand.bills
            if any(left and place[0] == loose.credit.agreement for place, left in one.parts)
        ]


@needs("credit.work")
def match(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Say which bill a loose credit pays."""
    account = load_account(request, number, to="credit.work")
    stand = stand_of(account)
    loose = next((one for one in stand.loose if one.credit.posting == pk), None)
    if loose is None:
        raise Http404("This credit pays a bill by now.")

    def act(form: MatchForm) -> str:
        said = form.cleaned_data
        match_by_hand(account=account, credit=pk, bill=said["bill"], amount=said["amount"], reason=said["reason"],
                      on=visit(request).on, by=actor(request), at=visit(request).at)  # fmt: skip
        return f"{said['amount']} pays bill {said['bill']}."

    return _panel(request, account, "What does it pay?", lambda *args: MatchForm(*args, stand=stand, loose=loose), act,
                  submit="Match")  # fmt: skip


@needs("credit.work")
def undo(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A bill was not what a credit was sent for."""
    account = load_account(request, number, to="credit.work")
    found = Match.objects.filter(pk=pk, agreement__account=account).select_related("agreement__account").first()
    if found is None:
        raise Http404("There is no such match on this account.")

    def act(form: Why) -> str:
        unmatch(match=found, reason=form.cleaned_data["reason"], on=visit(request).on, by=actor(request),
                at=visit(request).at)  # fmt: skip
        return f"{found.amount} is unapplied again."

    return _panel(request, account, f"Undo the match of {found.amount}", Why, act, submit="Undo it")


@needs("credit.decide")
def style(request: HttpRequest, number: str) -> HttpResponse:
    """Age the account the other way, from today on."""
    account, on = load_account(request, number, to="credit.decide"), visit(request).on
    wanted = Style.FORWARD if style_of(account, on=on) is Style.OPEN else Style.OPEN

    def act(form: Why) -> str:
        set_style(account=account, style=wanted, reason=form.cleaned_data["reason"], on=on, by=actor(request),
                  at=visit(request).at)  # fmt: skip
        return f"Aged from today on: {wanted.label.lower()}."

    says = OPEN_SAYS if wanted is Style.OPEN else FORWARD_SAYS
    return _panel(request, account, f"Age this account: {wanted.label.lower()}", Why, act, submit="Change it",
                  alerts=[Alert(Level.KNOW, "From today on", says)])  # fmt: skip


def _panel(
    request: HttpRequest, account: Account, title: str, form: Any, act: Any, *, submit: str,
    alerts: list[Alert] | None = None,
) -> HttpResponse:  # fmt: skip
    here = reverse("desk:open-items", args=[account.number])
    return form_panel(
        request, title=title, form=form, act=act, submit=submit, back=here, crumbs=[Crumb("Open items", here)],
        done=lambda words: Done(words, url=here), refusals=(CannotMatch,), alerts=alerts or [],
    )  # fmt: skip
