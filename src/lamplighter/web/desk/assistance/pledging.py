"""Take an agency's pledge for a customer, and take it back when the agency does."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.credit.models import AgencyWorker, Pledge
from lamplighter.credit.operations.pledging import PledgeIn
from lamplighter.credit.queries.debts import past_due_total
from lamplighter.credit.queries.pledges import pledges_of
from lamplighter.credit.rules.pledging import CannotPledge
from lamplighter.journeys.pledging import pledge, withdraw
from lamplighter.web.access import actor, needs
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level, Link
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit


class NewPledge(Once, Form):
    worker = forms.ChoiceField(label="Who says so", help_text="Call them back on their number when in doubt.")
    amount = MoneyField(label="They will pay")
    reference = forms.CharField(label="Their number for it", max_length=40)
    until = DayField(label="Until", required=False, help_text="Empty: as long as this agency's pledges run.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = AgencyWorker.objects.filter(ended_on__isnull=True, agency__ended_on__isnull=True)
        self.people = {str(one.pk): one for one in rows.select_related("agency").order_by("agency__name", "name")}
        choice = self.fields["worker"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(key, f"{one.agency.name}: {one.name}, {one.phone}") for key, one in self.people.items()]


@needs("credit.work")
def take(request: HttpRequest, number: str) -> HttpResponse:
    """It counts at once: what is left is said at the telephone."""
    account = load_account(request, number, to="credit.work")
    here, seen = reverse("desk:account", args=[number]), visit(request)

    def act(form: NewPledge) -> str:
        said = form.cleaned_data
        given = PledgeIn(form.people[said["worker"]], said["amount"], said["reference"].strip(), said["until"])
        made = pledge(account=account, said=given, on=seen.on, by=actor(request), at=seen.at)
        left = past_due_total(account, on=seen.on)
        rest = f"{left} is still past due." if left.cents else "Nothing else is past due."
        return f"{made.agency.name} pledged {made.amount} until {day(made.expires_on, seen.on)}. {rest}"

    owed = past_due_total(account, on=seen.on)
    return form_panel(
        request, title="Take a pledge", form=NewPledge, act=act, submit="Take it", back=here, done=Done,
        crumbs=[Crumb(number, here)], refusals=(CannotPledge,),
        alerts=[Alert(Level.KNOW, f"{owed} is past due", "A pledge counts at once; it is money when the agency pays.")],
    )  # fmt: skip


class Back(Once, Form):
    remark = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 2}))


@needs("credit.work")
def take_back(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The agency does not pay after all."""
    account = load_account(request, number, to="credit.work")
    here, seen = reverse("desk:account", args=[number]), visit(request)
    found = Pledge.objects.filter(account=account, pk=pk).select_related("agency").first()
    if found is None:
        raise Http404("There is no such pledge on this account.")

    def act(form: Back) -> str:
        withdraw(pledge=found, remark=form.cleaned_data["remark"], on=seen.on, by=actor(request), at=seen.at)
        return f"{found.amount} of {found.agency.name} counts no more."

    return form_panel(
        request, title="The agency takes its pledge back", form=Back, act=act, submit="End it", back=here, done=Done,
        crumbs=[Crumb(number, here)], refusals=(CannotPledge,),
        alerts=[Alert(Level.WATCH, f"{found.amount} is collected again", "From tomorrow morning.")],
    )  # fmt: skip


def pledge_facts(account: Account, on: date, *, work: bool) -> list[Fact]:
    """What agencies pledged for the account, and the way to take another."""
    take_it = Link("Take one", reverse("desk:do-pledge", args=[account.number]), panel=True) if work else None
    found = [
        Fact(f"Pledged by {one.agency.name}", f"{one.amount} until {day(one.expires_on, on)}",
             Link("Take back", reverse("desk:do-end-pledge", args=[account.number, one.pk]), panel=True)
             if work else None)
        for one in pledges_of(account)
    ]  # fmt: skip
    return [*found, *([Fact("Pledge", "An agency pays", take_it)] if work else [])]
