"""Refund a credit: what can go back, how, before and after; alone within a limit, else by a second person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.cases.operations.alerts import Blocked
from lamplighter.cases.words import Barred
from lamplighter.kernel.money import Money
from lamplighter.payments.models import RefundWay
from lamplighter.payments.operations.refunding import ALONE, refund
from lamplighter.payments.refunds.queries import refundable, way_on
from lamplighter.payments.refunds.rules import CannotRefund, Means, check_bank
from lamplighter.platform.models import Approval
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.queries.limits import limit_of
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.contacts.people import blocking, unless_blocked
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, MoneyField, MoneyInput, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.visits import visit

MEANS = {
    "check": Option("Check", "To the mailing address", key="k"),
    "ach": Option("To a checking account", "Two banking days", key="b"),
    "ach-savings": Option("To a savings account", key="s"),
}
BANKS = frozenset({"ach", "ach-savings"})
NEVER = {"autocomplete": "off", "inputmode": "numeric", "data-no-draft": ""}


BY_PAYABLES = {"voucher": Option("By the city's accounts payable", "The city mails its check", key="k")}


class RefundForm(Once, Form):
    amount = MoneyField(label="Refund", widget=MoneyInput({"data-select": ""}))
    means = OptionsField(label="How", options=MEANS, initial="check")
    routing = forms.CharField(
        label="Routing number", required=False, max_length=9, help_text="For a bank account: nine digits.",
        widget=forms.TextInput(NEVER),
    )  # fmt: skip
    number = forms.CharField(label="Account number", required=False, max_length=17, widget=forms.TextInput(NEVER))
    remark = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, way: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if way == RefundWay.Way.PAYABLES:
            self.fields["means"] = OptionsField(label="How", options=BY_PAYABLES, initial="voucher")
            del self.fields["routing"], self.fields["number"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and said["means"] in BANKS:
            try:
                check_bank(said["routing"], said["number"])
            except CannotRefund as refused:
                self.add_error("routing", str(refused))
        return said

    @property
    def chosen(self) -> Means:
        said = self.cleaned_data
        if said["means"] not in BANKS:
            return Means(said["means"])
        return Means("ach", said["routing"], said["number"], savings=said["means"] == "ach-savings")


@needs("adjustments.ask")
def give_refund(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="adjustments.ask")
    here, by, on = reverse("desk:account", args=[number]), actor(request), visit(request).on
    most, limit = refundable(account), limit_of(by, ALONE, on=on)

    def form(*args: object) -> RefundForm:
        return RefundForm(*args, way=way_on(on), initial={"amount": most if most.cents else None})

    def act(form: RefundForm) -> str:
        said = form.cleaned_data
        made = refund(
            account=account, amount=said["amount"], means=form.chosen, remark=said["remark"], on=on, by=by,
            at=visit(request).at,
        )  # fmt: skip
        if isinstance(made, Approval):
            return "Waiting: a supervisor decides. The timeline will say so."
        return f"{made.amount} goes back by {form.chosen.label} (RF-{made.number})."

    def before_and_after(form: RefundForm) -> list[Fact]:
        amount = form.cleaned_data["amount"]
        return [
            Fact("Credit now", most), Fact("Refund", amount), Fact("Credit after", most - amount),
            Fact("How", form.chosen.label), Fact("Decides", _decides(amount, limit)),
        ]  # fmt: skip

    return form_panel(
        request, title="Refund", form=form, check=before_and_after, submit="Refund", back=here,
        act=unless_blocked(account, Barred.MONEY, act, on=on), crumbs=[Crumb(number, here)], done=Done,
        refusals=(CannotRefund, CannotDecide, Blocked),
        alerts=[*blocking(account, Barred.MONEY, on=on), _available(most),
                Alert(Level.KNOW, _yours(limit), "Above that, a supervisor decides.")],
    )  # fmt: skip


def _available(most: Money) -> Alert:
    if most.cents:
        return Alert(Level.KNOW, f"{most} can be refunded", "It is what is left when everything owed is paid.")
    return Alert(Level.STOP, "There is no credit to refund", "The account owes as much as it has, or more.")


def _yours(limit: Money | None) -> str:
    return f"Up to {limit} is yours to refund" if limit is not None else "A supervisor decides"


def _decides(amount: Money, limit: Money | None) -> str:
    return "you" if limit is not None and amount <= limit else "a supervisor"
