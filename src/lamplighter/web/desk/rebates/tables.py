"""The tables of rebates: applications, what is offered, the manual, incentives and budgets."""

from __future__ import annotations

from typing import Any

import django_filters
from django.urls import reverse

from lamplighter.rebates.models import Incentive, RebateApplication, RebateProgram
from lamplighter.rebates.queries.standing import whom
from lamplighter.rebates.rules.stages import State
from lamplighter.web.columns import FromColumn, IdColumn, UntilColumn
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MoneyColumn, NumberColumn, Table

STATES = {
    "Waits for money": Tone.WATCH, "Reserved": Tone.INFO, "Papers in": Tone.NOTICE, "To be inspected": Tone.NOTICE,
    "Being measured": Tone.METER, "To be paid": Tone.NOTICE, "Paid": Tone.GOOD, "Clawed back": Tone.BAD,
    "Denied": Tone.BAD,
}  # fmt: skip


class Rebates(Table):
    """Applications, from `queries.standing.rebates` with `customer`."""

    number = IdColumn("Rebate")
    customer = Column("Customer")
    program = Column("Program", accessor="entry__measure__program__name")
    measure = Column("Measure", accessor="entry__measure__name")
    state = BadgeColumn("State", accessor="get_state_display", order_by="state", tones=STATES)
    waits = Column("Waits for", empty_values=(), orderable=False)
    since = DayColumn("Since")
    amount = MoneyColumn("Amount")

    def value_waits(self, record: RebateApplication) -> str:
        return str(whom(record, asked=getattr(record, "asked", False)))

    def render_waits(self, record: RebateApplication) -> str:
        return self.value_waits(record)

    def row_url(self, record: Any) -> str:
        return reverse("desk:rebate", args=[record.number])


class ByState(django_filters.FilterSet):  # type: ignore[misc]
    """By program and state."""

    program = django_filters.ChoiceFilter(
        label="Program", empty_label="All programs", choices=list, field_name="entry__measure__program"
    )
    state = django_filters.ChoiceFilter(
        label="State", empty_label="All states", choices=[(each.value, each.label) for each in State]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = RebateProgram.objects.order_by("name").values_list("code", "name")
        self.filters["program"].extra["choices"] = list(found)


class Offers(Table):
    """What a service may have, from `showing.offer_rows`."""

    measure = Column("Measure")
    program = Column("Program")
    rate = Column("Rebate", orderable=False)
    saves = Column("A unit saves in a year", orderable=False)
    others = Column("With it, from others", orderable=False)
    act = Column("Act", orderable=False, exclude_from_export=True)


class Manual(Table):
    """Entries of the technical reference manual, the newest of each measure first."""

    measure = Column("Measure", accessor="measure__name")
    unit = IdColumn("Unit", accessor="measure__unit", orderable=False)
    basis = IdColumn("Savings", accessor="measure__get_basis_display", orderable=False)
    start = FromColumn("From", accessor="period", order_by="period")
    end = UntilColumn("To", accessor="period", orderable=False)
    kwh = NumberColumn("kWh a unit, a year", places=1)
    kw = NumberColumn("kW a unit", places=3)
    fuel_kg = NumberColumn("Fuel's CO₂ (kg a unit)", places=1)
    years = NumberColumn("Lasts (years)")
    dollars = NumberColumn("Rebate ($ a unit)", places=2)
    cost_percent = NumberColumn("Up to % of the cost")
    most = MoneyColumn("At most")
    version = IdColumn("Version", orderable=False)
    citation = IdColumn("Source", orderable=False)


class Others(Table):
    """Incentives of others."""

    giver = Column("Giver")
    name = Column("Incentive")
    measure = Column("For", accessor="measure__name")
    start = FromColumn("From", accessor="period", order_by="period")
    end = UntilColumn("To", accessor="period", orderable=False)
    form = Column("How", accessor="get_form_display", order_by="form")
    value = NumberColumn("Percent or dollars", places=2)
    most = MoneyColumn("At most")
    stacks = Column("Beside ours", empty_values=())
    citation = Column("Source", orderable=False)

    def value_stacks(self, record: Incentive) -> str:
        return "Yes" if record.stacks else "No, instead"

    def render_stacks(self, record: Incentive) -> str:
        return self.value_stacks(record)


class Budgets(Table):
    """Budgets with what is committed, from `reporting.spendings`."""

    program = Column("Program")
    year = Column("Year")
    amount = MoneyColumn("Budget")
    reserved = MoneyColumn("Reserved")
    paid = MoneyColumn("Paid")
    left = MoneyColumn("Left")
    waiting = MoneyColumn("Waits for money")
    citation = Column("By", orderable=False)


class TermsTable(Table):
    """Terms of programs by period."""

    program = Column("Program", accessor="program__name")
    start = FromColumn("From", accessor="period", order_by="period")
    end = UntilColumn("To", accessor="period", orderable=False)
    work_days = NumberColumn("Days for the work")
    sample_percent = NumberColumn("Inspected (%)")
    seed = Column("Seed", orderable=False)
    always_from = MoneyColumn("Always inspected from")
    keep_months = NumberColumn("Kept for (months)")
    realisation_percent = NumberColumn("Realisation rate (%)")
    net_percent = NumberColumn("Net-to-gross (%)")
    citation = Column("By", orderable=False)
