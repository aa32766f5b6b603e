"""The forms of areas and crews."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from lamplighter.kernel.calendars import US_HOLIDAYS
from lamplighter.web.desk.cycles.forms import USUAL
from lamplighter.web.ui.forms import CheckRows, DayField, Form, Once

LONGEST = timedelta(days=366)


class AreaForm(Once, Form):
    name = forms.CharField(label="Name", max_length=60)
    postcodes = forms.CharField(
        label="Postcodes", required=False, max_length=600, help_text="With spaces between. Empty: nobody goes there."
    )


class CrewForm(Once, Form):
    name = forms.CharField(label="Name", max_length=60, help_text="As dispatchers and customers call it: Truck 1.")
    area = forms.ChoiceField(label="Area")


class JoinForm(Once, Form):
    user = forms.ChoiceField(label="Who")
    on = DayField(label="From")


class EndForm(Once, Form):
    on = DayField(label="First day without it")


class OpenDays(Once, Form):
    """`end` is the day after the last."""

    first = DayField(label="From")
    last = DayField(label="Last day")
    morning = forms.IntegerField(label="Visits in the morning", min_value=0, max_value=60)
    afternoon = forms.IntegerField(label="Visits in the afternoon", min_value=0, max_value=60)
    holidays = forms.MultipleChoiceField(
        label="Not on", choices=[(name, name) for name in US_HOLIDAYS], widget=CheckRows, required=False,
        initial=USUAL, help_text="Nor on Saturdays and Sundays: set those one by one on the day board.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        first, last = found.get("first"), found.get("last")
        if first and last:
            if last < first:
                self.add_error("last", "The last day is before the first.")
            elif last - first > LONGEST:
                self.add_error("last", "A year at most.")
            found["end"] = last + timedelta(days=1)
        return found
