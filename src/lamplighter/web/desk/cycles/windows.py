"""The year's windows of every cycle, the forms that add a cycle and the windows of a year, and one that changes one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.operations import define_cycle
from lamplighter.billing.models import CycleWindow
from lamplighter.billing.operations.windows import change_window, define_windows
from lamplighter.billing.queries.windows import cycle_years
from lamplighter.billing.reading_calendar import Turn
from lamplighter.billing.rules import CannotDefine
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.cycles.forms import ChangeWindow, DefineCycle, DefineYear
from lamplighter.web.desk.cycles.tables import YearOfWindows, window_words
from lamplighter.web.desk.cycles.views import BILLING, load_window
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.parts import Action, Alert, Crumb, Empty, Fact, Level
from lamplighter.web.ui.tables import table_page
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

DAYS = ("reads_on", "opens_on", "closes_on", "accounting_on", "estimate_on")


@needs("billing.run")
def year(request: HttpRequest, year: int) -> HttpResponseBase:
    """Each cycle with the read days of a year; a month without one is a gap."""
    acts = [
        *(Action(str(other), reverse("desk:windows", args=[other]), panel=False) for other in (year - 1, year + 1)),
        Action("Define a cycle", reverse("desk:do-define-cycle"), key="c"),
        Action("Define windows", reverse("desk:do-define-windows"), key="d", primary=True),
    ]
    return table_page(
        request, title=f"Read days {year}", table=YearOfWindows, rows=cycle_years(year), crumbs=[BILLING], actions=acts,
        empty=Empty("There is no bill cycle yet."), per_page=100,
    )  # fmt: skip


@needs("billing.run")
def add_cycle(request: HttpRequest) -> HttpResponse:
    """Define a cycle, or give one another name. Its windows follow from a reading calendar."""
    back = reverse("desk:windows", args=[visit(request).on.year])

    def act(form: DefineCycle) -> str:
        said = form.cleaned_data
        made = define_cycle(code=said["code"], name=said["name"], by=actor(request), at=visit(request).at)
        return f"Cycle {made.code} is {made.name}. Define its windows next."

    return form_panel(
        request, title="Define a cycle", form=DefineCycle, act=act, submit="Define it", back=back,
        crumbs=[BILLING, Crumb("Read days", back)], done=lambda words: Done(words, url=back),
    )  # fmt: skip


@needs("billing.run")
def define(request: HttpRequest) -> HttpResponse:
    """Add windows up to the end of a year, after a look at what they come to."""
    on = visit(request).on

    def form(*args: Any) -> DefineYear:
        return DefineYear(*args, on=on)

    def act(form: DefineYear) -> str:
        made = define_windows(turns=form.turns, by=actor(request), at=visit(request).at)
        return f"{len(made):,} windows are defined, up to {made[-1].month:%b %Y}."

    back = reverse("desk:windows", args=[on.year])
    return form_panel(
        request, title="Define windows", form=form, act=act, check=lambda form: _told(form.turns), back=back,
        submit="Define them", crumbs=[BILLING, Crumb("Read days", back)], done=lambda words: Done(words, url=back),
        refusals=(CannotDefine,), busy="Defining…",
        alerts=[Alert(Level.KNOW, "Each cycle goes on", "from the month after its last window. None is changed.")],
    )  # fmt: skip


@needs("billing.run")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a window other days, or make it a trial or not."""
    found = load_window(pk)
    here = reverse("desk:window", args=[pk])

    def form(*args: Any) -> ChangeWindow:
        return ChangeWindow(*args, initial={name: getattr(found, name) for name in (*DAYS, "freeze")})

    def act(form: ChangeWindow) -> str:
        given = form.cleaned_data
        turn = Turn(found.cycle_id, found.month, **{name: given[name] for name in DAYS})
        change_window(window=found, turn=turn, freeze=given["freeze"], by=actor(request), at=visit(request).at)
        return str(found.pk)

    return form_panel(
        request, title=f"Change {_name(found)}", form=form, act=act, submit="Change the window", back=here,
        crumbs=[BILLING, Crumb(window_words(found), here)], done=lambda _: Done("The window is changed.", url=here),
        refusals=(CannotDefine,),
    )  # fmt: skip


def _told(turns: Sequence[Turn]) -> list[Fact]:
    """What would be defined, by its ends."""
    first, last = min(turns, key=lambda turn: turn.reads_on), max(turns, key=lambda turn: turn.reads_on)
    return [
        Fact("Windows", f"{len(turns):,} of {len({turn.cycle for turn in turns}):,} cycles"),
        Fact("The first", _days(first)),
        Fact("The last", _days(last)),
        Fact("Missing reads", "estimated on the last night" if first.estimate_on else "wait, never estimated"),
    ]


def _days(turn: Turn) -> str:
    return f"{turn}: read {day(turn.reads_on)}; open {day(turn.opens_on)} to {day(turn.closes_on)}"


def _name(window: CycleWindow) -> str:
    return f"c{window_words(window)[1:]}"
