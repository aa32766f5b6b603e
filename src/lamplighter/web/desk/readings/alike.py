"""Decide a stretch at once: everything that one rule holds against one channel, from one day to another."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.journeys import reading
from lamplighter.kernel.actors import Actor
from lamplighter.usage.models import IntervalException
from lamplighter.usage.operations.deciding import CannotDecide
from lamplighter.usage.queries.exceptions import alike_to, seen
from lamplighter.usage.queries.ruletexts import RULES
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.readings.deciding import Reason
from lamplighter.web.desk.readings.loading import load_exception
from lamplighter.web.desk.readings.twice import came_again
from lamplighter.web.desk.readings.views import READINGS
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

ESTIMATE = Option("Estimate", "each stretch is replaced by its estimate", "e")
ONCE = {"accept": Option("Take as read", "the readings count as they came", "a"), "estimate": ESTIMATE}
TWICE = {
    "accept": Option("Keep the stored", "what came again is left out", "k"),
    "renew": Option("Take the new", "what came again counts; bills that stood on the stored are asked for again", "n"),
    "estimate": ESTIMATE,
}
"""Of readings that came a second time with other values."""


class Alike(Reason):
    first = DayField(label="From")
    last = DayField(label="To")
    field_order = ("first", "last", "decision", "remark")

    def __init__(self, *args: Any, of: IntervalException, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        self.fields["decision"] = OptionsField(label="Decision", options=TWICE if came_again(of) else ONCE)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors:
            said["found"] = list(alike_to(self.of).filter(day__range=(said["first"], said["last"])))
            if not said["found"]:
                self.add_error("first", "Nothing of this kind waits on these days.")
        return said


@needs("reads.decide", "metering.view")
def alike(request: HttpRequest, pk: int) -> HttpResponse:
    """What is shown for confirmation is the number of matters and their days."""
    found = load_exception(request, pk)
    if found.channel.is_register:
        raise Http404("Register reads are decided one by one.")
    rows = list(alike_to(found).values_list("day", flat=True)) or [found.day]
    first = {"first": rows[0], "last": rows[-1], "seen": seen(found).seen if request.method == "GET" else 0}
    here = reverse("desk:exception", args=[pk])
    label = RULES[found.rule].label if found.rule in RULES else found.rule

    def form(*args: Any) -> Alike:
        return Alike(*args, of=found, initial=first)

    def act(bound: Alike) -> str:
        return str(_decide(bound.cleaned_data, by=actor(request), request=request))

    return form_panel(
        request, title=f"{label}: decide all alike", form=form, act=act, submit="Decide", back=here, busy="Deciding…",
        check=lambda bound: _facts(bound.cleaned_data, label, visit(request).on), refusals=(CannotDecide,),
        crumbs=[READINGS, Crumb(str(found.day), here)], done=lambda said: Done(f"{said} decided.", url=READINGS.url),
        alerts=[Alert(Level.KNOW, "One decision for all", "They get the same reason. What came in is kept.")],
    )  # fmt: skip


def _decide(said: dict[str, Any], *, by: Actor, request: HttpRequest) -> int:
    """As the single decisions do it, in one piece of work."""
    rows = said["found"]
    how = {"seen": said["seen"], "by": by, "at": visit(request).at, "remark": said["remark"]}
    keys = [row.pk for row in rows]
    match said["decision"]:
        case "renew":
            came = {place: count for row in rows for place, count in came_again(row).items()}
            reading.edit(exceptions=keys, values=came, **how)
        case "estimate":
            reading.estimate(exceptions=keys, **how)
        case _:
            reading.accept(exceptions=keys, **how)
    return len(keys)


def _facts(said: dict[str, Any], label: str, on: date) -> list[Fact]:
    found = said["found"]
    days = len({row.day for row in found})
    options = TWICE if came_again(found[0]) else ONCE
    return [
        Fact("What", label),
        Fact("Matters", f"{len(found):,} on {days:,} {'day' if days == 1 else 'days'}"),
        Fact("From", day(found[0].day, on)),
        Fact("To", day(found[-1].day, on)),
        Fact("Decision", options[said["decision"]].label),
    ]
