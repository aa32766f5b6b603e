"""Define areas and crews, say who rides with whom and how many places their days have, and end them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify

from lamplighter.fieldwork.models import Area, Crew, CrewMember
from lamplighter.fieldwork.operations import crews
from lamplighter.fieldwork.operations.crews import CannotPlan
from lamplighter.fieldwork.queries.crews import areas, could_ride
from lamplighter.kernel.calendars import US_HOLIDAYS, HolidayCalendar, Observance
from lamplighter.kernel.periods import Period
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.crews.forms import AreaForm, CrewForm, EndForm, JoinForm, OpenDays
from lamplighter.web.desk.crews.views import BOARD, CREWS, load_crew
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit

KEY = 20


@needs("orders.dispatch")
def add_area(request: HttpRequest) -> HttpResponse:
    def act(form: AreaForm) -> str:
        return _define_area(request, form, _free_key(Area, form.cleaned_data["name"]))

    return _sheet(request, AreaForm, act, title="Add an area", submit="Add it", said="Added. Now add its crew.")


@needs("orders.dispatch")
def change_area(request: HttpRequest, key: str) -> HttpResponse:
    found = Area.objects.filter(pk=key).first()
    if found is None:
        raise Http404("There is no such area.")

    def form(*args: Any) -> AreaForm:
        return AreaForm(*args, initial={"name": found.name, "postcodes": " ".join(found.postcodes)})

    def act(form: AreaForm) -> str:
        return _define_area(request, form, key)

    return _sheet(request, form, act, title=f"Change {found}", submit="Change it", said="Changed.")


@needs("orders.dispatch")
def add_crew(request: HttpRequest) -> HttpResponse:
    def act(form: CrewForm) -> str:
        return _define_crew(request, form, _free_key(Crew, form.cleaned_data["name"]))

    return form_panel(
        request, title="Add a crew", form=_crew_form(), act=act, submit="Add it", back=CREWS.url,
        crumbs=[BOARD, CREWS], refusals=(CannotPlan,),
        done=lambda key: Done("Added. Now say who rides with it.", url=reverse("desk:crew", args=[key])),
    )  # fmt: skip


@needs("orders.dispatch")
def change_crew(request: HttpRequest, key: str) -> HttpResponse:
    found = load_crew(key)
    form = _crew_form(initial={"name": found.name, "area": found.area_id})
    return _sheet(
        request, form, lambda form: _define_crew(request, form, key), crew=found, title=f"Change {found}",
        submit="Change it", said="Changed.",
    )  # fmt: skip


@needs("orders.dispatch")
def join(request: HttpRequest, key: str) -> HttpResponse:
    """Somebody rides with this crew from a day on, and no longer with another."""
    found = load_crew(key)
    people = could_ride(on=visit(request).on)

    def form(*args: Any) -> JoinForm:
        made = JoinForm(*args, initial={"on": visit(request).on})
        _choose(made, "user", [("", "Choose a person"), *((str(one.pk), one.name) for one in people)])
        return made

    def act(form: JoinForm) -> str:
        user = people.get(pk=form.cleaned_data["user"])
        crews.join_crew(crew=found, user=user, on=form.cleaned_data["on"], by=actor(request), at=visit(request).at)
        return key

    words = "An administrator gives the role “Field crew” on the page of their login."
    alerts = [] if people else [Alert(Level.WATCH, "Nobody has a role that works orders", words)]
    return _sheet(
        request, form, act, crew=found, title=f"Somebody joins {found}", submit="They join", said="They ride with it.",
        alerts=alerts,
    )  # fmt: skip


@needs("orders.dispatch")
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    member = CrewMember.objects.filter(pk=pk).select_related("user", "crew").first()
    if member is None:
        raise Http404("Nobody rides with that crew so, or it was taken back.")

    def act(form: EndForm) -> str:
        crews.leave_crew(member=member, on=form.cleaned_data["on"], by=actor(request), at=visit(request).at)
        return str(member.crew_id)

    back_whole = "On that day or before, it is taken back whole; the audit trail keeps it."
    since = Alert(Level.KNOW, f"Since {member.period.start:%b %-d, %Y}", back_whole)
    return _sheet(
        request, _end_form(request), act, crew=member.crew, title=f"{member.user.name} leaves {member.crew}",
        submit="They leave", said="They ride with it no longer.", alerts=[since],
    )  # fmt: skip


@needs("orders.dispatch")
def open_days(request: HttpRequest, key: str) -> HttpResponse:
    """The same places on every working day of some weeks."""
    found = load_crew(key)

    def form(*args: Any) -> OpenDays:
        return OpenDays(*args, initial={"first": visit(request).on})

    def act(form: OpenDays) -> str:
        told = form.cleaned_data
        office = HolidayCalendar(tuple(US_HOLIDAYS[name] for name in told["holidays"]), Observance.NEAREST_WEEKDAY)
        crews.open_days(
            crew=found, days=Period(told["first"], told["end"]), morning=told["morning"], afternoon=told["afternoon"],
            by=actor(request), at=visit(request).at, office=office,
        )  # fmt: skip
        return key

    return _sheet(
        request, form, act, crew=found, title=f"Places of {found}", submit="Set them", said="The days are planned."
    )


@needs("orders.dispatch")
def end(request: HttpRequest, key: str) -> HttpResponse:
    found = load_crew(key)

    def act(form: EndForm) -> str:
        crews.end_crew(crew=found, on=form.cleaned_data["on"], by=actor(request), at=visit(request).at)
        return key

    words = "Nobody rides with it and it has no places from that day on. What it did stays."
    return _sheet(
        request, _end_form(request), act, crew=found, title=f"End {found}", submit="End it", said="The crew has ended.",
        alerts=[Alert(Level.WATCH, "It goes nowhere any more", words)],
    )  # fmt: skip


def _sheet(
    request: HttpRequest, form: Callable[..., forms.Form], act: Callable[[Any], str], *, title: str, submit: str,
    said: str, crew: Crew | None = None, alerts: list[Alert] | None = None,
) -> HttpResponse:  # fmt: skip
    here = reverse("desk:crew", args=[crew.key]) if crew else CREWS.url
    crumbs = [BOARD, CREWS, *([Crumb(crew.name, here)] if crew else [])]
    return form_panel(
        request, title=title, form=form, act=act, submit=submit, back=here, crumbs=crumbs, alerts=alerts or [],
        refusals=(CannotPlan,), done=lambda _: Done(said, url=here),
    )  # fmt: skip


def _define_area(request: HttpRequest, form: AreaForm, key: str) -> str:
    codes = list(dict.fromkeys(re.split(r"[\s,;]+", form.cleaned_data["postcodes"].strip())))
    named = [code for code in codes if code]
    crews.define_area(
        key=key, name=form.cleaned_data["name"], postcodes=named, by=actor(request), at=visit(request).at
    )  # fmt: skip
    return key


def _define_crew(request: HttpRequest, form: CrewForm, key: str) -> str:
    area = Area.objects.get(pk=form.cleaned_data["area"])
    crews.define_crew(key=key, name=form.cleaned_data["name"], area=area, by=actor(request), at=visit(request).at)
    return key


def _crew_form(initial: dict[str, Any] | None = None) -> Callable[..., CrewForm]:
    def form(*args: Any) -> CrewForm:
        made = CrewForm(*args, initial=initial)
        _choose(made, "area", list(areas().values_list("key", "name")))
        return made

    return form


def _end_form(request: HttpRequest) -> Callable[..., EndForm]:
    return lambda *args: EndForm(*args, initial={"on": visit(request).on})


def _free_key(model: type[Model], name: str) -> str:
    """The key of a new one, from its name. Raises CannotPlan when one of that name is there."""
    key = slugify(name)[:KEY].strip("-")
    if not key:
        raise CannotPlan("Give it a name with letters or digits.")
    if model._default_manager.filter(pk=key).exists():
        raise CannotPlan(f"There is one called {name} already. Choose another name.")
    return key


def _choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
