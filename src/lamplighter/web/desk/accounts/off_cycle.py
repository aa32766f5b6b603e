"""Bill an account outside its cycle, after what would be billed was shown: a customer who leaves and waits for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account, Agreement
from lamplighter.billing.queries.drafts import SegmentDraft
from lamplighter.billing.queries.due import RATED
from lamplighter.billing.rules import CannotBill
from lamplighter.journeys.billing import bill_now, mark_of, preview
from lamplighter.kernel.money import ZERO
from lamplighter.web.access import actor, needs
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import AsShown, DayField, Form, Once
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.ui.wording import quantity, short_day
from lamplighter.web.visits import visit


class BillNow(Once, AsShown, Form):
    """Which service, up to which day. When it is valid, `drafted` is what would be billed."""

    service = forms.ChoiceField(label="Service")
    last = DayField(label="Up to and with")
    drafted: list[SegmentDraft]

    def __init__(self, *args: Any, account: Account, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"last": today - timedelta(days=1)}, **kwargs)
        self.today = today
        rated = account.agreements.filter(kind__in=RATED, cancelled_at__isnull=True, closed_on__isnull=True)
        self.services = {str(one.pk): one for one in rated.select_related("premise", "account").order_by("-period")}
        service = self.fields["service"]
        assert isinstance(service, forms.ChoiceField)
        service.choices = [(key, _name(one)) for key, one in self.services.items()]

    def clean_last(self) -> date:
        last: date = self.cleaned_data["last"]
        if last >= self.today:
            raise forms.ValidationError("Choose a day that is over: yesterday, or before.")
        return last

    @property
    def chosen(self) -> Agreement:
        return self.services[self.cleaned_data["service"]]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            try:
                self.drafted = preview(agreement=self.chosen, until=given["last"] + timedelta(days=1))
            except CannotBill as refused:
                self.add_error(None, str(refused))
            else:
                self.hold_to(mark_of(self.drafted), "Something changed since this was shown. Look again.")
        return given


@needs("billing.run")
def bill(request: HttpRequest, number: str) -> HttpResponse:
    """What is billed is exactly what was shown."""
    account, now = load_account(request, number, to="billing.run"), visit(request)
    here = reverse("desk:account", args=[number])

    def form(*args: Any) -> BillNow:
        return BillNow(*args, account=account, today=now.on)

    def check(bound: BillNow) -> list[Fact]:
        shown = [Fact(_days(one), f"{one.total}{_use(one)}") for one in bound.drafted]
        whole = sum((one.total for one in bound.drafted), ZERO)
        return [*shown, Fact("New charges", whole)] if len(shown) > 1 else shown

    def act(bound: BillNow) -> str:
        given = bound.cleaned_data
        made = bill_now(
            agreement=bound.chosen, until=given["last"] + timedelta(days=1), on=now.on, by=actor(request),
            at=now.at, shown=given["digest"],
        )  # fmt: skip
        return f"Bill {made.number}: {made.charges}, due {short_day(made.due_on)}."

    return form_panel(
        request, title="Bill now", form=form, act=act, submit="Bill it", check=check, back=here, busy="Billing…",
        crumbs=[Crumb(number, here)], done=lambda said: Done(said, url=here), refusals=(CannotBill,),
        alerts=[Alert(Level.KNOW, "Outside the cycle.", "The next bill goes on from the day after.")],
    )  # fmt: skip


def _name(agreement: Agreement) -> str:
    place = agreement.premise.address if agreement.premise else "No premise"
    ended = f", ended {short_day(agreement.period.last_day)}" if agreement.period.end else ""
    return f"{place}{ended}"


def _days(one: SegmentDraft) -> str:
    period = one.occasion.period
    return f"{short_day(period.start)} to {short_day(period.last_day)}"


def _use(one: SegmentDraft) -> str:
    words = f" for {quantity(one.kwh, 'kWh')}" if one.kwh is not None else ""
    return f"{words}, partly estimated" if one.estimated else words
