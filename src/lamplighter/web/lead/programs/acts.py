"""Draw a sample, write a finding; set terms, the income table and budgets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.journeys.enrolling import leave
from lamplighter.kernel.periods import Period
from lamplighter.programs.models import Enrollment, Program, ProgramTerms, SampleCase
from lamplighter.programs.operations.defining import CannotDefine, set_budget, set_guideline, set_terms
from lamplighter.programs.operations.sampling import CannotSample, draw_sample, write_finding
from lamplighter.programs.rules.qualifying import CATEGORIES, Basis, CannotApply, Guideline, Terms
from lamplighter.web.access import actor, needs
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import CheckRows, DayField, Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

ENDS = {
    SampleCase.Finding.OVER: Enrollment.Ended.INELIGIBLE, SampleCase.Finding.NOT_SHOWN: Enrollment.Ended.NO_ANSWER,
}  # fmt: skip
"""Findings by which an enrollment ends. Who no longer lives there is looked at by hand."""


class ForProgram(Once, Form):
    """A form about one of the programs; cleaned to the program."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programs = {program.code: program for program in Program.objects.order_by("name")}
        field = self.fields["program"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, program.name) for code, program in self.programs.items()]

    def clean_program(self) -> Program:
        return self.programs[self.cleaned_data["program"]]


class DrawForm(ForProgram):
    program = forms.ChoiceField(label="Program")
    name = forms.CharField(label="Name", max_length=40, help_text="Such as 2026 Q4.")
    seed = forms.CharField(label="Seed", max_length=40, help_text="The same seed on the same day draws the same.")
    size = forms.IntegerField(label="How many", min_value=1, max_value=500, initial=20)
    answer_by = DayField(label="They answer by")


