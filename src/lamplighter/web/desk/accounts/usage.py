"""Usage explorer: days, months or intervals of an account, with last year beside, as chart, table and CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from lamplighter.accounts.queries import Profile
from lamplighter.kernel.periods import Period
from lamplighter.usage.measuring import PointUse
from lamplighter.usage.queries.points import points_of_account, reads_within
from lamplighter.usage.queries.series import DayUse, Intervals, days, intervals
from lamplighter.web.access import needs
from lamplighter.web.desk.accounts.views import heading, known_account
from lamplighter.web.desk.places.tables import Reads
from lamplighter.web.ui.charts import Bars, Plot, Series
from lamplighter.web.ui.csvs import csv_response
from lamplighter.web.ui.forms import DayField
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Chip, Empty
from lamplighter.web.ui.tables import grid
from lamplighter.web.ui.wording import quantity, short_day
from lamplighter.web.visits import visit

GRAINS = {"day": "Days", "month": "Months", "interval": "Intervals"}
SPAN = {"day": 31, "interval": 7}
LONGEST = {"day": 366, "month": 800, "interval": 400}
TABLE_ROWS = 1000
EVER = Period(date.min, None)


class Range(forms.Form):
    """Which days to show; what is missing or turned round takes the usual span."""

    start = DayField(label="From", required=False)
    end = DayField(label="To", required=False)


@dataclass(frozen=True, slots=True)
class Chosen:
    grain: str
    period: Period
    form: Range

    @property
    def query(self) -> str:
        return f"grain={self.grain}&start={self.period.start}&end={self.period.last_day}"


@needs("accounts.view", "metering.view")
def usage(request: HttpRequest, number: str) -> HttpResponseBase:
    known = known_account(request, number)
    chosen = choose(request)
    reads = reads_within(points_of_account(known.account, period=EVER)).select_related("channel", "superseded_by")
    panels = [Panel("use", "Use", "desk/accounts/usage.html", lambda: _use(known, chosen))]
    if reads.exists():
        panels.append(
            Panel("reads", "Register reads", "ui/tables/grid.html",
                  lambda: {"grid": grid(request, table=Reads, rows=reads, caption="Register reads", name="reads")})
        )  # fmt: skip
    return page(request, **heading(request, known, "desk:account-usage"), panels=panels)


@needs("accounts.view", "metering.view")
def usage_json(request: HttpRequest, number: str) -> JsonResponse:
    """Intervals for the chart: kW is kWh over the interval's hours."""
    known, chosen = known_account(request, number), choose(request)
    found = intervals(_uses(known, chosen.period), period=chosen.period)
    hours = found.seconds / 3600 if found.seconds else 1
    series = [{"name": "From the grid", "values": _shown(found.delivered, hours)}]
    if not np.isnan(found.received).all():
        series.append({"name": "To the grid", "values": _shown(found.received, hours)})
    return JsonResponse({"zone": settings.UTILITY_ZONE, "x": found.starts.tolist(), "series": series})


@needs("accounts.view", "metering.view")
def usage_csv(request: HttpRequest, number: str) -> HttpResponseBase:
    known, chosen = known_account(request, number), choose(request)
    found = intervals(_uses(known, chosen.period), period=chosen.period)
    header = ["Begins", "Seconds", "From the grid (kWh)", "To the grid (kWh)", "Estimated"]
    return csv_response(f"Intervals {number} {chosen.period.start}", header, _rows(found))


@needs("accounts.view", "metering.view")
def usage_table(request: HttpRequest, number: str) -> HttpResponse:
    """The first thousand intervals as a table; the CSV has all."""
    known, chosen = known_account(request, number), choose(request)
    found = intervals(_uses(known, chosen.period), period=chosen.period)
    rows = [row for row, _ in zip(_rows(found), range(TABLE_ROWS), strict=False)]
    context = {"rows": rows, "more": len(found.starts) > TABLE_ROWS, "title": "Intervals"}
    return render(request, "desk/accounts/intervals.html", context)


def choose(request: HttpRequest) -> Chosen:
    """Grain and days from the query string. Unless asked otherwise, up to yesterday: today has not been read yet."""
    grain = request.GET.get("grain", "day")
    grain = grain if grain in GRAINS else "day"
    form = Range(request.GET or None)
    start, end = (form.cleaned_data.get(key) for key in ("start", "end")) if form.is_valid() else (None, None)
    last = end + timedelta(days=1) if end else visit(request).on
    first = start or _usual(grain, last)
    if first >= last or (last - first).days > LONGEST[grain]:
        first = _usual(grain, last)
    shown = Range(initial={"start": first, "end": last - timedelta(days=1)})
    return Chosen(grain, Period(first, last), shown)


def _usual(grain: str, end: date) -> date:
    """Thirty-one days, a week, or this month and the twelve before it."""
    if grain == "month":
        last = end - timedelta(days=1)
        return last.replace(year=last.year - 1, day=1)
    return end - timedelta(days=SPAN[grain])


