"""The one table: sorted, filtered and paged by the query string, exported whole, alike on every desk.

class Bills(Table):
    number = Column("Bill", linkify=True)
    issued_on = DayColumn("Issued")
    amount = MoneyColumn("Amount")

def bills(request):
    return table_page(request, title="Bills", table=Bills, rows=queries.bills(), filters=BillFilters)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import django_tables2
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django_filters import FilterSet
from django_tables2 import Column
from django_tables2.rows import BoundRow
from django_tables2.utils import A

from lamplighter.kernel.money import Money
from lamplighter.web.ui import htmx, wording
from lamplighter.web.ui.csvs import csv_response
from lamplighter.web.ui.markup import badge
from lamplighter.web.ui.parts import Badge, Crumb, Empty, Tone

PAGE = 50
DAY = {"td": {"class": "day"}}
NUM = {"th": {"class": "num"}, "td": {"class": "num"}, "tf": {"class": "num"}}

__all__ = [
    "A",
    "BadgeColumn",
    "Column",
    "DayColumn",
    "Grid",
    "MomentColumn",
    "MoneyColumn",
    "NumberColumn",
    "Table",
    "grid",
    "table_page",
]  # fmt: skip


class Table(django_tables2.Table):  # type: ignore[misc]
    """Our look for every table. `row_url` makes a row lead somewhere; its first cell is the link."""

    class Meta:
        template_name = "ui/tables/table.html"
        order_by_field = "sort"

    def row_url(self, record: Any) -> str:  # noqa: ARG002
        return ""


class MoneyColumn(Column):  # type: ignore[misc]
    """Money, right-aligned; exported as dollars with an ordinary minus."""

    attrs = NUM

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": NUM, "initial_sort_descending": True, **kwargs})

    def render(self, value: Money) -> str:
        return wording.credit(value)

    def value(self, value: Money) -> Money:
        return value


class NumberColumn(Column):  # type: ignore[misc]
    """A quantity, right-aligned; its unit stands in the header: `NumberColumn("Use (kWh)")`."""

    def __init__(self, *args: Any, places: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": NUM, "initial_sort_descending": True, **kwargs})
        self.places = places

    def render(self, value: Decimal | int) -> str:
        return wording.number(value, self.places)

    def value(self, value: Decimal | int) -> Decimal | int:
        return value


class DayColumn(Column):  # type: ignore[misc]
    """A day, `Tue, Nov 24, 2026`; exported as 2026-11-24."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": DAY, **kwargs})

    def render(self, value: Any) -> str:
        return wording.day(value)

    def value(self, value: Any) -> Any:
        return value


class MomentColumn(DayColumn):
    """An instant in the utility's zone."""

    def render(self, value: Any) -> str:
        return wording.moment(value)

    def value(self, value: Any) -> Any:
        return value


class BadgeColumn(Column):  # type: ignore[misc]
    """A word with a colour: `BadgeColumn("State", tones={"Late": Tone.BAD})`."""

    def __init__(self, *args: Any, tones: dict[str, Tone] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tones = tones or {}

    def render(self, value: Any) -> Any:
        return badge(Badge(str(value), self.tones.get(str(value), Tone.PLAIN)))

    def value(self, value: Any) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table that is read and ready: its page of rows, how many there are, its filter form, its addresses."""

    name: str
    caption: str
    table: Any
    filter: Any
    empty: Empty
    total: int
    query: str
    path: str

    @property
    def dom_id(self) -> str:
        return f"grid-{self.name}"

    @property
    def export_url(self) -> str:
        return f"{self.path}?{self.query}{'&' if self.query else ''}export=csv"

    @property
    def clear_url(self) -> str:
        return self.path

    @property
    def filtered(self) -> bool:
        return bool(self.filter and any(self.filter.data.get(field) for field in self.filter.form.fields))

    @property
    def said(self) -> str:
        """What a screen reader hears after sorting and filtering."""
        page = self.table.page
        return f"{self.caption}: {self.total:,} rows, page {page.number} of {page.paginator.num_pages}"

    def as_csv(self) -> HttpResponseBase:
        columns = [column for column in self.table.columns if not getattr(column.column, "exclude_from_export", False)]
        header = [column.header for column in columns]
        return csv_response(self.caption, header, self._values([column.name for column in columns]))

    def _values(self, names: Sequence[str]) -> Iterator[list[Any]]:
        data = self.table.data.data
        records = data.iterator(chunk_size=2000) if isinstance(data, QuerySet) else data
        for record in records:
            row = BoundRow(record, table=self.table)
            yield [row.get_cell_value(name) for name in names]


def grid(
    request: HttpRequest,
    *,
    table: type[Table],
    rows: QuerySet[Any] | Sequence[Any],
    caption: str,
    filters: type[FilterSet] | None = None,
    empty: Empty | None = None,
    name: str = "rows",
    per_page: int = PAGE,
) -> Grid:
    """Filter, sort, cut to a page and read it. Several grids on one page take different names."""
    chosen = filters(request.GET, queryset=rows, request=request) if filters else None
    found = chosen.qs if chosen is not None else rows
    prefix = "" if name == "rows" else f"{name}-"
    made = table(found, prefix=prefix, request=request)
    django_tables2.RequestConfig(request, paginate={"per_page": per_page}).configure(made)
    list(made.paginated_rows.data)  # read now: templates never query
    query = request.GET.copy()
    query.pop("export", None)
    return Grid(
        name=name, caption=caption, table=made, filter=chosen, empty=empty or Empty("Nothing here yet."),
        total=made.paginator.count, query=query.urlencode(), path=request.path,
    )  # fmt: skip


def table_page(
    request: HttpRequest,
    *,
    title: str,
    table: type[Table],
    rows: QuerySet[Any] | Sequence[Any],
    filters: type[FilterSet] | None = None,
    empty: Empty | None = None,
    crumbs: Sequence[Crumb] = (),
    template: str = "ui/tables/page.html",
    per_page: int = PAGE,
    **context: Any,
) -> HttpResponseBase:
    """A page that is one table: whole, as the fragment that htmx asks for, or as CSV (`?export=csv`)."""
    made = grid(request, table=table, rows=rows, caption=title, filters=filters, empty=empty, per_page=per_page)
    if request.GET.get("export") == "csv":
        return made.as_csv()
    shown = "ui/tables/grid.html" if htmx.target(request) == made.dom_id else template
    response = render(request, shown, {**context, "title": title, "crumbs": crumbs, "grid": made})
    htmx.vary(response)
    return response