@needs("programs.oversee")
def draw(request: HttpRequest) -> HttpResponse:
    """A random sample of everybody enrolled today; each case becomes work for the program desk."""
    on = visit(request).on

    def act(form: DrawForm) -> str:
        given = form.cleaned_data
        made = draw_sample(
            program=given["program"], name=given["name"], seed=given["seed"], size=given["size"],
            answer_by=given["answer_by"], on=on, by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return str(made.pk)

    here = reverse("lead:samples")
    return form_panel(
        request, title="Draw a sample", act=act, submit="Draw it", back=here, crumbs=[Crumb("Audit samples", here)],
        form=lambda *args: DrawForm(*args, initial={"answer_by": on + timedelta(days=30)}), refusals=(CannotSample,),
        done=lambda pk: Done("The sample is drawn.", url=reverse("lead:sample", args=[pk])),
    )  # fmt: skip


class FindForm(Once, Form):
    finding = OptionsField(
        label="What was found", options={each.value: Option(each.label) for each in SampleCase.Finding}
    )
    remark = forms.CharField(label="Note", required=False, max_length=500, widget=forms.Textarea({"rows": 2}))


@needs("programs.oversee", "programs.work")
def find(request: HttpRequest, pk: int, case: int) -> HttpResponse:
    """The finding; who does not qualify, or showed nothing, leaves the program with it."""
    found = SampleCase.objects.select_related("enrollment__program", "enrollment__account", "enrollment__agreement")
    row = found.filter(pk=case, sample=pk).first()
    if row is None:
        raise Http404("There is no such case.")
    here, on = reverse("lead:sample", args=[pk]), visit(request).on

    def act(form: FindForm) -> str:
        finding = SampleCase.Finding(form.cleaned_data["finding"])
        by, at = actor(request), visit(request).at
        write_finding(case=row, finding=finding, remark=form.cleaned_data["remark"], on=on, by=by, at=at)
        if (why := ENDS.get(finding)) and on in row.enrollment.period:
            tomorrow = on + timedelta(days=1)
            leave(enrollment=row.enrollment, why=why, on=tomorrow, by=by, at=at)
            return f"{finding.label}: {row.enrollment.program.name} ends today, and they get a letter."
        return f"{finding.label}."

    return form_panel(
        request, title=f"Account {row.enrollment.account.number}", form=FindForm, act=act, submit="Write it down",
        back=here, crumbs=[Crumb("Sample", here)], done=lambda words: Done(words, url=here),
        refusals=(CannotSample, CannotApply),
        alerts=[Alert(Level.KNOW, "Who does not qualify leaves the program from tomorrow",
                      "Nothing is asked back for the time before.")],
    )  # fmt: skip


class TermsForm(ForProgram):
    program = forms.ChoiceField(label="Program")
    bases = forms.MultipleChoiceField(
        label="They may qualify by", widget=CheckRows, choices=[(each.value, each.label) for each in Basis]
    )
    categories = forms.MultipleChoiceField(
        label="Other programs that open it", required=False, widget=CheckRows, choices=list(CATEGORIES.items())
    )
    income_percent = forms.IntegerField(label="Income up to, percent of the guideline", required=False, min_value=1)
    income_share = forms.DecimalField(
        label="They pay, percent of income", required=False, min_value=0, max_value=100, decimal_places=2,
        help_text="Only for a program by share of income.",
    )  # fmt: skip
    months = forms.IntegerField(label="Lasts (months)", initial=24)
    fixed_months = forms.IntegerField(label="With a fixed income (months)", initial=48)
    papers_days = forms.IntegerField(label="Papers within (days)", initial=30)
    remind = forms.CharField(label="Reminders, days before the end", initial="60, 15")
    citation = forms.CharField(label="By resolution or ordinance", max_length=200)
    start = DayField(label="For applications from")

    def clean_remind(self) -> tuple[int, ...]:
        try:
            return tuple(int(part) for part in str(self.cleaned_data["remind"]).split(",") if part.strip())
        except ValueError:
            raise forms.ValidationError("Enter days with commas, like 60, 15.") from None


@needs("programs.oversee")
def change_terms(request: HttpRequest) -> HttpResponse:
    def act(form: TermsForm) -> str:
        given = form.cleaned_data
        made = Terms(
            frozenset(Basis(each) for each in given["bases"]), given["income_percent"],
            frozenset(given["categories"]), given["months"], given["fixed_months"], given["papers_days"],
            given["remind"], given["citation"], given["income_share"],
        )  # fmt: skip
        row = set_terms(
            program=given["program"], terms=made, on=given["start"], by=actor(request), at=visit(request).at
        )
        return f"{row.program.name}: new terms from {day(row.period.start)}."

    def form(*args: Any) -> TermsForm:
        running = ProgramTerms.objects.filter(period__contains=visit(request).on).order_by("program__name").first()
        initial = {} if running is None else {
            "program": running.program_id, "bases": running.bases, "categories": running.categories,
            "income_percent": running.income_percent, "income_share": running.income_share, "months": running.months,
            "fixed_months": running.fixed_months, "papers_days": running.papers_days,
            "remind": ", ".join(map(str, running.remind_days)),
        }  # fmt: skip
        return TermsForm(*args, initial=initial)

    return _panel(request, "Set terms", form, act)


class GuidelineForm(Once, Form):
    first = MoneyField(label="First person, a year")
    more = MoneyField(label="Each other person")
    citation = forms.CharField(label="Where it was published", max_length=200)
    start = DayField(label="From")


@needs("programs.oversee")
def change_guideline(request: HttpRequest) -> HttpResponse:
    def act(form: GuidelineForm) -> str:
        given = form.cleaned_data
        row = set_guideline(
            guideline=Guideline(given["first"], given["more"], given["citation"]), on=given["start"],
            by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"The income table holds from {day(row.period.start)}."

    return _panel(request, "Set the income table", GuidelineForm, act)


class BudgetForm(ForProgram):
    program = forms.ChoiceField(label="Program")
    start = DayField(label="First day of the fiscal year")
    last = DayField(label="Its last day")
    amount = MoneyField(label="Budget")
    citation = forms.CharField(label="By resolution", max_length=200)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and said["last"] < said["start"]:
            self.add_error("last", "Choose a last day after the first.")
        return said


@needs("programs.oversee")
def change_budget(request: HttpRequest) -> HttpResponse:
    def act(form: BudgetForm) -> str:
        given = form.cleaned_data
        row = set_budget(
            program=given["program"], year=Period(given["start"], given["last"] + timedelta(days=1)),
            amount=given["amount"], citation=given["citation"], by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"{row.program.name} may cost {row.amount}."

    return _panel(request, "Set a budget", BudgetForm, act)


def _panel(request: HttpRequest, title: str, form: Any, act: Any) -> HttpResponse:
    here = reverse("lead:program-terms")
    return form_panel(
        request, title=title, form=form, act=act, submit="Set it", back=here, crumbs=[Crumb("Terms and budgets", here)],
        done=lambda words: Done(words, url=here), refusals=(CannotDefine,),
    )  # fmt: skip
