"""A customer doubts the meter: a test on the spot or in the shop, with what it costs and when that is given back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account, AgreementPoint
from lamplighter.billing.queries.fees import fees_on
from lamplighter.fieldwork.models import SiteNote
from lamplighter.fieldwork.operations.ordering import CannotRaise
from lamplighter.fieldwork.operations.visits import CannotBook
from lamplighter.journeys.metertests import WantedTest, ask_for_test
from lamplighter.kernel.money import Money
from lamplighter.metering.models import Installation, Meter
from lamplighter.premises.models import ServicePoint
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.orders.acts import LATER, slot_of, slots_at
from lamplighter.web.loading import load_account, load_meter
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.visits import visit

FIELD, SHOP = "field", "shop"
WHERE = {
    FIELD: Option("At the meter", "A crew tests it where it stands"),
    SHOP: Option("In the shop", "A crew sets another meter and brings this one in"),
}


class AskForm(Once, Form):
    draft = "meter-test"
    where = OptionsField(label="Where", options=WHERE, initial=FIELD)
    slot = OptionsField(label="Appointment", options={}, required=False)
    safety = forms.CharField(label="Safety at the place", required=False, max_length=200, help_text="A dog, wires.")
    access = forms.CharField(label="How to get in", required=False, max_length=200, help_text="A gate code, a key.")


@needs("orders.raise", "metering.view")
def ask(request: HttpRequest, badge: str) -> HttpResponse:
    """For the customer who is served through this meter today."""
    device, on = load_meter(request, badge, to="metering.view"), visit(request).on
    here, served = reverse("desk:meter", args=[badge]), served_by(device, on)
    account = load_account(request, served[0].number, to="orders.raise") if served else None
    fee = fees_on(on).meter_test
    slots = slots_at(served[1].premise, on, at=visit(request).at) if served else []

    def form(*args: Any) -> AskForm:
        made = AskForm(*args)
        choice = made.fields["slot"]
        assert isinstance(choice, OptionsField)
        choice.choices = [LATER, *slots]
        return made

    def act(form: AskForm) -> str:
        if account is None or served is None:
            raise CannotRaise("Nobody is served through this meter today.")
        told = form.cleaned_data
        notes = {SiteNote.About.SAFETY: told["safety"], SiteNote.About.ACCESS: told["access"]}
        wanted = WantedTest(account, served[1], told["where"] == SHOP, notes, slot_of(told["slot"]))
        return ask_for_test(request=wanted, on=on, by=actor(request), at=visit(request).at).number

    return form_panel(
        request, title="Have the meter tested", form=form, act=act, check=lambda form: _told(form, account, fee),
        submit="Go on", back=here, crumbs=[Crumb(f"Meter {badge}", here)], busy="Raising…",
        alerts=_alerts(account, fee), refusals=(CannotRaise, CannotBook),
        done=lambda number: Done(f"Order SO-{number} is raised.", url=reverse("desk:order", args=[number])),
    )  # fmt: skip


def served_by(meter: Meter, on: date) -> tuple[Account, ServicePoint] | None:
    """Whose service runs through a meter on a day, and at which point."""
    standing = Installation.objects.filter(meter=meter, span__endswith__isnull=True).values("point")
    row = AgreementPoint.objects.filter(
        point__in=standing, use=AgreementPoint.Use.ADD, period__contains=on, agreement__cancelled_at__isnull=True
    ).select_related("agreement__account", "point__premise").first()  # fmt: skip
    return (row.agreement.account, row.point) if row else None


def _told(form: AskForm, account: Account | None, cost: Money) -> Sequence[Fact]:
    where = WHERE[form.cleaned_data["where"]].label
    fee = f"{cost} on the next bill; given back if the meter is out of limits"
    return [Fact("For account", account.number if account else "-"), Fact("Where", where), Fact("Fee", fee)]


def _alerts(account: Account | None, cost: Money) -> list[Alert]:
    if account is None:
        return [Alert(Level.STOP, "Nobody is served here", "Nobody is served through this meter today.")]
    return [Alert(Level.KNOW, f"Say: a test costs {cost}",
                  "It comes off again if the meter is fast or slow. The result comes by letter.")]  # fmt: skip
