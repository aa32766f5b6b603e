"""See the crews and areas, and the page of one crew with who rides with it and what was planned."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.fieldwork.models import Crew
from lamplighter.fieldwork.queries.crews import areas, crews_of, members_of
from lamplighter.platform.models import Event
from lamplighter.platform.queries.events import events_about
from lamplighter.web.access import needs
from lamplighter.web.desk.crews.tables import Areas, Crews, Members
from lamplighter.web.naming import names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Crumb, Empty, Entry, Fact, Level, Link, Tone
from lamplighter.web.ui.tables import grid
from lamplighter.web.visits import visit

BOARD = Crumb("Day of the crews", "/desk/orders/board/")
CREWS = Crumb("Crews and areas", "/desk/crews/")
GRID = "ui/tables/grid.html"
LATEST = 50
SAID = {
    "fieldwork.crew.defined": "Name or area set",
    "fieldwork.crew.joined": "Somebody joined",
    "fieldwork.crew.left": "Somebody left",
    "fieldwork.crew.ended": "Crew ended",
    "fieldwork.shift.set": "Places set",
}


@needs("orders.dispatch")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every crew and every area."""
    on = visit(request).on
    return page(
        request, title="Crews and areas", crumbs=[BOARD], actions=_actions(), alerts=_alerts(),
        panels=[
            Panel("crews", "Crews", GRID, lambda: {"grid": grid(
                request, table=Crews, rows=crews_of(on=on), caption="Crews", name="crews",
                empty=Empty("No crew yet. A crew needs an area first."))}),
            Panel("areas", "Areas", GRID, lambda: {"grid": grid(
                request, table=Areas, rows=areas(), caption="Areas", name="areas",
                empty=Empty("No area yet: a name, and the postcodes in it."))}),
        ],
    )  # fmt: skip


@needs("orders.dispatch")
def crew(request: HttpRequest, key: str) -> HttpResponseBase:
    """One crew."""
    found = load_crew(key)
    on = visit(request).on
    ended = found.ended_on is not None and found.ended_on <= on
    nobody = Empty("Nobody rides with it yet.")
    return page(
        request, title=found.name, crumbs=[BOARD, CREWS], badges=[Badge("Ended", Tone.BAD)] if ended else [],
        actions=[] if ended else _crew_actions(found),
        panels=[
            Panel("members", "Who rides", GRID, lambda: {"grid": grid(
                request, table=Members, rows=members_of(found), caption="Who rides", empty=nobody)}),
            Panel("happened", "What happened", "desk/crews/happened.html", lambda: {"entries": _entries(found)}),
            Panel("about", "About", "desk/orders/facts.html", lambda: {"facts": _about(found)}, "side"),
        ],
    )  # fmt: skip


def load_crew(key: str) -> Crew:
    found = Crew.objects.filter(pk=key).select_related("area").first()
    if found is None:
        raise Http404("There is no such crew.")
    return found


def _actions() -> list[Action]:
    first = not areas().exists()
    acts = [Action("Add an area", reverse("desk:do-add-area"), key="a", primary=first)]
    return acts if first else [*acts, Action("Add a crew", reverse("desk:do-add-crew"), key="c", primary=True)]


def _alerts() -> list[Alert]:
    if areas().exists():
        return []
    words = "Crews serve an area, and an order finds its crew by the postcode of the place."
    return [Alert(Level.KNOW, "Begin with an area", words, Link("Add it", reverse("desk:do-add-area"), panel=True))]


def _crew_actions(found: Crew) -> list[Action]:
    return [
        Action("Somebody joins", reverse("desk:do-join-crew", args=[found.key]), key="j", primary=True),
        Action("Places for many days", reverse("desk:do-open-days", args=[found.key]), key="d"),
        Action("Change", reverse("desk:do-change-crew", args=[found.key])),
        Action("End", reverse("desk:do-end-crew", args=[found.key])),
    ]


def _about(found: Crew) -> list[Fact]:
    return [
        Fact("Area", found.area.name), Fact("Postcodes", ", ".join(found.area.postcodes) or "none"),
        Fact("Goes out until", found.ended_on or "further notice"),
    ]  # fmt: skip


def _entries(found: Crew) -> list[Entry]:
    events = list(events_about(subject=f"crew:{found.key}")[:LATEST])
    names = names_of(event.actor for event in events)
    return [
        Entry(event.at, Badge("Crew"), SAID.get(event.name, event.name), f"{_detail(event)} · {names[event.actor]}")
        for event in events
    ]


def _detail(event: Event) -> str:
    told = event.data
    match event.name:
        case "fieldwork.crew.joined" | "fieldwork.crew.left":
            return f"{told['user']}, from {told['on']}"
        case "fieldwork.shift.set":
            return f"{told['day']} {told['half']}: {told['places']}"
        case "fieldwork.crew.ended":
            return f"from {told['on']}"
    return f"{told['name_now']}, {told['area']}"
