"""Sources that take payments by themselves: their periods by day, and the sender's total of each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.payments.models import Tender, TenderControl
from lamplighter.payments.operations.periods import say_total
from lamplighter.payments.queries import expected_in, periods
from lamplighter.payments.rules import CannotTake
from lamplighter.web.access import actor, needs
from lamplighter.web.lead.cash.views import CASH
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, MoneyField, Once
from lamplighter.web.ui.parts import Alert, Crumb, Empty, Level, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, MomentColumn, MoneyColumn, Table, table_page
from lamplighter.web.visits import visit

SOURCES = Crumb("Other sources", "/lead/cash/sources/")
STATES = {"Open": Tone.INFO, "Waits for its total": Tone.WATCH, "Differs": Tone.BAD, "Balanced": Tone.GOOD,
          "Explained": Tone.NOTICE}  # fmt: skip
State = TenderControl.State


class Periods(Table):
    """One balancing period a line; a row opens the form for its total."""

    source = Column("Source", accessor="source__name")
    began = MomentColumn("Began", accessor="opened_at")
    ours = MoneyColumn("We have", empty_values=(), orderable=False)
    state = BadgeColumn("State", empty_values=(), orderable=False, tones=STATES)

    def value_ours(self, record: Any) -> Money:
        return sum_of(record)

    def value_state(self, record: Any) -> str:
        return state_of(record)

    def render_ours(self, record: Any) -> Any:
        return self.columns["ours"].column.render(self.value_ours(record))

    def render_state(self, record: Any) -> Any:
        return self.columns["state"].column.render(self.value_state(record))

    def row_url(self, record: Any) -> str:
        return reverse("lead:do-total", args=[record.pk])


def state_of(control: Any) -> str:
    if control.state == State.OPEN:
        return "Open"
    if control.state == State.BALANCED:
        return "Explained" if control.explained else "Balanced"
    return "Differs" if control.said else "Waits for its total"


def sum_of(control: Any) -> Money:
    found: Money = control.held or ZERO
    return found


class Totals(Once, Form):
    """The sender's own total by kind of tender, from its report; a reason where it stays different."""

    reason = forms.CharField(
        label="Why it stays different", required=False, max_length=200, widget=forms.Textarea({"rows": 2}),
        help_text="Only where the difference is understood. It stays in the clearing account until the bank shows it.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amounts = {kind.value: MoneyField(label=str(kind.label), required=False, least=ZERO) for kind in Tender.Kind}
        self.fields = {**amounts, **self.fields}

    @property
    def totals(self) -> dict[str, Money]:
        return {kind: self.cleaned_data[kind] or ZERO for kind in Tender.Kind.values}


@needs("cash.verify")
def sources(request: HttpRequest) -> HttpResponseBase:
    """Every period, the newest first: what is open, what waits, what differs."""
    return table_page(
        request, title="Other sources", table=Periods, rows=periods(), crumbs=[CASH],
        empty=Empty("No kiosk, lockbox or processor has sent a payment yet."),
    )  # fmt: skip


@needs("cash.verify")
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """What the sender reports of a period; equal to ours it is balanced."""
    control = periods().filter(pk=pk).first()
    if control is None:
        raise Http404("There is no such period.")

    def act(form: Totals) -> str:
        told = say_total(
            control=control, totals=form.totals, by=actor(request), at=visit(request).at,
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        if not told.differences:
            return f"{control.source.name} balances."
        apart = total(told.differences.values())
        words = f"{control.source.name}: the sender has {abs(apart)} {'more' if apart > ZERO else 'less'} than we have."
        return words + ("" if told.control.state == State.BALANCED else " Ask what is missing.")

    alerts = [Alert(Level.KNOW, "Enter what the sender's own report says", "Ours is on the list, not here.")]
    if control.state == State.BALANCED:
        held = ", ".join(f"{kind} {money}" for kind, money in expected_in(control).items() if money) or "nothing"
        alerts = [Alert(Level.STOP, "This period is balanced", f"It held {held}.")]
    return form_panel(
        request, title=f"{control.source.name}, {control.opened_at:%b %-d}", form=Totals, act=act,
        submit="That is their total", back=SOURCES.url, crumbs=[CASH, SOURCES], done=Done, refusals=(CannotTake,),
        alerts=alerts,
    )  # fmt: skip
