"""The tables of orders and of a day of crews."""

from __future__ import annotations

from typing import Any

import django_filters
from django.urls import reverse

from lamplighter.fieldwork.models import Crew, Half, Order, Visit
from lamplighter.fieldwork.types import TYPES
from lamplighter.web.columns import IdColumn
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MomentColumn, NumberColumn, Table

STATES = {
    "Pending": Tone.PLAIN, "Can't go out": Tone.BAD, "Waiting": Tone.WATCH, "In progress": Tone.INFO,
    "Complete": Tone.GOOD, "Cancelled": Tone.PLAIN,
}  # fmt: skip


class Orders(Table):
    """Orders from `with_visits`, the most urgent first."""

    number = IdColumn("Order")
    label = Column("What", order_by=("kind", "reason"))
    place = Column("Where", accessor="premise__address", order_by="premise__street")
    account = IdColumn("Account", accessor="account__number")
    state = BadgeColumn("State", accessor="get_state_display", order_by="state", tones=STATES)
    due_at = MomentColumn("Due")
    day = DayColumn("Visit")
    half = Column("Half", orderable=False)
    crew = Column("Crew")

    def value_half(self, value: str) -> str:
        return str(Half(value).label)

    def render_half(self, value: str) -> str:
        return self.value_half(value)

    def row_url(self, record: Any) -> str:
        return reverse("desk:order", args=[record.number])


class Visits(Table):
    """A day's visits by crew, in the order in which they are made."""

    order = IdColumn("Order", accessor="order__number")
    crew = Column("Crew", accessor="shift__crew__name")
    half = Column("Half", accessor="shift__half")
    place = NumberColumn("Stop", initial_sort_descending=False)
    label = Column("What", accessor="order__label", orderable=False)
    where = Column("Where", accessor="order__premise__address", order_by="order__premise__street")
    state = BadgeColumn("State", accessor="order__get_state_display", order_by="order__state", tones=STATES)
    promised = Column("Promised", empty_values=(), order_by="promised")

    def value_promised(self, record: Visit) -> str:
        return "Yes" if record.promised else ""

    def render_promised(self, record: Visit) -> str:
        return self.value_promised(record)

    def row_url(self, record: Visit) -> str:
        return reverse("desk:order", args=[record.order.number])


class OrderFilters(django_filters.FilterSet):  # type: ignore[misc]
    state = django_filters.ChoiceFilter(label="State", empty_label="All states", choices=Order.State.choices)
    kind = django_filters.ChoiceFilter(
        label="What", empty_label="All", choices=[(one.kind.value, one.label) for one in TYPES.values()]
    )
    crew = django_filters.ChoiceFilter(label="Crew", empty_label="All crews", field_name="crew", choices=list)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["crew"].extra["choices"] = [(name, name) for name in crew_names()]


class VisitFilters(django_filters.FilterSet):  # type: ignore[misc]
    crew = django_filters.ChoiceFilter(
        label="Crew", empty_label="All crews", field_name="shift__crew__name", choices=list
    )
    half = django_filters.ChoiceFilter(
        label="Half", empty_label="All day", field_name="shift__half", choices=Half.choices
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["crew"].extra["choices"] = [(name, name) for name in crew_names()]


def crew_names() -> list[str]:
    return list(Crew.objects.order_by("name").values_list("name", flat=True))
