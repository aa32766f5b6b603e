"""The forms of the rate lab."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from lamplighter.billing.rules import months_before
from lamplighter.ratestudies.models import Forecast, Move
from lamplighter.web.ui.forms import CheckRows, DayField, Form, Once, Option, OptionsField

YEARS = 24


def years(on: date) -> list[tuple[str, str]]:
    """Years that have ended, by the first day after them, the last one first."""
    first = on.replace(day=1)
    ends = [months_before(first, back) for back in range(YEARS)]
    return [(end.isoformat(), f"{months_before(end, 12):%B %Y} to {months_before(end, 1):%B %Y}") for end in ends]


class StudyForm(Once, Form):
    draft = "study"
    name = forms.CharField(label="Name of the study", max_length=120, help_text="As others will look for it.")
    until = forms.ChoiceField(label="Bills of the year", choices=())
    scope = OptionsField(
        label="Priced for",
        options={
            "rate": Option("Customers on this rate", "Whoever was on it at the end of the year."),
            "class": Option("Every customer of its class", "As though all of them were on it."),
        },
    )
    forecast = forms.ChoiceField(
        label="With the use of", required=False, choices=(),
        help_text="A forecast stands for its own year, whatever year is chosen above.",
    )  # fmt: skip
    text = forms.CharField(
        label="Tariff", widget=forms.Textarea({"rows": 26, "class": "code", "spellcheck": "false"}),
        help_text="Change prices, steps, hours, lines. It is checked as you type.",
    )  # fmt: skip

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, base = self.fields["until"], self.fields["forecast"]
        assert isinstance(field, forms.ChoiceField)
        assert isinstance(base, forms.ChoiceField)
        field.choices = years(on)
        done = Forecast.objects.filter(state=Forecast.State.DONE).order_by("-pk")
        base.choices = [("", "That year, as it was billed"), *((str(one.pk), one.name) for one in done)]


class YearForm(Once, Form):
    until = forms.ChoiceField(label="Bills of the year", choices=())

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["until"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = years(on)[:12]


class NoticeForm(Once, Form):
    """Who of a review is told, and from which day they are on the other rate."""

    moves = forms.MultipleChoiceField(label="Customers", widget=CheckRows)
    effective_on = DayField(label="On the other rate from", help_text="A letter goes to each of them now.")
    remark = forms.CharField(label="For whoever approves", required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, rows: list[Move], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["moves"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (str(row.pk), f"{row.agreement.account.number}: {row.present_schedule.code} to {row.schedule.code}")
            for row in rows
        ]
        self.initial.setdefault("moves", [str(row.pk) for row in rows])


class KeepForm(Form):
    reason = forms.CharField(label="Why the customer stays", max_length=200)


class CompareForm(Form):
    other = forms.ChoiceField(label="Beside", choices=())

    def __init__(self, *args: Any, others: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["other"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = others
