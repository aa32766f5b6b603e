"""A landlord's standing agreement: between tenants, service goes back to the landlord by itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account, StandingAgreement
from lamplighter.accounts.operations import CannotServe
from lamplighter.accounts.standing.operations import agree_standing, end_standing
from lamplighter.cases.operations.alerts import Blocked
from lamplighter.cases.words import Barred
from lamplighter.tariffs.models import Schedule
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.contacts.people import blocking, unless_blocked
from lamplighter.web.desk.service.places import AddressField, choose_from, rate_choices
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit


class Agree(Once, Form):
    draft = "standing"
    place = AddressField(label="Where", max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    rate = forms.ChoiceField(label="Rate between tenants")
    on = DayField(label="From")
    evidence = forms.CharField(label="Signed agreement", max_length=80, help_text="Its date or number.")


@needs("service.start")
def agree(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="service.start")
    here, seen = reverse("desk:account", args=[number]), visit(request)

    def form(*args: Any) -> Agree:
        made = Agree(*args)
        choose_from(made.fields["rate"], rate_choices(account.customer_class))
        made.fields["on"].initial = seen.on
        return made

    def act(bound: Agree) -> str:
        said = bound.cleaned_data
        agree_standing(
            account=account, point=said["place"], schedule=Schedule.objects.get(pk=said["rate"]), on=said["on"],
            evidence=said["evidence"], by=actor(request), at=seen.at,
        )  # fmt: skip
        return f"Between tenants, {said['place'].premise.address} goes to this account."

    return form_panel(
        request, title="Landlord's standing agreement", form=form, submit="Agree", back=here,
        act=unless_blocked(account, Barred.SERVICE, act, on=seen.on), crumbs=[Crumb(number, here)],
        refusals=(CannotServe, Blocked), done=lambda said: Done(said, url=here),
        alerts=[*blocking(account, Barred.SERVICE, on=seen.on), *_standing(account, request)],
    )  # fmt: skip


class End(Once, Form):
    which = forms.ChoiceField(label="Where")
    on = DayField(label="First day without it")


@needs("service.start")
def end(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="service.start")
    here, seen = reverse("desk:account", args=[number]), visit(request)
    rows = StandingAgreement.objects.filter(account=account, period__endswith__isnull=True)
    standing = {str(row.pk): row for row in rows.select_related("point__premise")}

    def form(*args: Any) -> End:
        made = End(*args)
        choose_from(made.fields["which"], [(key, row.point.premise.address) for key, row in standing.items()])
        made.fields["on"].initial = seen.on
        return made

    def act(bound: End) -> str:
        row = standing[bound.cleaned_data["which"]]
        end_standing(standing=row, on=bound.cleaned_data["on"], by=actor(request), at=seen.at)
        return f"Ended for {row.point.premise.address}."

    return form_panel(
        request, title="End a landlord's agreement", form=form, act=act, submit="End it", back=here,
        crumbs=[Crumb(number, here)], refusals=(CannotServe,), done=lambda said: Done(said, url=here),
        alerts=[] if standing else [Alert(Level.KNOW, "No standing agreement runs for this account")],
    )  # fmt: skip


def _standing(account: Account, request: HttpRequest) -> list[Alert]:
    rows = StandingAgreement.objects.filter(account=account, period__contains=visit(request).on)
    places = [row.point.premise.address for row in rows.select_related("point__premise").order_by("pk")]
    return [Alert(Level.KNOW, f"{len(places)} agreed", ", ".join(places))] if places else []
