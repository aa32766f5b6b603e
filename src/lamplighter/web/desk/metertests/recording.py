"""A test is entered by the meter shop: as found and as left, for a customer, for a lot, or for what came back."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from lamplighter.journeys.metertests import keep_test, open_request
from lamplighter.metering.models import Installation, LotMeter, Meter, MeterTest
from lamplighter.metering.operations import CannotTest, MeterTestIn
from lamplighter.metering.rules import average
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.metertests.tables import WORDS
from lamplighter.web.loading import load_meter
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.visits import visit


def _percent(label: str, **more: Any) -> forms.DecimalField:
    typed = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    return forms.DecimalField(
        label=label, min_value=Decimal(0), max_value=Decimal(200), max_digits=6, decimal_places=2, widget=typed, **more
    )


class TestForm(Once, Form):
    why = OptionsField(label="Why", options={})
    tested_on = DayField(label="Tested on")
    found_full = _percent("Found at full load (%)")
    found_light = _percent("Found at light load (%)")
    left_full = _percent("Left at full load (%)", required=False, help_text="Only where it was adjusted.")
    left_light = _percent("Left at light load (%)", required=False, help_text="Only where it was adjusted.")
    standard = forms.CharField(label="Number of the test standard", max_length=40, required=False)
    words = forms.CharField(label="Note", required=False, max_length=500, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, why: dict[str, Option], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["why"]
        assert isinstance(choice, OptionsField)
        choice.choices = list(why.items())
        choice.initial = next(iter(why))
        self.fields["tested_on"].initial = self.latest = on

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if (said.get("left_full") is None) != (said.get("left_light") is None):
            self.add_error("left_light", "Enter both loads, or neither.")
        if said.get("tested_on") and said["tested_on"] > self.latest:
            self.add_error("tested_on", "This lies ahead.")
        return said


@needs("metering.change", "metering.view")
def record(request: HttpRequest, badge: str) -> HttpResponse:
    device, now = load_meter(request, badge, to="metering.change"), visit(request)
    here, asked = reverse("desk:meter", args=[badge]), open_request(device)
    stands = Installation.objects.filter(meter=device, span__endswith__isnull=True).exists()

    def form(*args: Any) -> TestForm:
        return TestForm(*args, why=_whys(device, asked=asked is not None), on=now.on)

    def act(form: TestForm) -> str:
        said = form.cleaned_data
        left = None if said["left_full"] is None else (said["left_full"], said["left_light"])
        test = MeterTestIn(
            said["why"], MeterTest.Where.FIELD if stands else MeterTest.Where.SHOP,
            _instant(said["tested_on"], now.on, now.at), (said["found_full"], said["found_light"]), left,
            standard=said["standard"].strip(), words=said["words"].strip(),
            order=asked.number if asked and said["why"] == MeterTest.Why.CUSTOMER else "",
        )  # fmt: skip
        made = keep_test(meter=device, test=test, on=now.on, by=actor(request), at=now.at)
        return f"{WORDS[made.verdict]}: {made.average.normalize():f} % on average."

    waits = Alert(Level.KNOW, "The customer waits for this", "The result goes to them by letter.")
    return form_panel(
        request, title="Enter a test", form=form, act=act, check=_told, submit="Go on", back=here, busy="Keeping…",
        crumbs=[Crumb(f"Meter {badge}", here)], done=lambda words: Done(words, url=here), refusals=(CannotTest,),
        alerts=[waits] if asked else [],
    )  # fmt: skip


def _whys(meter: Meter, *, asked: bool) -> dict[str, Option]:
    """What the test may be for; a customer's only where one asked, a sample only of a lot."""
    why = MeterTest.Why
    may = {
        why.CUSTOMER: asked, why.SAMPLE: LotMeter.objects.filter(meter=meter).exists(), why.RETURNED: True,
        why.SUSPECTED: True,
    }  # fmt: skip
    return {one.value: Option(str(one.label)) for one, fits in may.items() if fits}


def _told(form: TestForm) -> list[Fact]:
    said = form.cleaned_data
    facts = [Fact("Average as found", f"{average(said['found_full'], said['found_light']).normalize():f} %")]
    if said["left_full"] is not None:
        facts.append(Fact("Average as left", f"{average(said['left_full'], said['left_light']).normalize():f} %"))
    return facts


def _instant(day: date, today: date, at: datetime) -> datetime:
    """Now, or noon of an earlier day: nobody asks the shop for the minute."""
    return at if day == today else timezone.make_aware(datetime.combine(day, time(12)))
