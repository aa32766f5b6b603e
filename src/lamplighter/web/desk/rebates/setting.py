"""Set programs, terms, budgets, measures, entries of the manual and incentives of others, each from a day on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify

from lamplighter.accounts.models import Account
from lamplighter.advice.kinds import KINDS
from lamplighter.kernel.periods import Period
from lamplighter.ledger.models import Code
from lamplighter.rebates.models import Measure, RebateProgram
from lamplighter.rebates.operations import defining
from lamplighter.rebates.operations.defining import CannotDefineRebate, EntryIn, IncentiveIn, TermsIn
from lamplighter.rebates.rules.qualifying import PaperKind
from lamplighter.rebates.rules.savings import Saved
from lamplighter.rebates.rules.worth import Basis
from lamplighter.rebates.rules.worth import Form as Given
from lamplighter.web.access import actor, needs
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import CheckRows, DayField, Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

YES_NO = {"yes": Option("Yes"), "no": Option("No: instead of ours")}


class Figure(forms.DecimalField):
    """A figure of the manual, to four places."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=12, decimal_places=4, **kwargs)


class Chosen(Once, Form):
    """A form about one program or one measure, filled with those that there are when it is opened."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("program", RebateProgram.objects.order_by("name")), ("measure", Measure.objects.order_by(
            "name"))):  # fmt: skip
            if name in self.fields:
                field = self.fields[name]
                assert isinstance(field, forms.ChoiceField)
                field.choices = [(row.pk, row.name) for row in rows]


class NewProgram(Once, Form):
    name = forms.CharField(label="Name", max_length=60)
    words = forms.CharField(label="What to say of it", max_length=300, widget=forms.Textarea({"rows": 3}))
    gl_code = forms.ChoiceField(label="Borne by")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = Code.objects.filter(control=False, kind=Code.Kind.EXPENSE).order_by("number")
        field = self.fields["gl_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code.key, f"{code.number} {code.name}") for code in codes]


@needs("programs.oversee")
def program(request: HttpRequest) -> HttpResponse:
    def act(form: NewProgram) -> str:
        said = form.cleaned_data
        made = defining.define_rebate_program(
            code=slugify(said["name"])[:30], name=said["name"], words=said["words"], gl_code=said["gl_code"],
            by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"{made.name} is there. Set its terms and a budget, then its measures."

    return _panel(request, "A program of rebates", NewProgram, act, "desk:rebate-budgets")


class SetTerms(Chosen):
    program = forms.ChoiceField(label="Program")
    start = DayField(label="For applications from")
    work_days = forms.IntegerField(label="Days for the work", initial=180)
    sample_percent = forms.IntegerField(label="Inspected, in a hundred", initial=10)
    seed = forms.CharField(label="Seed of the sample", max_length=40, help_text="The same seed draws the same.")
    always_from = MoneyField(label="Always inspected from", required=False)
    keep_months = forms.IntegerField(label="To be kept for (months)", initial=60)
    realisation_percent = forms.IntegerField(label="Realisation rate (%)", initial=100)
    net_percent = forms.IntegerField(label="Net-to-gross (%)", initial=100)
    citation = forms.CharField(label="By resolution or evaluation", max_length=200)


@needs("programs.oversee")
def terms(request: HttpRequest) -> HttpResponse:
    def act(form: SetTerms) -> str:
        said = dict(form.cleaned_data)
        chosen, start = RebateProgram.objects.get(pk=said.pop("program")), said.pop("start")
        said.pop("request_key")
        defining.set_rebate_terms(
            program=chosen, terms=TermsIn(**said), on=start, by=actor(request), at=visit(request).at
        )
        return f"{chosen.name}: new terms from {day(start)}."

    return _panel(request, "Set terms", SetTerms, act, "desk:rebate-budgets")


class SetBudget(Chosen):
    program = forms.ChoiceField(label="Program")
    start = DayField(label="First day of the fiscal year")
    last = DayField(label="Its last day")
    amount = MoneyField(label="Budget")
    citation = forms.CharField(label="By resolution", max_length=200)


@needs("programs.oversee")
def budget(request: HttpRequest) -> HttpResponse:
    def act(form: SetBudget) -> str:
        said = form.cleaned_data
        if said["last"] < said["start"]:
            raise CannotDefineRebate("Choose a last day after the first.")
        made = defining.set_rebate_budget(
            program=RebateProgram.objects.get(pk=said["program"]), amount=said["amount"], citation=said["citation"],
            year=Period(said["start"], said["last"] + timedelta(days=1)), by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"{made.program.name} may commit {made.amount}."

    return _panel(request, "Set a budget", SetBudget, act, "desk:rebate-budgets")


class NewMeasure(Chosen):
    program = forms.ChoiceField(label="Program")
    name = forms.CharField(label="Name", max_length=80)
    unit = forms.CharField(label="Counted in", max_length=30, help_text="Such as lamps, tons, chargers.")
    basis = OptionsField(label="Savings are", options={each.value: Option(each.label) for each in Basis})
    answers = forms.ChoiceField(label="Counted in a what-if as", required=False, choices=[
        ("", "Nothing"),
        *((f"{kind.name}.{one.name}", f"{kind.label}: {one.label}") for kind in KINDS.values()
          for one in kind.assumptions),
        *((f"{kind.name}.kwh", f"{kind.label}: kWh saved in a year") for kind in KINDS.values()),
    ])  # fmt: skip


@needs("programs.oversee")
def measure(request: HttpRequest) -> HttpResponse:
    def act(form: NewMeasure) -> str:
        said = form.cleaned_data
        made = defining.define_measure(
            code=slugify(said["name"])[:40], program=RebateProgram.objects.get(pk=said["program"]), name=said["name"],
            unit=said["unit"], basis=Basis(said["basis"]), answers=said["answers"], by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return f"{made.name} is there. Set its entry, and it is offered."

    return _panel(request, "A measure", NewMeasure, act, "desk:rebate-manual")


class SetEntry(Chosen):
    measure = forms.ChoiceField(label="Measure")
    start = DayField(label="From")
    version = forms.CharField(label="Version of the manual", max_length=40)
    citation = forms.CharField(label="Where it is published", max_length=200)
    kwh = Figure(
        label="kWh that a unit saves in a year", initial=0,
        help_text="Negative where it uses more; 0 where the meter tells.",
    )  # fmt: skip
    kw = Figure(
        label="kW that a unit saves at the peak",
        initial=0,
    )
    fuel_kg = Figure(
        label="kg of CO₂ of fuel that a unit saves in a year",
        initial=0,
    )
    years = forms.IntegerField(label="Lasts (years)", min_value=1, max_value=50)
    dollars = Figure(
        label="Dollars for a unit",
    )
    cost_percent = forms.IntegerField(label="Up to percent of the cost", required=False)
    most = MoneyField(label="At most, for an application", required=False)
    classes = forms.MultipleChoiceField(label="For customers who are", widget=CheckRows,
                                        choices=Account.CustomerClass.choices)  # fmt: skip
    papers = forms.MultipleChoiceField(label="Papers", widget=CheckRows, initial=["invoice"],
                                       choices=[(each.value, each.label) for each in PaperKind])  # fmt: skip


@needs("programs.oversee")
def entry(request: HttpRequest) -> HttpResponse:
    def act(form: SetEntry) -> str:
        said = form.cleaned_data
        one = Saved(said["kwh"], said["kw"], said["fuel_kg"], said["years"])
        made = EntryIn(
            said["version"], said["citation"], one, said["dollars"], said["cost_percent"], said["most"],
            said["classes"], [PaperKind(each) for each in said["papers"]],
        )  # fmt: skip
        chosen = Measure.objects.get(pk=said["measure"])
        defining.set_entry(measure=chosen, entry=made, on=said["start"], by=actor(request), at=visit(request).at)
        return f"{chosen.name}: {said['version']} holds from {day(said['start'])}."

    return _panel(request, "Set an entry of the manual", SetEntry, act, "desk:rebate-manual")


class SetIncentive(Chosen):
    measure = forms.ChoiceField(label="For")
    giver = forms.CharField(label="Who gives it", max_length=60)
    name = forms.CharField(label="What it is called", max_length=80)
    form = OptionsField(label="How it is counted", options={each.value: Option(each.label) for each in Given})
    value = forms.DecimalField(label="Percent or dollars", min_value=Decimal("0.01"), max_digits=10, decimal_places=2)
    most = MoneyField(label="At most", required=False)
    stacks = OptionsField(label="May be had beside ours", options=YES_NO, initial="yes")
    start = DayField(label="From")
    until = DayField(label="Last day", required=False)
    citation = forms.CharField(label="Where it is published", max_length=200)


@needs("programs.oversee")
def incentive(request: HttpRequest) -> HttpResponse:
    def act(form: SetIncentive) -> str:
        said = form.cleaned_data
        made = IncentiveIn(
            said["giver"], said["name"], Given(said["form"]), said["value"], said["most"], said["stacks"] == "yes",
            said["citation"], said["until"],
        )  # fmt: skip
        chosen = Measure.objects.get(pk=said["measure"])
        defining.set_incentive(measure=chosen, incentive=made, on=said["start"], by=actor(request),
                               at=visit(request).at)  # fmt: skip
        return f"{made.giver}, {made.name}: from {day(said['start'])}."

    return _panel(request, "Set an incentive of others", SetIncentive, act, "desk:rebate-others")


def _panel(
    request: HttpRequest, title: str, form: Callable[..., Any], act: Callable[[Any], str], name: str
) -> HttpResponse:
    here = reverse(name)
    return form_panel(
        request, title=title, form=form, act=act, submit="Set it", back=here, crumbs=[Crumb("Rebates", here)],
        done=lambda words: Done(words, url=here), refusals=(CannotDefineRebate,),
    )  # fmt: skip
