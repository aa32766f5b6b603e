"""The dispatcher's day: how full each crew is, its visits, what no crew has yet, and the route on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from lamplighter.fieldwork.models import Crew, Half, Order, Shift, Visit
from lamplighter.fieldwork.operations import crews
from lamplighter.fieldwork.operations.crews import CannotPlan
from lamplighter.fieldwork.queries.capacity import days_of
from lamplighter.fieldwork.queries.crews import crew_choices
from lamplighter.fieldwork.queries.orders import route, site_notes, with_visits, without_visit
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.desk.orders.tables import Orders, VisitFilters, Visits
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Crumb, Empty, Level, Link, Tile, Tone
from lamplighter.web.ui.tables import grid
from lamplighter.web.ui.wording import day as day_words
from lamplighter.web.visits import visit

ORDERS = Crumb("Orders", "/desk/orders/")
GRID = "ui/tables/grid.html"
GONE = [Visit.End.MOVED, Visit.End.CANCELLED]


@needs("orders.view")
def board(request: HttpRequest, day: str = "") -> HttpResponseBase:
    """One day of all crews, today unless said; `?day=` is what the day's own form asks with."""
    on = visit(request).on
    if asked := _day(request.GET.get("day", "")):
        return HttpResponseRedirect(_board(asked))
    chosen = _day(day) if day else on
    if chosen is None:
        raise Http404("That is no day.")
    return _board_of(request, chosen, on)


def _board_of(request: HttpRequest, day: date, on: date) -> HttpResponseBase:
    shifts = days_of(day)
    visits = (
        Visit.objects.filter(shift__day=day).exclude(ended__in=GONE)
        .select_related("shift__crew", "order__premise").order_by("shift__crew__name", "shift__half", "place")
    )  # fmt: skip
    waiting = Order.objects.filter(state=Order.State.WAITING, not_before__lte=day)
    loose = with_visits(without_visit(waiting.select_related("premise", "account")))
    return page(
        request, title="Day of the crews", crumbs=[ORDERS], meta=[day_words(day, on)], day=day,
        template="desk/orders/board.html", actions=_actions(request, day, shifts),
        alerts=_first(request, day, shifts, on),
        panels=[
            Panel("places", "", "desk/accounts/tiles.html", lambda: {"tiles": [_tile(shift) for shift in shifts]},
                  place="top", frame=False),
            Panel("visits", "Visits", GRID, lambda: {"grid": grid(
                request, table=Visits, rows=visits, caption="Visits", name="visits", filters=VisitFilters,
                empty=Empty("No visit is planned on this day."))}),
            Panel("loose", "No crew yet", GRID, lambda: {"grid": grid(
                request, table=Orders, rows=loose.order_by("due_at", "id"), caption="No crew yet", name="loose",
                empty=Empty("Every order that may be done has its crew.", good=True))}),
        ],
    )  # fmt: skip


@needs("orders.view")
def route_sheet(request: HttpRequest, crew: str, day: str) -> HttpResponseBase:
    """The day's route of a crew, for paper: each stop with what to know first."""
    found, on = Crew.objects.filter(pk=crew).first(), _day(day)
    if found is None or on is None:
        raise Http404("There is no such crew or day.")
    stops = route(found, day=on)
    notes = site_notes({stop.order.premise_id for stop in stops}, on=on)
    shown = [{"visit": stop, "order": stop.order, "notes": notes[stop.order.premise_id]} for stop in stops]
    sheet = Panel("stops", "Stops", "desk/orders/route.html",
                  lambda: {"stops": shown, "empty": Empty("No stop on this day.")})  # fmt: skip
    return page(
        request, title=f"Route of {found}", crumbs=[ORDERS, Crumb("Day of the crews", _board(on))],
        meta=[day_words(on, visit(request).on), str(found.area)], panels=[sheet],
    )  # fmt: skip


class PlacesForm(Once, Form):
    crew = forms.ChoiceField(label="Crew")
    day = DayField(label="Day")
    morning = forms.IntegerField(label="Visits in the morning", min_value=0, max_value=60)
    afternoon = forms.IntegerField(label="Visits in the afternoon", min_value=0, max_value=60)


@needs("orders.dispatch")
def set_places(request: HttpRequest) -> HttpResponse:
    """How many visits a crew makes on a day."""

    def form(*args: Any) -> PlacesForm:
        made = PlacesForm(*args)
        crew = made.fields["crew"]
        assert isinstance(crew, forms.ChoiceField)
        crew.choices = crew_choices(visit(request).on)
        made.fields["day"].initial = _day(request.GET.get("day", "")) or visit(request).on
        return made

    def act(bound: PlacesForm) -> str:
        told = bound.cleaned_data
        for half, places in ((Half.MORNING, told["morning"]), (Half.AFTERNOON, told["afternoon"])):
            crews.set_places(crew=Crew.objects.get(pk=told["crew"]), day=told["day"], half=half, places=places,
                             by=actor(request), at=visit(request).at)  # fmt: skip
        return str(told["day"].isoformat())

    return form_panel(
        request, title="Places of a crew", form=form, act=act, submit="Set them", back=reverse("desk:board"),
        crumbs=[ORDERS], refusals=(CannotPlan,), busy="Saving…",
        done=lambda day: Done("The day is planned.", url=_board(date.fromisoformat(day))),
    )  # fmt: skip


def _actions(request: HttpRequest, day: date, shifts: list[Shift]) -> list[Action]:
    here = {shift.crew_id: shift.crew.name for shift in shifts}
    acts = [
        Action(
            f"Route of {name}", reverse("desk:route-sheet", args=[key, day.isoformat()]), panel=False, icon="printer"
        )
        for key, name in here.items()
    ]
    if "orders.dispatch" in permissions(request):
        acts.append(Action("Places", f"{reverse('desk:do-places')}?day={day.isoformat()}", key="p"))
        acts.append(Action("Crews and areas", reverse("desk:crews"), panel=False))
    return acts


def _first(request: HttpRequest, day: date, shifts: list[Shift], on: date) -> list[Alert]:
    """What must be done before anybody goes out on this day, and where."""
    if any(shift.places for shift in shifts):
        return []
    may = "orders.dispatch" in permissions(request)
    if not crew_choices(on):
        words = "First define an area by its postcodes, then a crew, who rides with it, and its places."
        link = Link("Define areas and crews", reverse("desk:crews")) if may else None
        return [Alert(Level.WATCH, "There is no crew yet", words if may else f"{words} A dispatcher does that.", link)]
    words = "Give a crew its places, so that visits can be booked."
    link = Link("Set places", f"{reverse('desk:do-places')}?day={day.isoformat()}", panel=True) if may else None
    return [Alert(Level.KNOW, "No crew goes out on this day", words, link)]


def _tile(shift: Shift) -> Tile:
    taken = int(getattr(shift, "taken", 0))
    full = Tone.WATCH if taken >= shift.places else Tone.PLAIN
    return Tile(f"{shift.crew} · {shift.get_half_display()}", f"{taken} of {shift.places}", "places taken", full)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _board(day: date) -> str:
    return reverse("desk:board", args=[day.isoformat()])
