"""The compliance register: every rule of law and policy that the program enforces, with its citation and its days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from lamplighter.billing.models import FeeSchedule
from lamplighter.credit.law.packs import PACKS
from lamplighter.credit.law.parameters import POLICY, HoldKind, Hours, Pack, Rule, Season
from lamplighter.credit.models import AgeingTerms, DepositTerms
from lamplighter.credit.queries.deposits import deposit_terms
from lamplighter.credit.queries.standing import law
from lamplighter.journeys.parameters import AGEING, CLASSES, FEES, LAW, OWN, parameters
from lamplighter.kernel.calendars import HolidayCalendar
from lamplighter.notices.models import Template
from lamplighter.platform.models import PolicyTerms
from lamplighter.platform.queries.policies import terms_in_force
from lamplighter.web.access import needs
from lamplighter.web.desk.texts.governed import governed
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Badge, Empty, Fact, Tone
from lamplighter.web.ui.tables import Column, DayColumn, Table, grid
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

GRID = "ui/tables/grid.html"


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule of one pack, in words."""

    about: str
    value: str
    says: str
    cites: str


class Register(Table):
    about = Column("Rule", orderable=False)
    value = Column("Value", orderable=False)
    says = Column("What it says", orderable=False)
    cites = Column("Source", orderable=False)


class Based(Table):
    """Notices that a law asks for."""

    title = Column("Notice")
    channel = Column("By", accessor="get_channel_display", order_by="channel")
    basis = Column("Asked for by")
    adopted_at = DayColumn("In force since")


@needs("team.lead")
def register(request: HttpRequest) -> HttpResponseBase:
    """The pack in force, those that come or were, and the notices that rest on a law."""
    on: date = visit(request).on
    now = law(on=on)
    notices = Template.objects.adopted().exclude(basis="").order_by("title")
    return page(
        request, title="Compliance", badges=[Badge(now.name, Tone.GOOD)], meta=[now.label],
        alerts=governed(request, LAW, FEES, AGEING, *(each.key for each in OWN)),
        panels=[
            Panel("rules", f"In force since {day(now.in_force.start)}", GRID, lambda: {"grid": grid(
                request, table=Register, rows=list(entries(now)), caption="Rules in force", name="rules",
                per_page=100)}),
            Panel("deposits", "Deposits", GRID, lambda: {"grid": grid(
                request, table=Register, rows=[deposit_entry(key, label, on) for key, label in CLASSES.items()],
                caption="Deposits", name="deposits")}),
            Panel("own", "What the utility decides itself", GRID, lambda: {"grid": grid(
                request, table=Register, rows=list(own_entries(on)), caption="Own figures", name="own",
                per_page=100)}),
            Panel("notices", "Notices that a law asks for", GRID, lambda: {"grid": grid(
                request, table=Based, rows=notices, caption="Notices", name="notices",
                empty=Empty("No adopted notice rests on a law."))}),
            Panel("packs", "All that the program knows", "desk/contacts/files.html", lambda: _packs(now), "side"),
        ],
    )  # fmt: skip


def entries(pack: Pack) -> Iterator[Entry]:
    """Every rule of a pack, in the order of its fields: holds and tenants' days one by one."""
    for field in fields(pack):
        value = getattr(pack, field.name)
        label = field.name.replace("_", " ").capitalize()
        if isinstance(value, Rule):
            yield Entry(label, in_words(value.value), value.says, value.cites)
        elif isinstance(value, Mapping):
            for key, rule in value.items():
                about = key.label if isinstance(key, HoldKind) else str(key).replace("-", " ").capitalize()
                yield Entry(f"{label}: {about}", in_words(rule.value), rule.says, rule.cites)


def deposit_entry(customer_class: str, label: str, on: date) -> Entry:
    """The deposit policy of a class on a day, by its resolution."""
    terms = deposit_terms(customer_class, on=on)
    row = DepositTerms.objects.filter(customer_class=customer_class, period__contains=on).first()
    since = f", since {day(row.period.start)}" if row else ""
    says = (f"Goes back after {terms.good_bills} bills paid in time, with {terms.interest_percent.normalize():f} % "
            "a year.")  # fmt: skip
    value = f"{terms.months} average bills, {terms.least} to {terms.most}"
    return Entry(f"Deposit: {label}", value, says, f"{terms.citation}{since}")


def own_entries(on: date) -> Iterator[Entry]:
    """What the utility itself decided, figure by figure, by its resolutions."""
    known = parameters()
    rows: dict[str, FeeSchedule | AgeingTerms | PolicyTerms | None] = {
        FEES: FeeSchedule.objects.filter(period__contains=on).first(),
        AGEING: AgeingTerms.objects.filter(period__contains=on).first(),
        **{each.key: terms_in_force(each, on=on) for each in OWN},
    }
    for key, row in rows.items():
        parameter = known[key]
        cites = f"{row.citation}, since {day(row.period.start)}" if row else POLICY
        now = parameter.now(on)
        for figure in parameter.figures:
            yield Entry(figure.label, figure.words(now[figure.name]), parameter.label, cites)


def in_words(value: Any) -> str:
    match value:
        case HolidayCalendar():
            return f"{len(value.holidays)} holidays a year"
        case Hours():
            return f"{value.opens:%H:%M} to {value.closes:%H:%M}"
        case Season():
            return f"{value.first[0]}/{value.first[1]} to {value.last[0]}/{value.last[1]}"
        case frozenset():
            return ", ".join(sorted(str(one) for one in value)) or "–"
    return str(value)


def _packs(now: Pack) -> Mapping[str, Any]:
    here = {now.name: ", in force here"}
    facts = [Fact(pack.label, f"{pack.name}, {_days(pack)}{here.get(pack.name, '')}") for pack in PACKS]
    return {"facts": facts}


def _days(pack: Pack) -> str:
    start = f"from {day(pack.in_force.start)}"
    return f"{start} to {day(pack.in_force.last_day)}" if pack.in_force.end else start
