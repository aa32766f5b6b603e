"""The terms by which deposits are decided, class by class, with their resolutions; and setting them from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.credit.models import DepositTerms
from lamplighter.credit.operations.depositing import set_deposit_terms
from lamplighter.credit.queries.deposits import deposit_terms
from lamplighter.credit.rules.deposits import CannotSecure, Mark, PointsPolicy, Terms
from lamplighter.journeys.parameters import CLASSES, deposit_key
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.texts.governed import governed
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Fact
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

TITLE = "Deposit policy"
FACTS = "lead/deposits/terms.html"


@needs("credit.decide")
def listed(request: HttpRequest) -> HttpResponseBase:
    """What holds today for each class, and what a credit point is."""
    points = policy_in_force(PointsPolicy, on=visit(request).on)
    weighed = [(mark.label, points.weight(mark)) for mark in Mark]
    weights = [Fact(label, f"{weight.points} points for {weight.months} months") for label, weight in weighed]
    return page(
        request, title=TITLE, alerts=governed(request, PointsPolicy.key, *map(deposit_key, CLASSES)),
        actions=[Action("Set terms", reverse("lead:do-set-deposit-terms"), key="t", primary=True)],
        panels=[
            *(Panel(f"terms-{key}", label, FACTS, partial(_terms, key, request)) for key, label in CLASSES.items()),
            Panel("points", "Credit points", FACTS, lambda: {"facts": weights}, place="side"),
        ],
    )  # fmt: skip


class TermsForm(Once, Form):
    customer_class = OptionsField(label="For", options={key: Option(label) for key, label in CLASSES.items()})
    start = DayField(label="From")
    always = forms.BooleanField(label="Every new account gives one", required=False)
    months = forms.IntegerField(label="How many average bills", min_value=1, max_value=6, initial=2)
    least = MoneyField(label="At least", initial=Terms().least)
    most = MoneyField(label="At most", initial=Terms().most)
    points_from = forms.IntegerField(label="From how many credit points", min_value=0, initial=50)
    known_months = forms.IntegerField(label="Known to us after so many months", min_value=0, initial=12)
    score_from = forms.IntegerField(
        label="A bureau's score that asks for none", min_value=1, required=False, help_text="Empty: no bureau is asked."
    )
    parts = forms.IntegerField(label="In at most so many parts", min_value=1, max_value=12, initial=3)
    good_bills = forms.IntegerField(label="Goes back after so many bills paid in time", min_value=1, initial=12)
    grace_days = forms.IntegerField(label="Days after the due day that still are in time", min_value=0, initial=5)
    interest_percent = forms.DecimalField(
        label="Interest, percent a year", min_value=0, max_value=20, decimal_places=3, initial=Decimal(2)
    )
    tolerance_percent = forms.IntegerField(
        label="Looked at in the yearly review when it is too small by more than, percent", min_value=0, max_value=100,
        initial=10,
    )  # fmt: skip
    citation = forms.CharField(label="Resolution or ordinance", max_length=200)


@needs("credit.decide")
def change(request: HttpRequest) -> HttpResponse:
    """From a day on; what was decided before stays as it was."""
    here, seen = reverse("lead:deposit-terms"), visit(request)

    def act(form: TermsForm) -> str:
        said = dict(form.cleaned_data)
        start, customer_class = said.pop("start"), said.pop("customer_class")
        said.pop("request_key")
        set_deposit_terms(
            customer_class=customer_class, terms=Terms(**said), on=start, by=actor(request), at=seen.at
        )  # fmt: skip
        return f"{CLASSES[customer_class]}: set from {day(start, seen.on)}."

    return form_panel(
        request, title="Set the deposit policy", form=lambda *args: TermsForm(*args, initial={"start": seen.on}),
        act=act, submit="Set it", back=here, crumbs=[Crumb(TITLE, here)], done=Done, refusals=(CannotSecure,),
    )  # fmt: skip


def _terms(customer_class: str, request: HttpRequest) -> Mapping[str, Any]:
    on = visit(request).on
    terms = deposit_terms(customer_class, on=on)
    row = DepositTerms.objects.filter(customer_class=customer_class, period__contains=on).first()
    asked = "Every new account" if terms.always else f"From {terms.points_from} credit points, or after a shut-off"
    score = f"A score under {terms.score_from}" if terms.score_from is not None else "No bureau is asked"
    return {
        "facts": [
            Fact("Asked of", asked),
            Fact("Who is not known", f"{score}; known after {terms.known_months} months"),
            Fact("How much", f"{terms.months} average bills, {terms.least} to {terms.most}, in {terms.parts} parts"),
            Fact("Goes back", f"After {terms.good_bills} bills paid within {terms.grace_days} days of their due day"),
            Fact("Interest", f"{terms.interest_percent.normalize():f} % a year"),
            Fact("Stands in", terms.citation + (f", since {day(row.period.start, on)}" if row else "")),
        ]
    }  # fmt: skip
