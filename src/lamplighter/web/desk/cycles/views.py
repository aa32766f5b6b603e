"""The billing analyst's pages: windows of cycles, one window with its run, parked accounts, rebill requests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.billing.models import Bill, CycleWindow, Parked, RebillRequest, TrialBill
from lamplighter.billing.queries.due import accounts_to_bill
from lamplighter.kernel.money import ZERO
from lamplighter.platform.models import Run
from lamplighter.platform.operations.queueing import AlreadyQueued, queue_run
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.accounts.tables import Bills
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Link, Tile, Tone
from lamplighter.web.ui.tables import (  # fmt: skip
    BadgeColumn,
    Column,
    DayColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    Table,
    grid,
    table_page,
)
from lamplighter.web.visits import visit

BILLING = Crumb("Billing", "/desk/billing/")
RUN = "billing.bill-window"


class Windows(Table):
    """Windows of all cycles, the newest first."""

    window = Column("Window", accessor="pk", orderable=False)
    month = DayColumn("Month")
    reads_on = DayColumn("Reads on")
    opens_on = DayColumn("Opens")
    closes_on = DayColumn("Closes")
    billed = NumberColumn("Billed")
    waiting = NumberColumn("Parked")
    freeze = BadgeColumn("Mode", empty_values=(), orderable=False, tones={"Trial": Tone.WATCH})

    def render_window(self, record: Any) -> str:
        return f"Cycle {record.cycle_id}, {record.month:%b %Y}"

    def value_freeze(self, record: Any) -> str:
        return "Freeze" if record.freeze else "Trial"

    def render_freeze(self, record: Any) -> Any:
        return self.columns["freeze"].column.render(self.value_freeze(record))

    def row_url(self, record: Any) -> str:
        return reverse("desk:window", args=[record.pk])


class ParkedTable(Table):
    """Agreements that a run could not bill, and why."""

    account = Column("Account", accessor="agreement__account__number")
    message = Column("Why", orderable=False)
    code = Column("Rule")
    window = Column("Window", accessor="window", orderable=False)
    parked_at = MomentColumn("Since")

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.agreement.account.number])


class Rebills(Table):
    """Days that are to be billed again, and why."""

    account = Column("Account", accessor="agreement__account__number")
    reason = Column("Reason")
    start = DayColumn("From", accessor="period__start", orderable=False)
    state = BadgeColumn("State", accessor="get_state_display", order_by="state", tones={"Waiting": Tone.WATCH})
    difference = MoneyColumn("Difference")
    asked_at = MomentColumn("Asked")

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.agreement.account.number])


class Trials(Table):
    """Bills of a trial run: nothing is owed."""

    account = Column("Account", accessor="account__number")
    total = MoneyColumn("Would be charged")
    computed_at = MomentColumn("Worked out")

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.account.number])


class RunForm(Once, Form):
    sure = forms.BooleanField(label="Bill every account of this window that is due")


@needs("billing.run")
def cycles(request: HttpRequest) -> HttpResponseBase:
    """Every window, with how far it is."""
    rows = CycleWindow.objects.annotate(
        billed=Count("bills", distinct=True),
        waiting=Count("parked__id", filter=Q(parked__state=Parked.State.OPEN), distinct=True),
    ).order_by("-reads_on", "cycle")
    acts = [
        Action("Parked", reverse("desk:parked"), panel=False),
        Action("To bill again", reverse("desk:rebills"), panel=False),
    ]
    empty = Empty("No window is defined yet.")
    return table_page(request, title="Billing", table=Windows, rows=rows, empty=empty, actions=acts)


@needs("billing.run")
def window(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One window: what waits, the run as it goes, what was billed and what was parked."""
    found = _load(pk)
    bills = Bill.objects.filter(window=found).select_related("account").order_by("-id")
    parked = Parked.objects.filter(window=found, state=Parked.State.OPEN).select_related("agreement__account", "window")
    trials = TrialBill.objects.filter(window=found).select_related("account").order_by("account")
    mode = Badge("Freeze", Tone.GOOD) if found.freeze else Badge("Trial: nothing is owed", Tone.WATCH)
    panels = [
        Panel("facts", "", "desk/accounts/tiles.html", lambda: {"tiles": _tiles(found)}, place="top", frame=False),
        Panel("run", "Run", "desk/cycles/run.html", lambda: _run(found)),
        _grid(request, "Billed", Bills, bills, Empty("Nothing is billed in this window yet.")),
        _grid(request, "Parked", ParkedTable, parked, Empty("Nothing is parked.", good=True)),
    ]
    if not found.freeze:
        panels.append(_grid(request, "Trial bills", Trials, trials, Empty("No trial was run yet.")))
    act = Action("Bill now", reverse("desk:do-run", args=[pk]), key="b", primary=True)
    return page(
        request, title=f"Cycle {found.cycle_id}, {found.month:%B %Y}", crumbs=[BILLING], badges=[mode], actions=[act],
        meta=[f"Reads on {found.reads_on:%b %-d}", f"Closes {found.closes_on:%b %-d}"], panels=panels,
    )  # fmt: skip


