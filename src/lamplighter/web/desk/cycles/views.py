"""The billing analyst's pages: windows of cycles, one window with its run, parked accounts, rebill requests."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.billing.models import Bill, CycleWindow, Parked, RebillRequest, TrialBill
from lamplighter.billing.queries.due import accounts_to_bill
from lamplighter.journeys.nights import queue_again, queue_window
from lamplighter.kernel.money import ZERO
from lamplighter.platform.models import Run
from lamplighter.platform.operations.queueing import AlreadyQueued
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.accounts.tables import BillsOfAll
from lamplighter.web.desk.cycles.tables import ParkedTable, Rebills, Trials, Windows, window_words
from lamplighter.web.desk.mailing.views import way_tiles
from lamplighter.web.naming import customer_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Chip, Crumb, Empty, Level, Link, Tile, Tone
from lamplighter.web.ui.tables import Table, grid, table_page
from lamplighter.web.ui.wording import counted, day
from lamplighter.web.visits import visit

BILLING = Crumb("Billing", "/desk/billing/")


class RunForm(Once, Form):
    """No field: its button is the answer."""


@needs("billing.run")
def cycles(request: HttpRequest) -> HttpResponseBase:
    """Windows and how far each is: those that are open, unless others are asked for."""
    on = visit(request).on
    stages = {
        "open": ("Open now", Q(opens_on__lte=on, closes_on__gte=on), "reads_on"),
        "coming": ("Coming", Q(opens_on__gt=on), "reads_on"),
        "closed": ("Closed", Q(closes_on__lt=on), "-reads_on"),
    }
    asked = request.GET.get("stage", "")
    stage = asked if asked in stages else "open"
    _, which, order = stages[stage]
    rows = CycleWindow.objects.filter(which).annotate(
        billed=Count("bills", distinct=True),
        waiting=Count("parked__id", filter=Q(parked__state=Parked.State.OPEN), distinct=True),
    ).order_by(order, "cycle")  # fmt: skip
    year = reverse("desk:windows", args=[on.year])
    acts = [
        Action("Read days", year, panel=False),
        Action("Parked", reverse("desk:parked"), panel=False),
        Action("To bill again", reverse("desk:rebills"), panel=False),
    ]
    if CycleWindow.objects.exists():
        empty = Empty(f"No window is {stages[stage][0].lower()}.")
    else:
        empty = Empty("No window is defined yet.", Link("Define them from a reading calendar", year))
    chips = [Chip(label, f"?stage={name}", on=name == stage) for name, (label, _, _) in stages.items()]
    return table_page(
        request, title="Billing", table=Windows, rows=rows, empty=empty, actions=acts, chips=chips, chips_label="Show",
    )  # fmt: skip


@needs("billing.run")
def window(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One window: what waits, the run as it goes, what was billed and what was parked."""
    found, on = load_window(pk), visit(request).on
    bills = (
        Bill.objects.filter(window=found)
        .select_related("account")
        .annotate(kwh=Sum("segments__kwh"), customer=customer_of("account"))
    )
    trials = TrialBill.objects.filter(window=found).select_related("account").annotate(customer=customer_of("account"))
    badges = [] if found.freeze else [Badge("Trial: nothing is owed", Tone.WATCH)]
    panels = [
        Panel("facts", "", "desk/accounts/tiles.html", lambda: {"tiles": _tiles(found)}, place="top", frame=False),
        Panel("run", "Run", "desk/cycles/run.html", lambda: _run(found)),
        Panel(
            "ways",
            "How its bills go out",
            "desk/accounts/tiles.html",
            lambda: {"tiles": way_tiles(Bill.objects.filter(window=found))},
            lazy=True,
        ),
        _grid(request, "Parked", ParkedTable, _parked().filter(window=found), Empty("Nothing is parked.", good=True)),
        _grid(request, "Billed", BillsOfAll, bills.order_by("-id"), Empty("Nothing is billed in this window yet.")),
    ]
    if not found.freeze:
        panels.append(_grid(request, "Trial bills", Trials, trials.order_by("account"), Empty("No trial was run yet.")))
    acts = [
        Action("Change", reverse("desk:do-change-window", args=[pk]), key="c"),
        Action("Bill now", reverse("desk:do-run", args=[pk]), key="b", primary=True),
    ]
    return page(
        request, title=window_words(found), crumbs=[BILLING], badges=badges, actions=acts, panels=panels,
        meta=[
            f"Reads on {day(found.reads_on, on)}", f"Open {day(found.opens_on, on)} to {day(found.closes_on, on)}",
            f"Estimates from {day(found.estimate_on, on)}" if found.estimate_on else "Never estimates",
        ],
    )  # fmt: skip


