"""What a measure would do: sliders over a service's own year, answered at once, kept side by side, on two pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.advice.answers import Answer
from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.scenario import Scenario
from lamplighter.keyaccounts.models import Organisation
from lamplighter.keyaccounts.models import Scenario as Kept
from lamplighter.keyaccounts.operations import plans
from lamplighter.keyaccounts.queries.advising import Desk, beside_each_other, desk, kept_scenarios
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key.advising.asked import Asked, asked_of, query_of
from lamplighter.web.key.advising.shown import Rates, Saved, chart, rate_rows, said, saved_row, tiles
from lamplighter.web.key.advising.stacking import rebates_shown
from lamplighter.web.key.forms import KeepScenario
from lamplighter.web.key.loading import PORTFOLIO, heading, load_organisation, load_service
from lamplighter.web.ui import htmx
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.panels import Panel, Unavailable, page
from lamplighter.web.ui.parts import Alert, Chip, Crumb, Empty, Level
from lamplighter.web.ui.tables import grid
from lamplighter.web.visits import visit

GRID = "ui/tables/grid.html"


@needs("keyaccounts.view", "billing.view")
def advice(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The measures that the address names, and what they come to; `?print=1` is their paper."""
    organisation = load_organisation(slug)
    services, chosen = load_service(request, organisation)
    above, on = heading(request, organisation, "key:advice"), visit(request).on
    above.pop("found")
    if chosen is None:
        raise Http404(f"{organisation} has no running service.")
    asked = asked_of(request.GET)
    stand = cache(lambda: desk(chosen, on=on))
    paper = "print" in request.GET
    panels = [
        Panel("measures", "What is changed", "key/advice/measures.html",
              lambda: {"asked": asked, "chips": _services(organisation, services, chosen), "service": chosen}),
        Panel("answer", "What it comes to", "key/advice/answer.html",
              lambda: _answer(request, slug, stand, asked, chosen)),
        Panel("rates", "Under every rate that it may be on", GRID, lambda: _rates(request, stand, asked),
              lazy=not paper and bool(asked.measures)),
        Panel("kept", "Kept, beside each other", GRID, lambda: _kept(request, slug, stand, chosen), lazy=not paper),
    ]  # fmt: skip
    template = "key/advice/print.html" if paper else "key/advice/page.html"
    return page(request, **above, template=template, panels=panels, organisation=organisation, service=chosen)


