"""Bill an account for something that is not service: damage, work done, a visit."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.billing.models import Bill
from lamplighter.billing.operations.crediting import ALONE
from lamplighter.billing.queries.policies import policy_on
from lamplighter.billing.rules import CannotBill
from lamplighter.cases.operations.alerts import Blocked, refuse_blocked
from lamplighter.cases.words import Barred
from lamplighter.journeys.invoicing import WHAT, ask_invoice
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.queries.limits import limit_of
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.accounts.crediting import authority
from lamplighter.web.desk.contacts.people import blocking
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.ui.parts import Crumb, Fact
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit


class Invoice(Once, Form):
    draft = "invoice"
    what = OptionsField(label="What is billed", options={key: Option(label) for key, label in WHAT.items()})
    words = forms.CharField(label="In words", max_length=80, help_text="Printed on the invoice.")
    amount = MoneyField(label="Amount")
    remark = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 3}))


@needs("adjustments.ask")
def give_invoice(request: HttpRequest, number: str) -> HttpResponse:
    """Nobody's power is ever cut for it."""
    account = load_account(request, number, to="adjustments.ask")
    here = reverse("desk:account", args=[number])
    on, by = visit(request).on, actor(request)
    limit = limit_of(by, ALONE, on=on)

    def act(form: Invoice) -> str:
        said = form.cleaned_data
        refuse_blocked(account, Barred.MONEY, on=on)
        made = ask_invoice(
            account=account, what=said["what"], words=said["words"], amount=said["amount"], remark=said["remark"],
            key=str(said["request_key"]), on=on, by=by, at=visit(request).at,
        )  # fmt: skip
        if isinstance(made, Bill):
            return f"Invoice {made.number}: {said['amount']}, due {day(made.due_on, on)}."
        return "Waiting: a supervisor decides. The timeline will say so."

    def shown(form: Invoice) -> list[Fact]:
        said = form.cleaned_data
        alone = limit is not None and said["amount"] <= limit
        return [
            Fact("Billed for", f"{WHAT[said['what']]}: {said['words']}"),
            Fact("Amount", said["amount"]),
            Fact("Due", day(policy_on(on).due_on(on), on)),
            Fact("If it is not paid", "It is owed like any debt, and power stays on"),
            Fact("Decides", "you" if alone else "a supervisor"),
        ]

    return form_panel(
        request, title="Bill something else", form=Invoice, act=act, check=shown, submit="Bill it", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotBill, CannotDecide, Blocked),
        alerts=[*blocking(account, Barred.MONEY, on=on), authority(limit)],
    )  # fmt: skip
