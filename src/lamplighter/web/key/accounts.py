"""One organisation: how it stands and why, its services, people, what was said, issues and contracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.billing.models import Segment
from lamplighter.customers.queries import reach_many
from lamplighter.keyaccounts.models import Issue, ObligationTest, Organisation, Step
from lamplighter.keyaccounts.queries.history import Told, history, people_of
from lamplighter.keyaccounts.queries.negotiations import running
from lamplighter.keyaccounts.queries.obligations import shortfalls
from lamplighter.keyaccounts.queries.portfolio import EVERY, METERED, Known, services_of
from lamplighter.keyaccounts.rules import RULE, beside, least_of
from lamplighter.outreach.queries.sites import known_of
from lamplighter.web.access import needs, permissions
from lamplighter.web.key.loading import heading, load_organisation
from lamplighter.web.key.owing import owing
from lamplighter.web.key.steps import steps_shown
from lamplighter.web.key.today import issues_shown
from lamplighter.web.naming import names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Empty, Entry, Fact, Link, Tile, Tone
from lamplighter.web.ui.tables import Column, MoneyColumn, NumberColumn, Table, grid
from lamplighter.web.ui.wording import day, due, number
from lamplighter.web.visits import visit

YEAR = timedelta(days=365)

GRID = "ui/tables/grid.html"
ENTRIES = "key/entries.html"


class Services(Table):
    """Running services, from `service_rows`."""

    where = Column("Where")
    account = Column("Account")
    schedule = Column("Rate")
    kwh = NumberColumn("12 bills (kWh)")
    cost = MoneyColumn("12 bills")

    def row_url(self, record: Any) -> str:
        return str(record["url"])


@needs("keyaccounts.view")
def account(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The 360 of an organisation."""
    organisation = load_organisation(slug)
    above = heading(request, organisation, "key:account")
    found: Known = above.pop("found")
    customer = organisation.kind == Organisation.Kind.CUSTOMER
    steps = Step.objects.filter(organisation=organisation, done_at__isnull=True).order_by("due_on")
    steps = steps.select_related("organisation__person", "account", "words", "issue", "owner")
    issues = Issue.objects.filter(organisation=organisation).order_by("closed_at", "promised_on")
    issues = issues.select_related("organisation__person", "account", "words", "owner")
    shown = [
        Panel("tiles", "At a glance", "ui/gallery/tiles.html", lambda: {"tiles": _tiles(found)}, "top", frame=False),
        Panel("health", "Why this health", ENTRIES, lambda: _health(request, found), "side"),
        Panel("tier", "Why this tier", "key/tier.html", lambda: {"tier": found.tier, "rule": RULE}, "side"),
        Panel("contracts", "Contracts", "key/facts.html", lambda: _contracts(request, found), "side"),
    ] if customer else []  # fmt: skip
    return page(
        request, **above,
        panels=[
            *shown,
            Panel("steps", "Next steps", "key/steps.html", lambda: steps_shown(request, list(steps))),
            Panel("issues", "Issues", ENTRIES, lambda: issues_shown(request, list(issues[:20]))),
            Panel("history", "What was said and done", ENTRIES,
                  lambda: told(history(organisation=organisation))),
            *([Panel("services", "Services", GRID, lambda: {"grid": grid(
                request, table=Services, rows=service_rows(services_of(organisation, kinds=EVERY), organisation),
                caption="Services", name="services",
                empty=Empty("No running service."))}, lazy=True)] if customer else []),
            *([Panel("owing", "Past due", "key/facts.html", lambda: owing(request, organisation), "side")]
              if customer else []),
            Panel("people", "People", "key/people.html", lambda: people(request, organisation), "side"),
            *([Panel("sites", "What is known of its sites", "key/facts.html", lambda: _sites(request, organisation),
                     "side")] if customer else []),
            Panel("who", "Who looks after it", "key/facts.html", lambda: _who(request, found), "side"),
        ],
    )  # fmt: skip


