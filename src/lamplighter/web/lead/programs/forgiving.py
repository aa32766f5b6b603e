"""Set the terms by which old debt is set aside and forgiven."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.credit.operations.forgiving import set_forgiveness_terms
from lamplighter.credit.rules.forgiving import CannotForgive, Rules
from lamplighter.ledger.models import Code
from lamplighter.programs.models import Program
from lamplighter.web.access import actor, needs
from lamplighter.web.columns import FromColumn, UntilColumn
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import CheckRows, DayField, Form, MoneyField, Once
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.ui.tables import Column, MoneyColumn, NumberColumn, Table
from lamplighter.web.visits import visit


class ForgivenessTable(Table):
    """Terms, the newest first."""

    start = FromColumn("From", accessor="period", orderable=False)
    until = UntilColumn("Until", accessor="period", orderable=False, default="")
    most = MoneyColumn("At most", orderable=False)
    parts = NumberColumn("Bills in time", orderable=False)
    missed = NumberColumn("Missed end it", orderable=False)
    programs = Column("Opened by", orderable=False)
    code = Column("Borne by", accessor="code__name", orderable=False)
    citation = Column("By", orderable=False)

    def value_programs(self, value: list[str]) -> str:
        return ", ".join(["hardship", *value])

    def render_programs(self, value: list[str]) -> str:
        return self.value_programs(value)


class ForgivenessForm(Once, Form):
    most = MoneyField(label="At most, for a household")
    parts = forms.IntegerField(label="Bills to pay in time", min_value=1, initial=12)
    missed = forms.IntegerField(label="Missed bills that end it", min_value=1, initial=2)
    grace_days = forms.IntegerField(label="In time up to, days after the due day", min_value=0, initial=5)
    programs = forms.MultipleChoiceField(
        label="Programs that open it", required=False, widget=CheckRows, help_text="A hardship on file always does."
    )
    code = forms.ChoiceField(label="Borne by")
    citation = forms.CharField(label="By resolution", max_length=200)
    start = DayField(label="From")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programs, codes = self.fields["programs"], self.fields["code"]
        assert isinstance(programs, forms.MultipleChoiceField)
        assert isinstance(codes, forms.ChoiceField)
        programs.choices = list(Program.objects.order_by("name").values_list("code", "name"))
        bears = Code.objects.filter(control=False, kind=Code.Kind.EXPENSE).order_by("number")
        codes.choices = [(code.key, f"{code.number} {code.name}") for code in bears]


@needs("programs.oversee")
def set_terms(request: HttpRequest) -> HttpResponse:
    """For debt that is set aside from a day on; what was before goes on by its own terms."""
    seen, back = visit(request), reverse("lead:program-terms")

    def act(form: ForgivenessForm) -> str:
        said = form.cleaned_data
        rules = Rules(
            said["most"], said["parts"], said["missed"], said["grace_days"], frozenset(said["programs"]),
            said["citation"],
        )  # fmt: skip
        set_forgiveness_terms(rules=rules, code=said["code"], on=said["start"], by=actor(request), at=seen.at)
        return f"Up to {rules.most} of old debt is forgiven with {rules.parts} bills paid in time."

    return form_panel(
        request, title="Terms of forgiving old debt", act=act, submit="Set them", back=back, done=Done,
        form=lambda *args: ForgivenessForm(*args, initial={"start": seen.on, "code": "arrearage-forgiveness"}),
        crumbs=[Crumb("Terms and budgets", back)], refusals=(CannotForgive,),
        alerts=[Alert(Level.KNOW, "It is an expense of the fund", "A share is posted for each bill paid in time.")],
    )  # fmt: skip
