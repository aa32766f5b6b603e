"""Name the utility's own bank account, to which deposits go and from which refunds come."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse

from lamplighter.payments.models import BankAccount
from lamplighter.payments.operations.banks import set_bank_account
from lamplighter.payments.refunds.rules import CannotRefund
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.refunds.views import REFUNDS
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.parts import Alert, Level
from lamplighter.web.visits import visit


class BankForm(Once, Form):
    bank = forms.CharField(label="Bank", max_length=23)
    routing = forms.CharField(label="Routing number", max_length=9, help_text="Nine digits; the last one checks them.")
    number = forms.CharField(label="Account number", max_length=17)
    holder = forms.CharField(label="In the name of", max_length=23)
    company = forms.CharField(label="Our number at the bank", max_length=10, help_text="As ACH files name us.")


@needs("ledger.post")
def own_account(request: HttpRequest) -> HttpResponse:
    """From now on; what it was stays in the history."""
    known = BankAccount.objects.first()

    def act(form: BankForm) -> str:
        given = {name: form.cleaned_data[name] for name in ("bank", "routing", "number", "holder", "company")}
        return f"Deposits and refunds go by {set_bank_account(**given, by=actor(request), at=visit(request).at)}."

    stands = str(known) if known else "None is named: no deposit and no refund can go out."
    return form_panel(
        request, title="Our bank account", form=BankForm, act=act, submit="Name it", back=REFUNDS.url,
        crumbs=[REFUNDS], done=lambda words: Done(words, url=REFUNDS.url), refusals=(CannotRefund,),
        alerts=[Alert(Level.KNOW, "Now", stands)],
    )  # fmt: skip
