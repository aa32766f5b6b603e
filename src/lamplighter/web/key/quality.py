"""An account's power: its record beside its feeder's, what was done about complaints, what would help and its price."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.advice.remedies import Site
from lamplighter.keyaccounts.models import Issue, Organisation
from lamplighter.keyaccounts.queries.history import history
from lamplighter.keyaccounts.queries.power import points_of, power_issues, site_of
from lamplighter.network.queries.quality import PowerRecord
from lamplighter.outreach.queries.sites import remedies_had
from lamplighter.premises.models import ServicePoint
from lamplighter.rating.refusals import CannotMeasure
from lamplighter.web.access import needs
from lamplighter.web.desk.network.quality import quality_panels, record_of
from lamplighter.web.key import complaints
from lamplighter.web.key.accounts import told
from lamplighter.web.key.alternatives import Remedies, assumed, weighed_said
from lamplighter.web.key.loading import heading, load_organisation, load_service
from lamplighter.web.key.today import issues_shown
from lamplighter.web.ui.panels import Panel, Unavailable, page
from lamplighter.web.ui.parts import Action, Chip, Empty, Fact
from lamplighter.web.ui.tables import grid
from lamplighter.web.visits import visit


@needs("keyaccounts.view", "metering.view")
def power(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A year of power at one point of the organisation; `?print=1` is its paper."""
    organisation = load_organisation(slug)
    services, chosen = load_service(request, organisation)
    above, now = heading(request, organisation, "key:quality"), visit(request)
    above.pop("found")
    points = points_of(chosen, on=now.on) if chosen is not None else []
    point = next((one for one in points if one.number == request.GET.get("point")), points[0] if points else None)
    if chosen is None or point is None:
        raise Http404(f"{organisation} has no running service with a meter.")
    paper, record = "print" in request.GET, record_of(point, at=now.at)
    site, issues = cache(lambda: _size(chosen, request)), cache(lambda: power_issues(organisation))
    shown = [
        Panel("where", "Where", "key/chooser.html", lambda: _chooser(organisation, services, points, chosen, point),
              "top", frame=False),
        *quality_panels(request, point, record, lazy=not paper),
        Panel("issues", "Complaints about power", "key/entries.html",
              lambda: {**issues_shown(request, issues()), "empty": Empty("None was opened.", good=True)}),
        Panel("done", "What was said and done about them", "key/powerdone.html", lambda: _done(issues())),
        Panel("alternatives", "What would help, and at what price", "desk/network/said.html",
              lambda: _alternatives(request, site, record), lazy=not paper),
        Panel("assumed", "What trouble and remedies cost", "key/assumed.html",
              lambda: {**assumed(request, site()), "service": chosen, "point": point}, lazy=not paper),
    ]  # fmt: skip
    query = f"service={chosen.pk}&point={point.number}"
    above["actions"].append(Action("Print", f"?{_kept(request, query)}&print=1", key="p", panel=False))
    template = "key/quality_print.html" if paper else "ui/page.html"
    return page(request, **above, template=template, panels=shown, organisation=organisation, service=chosen,
                point=point)  # fmt: skip


def _size(chosen: Agreement, request: HttpRequest) -> Site:
    on = visit(request).on
    try:
        return replace(site_of(chosen, on=on), have=remedies_had(chosen.account_id, on=on))
    except CannotMeasure as fault:
        raise Unavailable(f"How large they are is not known: {fault}") from fault


def _alternatives(request: HttpRequest, site: Callable[[], Site], record: PowerRecord) -> Mapping[str, Any]:
    said, rows = weighed_said(request, site(), record)
    return {"said": said, "grid": grid(request, table=Remedies, rows=rows, caption="What would help", name="remedies")}


def _done(issues: list[Issue]) -> Mapping[str, Any]:
    """Investigations with their cause and what is put right, then every contact about them."""
    facts: list[Fact] = []
    for one in issues:
        found = complaints.panel_of(one)["facts"]
        facts += [Fact(f"Issue {one.number}: {fact.label.lower()}", fact.value, fact.link) for fact in found]
    lines = history(of=issues) if issues else []
    return {**told(lines), "facts": facts, "empty": Empty("Nothing was noted about power yet.")}


def _chooser(
    organisation: Organisation, services: list[Agreement], points: list[ServicePoint], chosen: Agreement,
    point: ServicePoint,
) -> Mapping[str, Any]:  # fmt: skip
    here = reverse("key:quality", args=[organisation.slug])
    chips = [Chip(str(one.premise), f"{here}?service={one.pk}", on=one == chosen) for one in services[:12]]
    several = [Chip(one.number, f"{here}?service={chosen.pk}&point={one.number}", on=one == point) for one in points]
    return {
        "chips": [*(chips if len(chips) > 1 else []), *(several if len(several) > 1 else [])],
        "chips_label": "Service",
    }


def _kept(request: HttpRequest, query: str) -> str:
    """The address with the assumptions that were changed."""
    asked = request.GET.copy()
    for name in ("panel", "print", "export", "service", "point"):
        asked.pop(name, None)
    return "&".join(filter(None, [query, asked.urlencode()]))
