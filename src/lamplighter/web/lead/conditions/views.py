"""The day's weather alerts with their source and crews that can reconnect, each with its age; and how both come in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from lamplighter.credit.models import Cover, WeatherReport
from lamplighter.credit.operations.holding import CannotHold, record_cover, record_weather
from lamplighter.credit.queries.conditions import covers_from, newest_weather
from lamplighter.credit.queries.standing import law
from lamplighter.kernel.instants import Span
from lamplighter.kernel.periods import Period
from lamplighter.premises.models import Jurisdiction
from lamplighter.web.access import actor, needs
from lamplighter.web.naming import name_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Entry, Tone
from lamplighter.web.ui.wording import clock, moment
from lamplighter.web.visits import Visit, visit

TITLE = "Shut-off conditions"
NO_ALERT = "none"
COLD_NAMES = frozenset({"Cold Weather Advisory", "Extreme Cold Watch", "Extreme Cold Warning"})
"""The National Weather Service's names. They are kept and shown; what they stop is for the law in force to say."""
CLOCK = {"type": "time"}


@needs("credit.decide")
def listed(request: HttpRequest) -> HttpResponseBase:
    """What certificates read now."""
    return page(
        request, title=TITLE,
        actions=[
            Action("Enter the weather", reverse("lead:do-weather"), key="w", primary=True),
            Action("Enter a crew", reverse("lead:do-cover"), key="c"),
        ],
        panels=[
            Panel("weather", "Weather", "lead/conditions/listed.html", lambda: _weather(visit(request))),
            Panel("cover", "Crews that can reconnect", "lead/conditions/listed.html", lambda: _covers(visit(request))),
        ],
    )  # fmt: skip


class Weather(Once, Form):
    place = OptionsField(label="Place", options={})
    alert = OptionsField(label="Today's alert", options={})
    source = forms.CharField(
        label="Source", max_length=60, help_text="Who said so: the weather service, and who asked."
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted(law(on=visit(request).on).heat_alerts.value | COLD_NAMES)
        places = Jurisdiction.objects.order_by("name")
        _choose(self.fields["place"], {one.key: Option(one.name) for one in places})
        _choose(self.fields["alert"], {NO_ALERT: Option("No alert"), **{name: Option(name) for name in names}})


@needs("credit.decide")
def weather(request: HttpRequest) -> HttpResponse:
    """What the weather service says of today, asked just now."""
    here, now = reverse("lead:conditions"), visit(request)

    def act(form: Weather) -> str:
        said, today = form.cleaned_data, Period(now.on, now.on + timedelta(days=1))
        alerts = [] if said["alert"] == NO_ALERT else [(said["alert"], today)]
        record_weather(
            area=said["place"], owner=said["source"], asked_at=now.at, covers=today, alerts=alerts, by=actor(request),
            at=now.at,
        )  # fmt: skip
        return "The weather is known."

    return form_panel(
        request, title="Enter the weather", form=lambda *args: Weather(*args, request=request), act=act,
        submit="Enter it", back=here, crumbs=[Crumb(TITLE, here)], done=Done, refusals=(CannotHold,),
    )  # fmt: skip


class Crew(Once, Form):
    crew = forms.CharField(label="Crew", max_length=60)
    on = DayField(label="On")
    start = forms.TimeField(label="From", initial=time(8), widget=forms.TimeInput(CLOCK, format="%H:%M"))
    end = forms.TimeField(label="To", initial=time(17), widget=forms.TimeInput(CLOCK, format="%H:%M"))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and said["end"] <= said["start"]:
            self.add_error("end", "Choose a later end: a run of time stays within a day.")
        return said


@needs("credit.decide")
def cover(request: HttpRequest) -> HttpResponse:
    """Somebody is there to turn power on again, from and to a time of a day."""
    here, now = reverse("lead:conditions"), visit(request)

    def act(form: Crew) -> str:
        said = form.cleaned_data
        start, end = (timezone.make_aware(datetime.combine(said["on"], said[name])) for name in ("start", "end"))
        record_cover(span=Span(start, end), crew=said["crew"], by=actor(request), at=now.at)
        return f"{said['crew']} can reconnect until {clock(end)}."

    return form_panel(
        request, title="Enter a crew", form=lambda *args: Crew(*args, initial={"on": now.on}), act=act,
        submit="Enter it", back=here, crumbs=[Crumb(TITLE, here)], done=Done, refusals=(CannotHold,),
    )  # fmt: skip


def _weather(now: Visit) -> Mapping[str, Any]:
    """A line for each place, also for one of which nothing is known."""
    known = newest_weather(at=now.at)
    entries = [
        _report(known[place.key], place.name, now)
        if place.key in known
        else Entry(now.on, Badge("Unknown", Tone.WATCH), place.name, "Nobody has asked: no power goes off here.")
        for place in Jurisdiction.objects.order_by("name")
    ]
    return {"entries": entries, "empty": Empty("No place is known.")}


def _report(report: WeatherReport, place: str, now: Visit) -> Entry:
    pack, names = law(on=now.on), [name for name, _, _ in report.alerts]
    stops = any(name in pack.heat_alerts.value for name in names)
    old = now.at - report.asked_at > timedelta(hours=pack.weather_age_hours.value) or now.on not in report.covers
    if stops and not old:
        badge = Badge("Power stays on", Tone.BAD)
    elif old:
        badge = Badge("Too old", Tone.WATCH)
    else:
        badge = Badge("Nothing stops", Tone.GOOD)
    asked = f"{report.owner}, asked {_age(report.asked_at, now)}"
    return Entry(report.asked_at, badge, f"{place}: {', '.join(names) or 'no alert'}",
                 f"{asked}. Ask again: no power goes off here." if old else asked)  # fmt: skip


def _covers(now: Visit) -> Mapping[str, Any]:
    entries = [_cover(row, now) for row in covers_from(now.at)]
    return {"entries": entries, "empty": Empty("Nobody can reconnect: power goes off nowhere.")}


def _cover(row: Cover, now: Visit) -> Entry:
    badge = Badge("There now", Tone.GOOD) if now.at in row.span else Badge("Later", Tone.NOTICE)
    assert row.span.end is not None
    by = f"Entered by {name_of(row.recorded_by)}, {_age(row.recorded_at, now)}"
    return Entry(row.span.start, badge, f"{row.crew}, {moment(row.span.start, now.on)} to {clock(row.span.end)}", by)


def _age(at: datetime, now: Visit) -> str:
    """`20 minutes ago`, `3 hours ago`, `2 days ago`."""
    minutes = int((now.at - at).total_seconds()) // 60
    for unit, size in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        if count := minutes // size:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def _choose(field: forms.Field, options: Mapping[str, Option]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(options.items())
