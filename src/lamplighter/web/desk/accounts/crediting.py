"""Adjust by hand: before and after shown, posted at once within one's limit, put before a second person above it."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.queries import profile
from lamplighter.billing.operations.crediting import ALONE, REASONS, credit
from lamplighter.billing.rules import CannotBill
from lamplighter.cases.operations.alerts import Blocked, refuse_blocked
from lamplighter.cases.words import Barred
from lamplighter.kernel.money import Money
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


class Credit(Once, Form):
    agreement = forms.ChoiceField(label="Service")
    reason = OptionsField(
        label="Reason",
        options={key: Option(one.label, "A charge" if one.charges else "A credit") for key, one in REASONS.items()},
    )
    amount = MoneyField(label="Amount")
    remark = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 3}))


@needs("adjustments.ask")
def give_credit(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="adjustments.ask")
    here = reverse("desk:account", args=[number])
    on, by = visit(request).on, actor(request)
    services = {str(s.agreement.pk): s for s in profile(account, on=on).services}
    limit = limit_of(by, ALONE, on=on)

    def form(*args: object) -> Credit:
        made = Credit(*args)
        choice = made.fields["agreement"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(pk, f"{s.agreement.type.label} at {s.agreement.premise}") for pk, s in services.items()]
        return made

    def act(form: Credit) -> str:
        said = form.cleaned_data
        refuse_blocked(account, Barred.MONEY, on=on)
        made = credit(
            agreement=services[said["agreement"]].agreement, reason=said["reason"], amount=said["amount"],
            remark=said["remark"], key=str(said["request_key"]), on=on, by=by, at=visit(request).at,
        )  # fmt: skip
        if isinstance(made, Approval):
            return "Waiting: a supervisor decides. The timeline will say so."
        return f"{REASONS[said['reason']].label}: {said['amount']}."

    def before_and_after(form: Credit) -> list[Fact]:
        said = form.cleaned_data
        chosen, why = services[said["agreement"]].agreement, REASONS[said["reason"]]
        now = balances([chosen.subledger_id])[chosen.subledger_id].current
        then = now + said["amount"] if why.charges else now - said["amount"]
        alone = limit is not None and said["amount"] <= limit
        return [
            Fact("Reason", why.label), Fact("Owed now", now), Fact("Owed after", then),
            Fact("Decides", "you" if alone else "a supervisor"),
        ]  # fmt: skip

    return form_panel(
        request, title="Adjust", form=form, act=act, check=before_and_after, submit="Adjust", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotBill, CannotDecide, Blocked),
        alerts=[*blocking(account, Barred.MONEY, on=on), authority(limit)],
    )  # fmt: skip


def authority(limit: Money | None) -> Alert:
    """How much somebody charges or gives back alone."""
    if limit is None:
        return Alert(Level.KNOW, "A supervisor decides", "Your role has no limit of its own.")
    return Alert(Level.KNOW, f"Up to {limit} is yours to adjust", "Above that, a supervisor decides.")
