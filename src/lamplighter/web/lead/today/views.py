"""The supervisor's morning: what is late, open or waits for a decision, each a link to where it is done."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.kernel.periods import Period
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.team.views import tile
from lamplighter.web.desk.today.views import LISTS
from lamplighter.web.lead.duties.views import Turns, told
from lamplighter.web.office import office_days
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Empty, Tile, Tone
from lamplighter.web.ui.tables import grid
from lamplighter.web.ui.wording import clock, short_day
from lamplighter.web.visits import visit
from lamplighter.workforce.models.duties import WorkList
from lamplighter.workforce.queries.measures import measured
from lamplighter.workforce.queries.training import learning_of_all
from lamplighter.workforce.queries.turns import Turn, finish_of, open_drawers, turns_between
from lamplighter.workforce.rules.rhythm import Standing
from lamplighter.worklist.queries import tallies

TILES = "desk/accounts/tiles.html"
WEEK = "7"


@needs("team.lead")
def today(request: HttpRequest) -> HttpResponseBase:
    on, at = visit(request).on, visit(request).at
    turns = turns_between(on, on, at=at, calendar=office_days(request))
    week = Period(on - timedelta(days=int(WEEK) - 1), on + timedelta(days=1))
    open_turns = [one for one in turns if one.open]
    return page(
        request, title="Today", meta=[short_day(on)],
        panels=[
            Panel("state", "", TILES, lambda: {"tiles": _tiles(request, turns)}, "top", frame=False),
            Panel("duties", "Duties that are not done", "ui/tables/grid.html", lambda: {"grid": grid(
                request, table=Turns, rows=told(open_turns), caption="Duties that are not done", name="duties",
                empty=Empty("Every duty of today is done." if turns else "No duty falls on today.", good=True))}),
            Panel("goals", "Goals of the last 7 days", TILES,
                  lambda: {"tiles": [tile(one, WEEK) for one in measured(week, at=at) if one.goal]}, frame=False),
        ],
    )  # fmt: skip


def _tiles(request: HttpRequest, turns: list[Turn]) -> list[Tile]:
    at, on = visit(request).at, visit(request).on
    found = tallies(at=at, permissions=permissions(request))
    overdue, waiting = sum(one.overdue for one in found), sum(one.waiting for one in found)
    missed = [one for one in turns if one.standing is Standing.MISSED]
    drawers = open_drawers()
    late = [one for one in learning_of_all() if one.state(on=on) == "Overdue"]
    return [
        Tile("Work overdue", overdue, f"{waiting} waiting", _bad(overdue), reverse("lead:work")),
        Tile("Duties missed", len(missed), f"{len(turns)} today", _bad(len(missed)), reverse("lead:duties")),
        Tile("Drawers open", len(drawers), ", ".join(one.source.name for one in drawers), Tone.PLAIN,
             reverse("lead:cash") if "cash.verify" in permissions(request) else ""),
        *(_list(which, on) for which in LISTS if any(one.duty.list == which for one in turns)),
        Tile("Training overdue", len(late), "", _bad(len(late)), reverse("lead:training")),
    ]  # fmt: skip


def _list(which: WorkList, on: date) -> Tile:
    done = finish_of(which, on)
    if done is not None:
        return Tile(f"{which.label} list", f"finished {clock(done.at)}", "", Tone.GOOD, reverse("lead:duties"))
    return Tile(f"{which.label} list", "not finished", "", Tone.PLAIN, reverse("lead:duties"))


def _bad(count: int) -> Tone:
    return Tone.BAD if count else Tone.PLAIN
