"""The pipeline of new developments: by stage, on feeders and in expected sales; and one development on its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.keyaccounts.models import Development, DevelopmentNeed, DevelopmentStage, Step, Touch
from lamplighter.keyaccounts.planning import Planning
from lamplighter.keyaccounts.queries.developments import (
    Sales,
    Standing,
    expected_sales,
    feeders_loaded,
    pipeline,
    suggestions,
)
from lamplighter.keyaccounts.queries.planning import adopted_planning
from lamplighter.web.access import needs, permissions
from lamplighter.web.key.loading import PORTFOLIO
from lamplighter.web.key.pipeline.forms import movable
from lamplighter.web.key.steps import steps_shown
from lamplighter.web.naming import names_of
from lamplighter.web.ui.charts import Bars, Series
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Chip, Crumb, Empty, Entry, Fact, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MoneyColumn, NumberColumn, Table, grid
from lamplighter.web.ui.wording import day, due, number, quantity
from lamplighter.web.visits import visit

GRID, FACTS, CHART = "ui/tables/grid.html", "key/facts.html", "ui/gallery/chart.html"
PIPELINE = Crumb("Pipeline", "/key/pipeline/")
MONTHS = 24
Stage = DevelopmentStage.Stage
TONES = {
    Stage.AGREED: Tone.GOOD, Stage.BUILDING: Tone.INFO, Stage.ENERGISED: Tone.GOOD, Stage.WITHDRAWN: Tone.PLAIN,
    Stage.OFFERED: Tone.WATCH,
}  # fmt: skip
OVER, TOO_LATE = "Over its rating", "Late for power"


class Developments(Table):
    """Developments, from `_row`."""

    name = Column("Development")
    developer = Column("Developer")
    stage = BadgeColumn("Stage", tones={str(one.label): tone for one, tone in TONES.items()})
    kw = NumberColumn("Estimate (kW)")
    wanted = DayColumn("Power wanted")
    waits = Column("Waits on", orderable=False)
    days = NumberColumn("Days")
    owner = Column("Who")

    def row_url(self, record: Any) -> str:
        return reverse("key:development", args=[record["slug"]])


class Feeders(Table):
    """Feeders with what comes to them, from `_feeder`."""

    name = Column("Feeder")
    rated = NumberColumn("Rating (kVA)")
    peak = NumberColumn("Highest so far (kVA)")
    committed = NumberColumn("Agreed (kVA)")
    whole = NumberColumn("All of the pipeline (kVA)")
    share = NumberColumn("After all (% of rating)")
    state = BadgeColumn("State", tones={OVER: Tone.BAD, "Near it": Tone.WATCH})


class Parts(Table):
    """A load letter by its uses, from `_parts`."""

    label = Column("Use")
    size = Column("Size")
    connected = NumberColumn("Connected (kVA)", places=1)
    demand = NumberColumn("At its highest (kVA)", places=1)
    kwh = NumberColumn("A mean day (kWh)")


class Needs(Table):
    """What power waits for, from `_need`."""

    words = Column("What")
    amount = MoneyColumn("Amount")
    waits = Column("Waits on, or its number")
    since = DayColumn("Since")
    expected = DayColumn("Expected, or met")
    state = BadgeColumn("State", tones={"Met": Tone.GOOD, "Late": Tone.BAD, TOO_LATE: Tone.BAD, "Waits": Tone.WATCH})

    def row_url(self, record: Any) -> str:
        return str(record["url"])


@needs("keyaccounts.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """All of them, or those of one stage (`?stage=`)."""
    on = visit(request).on
    standings = pipeline(on=on)
    planning = adopted_planning(on=on)
    stage = request.GET.get("stage", "")
    shown = [one for one in standings if not stage or one.stage == stage]
    actions = [Action("Planning figures", reverse("key:planning"), key="f", panel=False)]
    if "keyaccounts.work" in permissions(request) and planning is not None:
        actions.insert(0, Action("A new request", reverse("key:do-development"), key="n", primary=True))
    said = "A developer's request opens one." if planning else "Adopt planning figures first, then open the first."
    panels = [
        Panel(
            "stages", "By stage", "key/chooser.html", lambda: {"chips": _chips(standings, stage)}, "top", frame=False
        ),
        Panel(
            "developments",
            "Developments",
            GRID,
            lambda: {
                "grid": grid(
                    request,
                    table=Developments,
                    rows=[_row(one, on) for one in shown],
                    caption="Developments",
                    name="developments",
                    empty=Empty(f"No development here. {said}"),
                )
            },
        ),
        Panel("sales", "Expected sales by month", CHART, lambda: {"chart": _sales(standings, on)}),
    ]
    if planning is not None:
        rows = _feeders(standings, planning)
        panels.append(Panel("feeders", "On the feeders", GRID, lambda: {"grid": grid(
            request, table=Feeders, rows=rows, caption="Feeders", name="feeders")}))  # fmt: skip
    return page(request, title="Pipeline", crumbs=[PORTFOLIO], actions=actions, panels=panels)


@needs("keyaccounts.view")
def development(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One development; `?print=1` is its paper."""
    standing, on = load_standing(slug, visit(request).on), visit(request).on
    found, paper = standing.development, "print" in request.GET
    return page(
        request, title=found.name, crumbs=[PIPELINE],
        template="key/development_print.html" if paper else "ui/page.html", found=found,
        badges=[Badge(str(standing.stage.label), TONES.get(standing.stage, Tone.NOTICE))],
        meta=[str(found.developer), found.place, f"Looked after by {found.owner.name}"],
        actions=[] if paper else _actions(request, standing),
        panels=[
            Panel("needs", "What power waits for", GRID, lambda: {"grid": grid(
                request, table=Needs, rows=_needs(request, standing, on), caption="What power waits for", name="needs",
                empty=Empty("It waits for nothing.", good=True))}),
            Panel("load", "Load by its letter", GRID, lambda: {"grid": grid(
                request, table=Parts, rows=_parts(standing), caption="Load", name="load",
                empty=Empty("No load letter yet."))}),
            Panel("sales", "Expected sales by month", CHART, lambda: {"chart": _sales([standing], on)}),
            Panel("meetings", "Meetings and calls", "key/entries.html", lambda: _meetings(found)),
            Panel("tasks", "Tasks", "key/steps.html", lambda: steps_shown(request, _steps(found))),
            Panel("facts", "What it takes", FACTS, lambda: {"facts": _facts(standing, on), "links": []}, "side"),
            Panel("rates", "Which rate", FACTS, lambda: _rates(standing, on), "side"),
            Panel("stages", "Stages", "key/entries.html", lambda: _stages(found), "side"),
        ],
    )  # fmt: skip


