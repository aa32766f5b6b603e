"""Read the audit trail: events, reads of sensitive records, and what rows were."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.web.access import needs, permissions
from lamplighter.web.administration.audit.history import changes
from lamplighter.web.administration.audit.tables import (
    EventFilters,
    Events,
    PastRows,
    ReadFilters,
    Reads,
    RowFilters,
    events,
    past_rows,
    reads,
)
from lamplighter.web.loading import note_access
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Crumb, Empty, Fact, Tab
from lamplighter.web.ui.tables import table_page

AUDIT = Crumb("Audit", "/admin-desk/audit/")
PAGES = (("Events", "admin-desk:audit"), ("Reads", "admin-desk:audit-reads"), ("Rows", "admin-desk:audit-rows"))


@needs("audit.view")
def happened(request: HttpRequest) -> HttpResponseBase:
    return table_page(
        request, title="Audit", table=Events, rows=events(), filters=EventFilters, tabs=_tabs("Events"),
        empty=Empty("Nothing has happened yet."),
    )  # fmt: skip


@needs("audit.view")
def read(request: HttpRequest) -> HttpResponseBase:
    return table_page(
        request, title="Reads of sensitive records", table=Reads, rows=reads(), filters=ReadFilters, crumbs=[AUDIT],
        tabs=_tabs("Reads"), empty=Empty("Nobody has read a sensitive record yet."),
    )  # fmt: skip


@needs("audit.view")
def rows(request: HttpRequest) -> HttpResponseBase:
    return table_page(
        request, title="Changes of rows", table=PastRows, rows=past_rows(), filters=RowFilters, crumbs=[AUDIT],
        tabs=_tabs("Rows"), empty=Empty("No row has changed yet."),
    )  # fmt: skip


@needs("audit.view")
def event(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One event with its figures. Its words are shown to those who may see accounts, or when it is of none."""
    found = events().select_related("remark").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such event.")
    return page(
        request, title=found.name, crumbs=[AUDIT],
        panels=[
            Panel("event", "Event", "administration/audit/facts.html",
                  lambda: {"facts": _facts(found, words="accounts.view" in permissions(request))}),
            Panel("data", "Figures", "administration/audit/facts.html", lambda: {"facts": _figures(found.data)}),
        ],
    )  # fmt: skip


@needs("audit.view")
def row(request: HttpRequest, table: str, key: str) -> HttpResponseBase:
    """What one row was. It may tell about a person, so the look at it is recorded."""
    found = changes(table, key)
    if not found:
        raise Http404("No change of such a row is kept.")
    note_access(request, f"{table}:{key}", "audit.view")
    return page(
        request, title=table, number=key, crumbs=[AUDIT, Crumb("Rows", reverse("admin-desk:audit-rows"))],
        panels=[Panel("changes", "What it was", "administration/audit/changes.html", lambda: {"changes": found})],
    )  # fmt: skip


def _facts(found: Any, *, words: bool) -> list[Fact]:
    remark = "–" if found.remark is None else str(found.remark)
    if found.account is not None and not words:
        remark = "shown to those who may see accounts"
    return [
        Fact("When", found.at),
        Fact("Who", str(found.actor)),
        Fact("What", found.name),
        Fact("About", found.subject),
        Fact("Account", found.account_number or "–"),
        Fact("Reason", found.reason or "–"),
        Fact("In words", remark),
    ]


def _figures(data: dict[str, Any]) -> list[Fact]:
    return [Fact(name.replace("_", " "), str(value)) for name, value in data.items()]


def _tabs(current: str) -> list[Tab]:
    return [Tab(label, reverse(name), label == current) for label, name in PAGES]
