"""Move a payment that went to the wrong account to the right one: both accounts before and after, then once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.journeys.paying import move_payment
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.queries import balances
from lamplighter.payments.models import Payment, PaymentEvent
from lamplighter.payments.operations.moving import left_of
from lamplighter.payments.rules import CannotTake
from lamplighter.web.access import Refused, actor, needs
from lamplighter.web.desk.counter.receipts import load_receipt
from lamplighter.web.loading import load_account
from lamplighter.web.naming import customer_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, MoneyField, MoneyInput, Once
from lamplighter.web.ui.parts import Crumb, Fact
from lamplighter.web.visits import visit


class Move(Once, Form):
    """From which of the accounts that the receipt paid, to which account, how much."""

    payment = forms.ChoiceField(label="Paid to")
    to = forms.CharField(label="Right account", max_length=20, widget=forms.TextInput({"autocomplete": "off"}))
    amount = MoneyField(label="How much", widget=MoneyInput({"data-select": ""}))
    remark = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, request: HttpRequest, event: PaymentEvent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.known = request, {str(one.pk): one for one in event.payments.all() if left_of(one)}
        choice = self.fields["payment"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(pk, f"{one.account.number}, {left_of(one)}") for pk, one in self.known.items()]
        first = next(iter(self.known.values()), None)
        self.fields["amount"].initial = left_of(first) if first else None

    def clean_to(self) -> Account:
        try:
            return load_account(self.request, self.cleaned_data["to"].strip(), to="payments.take")
        except (Http404, Refused) as refused:
            raise forms.ValidationError(str(refused)) from refused

    def clean_payment(self) -> Payment:
        return self.known[self.cleaned_data["payment"]]


@needs("accounts.view", "payments.take")
def move(request: HttpRequest, number: str) -> HttpResponse:
    """The money stays in its drawer; what it paid is owed again there, and paid here."""
    event = load_receipt(request, number, to="payments.take")
    here, on = reverse("desk:receipt", args=[number]), visit(request).on

    def act(form: Move) -> str:
        said = form.cleaned_data
        moved = move_payment(
            payment=said["payment"], to=said["to"], amount=said["amount"], on=on, by=actor(request),
            at=visit(request).at, remark=said["remark"],
        )  # fmt: skip
        return f"{moved.amount} moved to {said['to'].number}."

    return form_panel(
        request, title=f"Move R-{number}", form=lambda *args: Move(*args, request=request, event=event), act=act,
        check=lambda form: _both(form, request), submit="Move it", back=here, crumbs=[Crumb(f"R-{number}", here)],
        done=lambda words: Done(words, url=here), refusals=(CannotTake,), busy="Moving…",
    )  # fmt: skip


def _both(form: Move, request: HttpRequest) -> list[Fact]:
    """What each account owes now and then."""
    said, found = form.cleaned_data, []
    for account, moved in ((said["payment"].account, said["amount"]), (said["to"], -said["amount"])):
        named = Account.objects.annotate(customer=customer_of("pk")).get(pk=account.pk)
        owes = _owes(account, request)
        found += [Fact(f"{named.customer}, {account.number}", f"owes {owes}"), Fact("Then", f"{owes + moved}")]
    return found


def _owes(account: Account, request: HttpRequest) -> Money:
    known = profile(account, on=visit(request).on)
    return sum((one.current for one in balances(known.subledgers).values()), ZERO)
