"""A forecast's form: when it begins, which part of the pipeline counts, and every assumption with its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from lamplighter.advice.assumptions import Assumption
from lamplighter.billing.rules import months_before
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField

MONTHS = 4
PIPELINE = {
    "none": Option("Nothing of it", "Only what is served today."),
    "agreed": Option("What is agreed on", "Developments from the signed agreement on."),
    "whole": Option("All of it", "Everything that was asked for and not withdrawn."),
}


class BeginForecast(Once, Form):
    name = forms.CharField(label="Name", max_length=120, help_text="As others will look for it.")
    first = forms.ChoiceField(label="Twelve months from", choices=())
    counts = OptionsField(label="Of the pipeline it counts", options=PIPELINE, initial="agreed")

    def __init__(self, *args: Any, on: date, assumed: Sequence[Assumption], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = self.fields["first"]
        assert isinstance(first, forms.ChoiceField)
        starts = [months_before(on.replace(day=1), back) for back in range(MONTHS)]
        first.choices = [(one.isoformat(), f"{one:%B %Y}") for one in starts]
        self.assumed = assumed
        for one in assumed:
            self.fields[one.name] = forms.FloatField(
                label=f"{one.label} ({one.unit})", min_value=one.least, max_value=one.most, initial=one.value,
                help_text=one.source,
            )  # fmt: skip

    @property
    def values(self) -> Mapping[str, float]:
        return {one.name: float(self.cleaned_data[one.name]) for one in self.assumed}


class AdoptBudget(Once, Form):
    name = forms.CharField(label="Name", max_length=120, help_text="The resolution that adopted it, for example.")
    file = forms.FileField(
        label="Budget (CSV)", help_text="Columns: month (2026-07), class, kwh, revenue. Twelve months to a file."
    )
