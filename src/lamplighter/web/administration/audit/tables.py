"""The tables of the audit trail, and their filters by who, what and when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django_filters import FilterSet

from lamplighter.accounts.models import Account
from lamplighter.kernel.actors import ActorKind
from lamplighter.kernel.instants import midnight
from lamplighter.platform.models import AccessRecord, Event, PastRow
from lamplighter.web.ui.forms import DayInput
from lamplighter.web.ui.tables import Column, MomentColumn, Table

Rows = QuerySet[Model]


def events() -> QuerySet[Event]:
    """Everything that happened, the last recorded first, with the number of its account."""
    number = Account.objects.filter(pk=OuterRef("account")).values("number")[:1]
    return Event.objects.annotate(account_number=Subquery(number)).order_by("-id")


def reads() -> QuerySet[AccessRecord]:
    return AccessRecord.objects.order_by("-id")


def past_rows() -> QuerySet[PastRow]:
    """Changes of rows, the latest first, without what stood in them."""
    return PastRow.objects.defer("was").order_by("-id")


class Events(Table):
    """What happened. Sorted as recorded, always: a trail of years is never sorted anew for a look at it."""

    at = MomentColumn("When", orderable=False)
    actor = Column("Who", orderable=False)
    name = Column("What", orderable=False)
    subject = Column("About", orderable=False)
    account_number = Column("Account", orderable=False)
    reason = Column("Reason", orderable=False)

    def row_url(self, record: Any) -> str:
        return reverse("admin-desk:event", args=[record.pk])


class Reads(Table):
    """Who read a record that is sensitive, and by which permission."""

    at = MomentColumn("When", orderable=False)
    actor = Column("Who", orderable=False)
    subject = Column("Read", orderable=False)
    permission = Column("By permission", orderable=False)


class PastRows(Table):
    """Which row was changed, by whom and when."""

    changed_at = MomentColumn("Changed", orderable=False)
    actor = Column("Who", orderable=False)
    table_name = Column("Table", orderable=False)
    row_id = Column("Row", orderable=False)

    def row_url(self, record: Any) -> str:
        return reverse("admin-desk:row", args=[record.table_name, record.row_id])


class TrailFilters(FilterSet):  # type: ignore[misc]
    """Who and when, alike on every page of the trail. Subclasses name the column of the instant."""

    instant = "at"
    actor = django_filters.CharFilter(label="Who (login)", method="by")
    since = django_filters.DateFilter(label="From", method="from_day", widget=DayInput)
    until = django_filters.DateFilter(label="To", method="to_day", widget=DayInput)

    def by(self, rows: Rows, name: str, value: str) -> Rows:  # noqa: ARG002 - the library's signature
        """`dana`, of any kind, or `staff:dana`; exactly, so that nobody is taken for somebody else."""
        return rows.filter(actor__in=[value] if ":" in value else [f"{kind}:{value}" for kind in ActorKind])

    def from_day(self, rows: Rows, name: str, value: date) -> Rows:  # noqa: ARG002
        return rows.filter(**{f"{self.instant}__gte": _midnight(value)})

    def to_day(self, rows: Rows, name: str, value: date) -> Rows:  # noqa: ARG002
        return rows.filter(**{f"{self.instant}__lt": _midnight(value + timedelta(days=1))})


class ReadFilters(TrailFilters):
    subject = django_filters.CharFilter(label="About (kind or kind:key)", method="about")

    def about(self, rows: Rows, name: str, value: str) -> Rows:  # noqa: ARG002
        """`user:dana`, by index, or everything of a kind: `user`."""
        return rows.filter(Q(subject=value) if ":" in value else Q(subject__startswith=f"{value}:"))


class EventFilters(ReadFilters):
    name = django_filters.CharFilter(label="What (begins with)", lookup_expr="startswith")


class RowFilters(TrailFilters):
    instant = "changed_at"
    table = django_filters.CharFilter(label="Table", field_name="table_name")
    row = django_filters.CharFilter(label="Row", field_name="row_id")


def _midnight(day: date) -> datetime:
    zone = timezone.get_current_timezone()
    assert isinstance(zone, ZoneInfo)
    return midnight(day, zone)
