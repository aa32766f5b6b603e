"""The forms that state a fact for its days. Each works the bills out before it asks to be confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from lamplighter.accounts.models import Agreement, AgreementRate
from lamplighter.billing.rules import CannotBill
from lamplighter.journeys.amending import REFUSED, AmendmentDraft, draft
from lamplighter.journeys.amendments import Amendment, CrossedWere, FactWas, MultiplierWas, RateWas
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Meter
from lamplighter.rating.attributes import Amount, Attribute, Choice, Flag, settle, word
from lamplighter.rating.refusals import CannotPrice
from lamplighter.tariffs.models import Schedule
from lamplighter.tariffs.queries import in_force
from lamplighter.web.access import actor
from lamplighter.web.loading import load_account
from lamplighter.web.ui.forms import DayField, Form, Once, carry
from lamplighter.web.visits import visit

ONE_DAY = timedelta(days=1)
WHY = "The customer reads what was corrected; colleagues read this."


class Amending(Once, Form):
    """`shown` tells the figures that were looked at from any others; it is put in when they are shown."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    remark = forms.CharField(label="How it is known", max_length=500, help_text=WHY,
                             widget=forms.Textarea({"rows": 3}))  # fmt: skip

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.drafted: AmendmentDraft | None = None

    def change(self, said: Mapping[str, Any]) -> Amendment:
        """What is said, as a value."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.errors or "change" in self.data:
            return said
        said["amendment"] = self.change(said)
        if not self.errors:
            self._draft(said["amendment"])
        return said

    def _draft(self, change: Amendment) -> None:
        now = visit(self.request)
        try:
            self.drafted = draft(change, on=now.on, by=actor(self.request), at=now.at)
        except (CannotBill, *REFUSED) as refused:
            self.add_error(None, str(refused))
            return
        for one in self.drafted.corrections:
            load_account(self.request, one.agreement.account.number, to="billing.correct")  # never one's own
        if "confirmed" not in self.data:
            carry(self, "shown", self.drafted.mark)


class Multiplier(Amending):
    field_order = ["channel", "factor", "start", "until", "remark"]
    channel = forms.ChoiceField(label="Channel")
    factor = forms.DecimalField(label="Multiplier", min_value=Decimal("0.000001"), max_digits=14, decimal_places=6,
                                help_text="CT ratio × PT ratio × the meter's own constant: 200:5 is 40.",
                                widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}))  # fmt: skip
    start = DayField(label="From")
    until = DayField(label="Last day", required=False, help_text="Empty: it still holds.")

    def __init__(self, *args: Any, meter: Meter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["channel"], {str(one.pk): one.name for one in meter.channels.order_by("pk")})

    def change(self, said: Mapping[str, Any]) -> Amendment:
        factor: Decimal = said["factor"]
        channel = Channel.objects.get(pk=said["channel"])
        if channel.multipliers.filter(factor=factor, period__contains=_period(self, said)).exists():
            self.add_error("factor", f"{factor.normalize():f} is what is recorded for these days.")
        return MultiplierWas(channel.pk, factor, _period(self, said))


class Crossed(Amending):
    field_order = ["other", "start", "clock", "remark"]
    other = forms.CharField(label="The other meter", max_length=40, help_text="Its badge.",
                            widget=forms.TextInput({"autocomplete": "off"}))  # fmt: skip
    start = DayField(label="Since", help_text="When they were set down crosswise.")
    clock = forms.TimeField(label="At", initial=time(0), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))

    def __init__(self, *args: Any, meter: Meter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meter = meter

    def clean_other(self) -> Meter:
        found = Meter.objects.filter(badge__iexact=self.cleaned_data["other"].strip()).first()
        if found is None:
            raise forms.ValidationError("There is no meter with this badge.")
        return found

    def change(self, said: Mapping[str, Any]) -> Amendment:
        since = timezone.make_aware(datetime.combine(said["start"], said["clock"]))
        return CrossedWere(self.meter.pk, said["other"].pk, since)


class Rate(Amending):
    field_order = ["schedule", "start", "remark"]
    schedule = forms.ChoiceField(label="Rate")
    start = DayField(label="From", help_text="A day inside a bill divides it: each rate for its own days.")

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        rows = Schedule.objects.filter(customer_class=agreement.account.customer_class).order_by("code")
        _offer(self.fields["schedule"], {row.pk: f"{row.code} {row.name}" for row in rows})

    def change(self, said: Mapping[str, Any]) -> Amendment:
        return RateWas(self.agreement.pk, said["schedule"], said["start"])


class FactOfService(Amending):
    field_order = ["name", "value", "start", "until", "remark"]
    name = forms.ChoiceField(label="Fact")
    value = forms.CharField(label="Was", max_length=60, widget=forms.TextInput({"autocomplete": "off"}))
    start = DayField(label="From")
    until = DayField(label="Last day", required=False, help_text="Empty: it still holds.")

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        self.attributes = attributes_of(agreement)
        _offer(self.fields["name"], {name: f"{one.label} ({_takes(one)})" for name, one in self.attributes.items()})

    def change(self, said: Mapping[str, Any]) -> Amendment:
        name, value = said["name"], said["value"].strip().lower()
        try:
            value = word(settle([self.attributes[name]], {name: value})[name])
        except CannotPrice as refused:
            self.add_error("value", str(refused))
        return FactWas(self.agreement.pk, name, value, _period(self, said))


def attributes_of(agreement: Agreement) -> dict[str, Attribute]:
    """What the agreement's rates and riders ask for, in any version that held while it ran, by name."""
    keys = set(AgreementRate.objects.filter(agreement=agreement).values_list("schedule", flat=True))
    versions = [one for several in in_force(keys, period=agreement.period).values() for one in several]
    return {one.name: one for version in versions for one in version.tariff.attributes}


def _takes(attribute: Attribute) -> str:
    match attribute:
        case Flag():
            return "yes or no"
        case Choice(values=values):
            return " or ".join(values)
        case Amount(unit=unit):
            return f"a number of {unit}" if unit else "a number"


def _period(form: Amending, said: Mapping[str, Any]) -> Period:
    last = said["until"]
    if last is not None and last < said["start"]:
        form.add_error("until", "The last day lies before the first.")
        return Period(said["start"])
    return Period(said["start"], last + ONE_DAY if last else None)


def _offer(field: forms.Field, choices: Mapping[str, str]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices.items())
