"""A service's load: figures, what is odd, heat map, profiles, duration, peaks with their cost, sites and peers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.billing.models import Bill
from lamplighter.billing.queries.peak_costs import PeakCost, PeakCosts, peak_costs
from lamplighter.billing.queries.service_years import CannotCompare, service_year
from lamplighter.intervals.curves import shapes
from lamplighter.intervals.curves.curve import Floats, LoadCurve
from lamplighter.intervals.curves.oddities import oddities
from lamplighter.keyaccounts.models import Organisation
from lamplighter.keyaccounts.queries.loads import Outgrown, outgrown, sites, year_curve
from lamplighter.rating.refusals import CannotMeasure, CannotPrice
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.bills.showing import true_ups
from lamplighter.web.key.accounts import service_rows
from lamplighter.web.key.changes import changes_shown
from lamplighter.web.key.heat import heat
from lamplighter.web.key.loading import heading, load_organisation, load_service
from lamplighter.web.key.others import others_shown
from lamplighter.web.key.weather import weather_shown
from lamplighter.web.ui.charts import Bars, Series
from lamplighter.web.ui.panels import Panel, Unavailable, page
from lamplighter.web.ui.parts import Action, Badge, Chip, Empty, Entry, Tile, Tone
from lamplighter.web.ui.tables import Column, DayColumn, MoneyColumn, NumberColumn, Table, grid
from lamplighter.web.ui.wording import clock, counted, day, number, quantity
from lamplighter.web.visits import visit

GRID = "ui/tables/grid.html"
BY_BILLS = "No intervals here: energy of its last twelve bills."


class Peaks(Table):
    """The highest days, from `peak_rows`."""

    on = DayColumn("Day")
    at = Column("At")
    kw = NumberColumn("Demand (kW)", places=1)
    without = NumberColumn("Other days of the bill (kW)", places=1)
    cost = MoneyColumn("Cost in twelve bills")

    def row_url(self, record: Any) -> str:
        return str(record["url"])


class Sites(Table):
    where = Column("Site")
    kwh = NumberColumn("Energy (kWh)")
    peak = NumberColumn("Peak (kW)")
    base = NumberColumn("Base (kW)")
    factor = NumberColumn("Load factor (%)", places=0)
    odd = Column("What is odd", default="")

    def row_url(self, record: Any) -> str:
        return str(record["url"])


@needs("keyaccounts.view", "metering.view")
def load(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Everything that a year of intervals says of one service."""
    organisation = load_organisation(slug)
    services, chosen = load_service(request, organisation)
    above = heading(request, organisation, "key:load")
    above.pop("found")
    if chosen is None:
        raise Http404(f"{organisation} has no running service.")
    on = visit(request).on
    try:
        curve = year_curve(chosen, on=on)
    except CannotMeasure as fault:
        nothing = str(fault)
        return page(
            request,
            **above,
            panels=[
                Panel(
                    "none",
                    "Load",
                    "key/chooser.html",
                    lambda: {**_chooser(organisation, services, chosen), "empty": Empty(nothing)},
                ),
            ],
        )
    bill = Bill.objects.filter(account=chosen.account).order_by("-issued_on", "-pk").first()
    if bill is not None:
        explained = reverse("desk:bill", args=[chosen.account.number, bill.number])
        above["actions"].append(Action("Last bill explained", explained, key="b", panel=False))
    return page(request, **above, panels=_panels(request, organisation, services, chosen=chosen, curve=curve))


def _panels(
    request: HttpRequest,
    organisation: Organisation,
    services: Sequence[Agreement],
    *,
    chosen: Agreement,
    curve: LoadCurve,
) -> list[Panel]:
    on = visit(request).on
    return [
        Panel(
            "figures",
            "Figures",
            "key/figures.html",
            lambda: {**_chooser(organisation, services, chosen), "tiles": _tiles(curve)},
            "top",
            frame=False,
        ),
        Panel("odd", "What is odd", "key/entries.html", lambda: _odd(chosen, curve, on)),
        Panel(
            "peaks",
            "Peaks and what they cost",
            "key/peaks.html",
            lambda: _peaks(request, organisation, chosen, on),
            lazy=True,
        ),
        *_changed(request, services, chosen, on),
        Panel("heat", "Every hour of the year", "key/heat.html", lambda: _heat(curve)),
        Panel("weather", "The weather in it", "ui/gallery/chart.html", lambda: weather_shown(curve)),
        Panel("profiles", "A usual day", "ui/gallery/chart.html", lambda: {"chart": _profiles(curve)}),
        Panel(
            "duration",
            "How long the load is how high",
            "ui/gallery/chart.html",
            lambda: {"chart": _duration(curve)},
        ),
        *_sent_back(request, chosen, curve),
        Panel("peers", "Beside others", "key/facts.html", lambda: others_shown(organisation, chosen, on), lazy=True),
        *_sites_shown(request, organisation, services, on),
    ]


