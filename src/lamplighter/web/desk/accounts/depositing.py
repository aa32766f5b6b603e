"""The deposit of an account: what is asked for and held, and asking, interest, applying, giving back, letting go."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.operations.crediting import ALONE
from lamplighter.billing.operations.deciding import ACTS, decide_deposit
from lamplighter.billing.queries.deposits import DepositStanding, deposit_of
from lamplighter.billing.rules import CannotBill
from lamplighter.cases.operations.alerts import Blocked, refuse_blocked
from lamplighter.cases.words import Barred
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.queries import balances
from lamplighter.platform.models import Approval
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.queries.limits import limit_of
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.contacts.people import blocking
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.visits import visit


class Deposit(Once, Form):
    act = OptionsField(
        label="What", options={key: Option(act.label, act.hint, key=act.key) for key, act in ACTS.items()}
    )
    amount = MoneyField(label="Amount")
    remark = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 2}))


@needs("adjustments.ask")
def deposit(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="adjustments.ask")
    here, by, on = reverse("desk:account", args=[number]), actor(request), visit(request).on
    stands, limit = deposit_of(account), limit_of(by, ALONE, on=on)

    def act(form: Deposit) -> str:
        said = form.cleaned_data
        if not ACTS[said["act"]].free:
            refuse_blocked(account, Barred.MONEY, on=on)
        made = decide_deposit(
            account=account, act=said["act"], amount=said["amount"], remark=said["remark"],
            key=str(said["request_key"]), on=on, by=by, at=visit(request).at,
        )  # fmt: skip
        if isinstance(made, Approval):
            return "Waiting: a supervisor decides. The timeline will say so."
        return f"{made.label}: {said['amount']}."

    return form_panel(
        request, title="Deposit", form=Deposit, act=act, check=lambda form: _before_and_after(form, account, stands),
        submit="Post it", back=here, crumbs=[Crumb(number, here)], done=Done,
        refusals=(CannotBill, CannotDecide, Blocked),
        alerts=[*blocking(account, Barred.MONEY, on=on), _stands(stands),
                Alert(Level.KNOW, _yours(limit), "Asking and applying need no second person.")],
    )  # fmt: skip


def _stands(stands: DepositStanding | None) -> Alert:
    if stands is None:
        return Alert(Level.KNOW, "There is no deposit on this account")
    return Alert(Level.KNOW, f"{stands.held} is held", f"{stands.asked} is asked for and not paid.")


def _yours(limit: Money | None) -> str:
    return f"Up to {limit} is yours to give back or let go" if limit is not None else "A supervisor decides"


def _before_and_after(form: Deposit, account: Account, stands: DepositStanding | None) -> list[Fact]:
    act, amount = ACTS[form.cleaned_data["act"]], form.cleaned_data["amount"]
    held, asked = (stands.held, stands.asked) if stands else (ZERO, ZERO)
    energy = Agreement.objects.filter(account=account, kind=AgreementKind.ENERGY).values_list("subledger", flat=True)
    owes = sum((one.current for one in balances(list(energy)).values()), ZERO)
    facts = [Fact("Held", f"{held} now, {held + amount * act.held} after")]
    facts.append(Fact("Asked for", f"{asked} now, {asked + amount * act.asked} after"))
    if form.cleaned_data["act"] == "apply":
        facts.append(Fact("Electric service owes", f"{owes} now, {owes - amount} after"))
    return facts
