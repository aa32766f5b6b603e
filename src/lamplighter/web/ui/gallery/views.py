"""The gallery's pages. They show, and change nothing but the one-time keys of their forms."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from lamplighter.platform.models import User
from lamplighter.web.access import refuse, staff_only
from lamplighter.web.ui.charts import Plot
from lamplighter.web.ui.csvs import csv_response
from lamplighter.web.ui.gallery import samples
from lamplighter.web.ui.panels import Panel, Unavailable, page
from lamplighter.web.ui.parts import Badge, Crumb, Empty, Link, Tab, Tone
from lamplighter.web.ui.tables import (
    BadgeColumn,
    Column,
    DayColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    Table,
    grid,
    table_page,
)
from lamplighter.web.visits import visit

HOME = Crumb("Gallery", "/ui/")
TABS = (("Overview", "/ui/"), ("Table", "/ui/table/"), ("Filters", "/ui/colleagues/"), ("Errors", "/ui/errors/"))
STATES = {"Paid": Tone.GOOD, "Due": Tone.INFO, "Late": Tone.BAD}


class Bills(Table):
    number = Column("Bill")
    issued_on = DayColumn("Issued")
    state = BadgeColumn("State", tones=STATES)
    days = NumberColumn("Days")
    kwh = NumberColumn("Use (kWh)")
    amount = MoneyColumn("Amount")

    def row_url(self, record: samples.SampleBill) -> str:
        return f"/ui/table/?bill={record.number}"


class Colleagues(Table):
    name = Column("Name")
    title = Column("Title")
    is_active = Column("Signs in")
    joined_at = MomentColumn("Since")

    def render_is_active(self, value: bool) -> str:  # noqa: FBT001 - django-tables2 calls it by name
        return "Yes" if value else "No"


class ColleagueFilters(django_filters.FilterSet):  # type: ignore[misc]
    name = django_filters.CharFilter(lookup_expr="icontains", label="Name")
    active = django_filters.ChoiceFilter(
        field_name="is_active", choices=[(True, "Yes"), (False, "No")], label="Signs in", empty_label="All"
    )


@staff_only
def overview(request: HttpRequest) -> HttpResponseBase:
    return page(
        request, title="Nguyen, Thi Hoa", number="204518-7", crumbs=[HOME], alerts=samples.ALERTS,
        actions=samples.ACTIONS, tabs=_tabs("/ui/"), panels=_panels(request),
        badges=(Badge("Active", Tone.GOOD), Badge("Caller not verified", Tone.WATCH)),
        meta=("1418 Pacific Ave Apt B, 90555", "(510) 555-0142", "Vietnamese · interpreter", "Residential R-1"),
    )  # fmt: skip


def _panels(request: HttpRequest) -> list[Panel]:
    now = visit(request)

    def silent() -> dict[str, Any]:
        raise Unavailable("Meter network not answering since 9:40. Showing reads to 9:15.")

    return [
        Panel("tiles", "Facts", "ui/gallery/tiles.html", lambda: {"tiles": samples.TILES}, "top", frame=False),
        Panel("timeline", "Timeline", "ui/gallery/timeline.html", lambda: {"entries": samples.timeline(now.at)}),
        Panel("use", "Use by month", "ui/gallery/chart.html", lambda: {"chart": samples.year_of_use()}),
        Panel("solar", "Solar", "ui/gallery/chart.html", lambda: {"chart": samples.solar_year()}),
        Panel("load", "Load", "ui/gallery/plot.html", lambda: {"plot": _plot()}),
        Panel("bills", "Bills", "ui/tables/grid.html", lambda: {"grid": _bills(request)}),
        Panel("help", "Could help", "ui/gallery/facts.html", lambda: {"facts": samples.FACTS}, "side"),
        Panel("day", "Yesterday", "ui/gallery/spark.html", lambda: {"spark": samples.day_of_use()}, "side"),
        Panel("badges", "Kinds", "ui/gallery/badges.html", lambda: {"badges": samples.BADGES}, "side"),
        Panel("states", "States", "ui/gallery/states.html", _states, "side"),
        Panel("partial", "Meter", "ui/gallery/facts.html", silent, "side"),
        Panel("later", "Fetched later", "ui/gallery/facts.html", lambda: {"facts": samples.FACTS}, "side", lazy=True),
    ]


def _bills(request: HttpRequest) -> Any:
    rows = samples.bills(visit(request).on)
    return grid(request, table=Bills, rows=rows, caption="Bills", name="bills", per_page=5)


def _states() -> dict[str, Any]:
    return {
        "first": Empty("Letters you send appear here.", Link("Write a letter", "/ui/do/note/", panel=True)),
        "good": Empty("All drawers are closed and verified. Last: Drawer 3, 5:12 pm.", good=True),
    }


def _plot() -> Plot:
    return Plot(
        "load", "Tuesdays and Thursdays spike at 10:15.", "The base is 140 kW; two mornings a week reach 412 kW.",
        "kW", "/ui/plot.json", "/ui/plot/table/", "/ui/plot.csv",
    )  # fmt: skip


def _tabs(current: str) -> list[Tab]:
    return [Tab(label, url, url == current) for label, url in TABS]


@staff_only
def table(request: HttpRequest) -> HttpResponseBase:
    return table_page(
        request, title="Bills", table=Bills, rows=samples.bills(visit(request).on), crumbs=[HOME],
        tabs=_tabs("/ui/table/"),
    )  # fmt: skip


@staff_only
def colleagues(request: HttpRequest) -> HttpResponseBase:
    return table_page(
        request, title="Colleagues", table=Colleagues, rows=_colleagues(), filters=ColleagueFilters, crumbs=[HOME],
        tabs=_tabs("/ui/colleagues/"),
    )  # fmt: skip


def _colleagues() -> QuerySet[User]:
    return User.objects.filter(kind=User.Kind.STAFF).order_by("name")


@staff_only
def plot_data(request: HttpRequest) -> JsonResponse:
    seconds, values = samples.intervals(visit(request).at - timedelta(days=365))
    return JsonResponse({
        "zone": timezone.get_current_timezone_name(), "x": seconds, "series": [{"name": "Load", "values": values}],
    })  # fmt: skip


@staff_only
def plot_csv(request: HttpRequest) -> HttpResponseBase:
    seconds, values = samples.intervals(visit(request).at - timedelta(days=365))
    return csv_response("load", ["Second", "kW"], zip(seconds, values, strict=True))


@staff_only
def plot_table(request: HttpRequest) -> HttpResponse:
    """The highest reading of each month: what a table of 35,040 rows would hide."""
    seconds, values = samples.intervals(visit(request).at - timedelta(days=365))
    peaks: dict[str, float] = {}
    for second, value in zip(seconds, values, strict=True):
        month = datetime.fromtimestamp(second, timezone.get_current_timezone()).strftime("%B %Y")
        peaks[month] = max(peaks.get(month, 0.0), value or 0.0)
    return render(request, "ui/gallery/peaks.html", {"title": "Load", "peaks": peaks.items()})


@staff_only
def errors(request: HttpRequest) -> HttpResponseBase:
    return page(
        request, title="Errors", crumbs=[HOME], tabs=_tabs("/ui/errors/"),
        panels=[Panel("errors", "What people see", "ui/gallery/errors.html")],
    )  # fmt: skip


@staff_only
def error(request: HttpRequest, status: int) -> HttpResponse:  # noqa: ARG001
    """Fail on purpose, through the real handlers."""
    if status == 403:
        refuse("adjustments.approve", "Refunds over $100 need a supervisor.")
    if status == 500:
        raise RuntimeError("the gallery's own failure")
    raise Http404("There is no bill B-1.")


@require_POST
@staff_only
def undo(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return HttpResponse(status=204)


def wait(request: HttpRequest) -> None:
    """Half a second when `?slow` asks, so that one can see what a page does meanwhile."""
    if "slow" in request.GET:
        time.sleep(0.6)
