"""The contact log as a table."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.urls import reverse

from lamplighter.cases.models import Contact
from lamplighter.cases.words import OUTCOMES, REASONS, Means
from lamplighter.web.access import actor
from lamplighter.web.naming import ActorColumn
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, MomentColumn, Table


class Contacts(Table):
    """Every contact, the newest first: over which channel, whose, why, what came of it."""

    began_at = MomentColumn("When")
    label = BadgeColumn("What", orderable=False, tones={"Call in": Tone.INFO, "Visit": Tone.INFO})
    customer = Column("Customer", default="unknown")
    reason = Column("Why", accessor="get_reason_display", order_by="reason", default="")
    outcome = BadgeColumn("Outcome", accessor="get_outcome_display", order_by="outcome", default="",
                          tones={"Resolved": Tone.GOOD, "We owe an answer": Tone.WATCH})  # fmt: skip
    by = ActorColumn("By", accessor="by_name", order_by="handled_by", default="nobody yet")

    def row_url(self, record: Any) -> str:
        return reverse("desk:contact", args=[record.pk])


class ContactFilters(django_filters.FilterSet):  # type: ignore[misc]
    means = django_filters.ChoiceFilter(
        label="Channel", empty_label="All channels", choices=[(each.value, each.label) for each in Means]
    )
    reason = django_filters.ChoiceFilter(label="Why", empty_label="All reasons", choices=list(REASONS.items()))
    outcome = django_filters.ChoiceFilter(label="Outcome", empty_label="All outcomes", choices=list(OUTCOMES.items()))
    since = django_filters.DateFilter(
        label="Since", field_name="began_at", lookup_expr="date__gte", widget=forms.DateInput({"type": "date"})
    )
    q = django_filters.CharFilter(label="Words", method="words")
    mine = django_filters.BooleanFilter(label="Mine only", method="own", widget=forms.CheckboxInput)

    class Meta:
        model = Contact
        fields: tuple[str, ...] = ()

    def own(self, rows: Any, name: str, value: bool) -> Any:  # noqa: ARG002, FBT001 - the library's signature
        return rows.filter(handled_by=actor(self.request)) if value else rows

    def words(self, rows: Any, name: str, value: str) -> Any:  # noqa: ARG002 - the library's signature
        said = Q(remark__words__icontains=value) | Q(message__body__icontains=value) | Q(
            message__subject__icontains=value
        )  # fmt: skip
        return rows.filter(said | Q(party__icontains=value))
