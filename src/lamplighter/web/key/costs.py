"""The marginal costs by which offers are judged: what was adopted last, its source, and adopting another file."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.advice.costs import MarginalCosts
from lamplighter.keyaccounts.operations.costs import adopt_costs
from lamplighter.keyaccounts.queries.offers import adopted_costs
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key.contractforms import AdoptCosts
from lamplighter.web.key.loading import text_of
from lamplighter.web.key.negotiations import CONTRACTS
from lamplighter.web.ui.charts import Bars, Series
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Empty, Fact
from lamplighter.web.ui.wording import day, number
from lamplighter.web.visits import visit

TITLE = "Marginal costs"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SHOWN = {"January": 0, "July": 6}


@needs("keyaccounts.view")
def costs(request: HttpRequest) -> HttpResponseBase:
    found = adopted_costs(on=visit(request).on)
    actions = []
    if "keyaccounts.work" in permissions(request):
        actions.append(Action("Adopt a file", reverse("key:do-adopt-costs"), key="a", primary=True))
    panels = [Panel("facts", "What offers are judged by", "key/facts.html", lambda: _facts(found))]
    if found is not None:
        panels.append(Panel("hours", "Energy by the hour", "ui/gallery/chart.html", lambda: {"chart": _by_hour(found)}))
    return page(request, title=TITLE, crumbs=[CONTRACTS], actions=actions, panels=panels)


@needs("keyaccounts.work")
def adopt(request: HttpRequest) -> HttpResponse:
    now, back = visit(request), reverse("key:costs")

    def act(form: AdoptCosts) -> str:
        adopt_costs(text=text_of(form.cleaned_data["file"]), by=actor(request), at=now.at)
        return "Adopted."

    return form_panel(
        request, title="Adopt marginal costs", form=AdoptCosts, act=act, submit="Adopt it", back=back,
        crumbs=[CONTRACTS, Crumb(TITLE, back)], done=lambda words: Done(words, url=back), refusals=(CannotKeep,),
    )  # fmt: skip


def _facts(found: MarginalCosts | None) -> Mapping[str, Any]:
    if found is None:
        return {"facts": [], "links": [],
                "empty": Empty("No costs were adopted: offers are compared without their margin.")}  # fmt: skip
    months = ", ".join(MONTHS[month - 1] for month in found.peak_months)
    hours = ", ".join(f"{hour}:00" for hour in found.peak_hours)
    return {"facts": [
        Fact("Since", found.since),
        Fact("Source", found.source),
        Fact("Capacity", f"${number(found.dollars_per_kw_year, 2)} a kW a year, at the hours of the peak"),
        Fact("Hours of the peak", f"Working days in {months}, the hours that begin at {hours}"),
        Fact("Lost on the way", f"{number(found.losses * 100, 1)} %"),
        Fact("An account", f"${number(found.dollars_per_month, 2)} a month"),
    ], "links": []}  # fmt: skip


def _by_hour(found: MarginalCosts) -> Bars:
    low, high = (pick(value for row in found.dollars_per_mwh for value in row) for pick in (min, max))
    return Bars(
        "hours", f"From ${number(low, 0)} to ${number(high, 0)} a MWh.", f"Since {day(found.since)}.",
        [f"{hour}:00" for hour in range(24)],
        [Series(name, [Decimal(str(value)).quantize(Decimal("0.01")) for value in found.dollars_per_mwh[month]])
         for name, month in SHOWN.items()],
        "$/MWh", "Hour",
    )  # fmt: skip