@needs("keyaccounts.view")
def people_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Everybody who has a part there, with how they are reached."""
    organisation = load_organisation(slug)
    above = heading(request, organisation, "key:people")
    above.pop("found")
    may = "keyaccounts.work" in permissions(request)
    above["actions"] = (
        [Action("Add a person", reverse("key:do-tie", args=[slug]), key="a", primary=True)] if may else []
    )
    return page(request, **above, panels=[
        Panel("people", "People", "key/people.html", lambda: people(request, organisation)),
    ])  # fmt: skip


def told(lines: Sequence[Told]) -> Mapping[str, Any]:
    """The history as timeline entries; names asked once."""
    names = names_of(line.by for line in lines)
    tones = {
        "Issue": Tone.WATCH,
        "Handed over": Tone.WATCH,
        "Done": Tone.GOOD,
        "Visit": Tone.INFO,
        "Meeting": Tone.INFO,
    }
    entries = [
        Entry(
            line.at, Badge(line.kind, tones.get(line.kind, Tone.PLAIN)), line.words,
            " · ".join(filter(None, [line.person, names[line.by], f"{line.photos} photos" if line.photos else ""])),
            Link(f"Issue {line.issue}", reverse("key:issue", args=[line.issue])) if line.issue else None,
        )
        for line in lines
    ]  # fmt: skip
    return {"entries": entries, "empty": Empty("Nothing was noted yet.")}


def people(request: HttpRequest, organisation: Organisation) -> Mapping[str, Any]:
    on = visit(request).on
    ties = people_of(organisation, on=on)
    reached = reach_many({tie.person_id for tie in ties}, on=on)
    may = "keyaccounts.work" in permissions(request)
    rows = [
        {
            "name": tie.person.name, "part": tie.get_part_display(), "title": tie.title,
            "phone": reached[tie.person_id].phone, "email": reached[tie.person_id].email,
            "language": tie.person.get_language_display() if tie.person.language != "en" else "",
            "end": reverse("key:do-end-tie", args=[organisation.slug, tie.pk]) if may else "",
        }
        for tie in ties
    ]  # fmt: skip
    add = Link("Add a person", reverse("key:do-tie", args=[organisation.slug]), panel=True) if may else None
    return {"people": rows, "add": add, "empty": Empty("Nobody is known here yet.", add)}


def _tiles(found: Known) -> list[Tile]:
    standing, relation = found.standing, found.relation
    peak = f"{standing.kw_peak:,.0f} kW" if standing.kw_peak is not None else "Not on its bills"
    growth = "" if standing.growth is None else f"use {_signed(standing.growth)} {beside(standing.months)}"
    return [
        Tile("Twelve bills", standing.revenue, f"{number(standing.kwh)} kWh"),
        Tile("Highest demand", peak, growth),
        Tile("Last contact", day(relation.last_touch) if relation.last_touch else "Never",
             f"next {due(found.next_touch, relation.on)}", Tone.BAD if found.next_touch < relation.on else Tone.PLAIN),
        Tile("Open issues", relation.issues_open, f"{relation.issues_late} past the promised day",
             Tone.BAD if relation.issues_late else Tone.PLAIN),
    ]  # fmt: skip


def _signed(change: Decimal) -> str:
    return f"{change:+.0%}".replace("-", "−")


def _health(request: HttpRequest, found: Known) -> Mapping[str, Any]:
    entries = [
        Entry(visit(request).on, Badge(f"−{one.points} points", Tone.WATCH if one.points < 20 else Tone.BAD), one.why)
        for one in found.health.reasons
    ]
    return {"entries": entries, "empty": Empty("Nothing is amiss: 100 of 100.", good=True)}


def _contracts(request: HttpRequest, found: Known) -> Mapping[str, Any]:
    on = visit(request).on
    facts = []
    for one in found.contracts:
        ends = f"{one.name}; ends {day(one.period.closed_end)}, {due(one.period.closed_end, on)}"
        facts += [
            Fact(one.code, ends, Link("Open", reverse("key:contract", args=[one.code]))),
            Fact("Approved by", one.approval),
            *(
                Fact(short.obligation.get_measure_display(), _short(short))
                for short in shortfalls(one, since=on - YEAR)
            ),
        ]
    for talk in running().filter(organisation=found.organisation):
        facts.append(Fact(f"{talk.code}, being negotiated", talk.name,
                          Link("Open", reverse("key:negotiation", args=[talk.pk]))))  # fmt: skip
    slug = [found.organisation.slug]
    acts = [
        Link("Negotiate", reverse("key:do-negotiate", args=slug), panel=True),
        Link("Keep a contract", reverse("key:do-contract", args=slug), panel=True),
    ]
    may = "keyaccounts.work" in permissions(request)
    return {"facts": facts, "links": acts if may else [], "empty": Empty("No special contract.")}


def _short(one: ObligationTest) -> str:
    least = least_of(one.obligation.least, one.segment.period.days)
    return f"short by {number(one.short, 2)} of {number(least, 2)} in {one.segment.month:%B %Y}"


def _sites(request: HttpRequest, organisation: Organisation) -> Mapping[str, Any]:
    known = known_of({one.account_id for one in services_of(organisation)}, on=visit(request).on)
    several = len({one.account_id for one in known}) > 1
    facts = [
        Fact(" ".join([one.get_kind_display(), *([one.account.number] if several else [])]),
             f"{one.value_words} ({one.source})")
        for one in known
    ]  # fmt: skip
    note = Link("Something is known", reverse("key:do-trait"), panel=True)
    may = "keyaccounts.work" in permissions(request)
    return {"facts": facts, "links": [note] if may else [], "empty": Empty("Nothing beyond meters and bills.")}


def _who(request: HttpRequest, found: Known) -> Mapping[str, Any]:
    may = "keyaccounts.work" in permissions(request)
    slug = [found.organisation.slug]
    links = [Link("Assign", reverse("key:do-assign", args=slug), panel=True),
             Link("Describe", reverse("key:do-describe", args=slug), panel=True)] if may else []  # fmt: skip
    return {"facts": [
        Fact("Manager", found.manager or "Nobody"), Fact("Cover", found.cover or "Nobody"),
        Fact("Segment", found.organisation.segment or "Not said"),
        Fact("Business code", found.organisation.business_code or "Not said"),
    ], "links": links}  # fmt: skip


def service_rows(services: Sequence[Agreement], organisation: Organisation) -> list[dict[str, Any]]:
    """Each with its rate and what its last twelve bills come to."""
    figures: dict[int, list[Any]] = {}
    rows = Segment.objects.filter(agreement__in=services, cancelled_at__isnull=True).order_by("-period")
    for agreement, kwh, total, schedule in rows.values_list("agreement", "kwh", "total", "schedule"):
        mine = figures.setdefault(agreement, [0, None, schedule, 0])
        if mine[3] < 12:
            mine[0] += kwh or 0
            mine[1] = total if mine[1] is None else mine[1] + total
            mine[3] += 1
    return [_service(one, figures.get(one.pk), organisation) for one in services]


def _service(one: Agreement, figures: Sequence[Any] | None, organisation: Organisation) -> dict[str, Any]:
    kwh, cost, schedule, _ = figures or (0, None, "", 0)
    load = f"{reverse('key:load', args=[organisation.slug])}?service={one.pk}"
    return {
        "where": one.premise.address if one.premise else "", "account": one.account.number, "kwh": kwh, "cost": cost,
        "schedule": str(schedule).rpartition("/")[2].upper(),
        "url": load if one.kind in METERED else reverse("desk:account", args=[one.account.number]),
    }  # fmt: skip