def _use(known: Profile, chosen: Chosen) -> Mapping[str, Any]:
    if not _points(known):
        return {"empty": Empty("No service here has a meter yet.")}
    here = reverse("desk:account-usage", args=[known.account.number])
    chips = [Chip(label, f"{here}?grain={name}", on=name == chosen.grain) for name, label in GRAINS.items()]
    shared = {"chips": chips, "chips_label": "Show by", "range": chosen.form, "grain": chosen.grain, "here": here}
    if chosen.grain == "interval":
        return {**shared, "plot": _plot(known, chosen)}
    before = _year_before(chosen.period)
    now = days(_uses(known, chosen.period), period=chosen.period)
    then = days(_uses(known, before), period=before)
    if all(day.use.delivered is None for day in now):
        return {**shared, "empty": Empty("No interval readings in these days.")}
    return {**shared, "chart": _days(now, then) if chosen.grain == "day" and len(now) <= 200 else _months(now, then)}


def _days(now: Sequence[DayUse], then: Sequence[DayUse]) -> Bars:
    labels = [short_day(day.day) for day in now]
    values = [day.use.delivered for day in now]
    series = [
        Series("Use", values, estimated=frozenset(i for i, day in enumerate(now) if day.use.estimated)),
        Series("A year before", [day.use.delivered for day in then], "tick"),
        *_back([day.use.received for day in now]),
    ]
    return Bars("use", *_said(values, [day.use.delivered for day in then]), labels, series, "kWh", "Day", places=1)


def _months(now: Sequence[DayUse], then: Sequence[DayUse]) -> Bars:
    this, last = _by_month(now), _by_month(then)
    labels = [f"{month:%b} ’{month:%y}" for month in this]
    before = [last.get(month.replace(year=month.year - 1)) for month in this]
    values = list(this.values())
    series = [Series("Use", values), Series("A year before", before, "tick")]
    return Bars("use", *_said(values, before), labels, series, "kWh", "Month")


def _said(now: Sequence[Decimal | None], then: Sequence[Decimal | None]) -> tuple[str, str]:
    """What the chart shows, as a title and a sentence."""
    total = sum((value for value in now if value is not None), Decimal(0))
    known = [(a, b) for a, b in zip(now, then, strict=False) if a is not None and b is not None]
    title = f"{quantity(total, 'kWh')} in all."
    if not known:
        return title, "Nothing is known of the year before."
    this, last = sum(a for a, _ in known), sum(b for _, b in known)
    if not last:
        return title, "The year before, nothing was used."
    percent = round((this - last) * 100 / last)
    compared = "about the same as" if abs(percent) < 3 else f"{abs(percent)} % {'more' if percent > 0 else 'less'} than"
    return title, f"Where both years are known, that is {compared} the year before."


def _by_month(found: Sequence[DayUse]) -> dict[date, Decimal | None]:
    months: dict[date, Decimal | None] = {}
    for day in found:
        month = day.day.replace(day=1)
        before = months.get(month)
        months[month] = before if day.use.delivered is None else (before or Decimal(0)) + day.use.delivered
    return months


def _back(received: Sequence[Decimal | None]) -> list[Series]:
    if all(value is None for value in received):
        return []
    return [Series("Sent back", [None if v is None else -v for v in received], style="amber")]


def _plot(known: Profile, chosen: Chosen) -> Plot:
    number = known.account.number

    def url(name: str) -> str:
        return f"{reverse(name, args=[number])}?{chosen.query}"

    first, last = short_day(chosen.period.start), short_day(chosen.period.last_day)
    return Plot(
        "intervals", f"Demand from {first} to {last}.", "Every interval of the meter; gaps are missing readings.",
        "kW", url("desk:account-usage-json"), url("desk:account-usage-table"), url("desk:account-usage-csv"),
    )  # fmt: skip


def _points(known: Profile) -> list[int]:
    return sorted({point for service in known.services for point in service.points})


def _uses(known: Profile, period: Period) -> tuple[PointUse, ...]:
    return points_of_account(known.account, period=period)


def _year_before(period: Period) -> Period:
    return Period(period.start - timedelta(days=364), period.closed_end - timedelta(days=364))


def _shown(values: Any, hours: float) -> list[float | None]:
    rounded = np.round(np.asarray(values, dtype=float) / hours, 4)
    shown = rounded.astype(object)
    shown[np.isnan(rounded)] = None
    return list(shown)


def _rows(found: Intervals) -> Iterator[list[Any]]:
    for at, sent, back, guess in zip(found.starts, found.delivered, found.received, found.estimated, strict=True):
        local = timezone.localtime(datetime.fromtimestamp(int(at), UTC))
        yield [
            local.isoformat(timespec="minutes"), found.seconds, "" if np.isnan(sent) else f"{sent:.4f}",
            "" if np.isnan(back) else f"{back:.4f}", "yes" if guess else "",
        ]  # fmt: skip
