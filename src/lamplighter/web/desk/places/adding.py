"""Add a premise with its first service point, and further points: what a start of service and an order stand on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.premises.models import Jurisdiction, ServicePoint
from lamplighter.premises.operations import CannotAdd, add_premise, add_service_point
from lamplighter.web.access import actor, needs
from lamplighter.web.loading import load_premise
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.visits import visit

ACCOUNTS = Crumb("Accounts", "/desk/accounts/")
OFF = {"autocomplete": "off"}
USES = {
    "residential": Option("Residential"),
    "commercial": Option("Commercial"),
    "industrial": Option("Industrial"),
    "public": Option("Public", "schools, pumps, street lights"),
}
KINDS = {
    ServicePoint.Kind.METERED.value: Option("Metered"),
    ServicePoint.Kind.UNMETERED.value: Option("Unmetered", "street lights, kiosks"),
}


class Point(Once, Form):
    kind = OptionsField(label="Service", options=KINDS, initial=ServicePoint.Kind.METERED.value)
    feeder = forms.CharField(label="Feeder", max_length=20, required=False, widget=forms.TextInput(OFF))


class NewPremise(Point):
    draft = "new-premise"
    street = forms.CharField(label="Number and street", max_length=120, widget=forms.TextInput(OFF))
    unit = forms.CharField(label="Apartment or unit", max_length=30, required=False, widget=forms.TextInput(OFF))
    city = forms.CharField(label="City", max_length=60)
    state = forms.CharField(label="State", min_length=2, max_length=2)
    postcode = forms.CharField(
        label="ZIP code", max_length=10, validators=[RegexValidator(r"^\d{5}(-\d{4})?$", "Five digits, or nine.")]
    )
    jurisdiction = forms.ChoiceField(label="Taxed by")
    use = OptionsField(label="Used as", options=USES, initial="residential")
    field_order = ("street", "unit", "city", "state", "postcode", "jurisdiction", "use", "kind", "feeder")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["jurisdiction"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(one.key, one.name) for one in Jurisdiction.objects.order_by("name")]

    def clean_state(self) -> str:
        return str(self.cleaned_data["state"]).upper()


@needs("premises.change", "accounts.view")
def premise(request: HttpRequest) -> HttpResponse:
    by, at = actor(request), visit(request).at

    def act(form: NewPremise) -> str:
        said = form.cleaned_data
        place = add_premise(
            street=said["street"], unit=said["unit"], city=said["city"], state=said["state"],
            postcode=said["postcode"], jurisdiction=Jurisdiction.objects.get(key=said["jurisdiction"]),
            use=said["use"], by=by, at=at,
        )  # fmt: skip
        add_service_point(premise=place, kind=said["kind"], feeder=said["feeder"], by=by, at=at)
        return place.number

    return form_panel(
        request, title="Add a premise", form=NewPremise, act=act, submit="Add it", back=ACCOUNTS.url,
        crumbs=[ACCOUNTS], busy="Adding…", refusals=(CannotAdd,),
        done=lambda number: Done(f"Premise {number} is there. Start service, or send an order for its meter.",
                                 url=reverse("desk:premise", args=[number])),
    )  # fmt: skip


@needs("premises.change", "accounts.view")
def point(request: HttpRequest, number: str) -> HttpResponse:
    place = load_premise(request, number, to="premises.change")
    here, by, at = reverse("desk:premise", args=[number]), actor(request), visit(request).at

    def act(form: Point) -> str:
        said = form.cleaned_data
        return add_service_point(premise=place, kind=said["kind"], feeder=said["feeder"], by=by, at=at).number

    return form_panel(
        request, title="Add a service point", form=Point, act=act, submit="Add it", back=here,
        crumbs=[Crumb(place.address, here)], done=lambda made: Done(f"Service point {made} is there.", url=here),
    )  # fmt: skip
