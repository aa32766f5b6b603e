"""The retention schedule in force, with what the next night erases by it and what was erased so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import IntegerField, Max, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.journeys.parameters import RETENTION
from lamplighter.journeys.retaining import SERIES, past_due, terms_on
from lamplighter.platform.models import Event
from lamplighter.platform.operations.retention import ERASED
from lamplighter.web.access import needs
from lamplighter.web.desk.texts.governed import governed
from lamplighter.web.ui.parts import Action, Alert, Crumb, Empty, Level
from lamplighter.web.ui.tables import Column, MomentColumn, NumberColumn, Table, table_page
from lamplighter.web.visits import visit

TITLE = "Retention of records"
WHAT_IT_DOES = (
    "Every night the words of records whose years are over are erased, and do not come back. That something happened, "
    "when, by whom and for how much stays for ever. Records of accounts with a legal hold wait for its end."
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A series of records as the page shows it."""

    pk: str
    label: str
    years: str
    counted: str
    due: int
    erased: int
    last: datetime | None


class Schedule(Table):
    label = Column("Records", orderable=False)
    years = Column("Kept for", orderable=False)
    counted = Column("Counted", orderable=False)
    due = NumberColumn("Due tonight", orderable=False)
    erased = NumberColumn("Erased so far", orderable=False)
    last = MomentColumn("Last", orderable=False)


@needs("system.configure")
def listed(request: HttpRequest) -> HttpResponseBase:
    return table_page(
        request, title=TITLE, table=Schedule, rows=_kept(visit(request).on),
        alerts=[Alert(Level.KNOW, "Set by a policy", WHAT_IT_DOES), *governed(request, RETENTION)],
        empty=Empty("No series of records."), crumbs=[Crumb("Rules and limits", reverse("admin-desk:rules"))],
        actions=[Action("Policies", reverse("desk:policies"), panel=False)],
    )  # fmt: skip


def _kept(on: date) -> list[Kept]:
    terms, erased = terms_on(on), _erased()
    rows = []
    for series in SERIES:
        years, due = getattr(terms, series.name, None), past_due(series, on=on)
        count, last = erased.get(f"retention:{series.name}", (0, None))
        words = "ever" if years is None else f"{years} years"
        rows.append(
            Kept(series.name, series.label, words, series.counted, 0 if due is None else due.count(), count, last)
        )
    return rows


def _erased() -> dict[str, tuple[int, datetime]]:
    found = Event.objects.filter(name=ERASED, subject__in=[f"retention:{series.name}" for series in SERIES])
    told = found.values("subject").annotate(count=Sum(Cast(KT("data__count"), IntegerField())), last=Max("at"))
    return {one["subject"]: (one["count"], one["last"]) for one in told}