@needs("keyaccounts.work", "billing.view")
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what the address says under a name."""
    organisation, now = load_organisation(slug), visit(request)
    _, chosen = load_service(request, organisation)
    asked = asked_of(request.GET)
    if chosen is None:
        raise Http404(f"{organisation} has no running service.")

    def act(form: KeepScenario) -> str:
        try:
            stored = asked.scenario.stored()
        except CannotAdvise as fault:
            raise CannotKeep(str(fault)) from fault
        if asked.capacity_kw is not None:
            stored["capacity_kw"] = str(asked.capacity_kw)
        plans.save_scenario(organisation=organisation, agreement=chosen, name=form.cleaned_data["name"],
                            changes=stored, by=actor(request), at=now.at)  # fmt: skip
        return "Kept."

    return _panel(request, organisation, f"Keep a what-if for {organisation}", KeepScenario, act)


@needs("keyaccounts.work", "billing.view")
def drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation, now = load_organisation(slug), visit(request)
    kept = Kept.objects.filter(pk=pk, organisation=organisation, dropped_at__isnull=True).first()
    if kept is None:
        raise Http404("There is no such what-if.")

    def act(form: _Drop) -> str:  # noqa: ARG001
        plans.drop_scenario(scenario=kept, by=actor(request), at=now.at)
        return "Dropped."

    return _panel(request, organisation, f"Drop “{kept.name}”", _Drop, act)


class _Drop(Once, Form):
    """Nothing to fill in."""


def _panel(
    request: HttpRequest, organisation: Organisation, title: str, form: Callable[..., Any], act: Callable[[Any], str]
) -> HttpResponse:
    back = reverse("key:advice", args=[organisation.slug])
    return form_panel(
        request, title=title, form=form, act=act, back=back, crumbs=[PORTFOLIO, Crumb(str(organisation), back)],
        done=lambda words: Done(words, refresh=["kept"]), refusals=(CannotKeep,),
    )  # fmt: skip


def _services(organisation: Organisation, services: list[Agreement], chosen: Agreement) -> list[Chip]:
    here = reverse("key:advice", args=[organisation.slug])
    made = [Chip(str(one.premise), f"{here}?service={one.pk}", on=one == chosen) for one in services[:12]]
    return made if len(services) > 1 else []


def _answered(stand: Callable[[], Desk], asked: Asked, *, every_rate: bool) -> tuple[Scenario, Answer]:
    """Raises CannotAdvise."""
    scenario = asked.scenario
    return scenario, stand().asked(scenario, every_rate=every_rate, capacity_kw=asked.capacity_kw)


def _answer(
    request: HttpRequest, slug: str, stand: Callable[[], Desk], asked: Asked, chosen: Agreement
) -> Mapping[str, Any]:
    if not asked.measures:
        return {"empty": Empty("Choose a measure: it is tried on the last twelve bills.")}
    try:
        scenario, found = _answered(stand, asked, every_rate=False)
    except CannotAdvise as fault:
        return {"alerts": [Alert(Level.WATCH, "That can't be answered", str(fault))], "swapped": _swapped(request)}
    query = query_of(request.GET)
    here = reverse("key:advice", args=[slug])
    stacks = rebates_shown(found, scenario, stand().service.curve, chosen, on=visit(request).on,
                           applies="rebates.apply" in permissions(request))  # fmt: skip
    return stacks | {
        "tiles": tiles(found),
        "said": said(found, stand().around),
        "alerts": _alerts(found),
        "chart": chart(found),
        "keep": f"{reverse('key:do-keep-advice', args=[slug])}?{query}" if _works(request) else "",
        "paper": f"{here}?{query}&print=1",
        "address": f"{here}?{query}",
        "rates": f"{here}?{query}&panel=rates",
        "swapped": _swapped(request),
        "scenario": scenario,
    }


def _swapped(request: HttpRequest) -> bool:
    """Whether the answer came by itself into the page: then the rates beside it are fetched too."""
    return htmx.asks(request) and request.GET.get("panel") == "answer"


def _alerts(found: Answer) -> list[Alert]:
    made = [Alert(Level.KNOW, one.measure.kind.label, one.effect.cannot) for one in found.measures if one.effect.cannot]
    present = next(rate for rate in found.rates if rate.current)
    if present.closed_then and present.closed_then != present.closed:
        move = f" The figures go by {found.on.code}." if found.moved else ""
        made.insert(0, Alert(Level.WATCH, f"It leaves {present.code}", present.closed_then + move))
    if found.peaks.over:
        text = f"{found.peaks.then_kw:,.0f} kW on a service of {found.peaks.capacity_kw:,.0f} kW."
        made.insert(0, Alert(Level.STOP, "The service does not carry it", text))
    return made


def _rates(request: HttpRequest, stand: Callable[[], Desk], asked: Asked) -> Mapping[str, Any]:
    rows: list[dict[str, Any]] = []
    if asked.measures:
        try:
            rows = rate_rows(_answered(stand, asked, every_rate=True)[1])
        except CannotAdvise as fault:
            raise Unavailable(str(fault)) from fault
    empty = Empty("Choose a measure first.")
    return {"grid": grid(request, table=Rates, rows=rows, caption="Rates", name="rates", empty=empty)}


def _kept(request: HttpRequest, slug: str, stand: Callable[[], Desk], chosen: Agreement) -> Mapping[str, Any]:
    kept = kept_scenarios(chosen)
    try:
        rows = [saved_row(one, slug, chosen.pk, drops=_works(request)) for one in beside_each_other(stand(), kept)]
    except CannotAdvise as fault:
        if kept:
            raise Unavailable(str(fault)) from fault
        rows = []
    empty = Empty("Nothing is kept. Work something out and keep it under a name.")
    return {"grid": grid(request, table=Saved, rows=rows, caption="Kept what-ifs", name="kept", empty=empty)}


def _works(request: HttpRequest) -> bool:
    return "keyaccounts.work" in permissions(request)
