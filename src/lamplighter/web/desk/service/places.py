"""From an address as people say it to a service point, and the rates that may be chosen."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.db.models import F, Value
from django.db.models.functions import Concat, Trim

from lamplighter.premises.models import Premise, ServicePoint
from lamplighter.tariffs.models import Schedule

SHOWN = 8


class AddressField(forms.CharField):
    """A premise by its address or number, or one of its service points by its number, as a service point; several that
    fit are named, so that one can be said."""

    def clean(self, value: str) -> ServicePoint:
        typed = " ".join(super().clean(value).split())
        if (point := ServicePoint.objects.filter(number=typed).select_related("premise").first()) is not None:
            return point
        places = _places(typed)
        if not places:
            raise forms.ValidationError(
                f"No place is known at {typed}. Try the street and number alone, or have it added."
            )
        if len(places) > 1:
            listed = "; ".join(place.address for place in places[:SHOWN])
            more = " and others" if len(places) > SHOWN else ""
            raise forms.ValidationError(f"Several places fit: {listed}{more}. Give the whole address.")
        points = list(places[0].service_points.select_related("premise").order_by("number"))
        if not points:
            raise forms.ValidationError(f"{places[0].address} has no service point. One is added on its page.")
        if len(points) > 1:
            listed = ", ".join(point.number for point in points)
            raise forms.ValidationError(f"{places[0].address} has several service points: {listed}. Give one of them.")
        return points[0]


def rate_choices(customer_class: str) -> list[tuple[str, str]]:
    """The schedules of a class of customer, riders left out, in the order of their codes."""
    rows = Schedule.objects.filter(customer_class=customer_class).order_by("code")
    return [(row.key, f"{row.code}: {row.name}") for row in rows if not row.code.startswith("NEM")]


def choose_from(field: forms.Field, choices: Sequence[tuple[str, str]]) -> None:
    """Give a field its choices; the first is chosen until somebody chooses otherwise."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
    field.initial = next((key for key, _ in choices), None)


def _places(typed: str) -> Sequence[Premise]:
    if (exact := Premise.objects.filter(number=typed).first()) is not None:
        return [exact]
    address = Trim(Concat("street", Value(" "), "unit"))
    rows = Premise.objects.annotate(said=address)
    whole = list(rows.filter(said__iexact=typed)[: SHOWN + 1])
    return whole or list(rows.filter(said__istartswith=typed).order_by(F("said"))[: SHOWN + 1])
