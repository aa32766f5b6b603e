"""The sun, weather and carbon that what-ifs go by: what was adopted last, its sources, and adopting another file."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.advice.surroundings import Surroundings
from lamplighter.keyaccounts.operations.surroundings import adopt_surroundings
from lamplighter.keyaccounts.queries.advising import surroundings as adopted
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key.forms import AdoptSurroundings
from lamplighter.web.key.loading import PORTFOLIO, text_of
from lamplighter.web.ui.charts import Bars, Series
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Crumb, Fact
from lamplighter.web.ui.wording import day, number
from lamplighter.web.visits import visit

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SHOWN = {"January": 0, "July": 6}


@needs("keyaccounts.view")
def surroundings(request: HttpRequest) -> HttpResponseBase:
    found = adopted(on=visit(request).on)
    actions = []
    if "keyaccounts.work" in permissions(request):
        actions.append(Action("Adopt a file", reverse("key:do-adopt-surroundings"), key="a", primary=True))
    return page(
        request, title="Sun, weather and carbon", crumbs=[PORTFOLIO], actions=actions,
        panels=[
            Panel("place", "What what-ifs go by", "key/facts.html", lambda: _facts(found)),
            Panel("carbon", "Carbon by the hour", "ui/gallery/chart.html", lambda: {"chart": _carbon(found)}),
            Panel("sun", "Sun by the month", "ui/gallery/chart.html", lambda: {"chart": _sun(found)}),
        ],
    )  # fmt: skip


@needs("keyaccounts.work")
def adopt(request: HttpRequest) -> HttpResponse:
    now = visit(request)

    def act(form: AdoptSurroundings) -> str:
        adopt_surroundings(
            text=text_of(form.cleaned_data["file"]), since=form.cleaned_data["since"], by=actor(request), at=now.at
        )
        return "Adopted."

    back = reverse("key:surroundings")
    return form_panel(
        request, title="Adopt surroundings", form=lambda *args: AdoptSurroundings(*args, initial={"since": now.on}),
        act=act, submit="Adopt it", back=back, crumbs=[PORTFOLIO, Crumb("Sun, weather and carbon", back)],
        done=lambda words: Done(words, url=back), refusals=(CannotKeep,),
    )  # fmt: skip


def _facts(found: Surroundings) -> Mapping[str, Any]:
    site = found.site
    facts = [
        Fact("Place", f"{site.name}, {site.latitude:g}°, {site.longitude:g}°"),
        Fact("Sun and weather", site.source),
    ]
    facts += [
        Fact(f"Carbon since {day(one.since)}", f"{one.source}{'' if one.hourly else ' (the same for every hour)'}")
        for one in found.carbon
    ]
    return {"facts": facts, "links": []}


def _carbon(found: Surroundings) -> Bars:
    newest = found.carbon[-1]
    low, high = (pick(value for row in newest.kg_per_mwh for value in row) for pick in (min, max))
    return Bars(
        "carbon", f"From {number(low, 0)} to {number(high, 0)} kg of CO₂ a MWh.", f"Since {day(newest.since)}.",
        [f"{hour}:00" for hour in range(24)],
        [Series(name, [_places(value) for value in newest.kg_per_mwh[month]]) for name, month in SHOWN.items()],
        "kg/MWh", "Hour",
    )  # fmt: skip


def _sun(found: Surroundings) -> Bars:
    site = found.site
    best = max(range(12), key=lambda month: site.sun[month])
    return Bars(
        "sun", f"{MONTHS[best]} has the most: {number(site.sun[best], 1)} kWh/m² a day.",
        f"On a plane of {site.tilt:g}° that faces {site.azimuth:g}°.", list(MONTHS),
        [Series("Sun", [_places(value) for value in site.sun])], "kWh/m²", "Month", places=1,
    )  # fmt: skip


def _places(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))
