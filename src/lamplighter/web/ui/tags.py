"""Template tags of the user interface, at hand in every template."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm
from django.http import QueryDict
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from lamplighter.kernel.money import Money
from lamplighter.web.access import may_open
from lamplighter.web.ui import markup, wording
from lamplighter.web.ui.charts import Bars, Plot, Spark
from lamplighter.web.ui.forms import Problem, problems
from lamplighter.web.ui.panels import Filled
from lamplighter.web.ui.parts import Alert, Empty, Entry, Fact, Tile, loudest
from lamplighter.web.ui.rail import OpenArea
from lamplighter.web.ui.tables import Grid

register = template.Library()

register.simple_tag(markup.icon, name="icon")
register.filter("badge", markup.badge)
register.filter("money", wording.money)
register.filter("credit", wording.credit)
register.filter("change", wording.change)
register.filter("clock", wording.clock)
register.filter("duration", wording.seconds)
register.filter("problems", problems)


@register.filter
def number(value: Decimal | int | float | None, places: int = 0) -> str:
    return wording.number(value, int(places))


@register.filter
def kwh(value: Decimal | int | float | None, places: int = 0) -> str:
    return wording.quantity(value, "kWh", int(places))


@register.filter
def quantity(value: Decimal | int | float | None, unit: str) -> str:
    """`{{ peak|quantity:"kW" }}`"""
    return wording.quantity(value, unit)


@register.filter
def day(on: date | None, today: date | None = None) -> str:
    return "" if on is None else wording.day(on, today)


@register.filter
def moment(at: datetime | None) -> SafeString | str:
    return "" if at is None else markup.time_tag(at, wording.moment(at))


@register.filter
def when(at: datetime | date | None, now: datetime) -> SafeString | str:
    """`{{ entry.at|when:visit.at }}`: relative words, the exact time behind them."""
    return "" if at is None else markup.time_tag(at, wording.when(at, now))


@register.filter
def due(on: date | None, today: date) -> SafeString | str:
    return "" if on is None else markup.time_tag(on, wording.due(on, today))


@register.filter
def shown(value: Any) -> str:
    """A value of a tile or fact in our words, whatever it is."""
    match value:
        case Money():
            return wording.money(value)
        case datetime():
            return wording.moment(value)
        case date():
            return wording.day(value)
        case int():
            return wording.number(value)
    return str(value)


@register.simple_tag(takes_context=True)
def show(context: template.Context, filled: Filled) -> SafeString:
    """A panel's own template with the panel's own answers."""
    with context.push(**filled.context, filled=filled):
        return mark_safe(str(_engine_template(filled.panel.template).render(context)))  # noqa: S308 - our template


@register.simple_tag
def row_url(grid: Grid, row: Any) -> str:
    return str(grid.table.row_url(row.record))


@register.simple_tag
def count_of(counts: dict[str, int], name: str) -> int:
    return counts.get(name, 0)


@register.simple_tag(takes_context=True)
def opens(context: template.Context, url: str) -> bool:
    """Whether the person who looks may open it."""
    return may_open(context["request"], url)


@register.simple_tag
def is_here(area: OpenArea, current: OpenArea | None) -> bool:
    return current is not None and area.prefix == current.prefix


@register.simple_tag(takes_context=True)
def sort_url(context: template.Context, grid: Grid, column: Any) -> str:
    """The address of this page sorted by a column, or the other way round; from the first page again."""
    query = _page_query(context)
    query.pop(grid.table.prefixed_page_field, None)
    query[grid.table.prefixed_order_by_field] = str(column.order_by_alias.next)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def page_url(context: template.Context, grid: Grid, number: int) -> str:
    query = _page_query(context)
    query[grid.table.prefixed_page_field] = str(number)
    return f"?{query.urlencode()}"


@register.inclusion_tag("ui/parts/alerts.html")
def alerts(found: Sequence[Alert]) -> dict[str, Any]:
    first, rest = loudest(found)
    return {"first": first, "rest": rest}


@register.inclusion_tag("ui/parts/tiles.html")
def tiles(found: Sequence[Tile]) -> dict[str, Any]:
    return {"tiles": found}


@register.inclusion_tag("ui/parts/facts.html")
def facts(found: Sequence[Fact]) -> dict[str, Any]:
    return {"facts": found}


@register.inclusion_tag("ui/parts/timeline.html", takes_context=True)
def timeline(context: template.Context, entries: Sequence[Entry]) -> dict[str, Any]:
    return {"entries": entries, "now": context["visit"].at}


@register.inclusion_tag("ui/parts/empty.html")
def empty(found: Empty | str) -> dict[str, Any]:
    return {"empty": Empty(found) if isinstance(found, str) else found}


@register.inclusion_tag("ui/charts/bars.html", takes_context=True)
def bars(context: template.Context, chart: Bars) -> dict[str, Any]:
    """A bar chart. In a panel its CSV is the panel's."""
    filled = context.get("filled")
    return {"chart": chart, "csv_url": filled.export_url if filled else ""}


@register.inclusion_tag("ui/charts/spark.html")
def spark(line: Spark) -> dict[str, Any]:
    return {"spark": line}


@register.inclusion_tag("ui/charts/plot.html")
def plot(drawn: Plot) -> dict[str, Any]:
    return {"plot": drawn}


@register.inclusion_tag("ui/forms/summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    found: list[Problem] = problems(form) if form.is_bound else []
    return {"problems": found}


def _page_query(context: template.Context) -> QueryDict:
    """The query of the whole page, also inside a panel that was asked for alone."""
    query: QueryDict = context["request"].GET.copy()
    for name in ("export", "panel"):
        query.pop(name, None)
    return query


def _engine_template(name: str) -> Any:
    return get_template(name).template  # type: ignore[attr-defined]
