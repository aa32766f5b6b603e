"""One peak: three days on either side, quarter hour by quarter hour, with what the load did before it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from lamplighter.accounts.models import Agreement
from lamplighter.intervals.curves import shapes
from lamplighter.intervals.curves.curve import LoadCurve
from lamplighter.keyaccounts.models import Organisation
from lamplighter.keyaccounts.queries.history import mailable
from lamplighter.keyaccounts.queries.loads import year_curve
from lamplighter.keyaccounts.queries.plans import running_plan
from lamplighter.rating.refusals import CannotMeasure
from lamplighter.web.access import needs, permissions
from lamplighter.web.key.loading import PORTFOLIO, load_organisation, load_service
from lamplighter.web.key.weather import said_of
from lamplighter.web.ui.charts import Plot
from lamplighter.web.ui.csvs import csv_response
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb
from lamplighter.web.ui.wording import clock, day, moment, number, quantity
from lamplighter.web.visits import visit

AROUND = timedelta(days=3)


@needs("keyaccounts.view", "metering.view")
def peak(request: HttpRequest, slug: str, pk: int, on: str) -> HttpResponseBase:
    """One peak: three days on either side, quarter hour by quarter hour."""
    organisation, _, curve, that = around(request, slug, pk, on)
    here = reverse("key:peak-json", args=[slug, pk, on])
    title, said = told_of(curve, that) or (f"{day(that)} was not read.", "Nothing is known of it.")
    plot = Plot("peak", title, said, "kW", here, f"{here}?table=1", f"{here}?csv=1")
    return page(
        request,
        title=f"Peak of {day(that)}",
        crumbs=[PORTFOLIO, Crumb(str(organisation), reverse("key:load", args=[slug]))],
        actions=_acts(request, organisation, pk, on),
        panels=[Panel("plot", "Three days on either side", "ui/gallery/plot.html", lambda: {"plot": plot})],
    )


@needs("keyaccounts.view", "metering.view")
def peak_json(request: HttpRequest, slug: str, pk: int, on: str) -> HttpResponseBase:
    _, _, curve, that = around(request, slug, pk, on)
    kw = curve.kw_net()
    if "csv" in request.GET:
        rows = [[curve.calendar.clock(i), f"{value:.2f}" if not np.isnan(value) else ""] for i, value in enumerate(kw)]
        return csv_response(f"Peak {that}", ["Begins", "kW"], rows)
    if "table" in request.GET:
        shown = zip(curve.calendar.starts.tolist(), kw.tolist(), strict=True)
        return render(
            request,
            "key/quarters.html",
            {
                "title": f"Peak of {day(date.fromisoformat(on))}",
                "rows": [
                    (moment(datetime.fromtimestamp(at, UTC)), number(value, 1))
                    for at, value in shown
                    if not np.isnan(value)
                ],
            },
        )
    values = [None if np.isnan(value) else round(float(value), 2) for value in kw]
    return JsonResponse(
        {
            "zone": settings.UTILITY_ZONE,
            "x": curve.calendar.starts.tolist(),
            "series": [{"name": "Load", "values": values}],
        }
    )


def told_of(curve: LoadCurve, that: date) -> tuple[str, str] | None:
    """The peak of a day in a title and a sentence; None where nothing of it was read."""
    found = shapes.top_peaks(curve.within_days(that, that + timedelta(days=1)), 1)
    if not found:
        return None
    usual = float(np.nanmedian(curve.kw()))
    title = f"{quantity(found[0].kw, 'kW')} at {clock(found[0].at)} on {day(that)}."
    return title, f"The usual load of these days is {quantity(usual, 'kW')}; {_ran_up(curve, that)}{said_of(that)}"


def _acts(request: HttpRequest, organisation: Organisation, pk: int, on: str) -> list[Action]:
    """A goal of the plan against it (`?without=` is the level of the other days), and its chart by email."""
    if "keyaccounts.work" not in permissions(request):
        return []
    slug, without = organisation.slug, str(request.GET.get("without", ""))
    asked = urlencode({"measure": "peak-kw", "service": str(pk), "target": without})
    goal = f"{reverse('key:do-goal', args=[slug])}?{asked}"
    today = visit(request).on
    runs = running_plan(organisation, on=today) is not None
    acts = [Action("Add to plan", goal if runs else reverse("key:do-plan", args=[slug]), key="a")]
    if mailable(organisation, on=today):
        acts.append(Action("Email the chart", reverse("key:do-email-peak", args=[slug, pk, on]), key="e"))
    return acts


def around(request: HttpRequest, slug: str, pk: int, on: str) -> tuple[Organisation, Agreement, LoadCurve, date]:
    """The service, its curve of three days on either side, and the day."""
    organisation = load_organisation(slug)
    services, _ = load_service(request, organisation)
    chosen = next((one for one in services if one.pk == pk), None)
    if chosen is None:
        raise Http404("That service is not among this organisation's.")
    try:
        that = date.fromisoformat(on)
        curve = year_curve(chosen, on=min(visit(request).on, that + AROUND + timedelta(days=1)), days=7)
    except (ValueError, CannotMeasure) as fault:
        raise Http404("Nothing was read on that day.") from fault
    return organisation, chosen, curve, that


def _ran_up(curve: LoadCurve, that: date) -> str:
    """What the load did in the hours before, beside the same hours of the days around."""
    cells = shapes.heat_map(curve)
    index = (that - curve.calendar.period.start).days
    if not 0 <= index < len(cells):
        return "nothing was read that day."
    others = cells[np.arange(len(cells)) != index]
    hour = int(np.nanargmax(cells[index]))
    more = float(cells[index, hour] - np.nanmean(others[:, hour]))
    before = float(np.nanmean(cells[index, max(hour - 3, 0) : max(hour, 1)]))
    above = f"that hour was {quantity(more, 'kW')} above the same hour of the days around it"
    return f"{above}, after {quantity(before, 'kW')} in the hours before."
