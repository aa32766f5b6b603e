"""The rules of billing in force and before, and the form that sets those of a day that is still to come."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.billing.models import BillingPolicy
from lamplighter.billing.operations.policies import CannotSet, set_policy
from lamplighter.billing.queries.policies import policy_on
from lamplighter.billing.rules import BackBilling, BudgetPolicy, Fact, LatePolicy, LinkPolicy, Policy
from lamplighter.journeys.parameters import BILLING
from lamplighter.web.access import actor, needs
from lamplighter.web.columns import FromColumn, UntilColumn
from lamplighter.web.desk.texts.governed import governed
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once
from lamplighter.web.ui.parts import Action, Crumb, Empty
from lamplighter.web.ui.tables import Column, MoneyColumn, NumberColumn, Table, table_page
from lamplighter.web.visits import visit

TITLE = "Rules of billing"


class Policies(Table):
    start = FromColumn("From", accessor="period", order_by="period")
    end = UntilColumn("To", accessor="period", orderable=False)
    due_days = NumberColumn("Due after (days)")
    late_percent = NumberColumn("Late charge (%)", places=2)
    late_least = MoneyColumn("At least")
    late_grace = NumberColumn("Grace (days)")
    late_minimum_debt = MoneyColumn("On debts from")
    undercharge_months = NumberColumn("Undercharge (months)")
    refund_months = NumberColumn("Refund (months)")
    threshold = MoneyColumn("Corrected from")
    budget_step = MoneyColumn("Budgets up to whole")
    budget_off_by = NumberColumn("Budget looked at (%)")
    budget_settle_days = NumberColumn("Budget settled (days)")
    link_fact = Column("Link to a bill asks for", accessor="get_link_fact_display", order_by="link_fact")
    link_days = NumberColumn("Link good for (days)")
    link_tries = NumberColumn("Wrong answers")
    link_minutes = NumberColumn("Locked (minutes)")
    citation = Column("By")
    set_by = Column("Set by")


class SetPolicy(Once, Form):
    due_days = forms.IntegerField(label="A bill is due after (days)")
    late_percent = forms.DecimalField(label="Late charge, percent of what is past due", max_digits=5, decimal_places=3)
    late_least = MoneyField(label="Late charge, at least", least=None)
    late_grace = forms.IntegerField(label="Days of grace after the due day")
    late_minimum_debt = MoneyField(label="No late charge on less than", least=None)
    undercharge_months = forms.IntegerField(label="Undercharge is billed back (months)")
    refund_months = forms.IntegerField(label="Overcharge is refunded back (months)")
    threshold = MoneyField(label="No correction of less than", least=None)
    budget_step = MoneyField(label="Budget billing: amounts rounded up to whole")
    budget_off_by = forms.IntegerField(label="Budget billing: looked at when off by more than (percent)")
    budget_settle_days = forms.IntegerField(label="Budget billing: settled with the first bill after (days)")
    link_fact = forms.ChoiceField(
        label="Link in a bill's email: asks for", choices=[(one.value, one.label) for one in Fact],
        help_text="Of a confidential address it asks for the account number always.",
    )  # fmt: skip
    link_days = forms.IntegerField(label="Link in a bill's email: good for (days)")
    link_tries = forms.IntegerField(label="Link in a bill's email: locked after wrong answers")
    link_minutes = forms.IntegerField(label="Link in a bill's email: locked for (minutes)")
    citation = forms.CharField(label="By resolution or ordinance", max_length=200)
    start = DayField(label="For bills issued from", help_text="What is issued before that day stays as it is.")


@needs("system.configure")
def listed(request: HttpRequest) -> HttpResponseBase:
    usual = Policy()
    return table_page(
        request, title=TITLE, table=Policies, rows=BillingPolicy.objects.order_by("-period"),
        alerts=governed(request, BILLING),
        crumbs=[Crumb("Rules and limits", reverse("admin-desk:rules"))],
        empty=Empty(f"None is set: bills are due after {usual.due_days} days, and late by {usual.late.percent}%."),
        actions=[Action("Set rules", reverse("admin-desk:do-set-policy"), key="s", primary=True)],
    )  # fmt: skip


@needs("system.configure")
def change(request: HttpRequest) -> HttpResponse:
    here = reverse("admin-desk:policies")

    def form(*args: Any) -> SetPolicy:
        return SetPolicy(*args, initial=_values(policy_on(visit(request).on)))

    def act(form: SetPolicy) -> str:
        given = form.cleaned_data
        row = set_policy(
            policy=_policy(given), citation=given["citation"], on=given["start"], by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return f"Bills issued from {row.period.start:%b %-d, %Y} are due after {row.due_days} days."

    return form_panel(
        request, title="Set rules of billing", form=form, act=act, submit="Set the rules", back=here,
        crumbs=[Crumb(TITLE, here)], done=lambda words: Done(words, url=here), refusals=(CannotSet,),
    )  # fmt: skip


def _values(policy: Policy) -> dict[str, Any]:
    late, back, budget, link = policy.late, policy.back, policy.budget, policy.link
    return {
        "due_days": policy.due_days, "late_percent": late.percent, "late_least": late.least, "late_grace": late.grace,
        "late_minimum_debt": late.minimum_debt, "undercharge_months": back.undercharge_months,
        "refund_months": back.refund_months, "threshold": back.threshold,
        "budget_step": budget.step, "budget_off_by": budget.off_by, "budget_settle_days": budget.settle_days,
        "link_fact": link.fact, "link_days": link.days, "link_tries": link.tries, "link_minutes": link.minutes,
    }  # fmt: skip


def _policy(given: dict[str, Any]) -> Policy:
    return Policy(
        given["due_days"],
        LatePolicy(given["late_percent"], given["late_least"], given["late_grace"], given["late_minimum_debt"]),
        BackBilling(given["undercharge_months"], given["refund_months"], given["threshold"]),
        BudgetPolicy(given["budget_step"], given["budget_off_by"], given["budget_settle_days"]),
        LinkPolicy(Fact(given["link_fact"]), given["link_days"], given["link_tries"], given["link_minutes"]),
    )
