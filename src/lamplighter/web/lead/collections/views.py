"""The supervisor's view of collections: ageing by class of customer, promises that run, results of a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.billing.queries.ageing import aged_accounts
from lamplighter.credit.queries.results import results, running_promises
from lamplighter.kernel.money import ZERO, Money
from lamplighter.web.access import needs
from lamplighter.web.asked import days_asked
from lamplighter.web.columns import IdColumn
from lamplighter.web.desk.books.views import footed
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Empty
from lamplighter.web.ui.tables import Column, DayColumn, MoneyColumn, NumberColumn, Table, grid
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

GRID = "ui/tables/grid.html"
AGES = ("current", "to_30", "to_60", "to_90", "older", "credit")


class Ages(Table):
    """Debts by age, a line for each class of customer."""

    kind = Column("Customers", footer="Together")
    accounts = NumberColumn("Past due")
    current = MoneyColumn("Not yet due", footer=footed("current"))
    to_30 = MoneyColumn("1–30 days", footer=footed("to_30"))
    to_60 = MoneyColumn("31–60 days", footer=footed("to_60"))
    to_90 = MoneyColumn("61–90 days", footer=footed("to_90"))
    older = MoneyColumn("Over 90 days", footer=footed("older"))
    credit = MoneyColumn("Credit", footer=footed("credit"))


class Results(Table):
    what = Column("What", orderable=False)
    count = NumberColumn("How many", orderable=False)
    amount = MoneyColumn("Money", default="", orderable=False)


class Promises(Table):
    """What holds collection back today; a row opens the account."""

    account = IdColumn("Account")
    kind = Column("By")
    amount = MoneyColumn("Amount")
    since = DayColumn("Since")
    until = DayColumn("Until", default="")

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.account])


@needs("team.lead", "credit.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    on, period = visit(request).on, days_asked(request, since=visit(request).on.replace(day=1))
    return page(
        request, title="Collections", template="lead/collections/listed.html", first=period.start, last=period.last_day,
        panels=[
            Panel("results", f"{day(period.start)} to {day(period.last_day)}", GRID,
                  lambda: _grid(request, "results", Results, results(period), "Nothing happened.")),
            Panel("ageing", "How old debts are", GRID,
                  lambda: _grid(request, "ageing", Ages, _ages(on), "Nobody owes anything."), lazy=True),
            Panel("promises", "Promises that run", GRID,
                  lambda: _grid(request, "promises", Promises, list(running_promises()), "Nobody has promised.")),
        ],
    )  # fmt: skip


def _ages(on: date) -> list[dict[str, Any]]:
    """Each class of customer with what it owes by age; the figures are those of the books."""
    sums: dict[str, dict[str, Money]] = defaultdict(lambda: dict.fromkeys(AGES, ZERO))
    late: dict[str, int] = defaultdict(int)
    for one in aged_accounts(on):
        kind, ageing = one.account.customer_class, one.ageing
        for name, amount in zip(AGES, (ageing.current, *ageing.buckets, ageing.credit), strict=True):
            sums[kind][name] += amount
        late[kind] += bool(ageing.past_due)
    return [{"kind": kind.capitalize(), "accounts": late[kind], **row} for kind, row in sorted(sums.items())]


def _grid(request: HttpRequest, name: str, table: type[Table], rows: list[Any], nothing: str) -> Mapping[str, Any]:
    return {"grid": grid(request, table=table, rows=rows, caption=name.capitalize(), name=name, empty=Empty(nothing))}
