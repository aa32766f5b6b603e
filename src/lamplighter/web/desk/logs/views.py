"""The logs of the office, and the lines of one: searched, taken out as CSV, the corrected ones beside what corrects."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.kernel.money import Money
from lamplighter.web.access import needs, permissions
from lamplighter.web.naming import ActorColumn, named
from lamplighter.web.ui.parts import Action, Crumb, Empty, Link
from lamplighter.web.ui.tables import Column, MomentColumn, MoneyColumn, NumberColumn, Table, table_page
from lamplighter.workforce.models import Log, LogLine
from lamplighter.workforce.queries.logs import lines_of
from lamplighter.workforce.rules.columns import Kind, LogColumn

LOGS = Crumb("Logs", "/desk/logs/")


class Logs(Table):
    title = Column("Log")
    count = NumberColumn("Lines")
    last_at = MomentColumn("Last line", default="–")

    def row_url(self, record: Any) -> str:
        return reverse("desk:log", args=[record.key])


class WrittenColumn(Column):  # type: ignore[misc]
    """One column of a log, by its place among them."""

    def __init__(self, place: int, asked: LogColumn) -> None:
        super().__init__(asked.label, accessor="values", orderable=False, empty_values=())
        self.place, self.asked = place, asked
        if asked.kind in {Kind.MONEY, Kind.NUMBER}:
            self.attrs = MoneyColumn("").attrs

    def render(self, value: list[str]) -> str:
        said = self.value(value)
        return str(Money.exactly(said)) if said and self.asked.kind is Kind.MONEY else said or "–"

    def value(self, value: list[str]) -> str:
        return value[self.place] if value else "(erased)"


class Lines(Table):
    """What stands before and after a log's own columns."""

    number = NumberColumn("Line", orderable=False)
    at = MomentColumn("Written", orderable=False)
    by = ActorColumn("By", accessor="by_name", orderable=False)
    about = Column("Correction", empty_values=(), orderable=False)

    class Meta(Table.Meta):
        sequence = ("number", "at", "...", "by", "about")

    def row_url(self, record: LogLine) -> str:
        return reverse("desk:do-correct-line", args=[record.log.key, record.number])

    def value_about(self, record: LogLine) -> str:
        if newer := getattr(record, "corrected_by", None):
            return f"wrong: see line {newer.number}"
        return f"corrects line {record.corrects.number}" if record.corrects else ""

    def render_about(self, record: LogLine) -> str:
        return self.value_about(record)


@needs("worklist.work")
def listed(request: HttpRequest) -> HttpResponseBase:
    rows = Log.objects.annotate(count=Count("lines"), last_at=Max("lines__at")).order_by("title")
    lead = "team.lead" in permissions(request)
    acts = [Action("Begin a log", reverse("desk:do-begin-log"), key="n", primary=True)] if lead else []
    usual = Link("Begin the usual ones: cash, keys, returned mail", reverse("desk:do-usual-logs"), panel=True)
    empty = Empty("No log is kept yet.", usual if lead else None)
    return table_page(request, title="Logs", table=Logs, rows=rows, empty=empty, actions=acts)


@needs("worklist.work")
def one(request: HttpRequest, key: str) -> HttpResponseBase:
    """`?q=` lines that hold all of these words."""
    log, text = load_log(key), request.GET.get("q", "").strip()
    rows = lines_of(log, text=text).select_related("log", "written", "corrects", "corrected_by")
    acts = [Action("Write a line", reverse("desk:do-write-line", args=[key]), key="n", primary=True)]
    empty = Empty(f"No line holds “{text}”." if text else "Nothing is written yet.")
    return table_page(
        request, title=log.title, table=table_of(log), rows=rows.annotate(by_name=named("by")), crumbs=[LOGS], q=text,
        actions=acts, template="desk/logs/log.html", empty=empty,
    )  # fmt: skip


def table_of(log: Log) -> type[Table]:
    """The table of a log: a column for each that it has."""
    columns = {f"said{place}": WrittenColumn(place, asked) for place, asked in enumerate(log.asks)}
    return type("LinesOfLog", (Lines,), {**columns, "Meta": Lines.Meta})


def load_log(key: str) -> Log:
    found = Log.objects.filter(key=key).first()
    if found is None:
        raise Http404("There is no such log.")
    return found
