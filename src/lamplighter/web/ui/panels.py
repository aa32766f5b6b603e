"""Pages as lists of panels. A panel asks everything before anything renders, and has its own address.

def account(request, number):
    found = load_account(request, number)
    return page(request, title=found.name, number=found.number, panels=[
        Panel("timeline", "Timeline", "desk/accounts/timeline.html", lambda: timeline(found)),
        Panel("why", "Why is it high?", "desk/accounts/why.html", lambda: why(found), place="side"),
    ])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from lamplighter.web.ui import htmx
from lamplighter.web.ui.parts import Action, Alert, Crumb, Tab

Rows = Callable[[], Mapping[str, Any]]


class Unavailable(Exception):
    """A panel can't be filled now; the message names what did not come and since when. The rest of the page stands."""


@runtime_checkable
class Exportable(Protocol):
    """A value of a panel that can be had as CSV."""

    def as_csv(self) -> HttpResponseBase: ...


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of a page.

    `rows` is called only when this panel is shown, before rendering, and gives its template's context. A panel
    without a frame is bare (the tiles at the head of a page). A lazy one is fetched after the page has come.
    """

    name: str
    title: str
    template: str
    rows: Rows = dict
    place: Literal["top", "main", "side"] = "main"
    frame: bool = True
    lazy: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A panel with its answers, ready to render."""

    panel: Panel
    url: str
    context: Mapping[str, Any] = field(default_factory=dict)
    missing: str = ""
    waits: bool = False

    @property
    def dom_id(self) -> str:
        return f"panel-{self.panel.name}"

    @property
    def export_url(self) -> str:
        return f"{self.url}&export=csv"


def page(
    request: HttpRequest,
    *,
    title: str,
    panels: Sequence[Panel] = (),
    number: str = "",
    crumbs: Sequence[Crumb] = (),
    alerts: Sequence[Alert] = (),
    actions: Sequence[Action] = (),
    tabs: Sequence[Tab] = (),
    template: str = "ui/page.html",
    **context: Any,
) -> HttpResponseBase:
    """Answer a whole page, or the one panel that `?panel=name` asks for (its CSV with `&export=csv`)."""
    if wanted := request.GET.get("panel"):
        return _one(request, _named(panels, wanted), title=title, crumbs=crumbs, template=template, context=context)
    filled = [_waiting(request, panel) if panel.lazy else fill(request, panel) for panel in panels]
    places = {place: [f for f in filled if f.panel.place == place] for place in ("top", "main", "side")}
    response = render(request, template, {
        **context, "title": title, "number": number, "crumbs": crumbs, "alerts": alerts, "actions": actions,
        "tabs": tabs, "panels": places,
    })  # fmt: skip
    htmx.vary(response)
    return response


def fill(request: HttpRequest, panel: Panel) -> Filled:
    """Ask everything that the panel shows."""
    try:
        return Filled(panel, _url(request, panel), panel.rows())
    except Unavailable as missing:
        return Filled(panel, _url(request, panel), missing=str(missing))


def _one(
    request: HttpRequest, panel: Panel, *, title: str, crumbs: Sequence[Crumb], template: str, context: dict[str, Any]
) -> HttpResponseBase:
    filled = fill(request, panel)
    if request.GET.get("export") == "csv":
        exports = [value for value in filled.context.values() if isinstance(value, Exportable)]
        if not exports:
            raise Http404(f"{panel.title} has nothing to export.")
        return exports[0].as_csv()
    response: HttpResponse
    if htmx.asks(request):
        response = render(request, "ui/panels/card.html", {**context, "filled": filled})
        response["HX-Push-Url"] = _whole(request) if htmx.target(request).startswith("grid-") else "false"
    else:
        here = {"title": panel.title, "crumbs": [*crumbs, Crumb(title, request.path)]}
        response = render(request, template, {**context, **here, "panels": {"main": [filled]}})
    htmx.vary(response)
    return response


def _named(panels: Sequence[Panel], name: str) -> Panel:
    for panel in panels:
        if panel.name == name:
            return panel
    raise Http404(f"This page has no panel {name!r}.")


def _waiting(request: HttpRequest, panel: Panel) -> Filled:
    return Filled(panel, _url(request, panel), waits=True)


def _whole(request: HttpRequest) -> str:
    """The address of the page that shows this panel so: a table in it was sorted, filtered or paged."""
    query = request.GET.copy()
    del query["panel"]
    return f"{request.path}?{query.urlencode()}"


def _url(request: HttpRequest, panel: Panel) -> str:
    query = request.GET.copy()
    query.pop("export", None)
    query["panel"] = panel.name
    return f"{request.path}?{query.urlencode()}"
