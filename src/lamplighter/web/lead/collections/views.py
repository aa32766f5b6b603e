"""The supervisor's view of collections: results of a period; debts by age and promises at its end.

Every figure opens the rows that it counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.billing.queries.ageing import aged_accounts
from lamplighter.credit.queries.results import (
    COLLECTING,
    EASED,
    GIVEN_UP,
    MEASURES,
    PROMISED,
    Measure,
    promises_on,
    results,
)
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.web.access import needs
from lamplighter.web.asked import days_asked
from lamplighter.web.desk.books.standing import Ages, ages_of, day_in
from lamplighter.web.lead.collections.tables import AgesByClass, Counted, CountedOnly, Figures, Promises
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Crumb, Empty
from lamplighter.web.ui.tables import Table, grid, table_page
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

COLLECTIONS = Crumb("Collections", "/lead/collections/")
GRID = "ui/tables/grid.html"
AGES = ("current", "to_30", "to_60", "to_90", "older", "credit")


@needs("team.lead", "credit.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    """A period (`?first=&last=`; this month, unless said); what is slow comes after the page."""
    period = days_asked(request, since=visit(request).on.replace(day=1))
    last = period.last_day
    figures = partial(_figures, request, period)
    return page(
        request, title="Collections", template="lead/collections/listed.html", first=period.start, last=last,
        panels=[
            Panel("collecting", f"Collecting, {day(period.start)} to {day(last)}", GRID,
                  lambda: figures("collecting", COLLECTING)),
            Panel("promised", "Promises: made, due, kept and broken", GRID, lambda: figures("promised", PROMISED)),
            Panel("eased", "Hardships, and old debt forgiven", GRID, lambda: figures("eased", EASED)),
            Panel("given-up", "Written off and recovered", GRID, lambda: figures("given-up", GIVEN_UP)),
            Panel("ageing", f"How old debts were at the end of {day(last)}", GRID,
                  lambda: _grid(request, "ageing", AgesByClass, _by_class(last), "Nobody owed anything."), lazy=True),
            Panel("promises", f"Promises that ran at the end of {day(last)}", GRID,
                  lambda: _grid(request, "promises", Promises, promises_on(last), "No promise ran."), lazy=True),
        ],
    )  # fmt: skip


@needs("team.lead", "credit.view", "accounts.view")
def counted(request: HttpRequest, key: str) -> HttpResponseBase:
    """The rows that a figure counts."""
    measure = MEASURES.get(key)
    if measure is None:
        raise Http404(f"Nothing is counted as {key}.")
    period = days_asked(request, since=visit(request).on.replace(day=1))
    return table_page(
        request, title=f"{measure.label}, {day(period.start)} to {day(period.last_day)}",
        table=Counted if measure.money else CountedOnly, rows=list(measure.rows(period)), crumbs=[COLLECTIONS],
        empty=Empty("Nothing is counted in these days."),
    )  # fmt: skip


@needs("team.lead", "credit.view", "accounts.view")
def aged(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The accounts of one class of customers by age, at the end of a day (`?on=`)."""
    on = day_in(request)
    rows = [ages_of(one) for one in aged_accounts(on) if one.account.customer_class == kind]
    return table_page(
        request, title=f"{kind.capitalize()}: ageing as of {day(on)}", table=Ages, rows=rows, crumbs=[COLLECTIONS],
        empty=Empty("No account of this class had a balance.", good=True), template="desk/books/dated.html", on=on,
    )  # fmt: skip


def _figures(request: HttpRequest, period: Period, name: str, measures: Sequence[Measure]) -> Mapping[str, Any]:
    days = urlencode({"first": period.start, "last": period.last_day})
    rows = [
        {"what": one.measure.label, "count": one.count, "amount": one.amount,
         "url": f"{reverse('lead:collections-counted', args=[one.measure.key])}?{days}" if one.count else ""}
        for one in results(measures, period)
    ]  # fmt: skip
    return _grid(request, name, Figures, rows, "Nothing is counted.")


def _by_class(on: date) -> list[dict[str, Any]]:
    """Each class of customers with what it owed by age; the figures are those of the books."""
    sums: dict[str, dict[str, Money]] = defaultdict(lambda: dict.fromkeys(AGES, ZERO))
    late: dict[str, int] = defaultdict(int)
    for one in aged_accounts(on):
        kind, row = one.account.customer_class, ages_of(one)
        for name in AGES:
            sums[kind][name] += row[name]
        late[kind] += bool(one.ageing.past_due)
    return [
        {"kind": kind.capitalize(), "accounts": late[kind], **row,
         "url": f"{reverse('lead:collections-aged', args=[kind])}?{urlencode({'on': on})}"}
        for kind, row in sorted(sums.items())
    ]  # fmt: skip


def _grid(request: HttpRequest, name: str, table: type[Table], rows: Sequence[Any], nothing: str) -> Mapping[str, Any]:
    caption = name.replace("-", " ").capitalize()
    return {"grid": grid(request, table=table, rows=list(rows), caption=caption, name=name, empty=Empty(nothing))}
