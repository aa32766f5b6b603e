"""The pages of the crew's phone, and the worker that keeps them where there is no signal."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lamplighter.fieldwork.models import Order, Report
from lamplighter.fieldwork.queries.orders import route, site_notes
from lamplighter.fieldwork.types import NOT_DONE, Act
from lamplighter.journeys.completing import expectations, registers_of
from lamplighter.premises.models import SealedAddress
from lamplighter.web.access import needs
from lamplighter.web.field.forms import DoneForm, NotDoneForm
from lamplighter.web.field.loading import load_mine, my_crew
from lamplighter.web.ui.wording import clock
from lamplighter.web.visits import visit

WORKER = "lamplighter/js/field-worker.js"


@needs("orders.work")
def route_of_today(request: HttpRequest) -> HttpResponse:
    """Today's stops of one's crew, in their order, those that are done below."""
    on, crew = visit(request).on, my_crew(request)
    stops = route(crew, day=on) if crew else []
    notes = site_notes({stop.order.premise_id for stop in stops}, on=on)
    shown = [{"visit": stop, "order": stop.order, "notes": notes[stop.order.premise_id]} for stop in stops]
    return render(request, "field/route.html", {
        "title": "Today's route", "crew": crew, "on": on,
        "to_do": [one for one, stop in zip(shown, stops, strict=True) if not stop.ended],
        "done": [one for one, stop in zip(shown, stops, strict=True) if stop.ended],
    })  # fmt: skip


@needs("orders.work")
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One stop: what to know first, what is to be done, and the forms for what was found."""
    found, asking = load_mine(request, number), visit(request)
    may_report = found.state == Order.State.AT_WORK or (found.state == Order.State.WAITING and not found.cuts)
    return render(request, "field/order.html", {
        "title": found.label, "number": f"SO-{found.number}", "order": found,
        "notes": site_notes([found.premise_id], on=asking.on)[found.premise_id], "may_report": may_report,
        "told": told(found) if found.state == Order.State.WAITING else "",
        "waits": found.state == Order.State.WAITING, "at_work": found.state == Order.State.AT_WORK,
        "done": done_form(found, asking.at) if may_report else None,
        "sealed": SealedAddress.objects.filter(premise=found.premise_id).exists(),
        "not_done": NotDoneForm(auto_id="not_%s") if found.state in {"waiting", "in-progress"} else None,
    })  # fmt: skip


def told(found: Order) -> str:
    """What the crew reported last of an order that waits again: it was taken, and somebody plans it."""
    last = found.reports.annotate(pictures=Count("photos")).order_by("pk").last()
    if last is None or last.outcome == Report.Outcome.DONE:
        return ""
    pictures = f", {last.pictures} photo{'s' * (last.pictures != 1)}" if last.pictures else ""
    return f"{clock(last.found_at)}: {NOT_DONE[last.reason].lower()}{pictures}. It is planned again."


@needs("orders.work")
def worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - every view takes the request
    """The service worker, from an address whose pages it may keep."""
    return service_worker()


def service_worker() -> HttpResponse:
    path = finders.find(WORKER)
    assert isinstance(path, str)
    return HttpResponse(Path(path).read_bytes(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


def done_form(found: Order, at: datetime, *sent: Any) -> DoneForm:
    """The form of an order that is done, with what its registers are expected to show."""
    registers = registers_of(found, at=at)
    return DoneForm(
        *sent, acts=[Act(task.act) for task in found.tasks.all()], registers=registers,
        expected=expectations(registers, at=at), auto_id="done_%s",
    )  # fmt: skip
