"""Forecasts: those that were made, one with its range and its errors in hindsight, two beside each other; budgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.keyaccounts.queries.developments import sales_by_class
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.ratestudies.adoption import assumptions
from lamplighter.ratestudies.models import Forecast, RevenueBudget
from lamplighter.ratestudies.operations.forecasts import CannotForecast, adopt_budget, begin_forecast
from lamplighter.ratestudies.queries.variance import newest_budget, variances
from lamplighter.web.access import actor, needs
from lamplighter.web.key.forecasting import shown
from lamplighter.web.key.forecasting.forms import AdoptBudget, BeginForecast
from lamplighter.web.key.loading import text_of
from lamplighter.web.naming import named
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Tone
from lamplighter.web.ui.tables import grid
from lamplighter.web.ui.wording import moment
from lamplighter.web.visits import visit

FORECASTS = Crumb("Forecast", "/key/forecast/")
GRID, CHART = "ui/tables/grid.html", "ui/gallery/chart.html"
TONES = {Forecast.State.DONE: Tone.GOOD, Forecast.State.WAITING: Tone.WATCH, Forecast.State.REFUSED: Tone.BAD}
YEAR = 12


@needs("rates.study")
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every forecast as it was frozen, and every budget."""
    rows = Forecast.objects.annotate(maker=named("made_by")).order_by("-pk")
    budgets = RevenueBudget.objects.order_by("-year", "-pk")
    return page(
        request, title="Forecast",
        actions=[
            Action("New forecast", reverse("key:do-forecast"), key="n", primary=True),
            Action("Take a budget in", reverse("key:do-budget"), key="b"),
        ],
        panels=[
            Panel("forecasts", "Forecasts", GRID, lambda: {"grid": grid(
                request, table=shown.Forecasts, rows=rows, caption="Forecasts", name="forecasts",
                empty=Empty("No forecast was made yet."))}),
            Panel("budgets", "Budgets", GRID, lambda: {"grid": grid(
                request, table=shown.Budgets, rows=budgets, caption="Budgets", name="budgets",
                empty=Empty("No budget was taken in yet."))}, place="side"),
        ],
    )  # fmt: skip