@needs("billing.run")
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the run; the window's page follows it."""
    found = _load(pk)
    here = reverse("desk:window", args=[pk])

    def act(form: RunForm) -> str:  # noqa: ARG001 - the form is its own confirmation
        made = queue_run(
            RUN, kind="billing.window", subject=str(found), alone=f"window:{pk}", by=actor(request),
            at=visit(request).at, window=pk, on=visit(request).on.isoformat(),
        )  # fmt: skip
        return str(made.pk)

    return form_panel(
        request, title=f"Bill {found}", form=RunForm, act=act, submit="Start the run", back=here, crumbs=[BILLING],
        done=lambda _: Done("The run is queued.", url=here), refusals=(AlreadyQueued,),
    )  # fmt: skip


@needs("billing.run")
def parked(request: HttpRequest) -> HttpResponseBase:
    rows = Parked.objects.filter(state=Parked.State.OPEN).select_related("agreement__account", "window")
    return table_page(
        request, title="Parked", table=ParkedTable, rows=rows.order_by("-parked_at"), crumbs=[BILLING],
        empty=Empty("Nothing is parked: every account that was due is billed.", good=True),
    )  # fmt: skip


@needs("billing.correct")
def rebills(request: HttpRequest) -> HttpResponseBase:
    rows = RebillRequest.objects.select_related("agreement__account").order_by("-asked_at")
    return table_page(
        request, title="To bill again", table=Rebills, rows=rows, crumbs=[BILLING],
        empty=Empty("Nothing is to be billed again.", Link("Billing", BILLING.url), good=True),
    )  # fmt: skip


def _load(pk: int) -> CycleWindow:
    found = CycleWindow.objects.filter(pk=pk).select_related("cycle").first()
    if found is None:
        raise Http404("There is no such window.")
    return found


def _grid(request: HttpRequest, title: str, table: type[Table], rows: Any, empty: Empty) -> Panel:
    name = title.lower().replace(" ", "-")
    return Panel(
        name, title, "ui/tables/grid.html",
        lambda: {"grid": grid(request, table=table, rows=rows, caption=title, name=name, empty=empty)},
    )  # fmt: skip


def _tiles(found: CycleWindow) -> list[Tile]:
    billed = Bill.objects.filter(window=found).aggregate(count=Count("id"), charges=Sum("charges"))
    waiting = Parked.objects.filter(window=found, state=Parked.State.OPEN).count()
    return [
        Tile("Due to be billed", accounts_to_bill(found).count(), "accounts without a bill in this window"),
        Tile("Billed", billed["count"], f"{billed['charges'] or ZERO} in charges"),
        Tile("Parked", waiting, "wait for data or a person"),
    ]


def _run(found: CycleWindow) -> dict[str, Any]:
    newest = Run.objects.filter(kind="billing.window", subject=str(found)).order_by("-id").first()
    return {"run": newest, "ended": bool(newest and newest.ended_at)}
