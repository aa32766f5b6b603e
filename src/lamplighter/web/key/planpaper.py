"""A plan on four pages for a meeting with the customer: who and where it stands, a year of their power, the goals, what
is being done. `?annex=1` adds what stands behind the figures, and what had no room.

It is the customer's view, whoever prints it: risks and steps that serve no goal are never on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.journeys.measuring import BEYOND
from lamplighter.keyaccounts.documents.telling import Section, sections
from lamplighter.keyaccounts.measures import MEASURES, said
from lamplighter.keyaccounts.models import Organisation, Plan, Step
from lamplighter.keyaccounts.queries.history import people_of
from lamplighter.keyaccounts.queries.loads import peers
from lamplighter.keyaccounts.queries.measuring import measured
from lamplighter.keyaccounts.queries.plans import standings
from lamplighter.keyaccounts.queries.portfolio import Known, services_of
from lamplighter.keyaccounts.queries.story import Story, story
from lamplighter.ratestudies.queries.rules import ruled_out
from lamplighter.rebates.queries.standing import rebates
from lamplighter.web.access import permissions
from lamplighter.web.key.behind import behind_all
from lamplighter.web.key.planshown import goal_row, people_rows, step_rows, without_power_shown
from lamplighter.web.ui.charts import Bars, Series
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Empty, Fact, Tile
from lamplighter.web.ui.wording import day, due, number

GOALS, STEPS, PEOPLE, REBATES, SITUATION = 8, 10, 7, 5, 1200
"""How much of each stays on its page; the rest has room in the annex."""
ROWS = 4
"""Rows of a table on the page of a year of power: three of them share it."""
FIGURES = (
    "peak-kw", "base-kw", "load-factor", "power-factor", "cents-kwh", "outages", "outage-minutes", "saved-kwh",
    "survey-score", "kept-promises",
)  # fmt: skip
NO_GOAL = Empty("No goal yet.")


def paper(request: HttpRequest, plan: Plan, found: Known, *, on: date) -> HttpResponseBase:
    organisation, annex = plan.organisation, "annex" in request.GET
    services = services_of(organisation)
    made = cache(lambda: _story(organisation, services, on))
    stand = cache(lambda: standings(plan, on=on, beyond=BEYOND) if (one := made()) is None else one.goals)
    told = cache(lambda: {} if (one := made()) is None else {part.key: part for part in sections(one)})
    steps = cache(lambda: step_rows(_steps(plan), on))
    people = cache(lambda: people_rows(people_of(organisation, on=on)))

    def goals() -> list[dict[str, Any]]:
        return [goal_row(one) for one in stand()]

    def section(key: str) -> Mapping[str, Any]:
        return _section(told().get(key), services)

    pages = [
        [
            Panel("situation", "Where it stands", "key/facts.html", lambda: _situation(plan, found, on)),
            Panel("figures", "In figures", "ui/gallery/tiles.html", lambda: _figures(organisation, services, on)),
            Panel("people", "People", "key/planpeople.html",
                  lambda: {"people": people()[:PEOPLE], "manager": found.manager}),
        ],
        [Panel(key, title, "key/section.html", partial(section, key))
         for key, title in (("use", "A year of power"), ("peaks", "Peaks"), ("rates", "Rates"))],
        [
            Panel("goals", "Goals", "key/goals.html", lambda: {"goals": goals()[:GOALS], "empty": NO_GOAL}),
            Panel("what_ifs", "What could be different", "key/section.html", lambda: section("what_ifs")),
        ],
        [
            Panel("actions", "What is being done", "key/actions.html",
                  lambda: {"steps": steps()[:STEPS], "empty": Empty("Nothing is being done yet.")}),
            *([Panel("rebates", "Rebates", "key/facts.html", lambda: _rebates(services))]
              if "rebates.view" in permissions(request) else []),
            Panel("agreed", "Next time", "key/facts.html", lambda: _agreed(plan, found, on)),
        ],
    ]  # fmt: skip
    if annex:
        pages.append([
            *([Panel("all-goals", "Further goals", "key/goals.html", lambda: {"goals": goals()[GOALS:]})]
              if len(stand()) > GOALS else []),
            *([Panel("all-actions", "Further actions", "key/actions.html", lambda: {"steps": steps()[STEPS:]})]
              if len(steps()) > STEPS else []),
            *([Panel("all-people", "Further people", "key/facts.html", lambda: _others(people()[PEOPLE:]))]
              if len(people()) > PEOPLE else []),
            *([Panel("situation-whole", "Where it stands, in full", "key/facts.html",
                     lambda: {"facts": [Fact("Now", str(plan.situation))]})]
              if len(str(plan.situation)) > SITUATION else []),
            Panel("behind", "Where the figures come from", "key/behind.html", lambda: behind_all(stand())),
        ])  # fmt: skip
    first = {panels[0].name for panels in pages[1:]}
    return page(
        request, title=organisation.person.name, template="key/plan_print.html", organisation=organisation, plan=plan,
        begins=first, more="" if annex else _more(len(stand()), len(steps()), len(people())),
        actions=[_other(organisation, annex=annex)], panels=[one for panels in pages for one in panels],
    )  # fmt: skip


def _other(organisation: Organisation, *, annex: bool) -> Action:
    here = f"{reverse('key:plan', args=[organisation.slug])}?view=customer&print=1"
    if annex:
        return Action("Four pages", here, panel=False)
    return Action("With the annex", f"{here}&annex=1", panel=False)


def _more(goals: int, steps: int, people: int) -> str:
    """What had no room on the four pages."""
    left = [(goals - GOALS, "goal"), (steps - STEPS, "action"), (people - PEOPLE, "person")]
    named = [f"{count} more {word if count == 1 else {'person': 'people'}.get(word, word + 's')}"
             for count, word in left if count > 0]  # fmt: skip
    return f"In the annex: {', '.join(named)}." if named else ""


def _story(organisation: Organisation, services: Sequence[Agreement], on: date) -> Story | None:
    """The largest service's, as slides and letters tell it."""
    if not services:
        return None
    return story(organisation, services[0], on=on, beyond=BEYOND, ruled_out=ruled_out(services[0], on=on))