def _changed(request: HttpRequest, services: Sequence[Agreement], chosen: Agreement, on: date) -> list[Panel]:
    """The account's last bill explained, where bills may be seen."""
    if "billing.view" not in permissions(request):
        return []
    alone = sum(one.account_id == chosen.account_id for one in services) == 1
    rows = partial(changes_shown, chosen, on, alone=alone)
    return [Panel("changes", "Why the last bill changed", "key/changes.html", rows, lazy=True)]


def _sites_shown(
    request: HttpRequest, organisation: Organisation, services: Sequence[Agreement], on: date
) -> list[Panel]:
    if len(services) == 1:
        return []

    def rows() -> Mapping[str, Any]:
        shown = grid(request, table=Sites, rows=_sites(organisation, services, on), caption="Sites", name="sites",
                     empty=Empty("No site was read or billed."))  # fmt: skip
        return {"grid": shown}

    return [Panel("sites", "Its sites beside each other", GRID, rows, lazy=True)]


def _sent_back(request: HttpRequest, chosen: Agreement, curve: LoadCurve) -> list[Panel]:
    """Where something is sent back: the credit, and what the true-up will about come to."""
    if not curve.sends or "billing.view" not in permissions(request):
        return []
    template = "desk/bills/trueup.html"
    return [Panel("true-up", "Energy sent back", template, lambda: true_ups(chosen.account), lazy=True)]


def _chooser(organisation: Organisation, services: Sequence[Agreement], chosen: Agreement) -> dict[str, Any]:
    here = reverse("key:load", args=[organisation.slug])
    chips = [Chip(str(one.premise), f"{here}?service={one.pk}", on=one == chosen) for one in services[:12]]
    return {"chips": chips if len(services) > 1 else [], "chips_label": "Service"}


def _tiles(curve: LoadCurve) -> list[Tile]:
    found = shapes.figures(curve)
    gaps = f"{curve.missing:,} readings missing" if curve.missing else "no reading missing"
    guess = f"{curve.estimated_share:.1%} estimated" if curve.estimated.any() else "none estimated"
    tiles = [
        Tile("Energy", quantity(found.kwh, "kWh"), f"{curve.calendar.days} days · {gaps}, {guess}"),
        Tile("Highest demand", quantity(found.peak_kw, "kW"), f"mean {quantity(found.mean_kw, 'kW')}"),
        Tile(
            "Base load",
            quantity(found.base_kw, "kW"),
            f"{found.base_kw * 8.76:,.0f} MWh of a year",
        ),
        Tile("Load factor", f"{found.load_factor:.0%}", "mean over highest"),
    ]
    if found.power_factor is not None:
        tiles.append(
            Tile(
                "Power factor",
                f"{found.power_factor:.2f}",
                "of all kWh and kVArh",
                Tone.WATCH if found.power_factor < 0.9 else Tone.PLAIN,
            )
        )
    if curve.sends:
        tiles.append(Tile("Sent back", quantity(found.kwh_sent, "kWh")))
    return tiles


def _odd(chosen: Agreement, curve: LoadCurve, on: date) -> Mapping[str, Any]:
    habit, last = shapes.habit_of(shapes.top_peaks(curve)), curve.calendar.period.last_day
    entries = [Entry(last, Badge("Peaks", Tone.METER), habit)] if habit else []
    if (past := outgrown(chosen, curve, on=on)) is not None:
        entries.append(Entry(past.days[-1], Badge("Rate class", Tone.WATCH), _outgrown(past)))
    entries += [Entry(one.on, Badge(str(one.kind).capitalize(), Tone.WATCH), one.words) for one in oddities(curve)]
    return {"entries": entries, "empty": Empty("Nothing odd: no drift, no step, no night left on.", good=True)}


def _outgrown(past: Outgrown) -> str:
    below, first = quantity(past.below, "kW"), day(past.days[0])
    if len(past.days) == 1:
        return f"{past.code} is for less than {below}: {first} reached it."
    return f"{past.code} is for less than {below}: {len(past.days)} days reached it, the first on {first}."