@needs("rates.study")
def forecast(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One forecast; `?beside=` lays another beside it, `?print=1` is its paper."""
    found = _load(pk)
    above: dict[str, Any] = {
        "title": found.name, "crumbs": [FORECASTS],
        "badges": [Badge(found.get_state_display(), TONES[Forecast.State(found.state)])],
        "meta": [f"Twelve months from {found.first:%B %Y}", moment(found.made_at, visit(request).on)],
    }  # fmt: skip
    if found.state != Forecast.State.DONE:
        return page(request, **above, panels=[
            Panel("run", "Working it out", "key/forecast/running.html", lambda: shown.running(found))])  # fmt: skip
    other = _beside(request, found)
    above["actions"] = [Action("Print", "?print=1", key="p", panel=False)]
    template = "key/forecast/print.html" if "print" in request.GET else "ui/page.html"
    return page(request, **above, template=template, panels=_panels(request, found, other))


@needs("rates.study")
def begin(request: HttpRequest) -> HttpResponse:
    """What is assumed, then it is worked out in the background."""
    now = visit(request)
    assumed = assumptions(Account.CustomerClass.values)

    def act(form: BeginForecast) -> str:
        first, counts = date.fromisoformat(form.cleaned_data["first"]), form.cleaned_data["counts"]
        made = begin_forecast(
            name=form.cleaned_data["name"], first=first, values=form.values, counts=counts,
            pipeline=_pipeline(first, counts, on=now.on), on=now.on, by=actor(request), at=now.at,
        )  # fmt: skip
        return str(made.pk)

    return form_panel(
        request, title="New forecast", form=lambda *args: BeginForecast(*args, on=now.on, assumed=assumed), act=act,
        submit="Work it out", back=FORECASTS.url, crumbs=[FORECASTS], refusals=(CannotForecast,), busy="Asking…",
        done=lambda pk: Done("It is being worked out.", url=reverse("key:forecast", args=[int(pk)])),
    )  # fmt: skip


@needs("rates.study")
def take_budget(request: HttpRequest) -> HttpResponse:
    now = visit(request)

    def act(form: AdoptBudget) -> str:
        made = adopt_budget(name=form.cleaned_data["name"], text=text_of(form.cleaned_data["file"]),
                            by=actor(request), at=now.at)  # fmt: skip
        return str(made.year)

    return form_panel(
        request, title="Take a budget in", form=AdoptBudget, act=act, submit="Take it in", back=FORECASTS.url,
        crumbs=[FORECASTS], refusals=(CannotForecast, CannotKeep),
        done=lambda year: Done("Taken in.", url=reverse("key:budget", args=[int(year)])),
    )  # fmt: skip


@needs("rates.study")
def budget(request: HttpRequest, year: int) -> HttpResponseBase:
    """The newest budget of a year beside what was billed, by month and class."""
    found = newest_budget(year)
    if found is None:
        raise Http404(f"No budget of {year} was taken in.")
    rows = variances(found, until=visit(request).on.replace(day=1))
    template = "key/forecast/print.html" if "print" in request.GET else "ui/page.html"
    return page(
        request, title=f"Revenue against budget, {year}", crumbs=[FORECASTS], template=template,
        meta=[found.name, moment(found.made_at, visit(request).on)],
        actions=[Action("Print", "?print=1", key="p", panel=False)],
        panels=[
            Panel("whole", "So far", "desk/network/said.html", lambda: {
                "said": shown.variance_said(rows),
                "grid": grid(request, table=shown.Whole, rows=shown.by_class(rows), caption="By class", name="whole",
                             empty=Empty("No month of it is over yet.")),
            }),
            Panel("months", "Month by month", GRID, lambda: {"grid": grid(
                request, table=shown.Variances, rows=shown.variance_rows(rows), caption="By month and class",
                name="months", empty=Empty("No month of it is over yet."), per_page=60)}),
        ],
    )  # fmt: skip


def _panels(request: HttpRequest, found: Forecast, other: Forecast | None) -> list[Panel]:
    rows = list(found.rows.order_by("month", "customer_class"))
    return [
        Panel("whole", "The year", "ui/gallery/tiles.html", lambda: {"tiles": shown.tiles(found, rows)}, "top",
              frame=False),
        Panel("sales", "Sales by month", CHART, lambda: {"chart": shown.chart(rows)}),
        Panel("rows", "Sales by month and class", GRID, lambda: {"grid": grid(
            request, table=shown.Months, rows=shown.month_rows(found, rows), caption="Sales by month and class",
            name="rows", per_page=72)}),
        Panel("worth", "Revenue and highest hour", GRID, lambda: {"grid": grid(
            request, table=shown.Worth, rows=shown.month_rows(found, rows), caption="Revenue and highest hour",
            name="worth", per_page=72)}),
        Panel("hindsight", "How it would have done: sales in kWh", "desk/network/said.html", lambda: {
            "said": shown.hindsight_said(found),
            "grid": grid(request, table=shown.Tried, rows=shown.tried_rows(found.result["tried"]),
                         caption="Sales in hindsight", name="hindsight", per_page=60),
        }),
        Panel("peaks", "How it would have done: peaks in kW", GRID, lambda: {"grid": grid(
            request, table=shown.Tried, rows=shown.tried_rows(found.result["peaks"]["tried"]),
            caption="Peaks in hindsight", name="peaks", per_page=60, empty=Empty("No peak could be tried."))}),
        Panel("given", "What it takes as given", "key/facts.html", lambda: {"facts": shown.given(found)}, "side"),
        Panel("beside", "Beside another", "key/forecast/beside.html",
              lambda: shown.beside(found, other, Forecast.objects.filter(state="done").exclude(pk=found.pk)), "side"),
    ]  # fmt: skip


def _pipeline(first: date, counts: str, *, on: date) -> Mapping[str, Sequence[float]]:
    """kWh of each month by class, from the developments that count."""
    if counts == "none":
        return {}
    sales = sales_by_class(first=first, count=YEAR, on=on)
    return {
        name: [float(kwh) for kwh in (one.committed if counts == "agreed" else one.whole)]
        for name, one in sales.items()
    }


def _load(pk: int) -> Forecast:
    found = Forecast.objects.select_related("run").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such forecast.")
    return found


def _beside(request: HttpRequest, found: Forecast) -> Forecast | None:
    asked = request.GET.get("beside", "")
    rows = Forecast.objects.filter(state=Forecast.State.DONE).exclude(pk=found.pk)
    return rows.filter(pk=int(asked)).first() if asked.isdecimal() else None
