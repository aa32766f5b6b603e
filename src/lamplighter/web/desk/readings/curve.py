"""The curve of a matter for the eye, the ear and the spreadsheet: what counts, what came in, an estimate, last year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from lamplighter.kernel.energy import Quality, Unit
from lamplighter.usage.queries.exceptions import Point, Seen, seen
from lamplighter.usage.queries.weighing import YEAR
from lamplighter.web.access import needs
from lamplighter.web.desk.readings.loading import load_exception
from lamplighter.web.desk.readings.twice import came_again, with_both
from lamplighter.web.ui.charts import Plot
from lamplighter.web.ui.csvs import csv_response
from lamplighter.web.ui.wording import number, quantity, short_day

HEADER = ("Begins", "Counts", "Came in", "Would be estimated", "Quality", "In question")
YEAR_SECONDS = YEAR * 86_400
TABLE_ROWS = 400


def unit_of(shown: Seen) -> str:
    """Energy is drawn as mean power; everything else as it is counted."""
    return "kW" if shown.measure.unit is Unit.WH else str(shown.measure.unit)


def plot(shown: Seen) -> Plot:
    pk = shown.exception.pk
    first, last = short_day(shown.period.start), short_day(shown.period.last_day)
    marked = sum(point.marked for point in shown.points)
    return Plot(
        "exception", f"{first} to {last}.",
        f"{number(marked)} interval{'' if marked == 1 else 's'} in question; last year and the estimate are dashed.",
        unit_of(shown), *(reverse(name, args=[pk]) for name in ("desk:curve", "desk:curve-table", "desk:curve-csv")),
    )  # fmt: skip


def proposal(shown: Seen) -> dict[str, Any]:
    """What an estimate would come to, beside what counts now and what came in; or why there is none."""
    marked = [point for point in shown.points if point.marked]
    if shown.no_proposal or not marked:
        return {"why": shown.no_proposal or "These days lie outside the curve that is drawn."}
    sums = [
        ("Came again" if came_again(shown.exception) else "Came in", _sum(shown, [point.raw for point in marked])),
        ("Counts now", _sum(shown, [point.value for point in marked])),
        ("Estimate", _sum(shown, [point.proposed for point in marked])),
    ]
    return {"sums": sums, "intervals": len(marked)}


@needs("reads.decide", "metering.view")
def data(request: HttpRequest, pk: int) -> JsonResponse:
    shown = _shown(request, pk)
    before = {int(point.start.timestamp()) + YEAR_SECONDS: point.value for point in shown.last_year}
    starts = [int(point.start.timestamp()) for point in shown.points]
    series = [
        {"name": "Counts", "values": _drawn(shown, [p.value for p in shown.points])},
        {"name": "In question", "style": "orange-mark", "values": _drawn(shown, _marked(shown.points))},
    ]
    if any(p.raw is not None and p.raw != p.value for p in shown.points):
        series.append({"name": "Came in", "style": "purple", "values": _drawn(shown, [p.raw for p in shown.points])})
    if any(p.proposed is not None for p in shown.points):
        values = _drawn(shown, [p.proposed for p in shown.points])
        series.append({"name": "Estimate", "style": "teal", "dash": [4, 4], "values": values})
    if any(before.get(start) is not None for start in starts):
        values = _drawn(shown, [before.get(start) for start in starts])
        series.append({"name": "Last year", "style": "grey", "dash": [2, 4], "values": values})
    return JsonResponse({"zone": settings.UTILITY_ZONE, "x": starts, "series": series})


@needs("reads.decide", "metering.view")
def table(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _shown(request, pk)
    rows = list(_rows(shown))
    context = {"rows": rows[:TABLE_ROWS], "more": len(rows) > TABLE_ROWS, "title": "Readings", "header": HEADER,
               "unit": str(shown.measure)}  # fmt: skip
    return render(request, "desk/readings/points.html", context)


@needs("reads.decide", "metering.view")
def csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    return csv_response(f"Readings {pk}", HEADER, _rows(_shown(request, pk)))


def _shown(request: HttpRequest, pk: int) -> Seen:
    return with_both(seen(load_exception(request, pk)))


def _rows(shown: Seen) -> Iterator[list[Any]]:
    for point in shown.points:
        quality = "missing" if point.value is None else Quality(point.quality).name.replace("_", " ").lower()
        yield [
            f"{point.day} {point.clock}", *(_plain(one) for one in (point.value, point.raw, point.proposed)), quality,
            "yes" if point.marked else "",
        ]  # fmt: skip


def _plain(count: int | None) -> str:
    return "" if count is None else str(count)


def _marked(points: Sequence[Point]) -> list[int | None]:
    """A single interval in question is drawn with its neighbours, so that it can be seen."""
    near = {place + step for place, point in enumerate(points) if point.marked for step in (-1, 0, 1)}
    return [point.value if place in near else None for place, point in enumerate(points)]


def _drawn(shown: Seen, counts: Sequence[int | None]) -> list[float | None]:
    return [None if count is None else round(float(_amount(shown, count)), 4) for count in counts]


def _amount(shown: Seen, count: int) -> Decimal:
    value = shown.measure.value(count)
    return value * 3600 / shown.seconds / 1000 if shown.measure.unit is Unit.WH else value


def _sum(shown: Seen, counts: Sequence[int | None]) -> str:
    """In kWh, or in the channel's own unit; words where an interval is missing."""
    known = [count for count in counts if count is not None]
    if not known:
        return "nothing"
    value = shown.measure.value(sum(known))
    energy = shown.measure.unit is Unit.WH
    said = quantity(value / 1000 if energy else value, "kWh" if energy else str(shown.measure.unit), 3)
    return said if len(known) == len(counts) else f"{said}, {len(counts) - len(known)} missing"
