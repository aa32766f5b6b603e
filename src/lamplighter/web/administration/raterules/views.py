"""The rate rules in force and before, and the form that sets one from a day on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.ratestudies.models import RateRule
from lamplighter.ratestudies.operations.rules import CannotSetRule, set_rule
from lamplighter.ratestudies.rules import Limits
from lamplighter.tariffs.models import Schedule
from lamplighter.web.access import actor, needs
from lamplighter.web.administration.rates.views import CLASSES
from lamplighter.web.columns import FromColumn, UntilColumn
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import CheckRows, DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Action, Crumb, Empty
from lamplighter.web.ui.tables import Column, NumberColumn, Table, table_page
from lamplighter.web.visits import visit

TITLE = "Who belongs on a rate"
HOW = {"usual": "The usual one", "chosen": "Customers choose it", "use": "By use"}


class RateRules(Table):
    schedule = Column("Rate", accessor="schedule__code", order_by="schedule__code")
    start = FromColumn("From", accessor="period", order_by="period")
    end = UntilColumn("To", accessor="period", orderable=False)
    classes = Column("Classes", orderable=False)
    how = Column("How", empty_values=(), orderable=False)
    kw = NumberColumn("At or over (kW)")
    kwh = NumberColumn("At or over (kWh)")
    months = NumberColumn("Months in")
    stay = NumberColumn("Months to stay")
    requires = Column("Must show", orderable=False)
    notice_days = NumberColumn("Notice (days)")
    citation = Column("By")

    def value_classes(self, value: list[str]) -> str:
        return ", ".join(value)

    render_classes = value_classes

    def value_how(self, record: Any) -> str:
        return HOW["usual" if record.usual else "chosen" if record.chosen else "use"]

    render_how = value_how


class SetRule(Once, Form):
    schedule = forms.ChoiceField(label="Rate", choices=())
    classes = forms.MultipleChoiceField(label="For", choices=CLASSES, widget=CheckRows)
    how = OptionsField(
        label="Who is on it",
        options={
            "usual": Option(HOW["usual"], "Everybody of these classes whom no other rule claims."),
            "chosen": Option(HOW["chosen"], "Only who asks for it."),
            "use": Option(HOW["use"], "Whoever reaches a limit in enough months."),
        },
    )
    kw = forms.DecimalField(label="At or over (kW)", required=False, min_value=0)
    kwh = forms.DecimalField(label="At or over (kWh a month)", required=False, min_value=0)
    months = forms.IntegerField(label="In how many of the last 12 months", required=False, min_value=0, max_value=12)
    stay = forms.IntegerField(
        label="Stays while in how many", required=False, min_value=0, max_value=12,
        help_text="Fewer than to come in, so that nobody goes to and fro.",
    )  # fmt: skip
    rank = forms.IntegerField(
        label="Rank", required=False, min_value=0, help_text="Of several that claim a customer the highest counts."
    )
    requires = forms.CharField(label="What the customer must show", required=False, max_length=160)
    notice_days = forms.IntegerField(label="Notice before a move (days)", min_value=0, max_value=180, initial=30)
    citation = forms.CharField(label="By resolution or ordinance", max_length=200)
    start = DayField(label="From")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["schedule"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(row.pk, f"{row.code} {row.name}") for row in Schedule.objects.order_by("utility", "code")]


@needs("system.configure")
def listed(request: HttpRequest) -> HttpResponseBase:
    return table_page(
        request, title=TITLE, table=RateRules,
        rows=RateRule.objects.select_related("schedule").order_by("schedule__code", "-period"),
        crumbs=[Crumb("Rules and limits", reverse("admin-desk:rules"))],
        empty=Empty("No rule is set: nobody is moved, and nobody is offered another rate."),
        actions=[Action("Set a rule", reverse("admin-desk:do-set-rate-rule"), key="s", primary=True)],
    )  # fmt: skip


@needs("system.configure")
def change(request: HttpRequest) -> HttpResponse:
    here = reverse("admin-desk:rate-rules")

    def act(form: SetRule) -> str:
        said = form.cleaned_data
        row = set_rule(
            schedule=Schedule.objects.get(pk=said["schedule"]), limits=_limits(said), citation=said["citation"],
            on=said["start"], by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"{row.schedule.code} has this rule from {row.period.start:%b %-d, %Y}."

    return form_panel(
        request, title="Set a rate rule", form=lambda *args: SetRule(*args, initial={"start": visit(request).on}),
        act=act, submit="Set the rule", back=here, crumbs=[Crumb(TITLE, here)],
        done=lambda words: Done(words, url=here), refusals=(CannotSetRule,),
    )  # fmt: skip


def _limits(said: dict[str, Any]) -> Limits:
    by_use = said["how"] == "use"
    return Limits(
        said["schedule"], frozenset(said["classes"]), said["rank"] or 0, said["how"] == "usual",
        said["how"] == "chosen", said["kw"] if by_use else None, said["kwh"] if by_use else None,
        (said["months"] or 0) if by_use else 0, (said["stay"] or 0) if by_use else 0, said["requires"],
        said["notice_days"],
    )  # fmt: skip
