"""The portfolio: every account with its figures, tier, health and next contact; and organisations beyond customers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.keyaccounts.queries.portfolio import portfolio
from lamplighter.keyaccounts.queries.today import others
from lamplighter.keyaccounts.rules import RULE
from lamplighter.web.access import needs, permissions
from lamplighter.web.ui.markup import badge
from lamplighter.web.ui.parts import Action, Badge, Chip, Empty, Tab, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MoneyColumn, NumberColumn, Table, table_page
from lamplighter.web.visits import visit

TONES = {"Good": Tone.GOOD, "Watch": Tone.WATCH, "Poor": Tone.BAD}


class Accounts(Table):
    """Accounts of a portfolio from `portfolio`."""

    name = Column("Account")
    tier = BadgeColumn("Tier", accessor="tier__name", tones={"A": Tone.INFO})
    health = Column("Health", accessor="health__score")
    why = Column("Because", empty_values=(), orderable=False)
    manager = Column("Manager")
    cover = Column("Cover")
    segment = Column("Segment", accessor="organisation__segment")
    services = NumberColumn("Services")
    revenue = MoneyColumn("12 bills", accessor="standing__revenue")
    kw = NumberColumn("Peak (kW)", accessor="standing__kw_peak", default="")
    next_touch = DayColumn("Next contact")

    def row_url(self, record: Any) -> str:
        return reverse("key:account", args=[record.organisation.slug])

    def render_health(self, value: int, record: Any) -> Any:
        return badge(Badge(f"{value} {record.health.word}", TONES[record.health.word]))

    def value_health(self, value: int) -> int:
        return value

    def render_why(self, record: Any) -> str:
        return "; ".join(one.why for one in record.health.reasons[:2])

    def value_why(self, record: Any) -> str:
        return "; ".join(one.why for one in record.health.reasons)


@needs("keyaccounts.view")
def accounts(request: HttpRequest) -> HttpResponseBase:
    user, on = visit(request).user, visit(request).on
    mine = request.GET.get("whose") == "mine"
    rows = portfolio(on=on, user=user if mine else None)
    segment = request.GET.get("segment", "")
    names = sorted({one.organisation.segment for one in rows} - {""})
    if segment:
        rows = [one for one in rows if one.organisation.segment == segment]
    here = reverse("key:portfolio")
    chips = [Chip("All", here, on=not mine and not segment), Chip("Mine", f"{here}?whose=mine", on=mine)]
    chips += [Chip(name, f"{here}?segment={name}", on=name == segment) for name in names]
    return table_page(
        request, title="Portfolio", table=Accounts, rows=rows, template="key/portfolio.html", chips=chips, rule=RULE,
        tabs=tabs("key:portfolio"), actions=_actions(request),
        empty=Empty("No customer is among the organisations that managers look after."),
    )  # fmt: skip


class Others(Table):
    name = Column("Organisation", accessor="person__name")
    kind = Column("Kind", accessor="get_kind_display", order_by="kind")
    segment = Column("About")

    def row_url(self, record: Any) -> str:
        return reverse("key:account", args=[record.slug])


@needs("keyaccounts.view")
def organisations(request: HttpRequest) -> HttpResponseBase:
    """Agencies, associations, developers, contractors and community groups."""
    return table_page(
        request, title="Organisations", table=Others, rows=others(), template="key/portfolio.html", chips=[], rule="",
        tabs=tabs("key:organisations"), actions=_actions(request),
        empty=Empty("Agencies, associations, developers and others appear here."),
    )  # fmt: skip


def tabs(current: str) -> list[Tab]:
    """The lists of the portfolio."""
    pages = (("Customers", "key:portfolio"), ("Plans", "key:plans"), ("Other organisations", "key:organisations"),
             ("Memberships and events", "key:events"))  # fmt: skip
    return [Tab(label, reverse(name), current=name == current) for label, name in pages]


def _actions(request: HttpRequest) -> list[Action]:
    if "keyaccounts.work" not in permissions(request):
        return []
    return [Action("Add an organisation", reverse("key:do-add"), key="a", primary=True)]
