"""The planning figures that loads are estimated by: what was adopted last, and adopting another file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.keyaccounts.operations.developments import adopt_planning
from lamplighter.keyaccounts.planning import Planning
from lamplighter.keyaccounts.queries.planning import adopted_planning
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key.loading import text_of
from lamplighter.web.key.pipeline.forms import AdoptPlanning
from lamplighter.web.key.pipeline.views import PIPELINE
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Empty, Fact
from lamplighter.web.ui.tables import Column, NumberColumn, Table, grid
from lamplighter.web.visits import visit

TITLE = "Planning figures"


class Buildings(Table):
    """Kinds of buildings."""

    label = Column("Building")
    va = NumberColumn("VA each", places=1)
    per = Column("For each")
    demand = NumberColumn("At once (share)", places=2)
    load_factor = NumberColumn("Load factor", places=2)


@needs("keyaccounts.view")
def planning(request: HttpRequest) -> HttpResponseBase:
    found = adopted_planning(on=visit(request).on)
    actions = []
    if "keyaccounts.work" in permissions(request):
        actions.append(Action("Adopt a file", reverse("key:do-adopt-planning"), key="a", primary=True))
    panels = [Panel("facts", "What loads are estimated by", "key/facts.html", lambda: _facts(found))]
    if found is not None:
        rows = list(found.buildings.values())
        panels.append(Panel("buildings", "Buildings", "ui/tables/grid.html", lambda: {"grid": grid(
            request, table=Buildings, rows=rows, caption="Buildings", name="buildings")}))  # fmt: skip
    return page(request, title=TITLE, crumbs=[PIPELINE], actions=actions, panels=panels)


@needs("keyaccounts.work")
def adopt(request: HttpRequest) -> HttpResponse:
    now, back = visit(request), reverse("key:planning")

    def act(form: AdoptPlanning) -> str:
        adopt_planning(text=text_of(form.cleaned_data["file"]), by=actor(request), at=now.at)
        return "Adopted."

    return form_panel(
        request, title="Adopt planning figures", form=AdoptPlanning, act=act, submit="Adopt it", back=back,
        crumbs=[PIPELINE, Crumb(TITLE, back)], done=lambda words: Done(words, url=back), refusals=(CannotKeep,),
    )  # fmt: skip


def _facts(found: Planning | None) -> Mapping[str, Any]:
    if found is None:
        return {"facts": [], "links": [], "empty": Empty("No figures were adopted: no load can be estimated.")}
    return {"facts": [
        Fact("Since", found.since), Fact("Source", found.source), Fact("Power factor", f"{found.power_factor:f}"),
        Fact("Transformers in stock", ", ".join(f"{size:,}" for size in found.transformers_kva) + " kVA"),
    ], "links": []}  # fmt: skip