def load_standing(slug: str, on: date) -> Standing:
    found = Development.objects.filter(slug=slug).first()
    if found is None:
        raise Http404("There is no such development.")
    return pipeline(on=on, only=found)[0]


def _actions(request: HttpRequest, standing: Standing) -> list[Action]:
    slug = [standing.development.slug]
    paper = Action("Print", "?print=1", key="p", panel=False)
    if "keyaccounts.work" not in permissions(request) or not movable(standing.stage):
        return [paper]
    return [
        Action("Stage", reverse("key:do-stage", args=slug), key="s", primary=True),
        Action("Load letter", reverse("key:do-load-letter", args=slug), key="l"),
        Action("Waits for", reverse("key:do-need", args=slug), key="w"),
        Action("Meeting", reverse("key:do-meeting", args=slug), key="m"),
        Action("Task", reverse("key:do-task", args=slug), key="t"),
        Action("Another day", reverse("key:do-wanted", args=slug), key="d"),
        paper,
    ]


def _chips(standings: Sequence[Standing], stage: str) -> list[Chip]:
    here = reverse("key:pipeline")
    counts = {one: sum(standing.stage == one for standing in standings) for one in Stage}
    return [
        Chip(f"All ({len(standings)})", here, on=not stage),
        *(Chip(f"{one.label} ({counts[one]})", f"{here}?stage={one.value}", on=stage == one) for one in Stage
          if counts[one]),
    ]  # fmt: skip


def _row(one: Standing, on: date) -> dict[str, Any]:
    oldest = one.waits[0] if one.waits else None
    return {
        "slug": one.development.slug, "name": one.development.name, "developer": str(one.development.developer),
        "stage": one.stage.label, "kw": one.estimate.kw if one.estimate else None, "wanted": one.development.wanted_on,
        "waits": f"{oldest.get_waits_on_display()}: {oldest.words}" if oldest else "",
        "days": (on - oldest.since).days if oldest else None, "owner": one.development.owner.name,
    }  # fmt: skip


def _sales(standings: Sequence[Standing], on: date) -> Bars:
    found = expected_sales(standings, first=on.replace(day=1), count=MONTHS)
    return Bars(
        "sales", f"{quantity(sum(found.whole), 'kWh')} in {MONTHS} months, {_committed(found)}.",
        "From the day on which power is wanted, rising until the buildings are full; every development as if it came.",
        [f"{month:%b} ’{month:%y}" for month in found.months],
        [Series("Agreed on", list(found.committed)), Series("All of the pipeline", list(found.whole))], "kWh", "Month",
    )  # fmt: skip


def _committed(found: Sales) -> str:
    return f"{quantity(sum(found.committed), 'kWh')} of them agreed on"


def _feeders(standings: Sequence[Standing], planning: Planning) -> list[dict[str, Any]]:
    return [
        {
            "name": one.feeder.name, "rated": one.feeder.rated_kva, "peak": one.feeder.peak_kva,
            "committed": one.committed, "whole": one.whole, "share": one.share * 100,
            "state": OVER if one.share > 1 else "Near it" if one.share > 0.9 else "Room",
        }
        for one in feeders_loaded(standings, planning)
    ]  # fmt: skip


