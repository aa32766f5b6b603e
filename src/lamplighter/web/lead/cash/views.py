"""The supervisor's page of cash, verifying drawers and surprise counts."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.kernel.money import ZERO
from lamplighter.payments.models import BankDeposit, BankStatement, DrawerCount, TenderControl, TenderSource
from lamplighter.payments.operations.counting import CountsDiffer, surprise_count, verify
from lamplighter.payments.rules import CannotTake
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.counter.countform import Count
from lamplighter.web.naming import ActorColumn, named
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Crumb, Empty, Entry, Level, Link, Tone
from lamplighter.web.ui.shell import counter
from lamplighter.web.ui.tables import Column, DayColumn, MoneyColumn, Table, grid
from lamplighter.web.ui.wording import moment
from lamplighter.web.visits import Visit, visit

CASH = Crumb("Cash", "/lead/cash/")
State = TenderControl.State
SHOWN_BALANCED = 10
COUNTED = Exists(DrawerCount.objects.filter(control=OuterRef("pk"), kind=DrawerCount.Kind.CLOSE))


class Deposits(Table):
    """Bags that went to the bank; a row opens its slip."""

    number = Column("Deposit")
    made_on = DayColumn("Made")
    bag = Column("Bag")
    cash = MoneyColumn("Cash")
    checks = MoneyColumn("Checks")
    by = ActorColumn("Made by", orderable=False)

    def value_number(self, value: str) -> str:
        return f"D-{value}"

    def render_number(self, value: str) -> str:
        return self.value_number(value)

    def row_url(self, record: Any) -> str:
        return reverse("lead:deposit", args=[record.number])


class Statements(Table):
    on = DayColumn("Day")
    opening = MoneyColumn("Opening")
    closing = MoneyColumn("Closing")
    by = ActorColumn("Read by", orderable=False)

    def row_url(self, record: Any) -> str:
        return reverse("lead:statement", args=[record.pk])


@counter("drawers")
def waiting(asking: Visit) -> int:
    """Drawers that are counted and not verified."""
    if "cash.verify" not in asking.permissions:
        return 0
    return TenderControl.objects.filter(COUNTED, state=State.BALANCING, source__kind=TenderSource.Kind.DRAWER).count()


@needs("cash.verify")
def cash(request: HttpRequest) -> HttpResponseBase:
    """What is open, what waits to be verified, what goes to the bank, what the bank said."""
    deposits = BankDeposit.objects.annotate(by=named("recorded_by")).order_by("-id")
    statements = BankStatement.objects.annotate(by=named("recorded_by")).order_by("-on")
    return page(
        request, title="Cash",
        actions=[
            Action("Make a deposit", reverse("lead:do-deposit"), key="d", primary=True),
            Action("Read the bank's file", reverse("lead:do-statement"), key="b"),
            Action("Differences", reverse("lead:bank"), panel=False),
            Action("Lockbox and pay stations", reverse("lead:remittances"), panel=False),
            Action("Other sources", reverse("lead:sources"), panel=False),
            Action("What looks odd", reverse("lead:watch"), panel=False),
            Action("Journal", reverse("lead:journal"), panel=False),
        ],
        panels=[
            Panel("drawers", "Drawers", "lead/conditions/listed.html", lambda: drawers(request)),
            Panel("deposits", "Deposits", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=Deposits, rows=deposits, caption="Deposits", name="deposits",
                                        empty=Empty("Nothing went to the bank yet."))}),
            Panel("statements", "The bank's statements", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=Statements, rows=statements, caption="Statements",
                                        name="statements", empty=Empty("No file of the bank was read yet."))}),
        ],
    )  # fmt: skip


def drawers(request: HttpRequest) -> dict[str, Any]:
    """Open ones, those that wait, and the last that were verified."""
    rows = TenderControl.objects.filter(source__kind=TenderSource.Kind.DRAWER).select_related(
        "source", "over_short", "deposited__deposit", "verification"
    ).annotate(by=named("opened_by"), counted=COUNTED)  # fmt: skip
    live = list(rows.exclude(state=State.BALANCED).order_by("state", "opened_at"))
    done = list(rows.filter(state=State.BALANCED).order_by("-opened_at")[:SHOWN_BALANCED])
    return {"entries": [_drawer(row, request) for row in [*live, *done]], "empty": Empty("No drawer was opened yet.")}


def _drawer(row: Any, request: HttpRequest) -> Entry:
    """What it was over or short is told once it is verified: whoever verifies counts blind."""
    words = f"{row.source.name}, {row.by}, since {moment(row.opened_at, visit(request).on)}"
    match row.state:
        case State.OPEN:
            link = Link("Count by surprise", reverse("lead:do-surprise", args=[row.pk]), panel=True)
            return Entry(row.opened_at, Badge("Open", Tone.INFO), words, "", link)
        case State.BALANCING if not row.counted:
            return Entry(row.opened_at, Badge("Being counted", Tone.INFO), words, "")
        case State.BALANCING:
            link = Link("Verify", reverse("lead:do-verify", args=[row.pk]), panel=True)
            return Entry(row.opened_at, Badge("To verify", Tone.WATCH), words, "", link)
    difference = getattr(row, "over_short", None)
    told = "" if difference is None else f"{abs(difference.amount)} {'over' if difference.amount > ZERO else 'short'}"
    deposited = getattr(row, "deposited", None)
    where = f"in D-{deposited.deposit.number}" if deposited else "not at the bank yet"
    link = Link("Tape", reverse("lead:tape", args=[row.pk]))
    badge = Badge("Verified", Tone.GOOD) if hasattr(row, "verification") else Badge("Balanced", Tone.PLAIN)
    return Entry(row.opened_at, badge, words, " · ".join(filter(None, [told, where])), link)


@needs("cash.verify")
def verify_drawer(request: HttpRequest, pk: int) -> HttpResponse:
    """Count again without the cashier's figures in sight; the same count balances the drawer and seals its journal."""
    control = _load(pk)

    def act(form: Count) -> str:
        try:
            verify(control=control, counted=form.counted, by=actor(request), at=visit(request).at)
        except CountsDiffer as apart:
            return str(apart)
        return f"{control.source.name} is verified. Its journal is sealed."

    return form_panel(
        request, title=f"Verify {control.source.name}", form=Count, act=act, submit="That is what I counted",
        back=CASH.url, crumbs=[CASH], done=Done, refusals=(CannotTake,), template="desk/counter/count.html",
        busy="Counting…",
        alerts=[Alert(Level.KNOW, "Count it yourself", "What the cashier counted is shown on the tape afterwards.")],
    )  # fmt: skip


@needs("cash.verify")
def surprise(request: HttpRequest, pk: int) -> HttpResponse:
    """An unannounced count of a drawer that is in use."""
    control = _load(pk)

    def act(form: Count) -> str:
        made = surprise_count(control=control, counted=form.counted, by=actor(request), at=visit(request).at)
        if not made.difference:
            return f"{control.source.name} is exact."
        return f"{control.source.name} is {abs(made.difference)} {'over' if made.difference > ZERO else 'short'}."

    return form_panel(
        request, title=f"Surprise count of {control.source.name}", form=Count, act=act,
        submit="That is what I counted", back=CASH.url, crumbs=[CASH], done=Done, refusals=(CannotTake,),
        template="desk/counter/count.html", busy="Counting…",
    )  # fmt: skip


def _load(pk: int) -> TenderControl:
    found = TenderControl.objects.filter(pk=pk).select_related("source").first()
    if found is None:
        raise Http404("There is no such drawer.")
    return found