@needs("billing.run")
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the run; the window's page follows it."""
    found = load_window(pk)
    here = reverse("desk:window", args=[pk])

    def act(form: RunForm) -> str:  # noqa: ARG001 - the form is its own confirmation
        now = visit(request)
        return str(queue_window(window=found, on=now.on, by=actor(request), at=now.at).pk)

    due = accounts_to_bill(found).count()
    one = due == 1
    words = f"{'has' if one else 'have'} no bill in this window yet."
    if not found.freeze:
        words = f"{'is' if one else 'are'} tried. It is a trial: nothing is owed."
    return form_panel(
        request, title=f"Bill {window_words(found)}", form=RunForm, act=act, submit="Start the run", back=here,
        crumbs=[BILLING], done=lambda _: Done("The run is queued.", url=here), refusals=(AlreadyQueued,),
        alerts=[Alert(Level.KNOW, f"{due:,} account{'' if one else 's'}", words)], busy="Starting…",
    )  # fmt: skip


@needs("billing.run")
def parked(request: HttpRequest) -> HttpResponseBase:
    return table_page(
        request, title="Parked", table=ParkedTable, rows=_parked(), crumbs=[BILLING],
        empty=Empty("Nothing is parked: every account that was due is billed.", good=True),
    )  # fmt: skip


@needs("billing.correct")
def rebills(request: HttpRequest) -> HttpResponseBase:
    rows = RebillRequest.objects.select_related("agreement__account").annotate(
        customer=customer_of("agreement__account")
    )
    return table_page(
        request, title="To bill again", table=Rebills, rows=rows.order_by("-asked_at"), crumbs=[BILLING],
        actions=[Action("Bill again now", reverse("desk:do-bill-again"), key="b", primary=True)],
        empty=Empty("Nothing is to be billed again.", Link("Billing", BILLING.url), good=True),
    )  # fmt: skip


@needs("billing.correct")
def bill_again(request: HttpRequest) -> HttpResponse:
    """Queue what the night would do; the run's page follows it."""

    def act(form: RunForm) -> str:  # noqa: ARG001 - the form is its own confirmation
        now = visit(request)
        return str(queue_again(on=now.on, by=actor(request), at=now.at).pk)

    waiting = RebillRequest.objects.filter(state=RebillRequest.State.WAITING).count()
    words = "What moves more than you may decide alone, or is on your own account, stays for a person to look at."
    return form_panel(
        request, title="Bill again now", form=RunForm, act=act, submit="Start the run", back=reverse("desk:rebills"),
        crumbs=[BILLING, Crumb("To bill again", reverse("desk:rebills"))], refusals=(AlreadyQueued,), busy="Starting…",
        done=lambda run: Done("The run is queued.", url=reverse("run", args=[run])),
        alerts=[Alert(Level.KNOW, f"{counted(waiting, 'request')} to bill again.", words)],
    )  # fmt: skip


def _parked() -> QuerySet[Parked]:
    rows = Parked.objects.filter(state=Parked.State.OPEN).select_related("agreement__account", "window")
    return rows.annotate(customer=customer_of("agreement__account")).order_by("-parked_at", "-pk")


def load_window(pk: int) -> CycleWindow:
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
    never = Empty("No run was started from here yet.")
    return {"run": newest, "ended": bool(newest and newest.ended_at), "never": never}