def _needs(request: HttpRequest, standing: Standing, on: date) -> list[dict[str, Any]]:
    """What is still waited for comes first."""
    may, wanted = "keyaccounts.work" in permissions(request), standing.development.wanted_on
    rows = DevelopmentNeed.objects.filter(development=standing.development)
    return [
        {
            "words": f"{one.get_kind_display()}: {one.words}", "amount": one.amount, "since": one.since,
            "waits": one.get_waits_on_display() if one.met_on is None else one.reference,
            "expected": one.expected_on if one.met_on is None else one.met_on, "state": _state(one, on, wanted),
            "url": reverse("key:do-meet", args=[one.pk])
            if may and one.met_on is None and movable(standing.stage) else "",
        }
        for one in rows.order_by(F("met_on").asc(nulls_first=True), "since", "pk")
    ]  # fmt: skip


def _state(one: DevelopmentNeed, on: date, wanted: date) -> str:
    """Late, or expected only after the day on which power is wanted: a transformer with a long lead time, say."""
    if one.met_on is not None:
        return "Met"
    if one.expected_on is None:
        return "Waits"
    return "Late" if one.expected_on < on else TOO_LATE if one.expected_on > wanted else "Waits"


def _parts(standing: Standing) -> list[dict[str, Any]]:
    parts = standing.estimate.parts if standing.estimate else ()
    return [
        {"label": one.building.label, "size": f"{number(one.size, 0)} {one.building.per}",
         "connected": one.connected_kva, "demand": one.demand_kva, "kwh": one.kwh_day}
        for one in parts
    ]  # fmt: skip


def _facts(standing: Standing, on: date) -> list[Fact]:
    found, made, planning = standing.development, standing.estimate, adopted_planning(on=on)
    facts = [
        Fact("Power wanted", f"{day(found.wanted_on)}, {due(found.wanted_on, on)}"),
        Fact("Full after", f"{found.ramp_months} months"),
    ]
    if made is not None and standing.letter is not None and planning is not None:
        stated = standing.letter.stated_kva
        facts += [
            Fact("Connected", quantity(sum((one.connected_kva for one in made.parts), Decimal(0)), "kVA", 1)),
            Fact("Our estimate", f"{quantity(made.demand_kva, 'kVA', 1)}, {quantity(made.kw, 'kW', 1)}"),
            *([Fact("Their engineer states", f"{quantity(stated, 'kVA', 1)} ({day(standing.letter.received_on)})")]
              if stated else []),
            Fact("Transformer", quantity(made.transformer_kva, "kVA") if made.transformer_kva else
                 f"Several: the largest in stock has {planning.transformers_kva[-1]} kVA"),
            Fact("By", planning.source),
        ]  # fmt: skip
        if (feeder := planning.feeders.get(found.feeder)) is not None:
            after = feeder.peak_kva + made.demand_kva
            facts.append(Fact(f"Feeder {feeder.name}", (
                f"{quantity(feeder.peak_kva, 'kVA')} so far, {quantity(after, 'kVA')} with it, of"
                f" {quantity(feeder.rated_kva, 'kVA')} ({after / feeder.rated_kva:.0%})"
            )))  # fmt: skip
    return facts


def _rates(standing: Standing, on: date) -> Mapping[str, Any]:
    facts = [Fact(one.code, one.why_not or f"Open to it: {one.name}") for one in suggestions(standing, on=on)]
    return {"facts": facts, "links": [], "empty": Empty("The load letter tells which.")}


def _stages(found: Development) -> Mapping[str, Any]:
    rows = list(DevelopmentStage.objects.filter(development=found).select_related("words").order_by("-pk"))
    names = names_of(one.by for one in rows)
    return {"entries": [
        Entry(one.on, Badge(str(one.get_stage_display()), TONES.get(Stage(one.stage), Tone.PLAIN)),
              str(one.words) if one.words else names[one.by], names[one.by] if one.words else "")
        for one in rows
    ]}  # fmt: skip


def _meetings(found: Development) -> Mapping[str, Any]:
    rows = list(Touch.objects.filter(development=found).select_related("words").order_by("-at"))
    names = names_of(one.by for one in rows)
    return {"entries": [
        Entry(one.at, Badge(str(one.get_kind_display()), Tone.INFO), str(one.words), names[one.by]) for one in rows
    ], "empty": Empty("Nobody met yet.")}  # fmt: skip


def _steps(found: Development) -> list[Step]:
    rows = Step.objects.filter(development=found, done_at__isnull=True).order_by("due_on", "pk")
    return list(rows.select_related("organisation__person", "account", "words", "issue", "owner"))