def _section(found: Section | None, services: Sequence[Agreement]) -> Mapping[str, Any]:
    if found is None:
        return {"said": "No service runs here yet."}
    where = (
        f"{services[0].premise}, the largest of {len(services)} services. "
        if len(services) > 1 and found.key == "use"
        else ""
    )
    shown: dict[str, Any] = {"said": where + found.said}
    if found.key != "use":
        return shown | {"heads": found.heads if any(found.heads) else (), "rows": found.rows[:ROWS]}
    if found.values:
        values = [Decimal(value).quantize(Decimal(1)) for value in found.values]
        shown["chart"] = Bars("paper-use", "Bill by bill", f"{found.unit} of each bill.", found.labels,
                              [Series(found.unit, values)], found.unit, "Bill")  # fmt: skip
    return shown


def _situation(plan: Plan, found: Known, on: date) -> Mapping[str, Any]:
    words = str(plan.situation)
    shown = words if len(words) <= SITUATION else words[:SITUATION].rsplit(" ", 1)[0] + " … (the rest: annex)"
    contracts = [
        Fact("Contract", f"{one.name} ({one.code}), ends {day(one.period.last_day)}" if one.period.end else one.name)
        for one in found.contracts
    ]
    return {"facts": [
        Fact("Runs", f"{day(plan.period.start)} to {day(plan.period.last_day)}"),
        Fact("Now", shown),
        Fact("Last twelve bills", f"{found.standing.revenue} for {number(found.standing.kwh)} kWh at"
             f" {found.services} service{'' if found.services == 1 else 's'}"),
        *contracts,
        *without_power_shown(plan.organisation, on),
        Fact("Next review", f"{day(plan.review_on)}, {due(plan.review_on, on)}"),
    ], "links": []}  # fmt: skip


def _figures(organisation: Organisation, services: Sequence[Agreement], on: date) -> Mapping[str, Any]:
    """What every plan looks at, of the largest service; what can't be measured here is left out."""
    chosen = services[0] if services else None
    found = [
        (key, took.value) for key in FIGURES
        if (took := measured(key, organisation=organisation, agreement=chosen, on=on, beyond=BEYOND)) is not None
    ]  # fmt: skip
    beside = peers(chosen, on=on) if chosen is not None else None
    notes = {"cents-kwh": f"middle of {beside.count} others {beside.peer_cents:.1f} ¢"} if beside else {}
    tiles = [Tile(MEASURES[key].label, said(key, value), notes.get(key, "")) for key, value in found]
    return {"tiles": tiles, "empty": Empty("Nothing could be measured here yet.")}


def _steps(plan: Plan) -> list[Step]:
    """Open ones by their day, then what was done last: as the customer may see them."""
    rows = Step.objects.filter(goal__plan=plan, goal__dropped_at__isnull=True).select_related("words", "owner", "goal")
    return sorted(rows, key=lambda one: (one.done_at is not None, one.due_on, one.pk))


def _rebates(services: Sequence[Agreement]) -> Mapping[str, Any]:
    rows = rebates().filter(account__in={one.account_id for one in services})[:REBATES]
    return {
        "facts": [Fact(one.entry.measure.name, f"{one.amount}: {one.stage.label.lower()} ({one.number})")
                  for one in rows],
        "links": [], "empty": Empty("No rebate was asked for yet."),
    }  # fmt: skip


def _agreed(plan: Plan, found: Known, on: date) -> Mapping[str, Any]:
    line = "_" * 40
    return {"facts": [
        Fact("We meet again", f"{day(plan.review_on)}, {due(plan.review_on, on)}"),
        Fact("You reach us", found.manager or "Nobody yet"),
        Fact(f"For {plan.organisation}", line), Fact("For the utility", line),
    ], "links": []}  # fmt: skip


def _others(people: Sequence[Mapping[str, str]]) -> Mapping[str, Any]:
    return {"facts": [Fact(one["name"], one["parts"]) for one in people], "links": []}
