"""All orders, and the page of one: what, where, what to know first, its steps, and what the crew found."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.fieldwork.models import Order, Photo, Visit
from lamplighter.fieldwork.queries.orders import with_visits
from lamplighter.fieldwork.types import CANCEL, FOUND, NOT_DONE
from lamplighter.platform.queries.files import path_of
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.orders.loading import load_order
from lamplighter.web.desk.orders.tables import STATES, OrderFilters, Orders
from lamplighter.web.desk.places.notes import note_alerts
from lamplighter.web.naming import names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Entry, Fact, Link, Tone
from lamplighter.web.ui.tables import table_page
from lamplighter.web.ui.wording import day, moment
from lamplighter.web.visits import visit

ORDERS = Crumb("Orders", "/desk/orders/")
FACTS = "desk/orders/facts.html"


@needs("orders.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    rows = with_visits(Order.objects.select_related("premise", "account")).order_by("due_at", "id")
    return table_page(
        request, title="Orders", table=Orders, rows=rows, filters=OrderFilters, empty=Empty("No order was raised yet."),
        actions=[Action("Day of the crews", reverse("desk:board"), panel=False)],
    )  # fmt: skip


@needs("orders.view")
def order(request: HttpRequest, number: str) -> HttpResponseBase:
    """One order from the first step to the last."""
    found = load_order(request, number, to="orders.view")
    on = visit(request).on
    standing = Visit.objects.filter(order=found, ended_at__isnull=True).select_related("shift__crew").first()
    urgent = [Badge("Urgent", Tone.BAD)] if found.priority == "urgent" else []
    state = str(found.get_state_display())
    return page(
        request,
        title=found.label,
        number=f"SO-{found.number}",
        crumbs=[ORDERS],
        badges=[Badge(state, STATES[state]), *urgent],
        meta=[found.premise.address, f"Due {moment(found.due_at, on)}" if found.is_open else ""],
        alerts=note_alerts(found.premise, request),
        actions=_actions(request, found, standing),
        panels=[
            Panel("about", "Order", FACTS, lambda: {"facts": _about(request, found, standing)}),
            Panel("reports", "What the crew found", "desk/orders/reports.html", lambda: _reports(found, request)),
            Panel("steps", "Steps", "desk/orders/steps.html", lambda: {"entries": _steps(found)}, place="side"),
            Panel("tasks", "To be done there", FACTS, lambda: {"facts": _tasks(found)}, place="side"),
        ],
    )


@needs("orders.view")
def photo(request: HttpRequest, number: str, key: str) -> HttpResponseBase:
    """One photo of the order's reports, as it was sent."""
    found = load_order(request, number, to="orders.view")
    shown = Photo.objects.filter(report__order=found, file=key).select_related("file").first()
    if shown is None or not path_of(shown.file_id).exists():
        raise Http404("There is no such photo.")
    response = FileResponse(path_of(shown.file_id).open("rb"), content_type=shown.file.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _actions(request: HttpRequest, found: Order, standing: Visit | None) -> list[Action]:
    may, waits = permissions(request), found.state == Order.State.WAITING
    book = "Move the visit" if standing else "Book a visit"
    acts = [
        (waits, "orders.raise", Action(book, _do("do-book", found), key="b", primary=True)),
        (waits, "orders.dispatch", Action("Assign", _do("do-assign", found), key="a")),
        (waits and standing is not None, "orders.raise", Action("Give the visit up", _do("do-give-up", found))),
        (found.state == Order.State.FAULTY, "orders.raise", Action("Check again", _do("do-check-order", found))),
        (found.is_open, "orders.raise", Action("Site note", _do("do-site-note", found), key="n")),
        (found.is_open, "orders.raise", Action("Cancel", _do("do-cancel-order", found), key="x")),
    ]
    return [act for possible, permission, act in acts if possible and permission in may]


def _do(name: str, found: Order) -> str:
    return reverse(f"desk:{name}", args=[found.number])


def _about(request: HttpRequest, found: Order, standing: Visit | None) -> list[Fact]:
    on, may = visit(request).on, permissions(request)
    names = names_of([found.raised_by])
    premise = Link("Open", reverse("desk:premise", args=[found.premise.number])) if "accounts.view" in may else None
    facts = [
        Fact("Where", f"{found.premise.address}, service point {found.point.number}", premise),
        Fact("Visit", _when(standing, request) if standing else "Not planned yet"),
        Fact("Not before", day(found.not_before, on)),
        Fact("Raised", f"{moment(found.raised_at, on)} by {names[found.raised_by]}, from {found.origin}"),
    ]
    if found.meter and "metering.view" in may:
        facts.insert(1, Fact("Meter", found.meter.badge, Link("Open", reverse("desk:meter", args=[found.meter.badge]))))
    if found.account and "accounts.view" in may:
        number = found.account.number
        facts.insert(1, Fact("Account", number, Link("Open", reverse("desk:account", args=[number]))))
    if found.cuts:
        facts.append(Fact("Shut-off certificate", found.certificate or "Given when the crew begins, or refused"))
    if found.instructions:
        facts.append(Fact("Instructions", str(found.instructions)))
    return facts


def _when(standing: Visit, request: HttpRequest) -> str:
    shift = standing.shift
    told = ", promised" if standing.promised else ""
    return f"{day(shift.day, visit(request).on)}, {shift.get_half_display()}, {shift.crew}{told}"


def _tasks(found: Order) -> list[Fact]:
    return [Fact(str(task.get_act_display()), str(task.get_outcome_display() or "Open")) for task in found.tasks.all()]


def _steps(found: Order) -> list[Entry]:
    steps = list(found.steps.select_related("remark").order_by("serial"))
    names = names_of(step.by for step in steps)
    why = {**CANCEL, **NOT_DONE}
    return [
        Entry(
            at=step.at,
            kind=Badge(str(step.get_state_display()), STATES[str(step.get_state_display())]),
            sentence=why.get(step.reason, "") or names[step.by],
            detail=" · ".join(filter(None, [names[step.by] if step.reason else "", str(step.remark or "")])),
        )
        for step in steps
    ]


def _reports(found: Order, request: HttpRequest) -> dict[str, Any]:
    reports = list(found.reports.select_related("remark").prefetch_related("photos__file").order_by("-id"))
    names = names_of(report.by for report in reports)
    channels = {channel.pk: channel.name for channel in found.meter.channels.all()} if found.meter else {}
    shown = []
    for report in reports:
        data = report.data
        facts = [Fact("Found", f"{moment(report.found_at, visit(request).on)} by {names[report.by]}")]
        if report.late:
            facts.append(Fact("Came too late", "The order was over: nothing of this was applied."))
        facts += [Fact("Not done", NOT_DONE[report.reason])] if report.reason else []
        for read in data.get("reads", ()):
            twice = " (looked at twice)" if read["confirmed"] else ""
            facts.append(Fact(f"Read {channels.get(read['channel'], '')}".strip(), f"{read['count']:,}{twice}"))
        facts += [Fact("Service is", data["switch"])] if data.get("switch") else []
        facts += [Fact("Meter set", data["set"])] if data.get("set") else []
        facts += [Fact("Its dials", ", ".join(f"{n:,}" for n in data["set_reads"]))] if data.get("set_reads") else []
        facts += [Fact("Inspection", FOUND[data["found"]])] if data.get("found") else []
        if data.get("full_load"):
            facts.append(Fact("Registration", f"{data['full_load']} % full load, {data['light_load']} % light load"))
        if data.get("left_full"):
            facts.append(Fact("Left at", f"{data['left_full']} % full load, {data['left_light']} % light load"))
        facts += [Fact("Note", str(report.remark))] if report.remark else []
        urls = [reverse("desk:order-photo", args=[found.number, photo.file_id]) for photo in report.photos.all()]
        shown.append({"facts": facts, "photos": urls, "outcome": report.get_outcome_display()})
    return {"reports": shown, "empty": Empty("The crew has not reported yet.")}
