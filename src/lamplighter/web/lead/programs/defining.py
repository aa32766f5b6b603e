"""Define a program: the discount or allowance that a rate gives to whoever holds a fact, before its terms are set."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify

from lamplighter.kernel.periods import Period
from lamplighter.ledger.models import Code
from lamplighter.programs.models import Program
from lamplighter.programs.operations.defining import define_program
from lamplighter.programs.rules.sharing import FACT, LABEL
from lamplighter.rating.attributes import Flag
from lamplighter.tariffs.models import Schedule
from lamplighter.tariffs.queries import in_force
from lamplighter.web.access import actor, needs
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit

NONE_FREE = Alert(
    Level.WATCH, "No rate asks for another fact",
    "Each that the adopted rates ask for has its program. Have a rate adopted that asks for a new one first.",
)  # fmt: skip


class ProgramForm(Once, Form):
    name = forms.CharField(label="Name", max_length=30)
    fact = forms.ChoiceField(
        label="What the rates ask for", help_text="A program for each: a rate gives it to whoever holds it."
    )
    words = forms.CharField(
        label="What a representative says of it", max_length=300, widget=forms.Textarea({"rows": 3})
    )
    gl_code = forms.ChoiceField(label="What it costs is borne by", required=False)

    def __init__(self, *args: Any, facts: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = set(Program.objects.values_list("code", flat=True))
        _offer(self.fields["fact"], facts)
        funds = Code.objects.filter(kind=Code.Kind.EXPENSE).order_by("number")
        _offer(
            self.fields["gl_code"],
            {"": "Nobody: the rate has the price", **{one.key: f"{one.number} {one.name}" for one in funds}},
        )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if not slugify(name) or slugify(name) in self.codes:
            raise forms.ValidationError("Another program has this name, or it has no letters. Choose another.")
        return name


@needs("programs.oversee")
def define(request: HttpRequest) -> HttpResponse:
    here, now = reverse("lead:program-terms"), visit(request)
    facts = _free(Period(now.on))

    def act(form: ProgramForm) -> str:
        given = form.cleaned_data
        made = define_program(
            code=slugify(given["name"]), name=given["name"], words=given["words"], fact=given["fact"],
            gl_code=given["gl_code"], by=actor(request), at=now.at,
        )  # fmt: skip
        return f"{made.name} is there. Set its terms, and people can apply."

    return form_panel(
        request, title="Define a program", form=lambda *args: ProgramForm(*args, facts=facts), act=act,
        submit="Define it", back=here, crumbs=[Crumb("Terms and budgets", here)],
        done=lambda words: Done(words, url=here), alerts=[] if facts else [NONE_FREE],
    )  # fmt: skip


def _free(period: Period) -> dict[str, str]:
    """Facts that adopted rates ask for by yes or no, today or later, and a share of income: those that no program
    gives; three queries."""
    taken = set(Program.objects.values_list("fact", flat=True))
    versions = in_force(list(Schedule.objects.values_list("pk", flat=True)), period=period)
    asked = (one for several in versions.values() for version in several for one in version.tariff.attributes)
    of_rates = {one.name: one.label for one in asked if isinstance(one, Flag)}
    return {name: label for name, label in (of_rates | {FACT: LABEL}).items() if name not in taken}


def _offer(field: forms.Field, choices: dict[str, str]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices.items())