def _peaks(request: HttpRequest, organisation: Organisation, chosen: Agreement, on: date) -> Mapping[str, Any]:
    try:
        found = peak_costs(service_year(chosen, on=on))
    except (CannotCompare, CannotMeasure, CannotPrice) as fault:
        raise Unavailable(str(fault)) from fault
    rows = [
        {
            "on": one.peak.day,
            "at": clock(one.peak.at),
            "kw": _places(one.peak.kw),
            "without": _places(one.kw_without),
            "cost": one.cost,
            "url": reverse("key:peak", args=[organisation.slug, chosen.pk, one.peak.day.isoformat()])
            + f"?without={_places(one.kw_without)}",
        }
        for one in found.peaks
    ]
    return {"said": _said(found), "grid": grid(request, table=Peaks, rows=rows, caption="Peaks", name="peaks")}


def _said(found: PeakCosts) -> list[str]:
    worst = max(found.peaks, key=lambda one: one.cost)
    level = quantity(worst.kw_without, "kW")
    less = f"had that day stayed at {level} like others, twelve bills would have been {found.actual - worst.cost}"
    said = [
        f"The twelve bills came to {found.actual}; {found.demand} of it was for demand.",
        f"{_day(worst)} cost {worst.cost}: {less}.",
    ]
    if found.habit is not None:
        together = f"All peaks at {clock(found.habit.peak.at)} together cost {found.habit.cost} in twelve bills"
        said.append(f"{together}: without them the highest demand would be {quantity(found.habit.kw_without, 'kW')}.")
    if found.ratcheted is not None:
        bills = counted(found.ratcheted.bills, "bill")
        held = f"In {bills} an earlier peak held demand at up to {found.ratcheted.kw:,.1f} kW"
        said.append(f"{held}, above what was used: {found.ratcheted.cost} before taxes.")
    return said


def _day(one: PeakCost) -> str:
    return f"{day(one.peak.day)}, {quantity(one.peak.kw, 'kW')} at {clock(one.peak.at)},"


def _heat(curve: LoadCurve) -> Mapping[str, Any]:
    cells = shapes.heat_map(curve)
    hours = np.nanmean(cells, axis=0)
    high, low = int(np.nanargmax(hours)), int(np.nanargmin(hours))
    top, bottom = (quantity(float(hours[hour]), "kW") for hour in (high, low))
    sentence = f"On average the load is highest from {_hour(high)} ({top}) and lowest from {_hour(low)} ({bottom})."
    first, last = curve.calendar.period.start, curve.calendar.period.last_day
    made = heat(cells, first=first, title=f"{day(first)} to {day(last)}", sentence=sentence)
    rows = [(_hour(hour), number(float(value), 1)) for hour, value in enumerate(hours)]
    return {"heat": made, "rows": rows}


def _profiles(curve: LoadCurve) -> Bars:
    kinds = {name: days for name, days in shapes.day_kinds(curve).items() if days.any()}
    series = [Series(name, [_places(value) for value in shapes.profile(curve, days)]) for name, days in kinds.items()]
    top = {name: float(np.nanmax(shapes.profile(curve, days))) for name, days in kinds.items()}
    most = max(top, key=lambda name: top[name])
    return Bars(
        "profiles",
        f"{most} are the highest: {quantity(top[most], 'kW')} in a usual day's highest hour.",
        "Mean kW by hour and kind of day.",
        [_hour(hour) for hour in range(24)],
        series,
        "kW",
        "Hour",
        places=1,
    )


def _duration(curve: LoadCurve) -> Bars:
    values: Floats = shapes.duration(curve, 51)
    tenth = float(values[5])
    return Bars(
        "duration",
        f"A tenth of the time the load is above {quantity(tenth, 'kW')}.",
        "kW that is reached or exceeded in that part of the time.",
        [f"{i * 2} %" for i in range(51)],
        [Series("Load", [_places(value) for value in values])],
        "kW",
        "Part of the time",
        places=1,
    )


def _sites(organisation: Organisation, services: Sequence[Agreement], on: date) -> list[dict[str, Any]]:
    """Those that are read by intervals; below them the others, by their bills."""
    here, found = reverse("key:load", args=[organisation.slug]), sites(services, on=on)
    measured = {one.agreement.pk for one in found}
    billed = service_rows([one for one in services if one.pk not in measured], organisation)
    return [
        {
            "where": str(one.agreement.premise),
            "kwh": one.figures.kwh,
            "peak": one.figures.peak_kw,
            "base": one.figures.base_kw,
            "factor": one.figures.load_factor * 100,
            "odd": one.odd,
            "url": f"{here}?service={one.agreement.pk}",
        }
        for one in found
    ] + [{"where": one["where"], "kwh": one["kwh"], "odd": BY_BILLS, "url": one["url"]} for one in billed]


def _places(value: float) -> Decimal | None:
    return None if np.isnan(value) else Decimal(float(value)).quantize(Decimal("0.1"))


def _hour(hour: int) -> str:
    return f"{hour % 12 or 12} {'am' if hour < 12 else 'pm'}"
