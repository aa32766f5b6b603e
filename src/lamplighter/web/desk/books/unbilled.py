"""What was served and not billed by the end of a month, and its accrual."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.billing.operations.accruing import CannotAccrue, accrue_unbilled
from lamplighter.billing.queries.unbilled import accrual_of, after, by_code, digest_of, unbilled_revenue
from lamplighter.kernel.money import total
from lamplighter.ledger.operations import CannotPost
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.columns import IdColumn
from lamplighter.web.desk.books.views import BOOKS, footed, month_in
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.parts import Action, Alert, Crumb, Empty, Level
from lamplighter.web.ui.tables import Column, MoneyColumn, NumberColumn, Table, table_page
from lamplighter.web.visits import visit

ACCRUED = [Alert(Level.KNOW, "It was accrued", "What stands here is what it would be today.")]


class Rows(Table):
    """One line for each code and class."""

    number = IdColumn("Account", footer="Together")
    name = Column("Name")
    customer_class = Column("Class")
    agreements = NumberColumn("Services")
    days = NumberColumn("Days not billed")
    amount = MoneyColumn("Unbilled", footer=footed("amount"))


class Accrue(Once, Form):
    """What was shown is what is posted."""

    shown = forms.CharField(widget=forms.HiddenInput())


@needs("ledger.view")
def listed(request: HttpRequest, month: str) -> HttpResponseBase:
    """As it would be accrued today; a month that was accrued says so."""
    first, on = month_in(month), visit(request).on
    entry, rows = accrual_of(first), unbilled_revenue(first)
    may = "ledger.post" in permissions(request) and entry is None and rows and on >= after(first)
    accrue = Action("Accrue it", reverse("desk:do-accrue", args=[month]), key="a", primary=True)
    return table_page(
        request, title=f"Unbilled revenue at the end of {first:%B %Y}", table=Rows, crumbs=_crumbs(first), rows=rows,
        actions=[accrue] if may else [], alerts=ACCRUED if entry else [],
        empty=Empty("Every day served was billed by then.", good=True),
    )  # fmt: skip


@needs("ledger.post")
def accrue(request: HttpRequest, month: str) -> HttpResponse:
    """On the last day of the month, and back on the day after."""
    first = month_in(month)
    here = reverse("desk:book-unbilled", args=[month])
    sums = by_code(unbilled_revenue(first))
    whole = total(sums.values())

    def form(*args: Any) -> Accrue:
        return Accrue(*args, initial={"shown": digest_of(sums)})

    def act(said: Accrue) -> str:
        shown = said.cleaned_data["shown"]
        accrue_unbilled(month=first, shown=shown, on=visit(request).on, by=actor(request), at=visit(request).at)
        return f"{whole} accrued for {first:%B %Y}, and back on {after(first):%b %-d}."

    about = Alert(
        Level.KNOW, f"{whole} as revenue of {first:%B}",
        f"On its last day, against accrued utility revenues. On {after(first):%b %-d, %Y} it goes back.",
    )  # fmt: skip
    return form_panel(
        request, title=f"Accrue {first:%B %Y}", form=form, act=act, submit="Accrue it", back=here, alerts=[about],
        crumbs=[*_crumbs(first), Crumb("Unbilled revenue", here)], refusals=(CannotAccrue, CannotPost),
        done=lambda words: Done(words, url=here),
    )  # fmt: skip


def _crumbs(month: date) -> list[Crumb]:
    return [BOOKS, Crumb(f"{month:%B %Y}", reverse("desk:book", args=[f"{month:%Y-%m}"]))]
