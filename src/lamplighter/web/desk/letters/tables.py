"""Letters that wait, batches, and what was sent."""

from __future__ import annotations

from typing import Any

import django_filters
from django.urls import reverse

from lamplighter.notices.channels import WAYS
from lamplighter.notices.models import LetterBatch, Notice
from lamplighter.web.naming import ActorColumn
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, MomentColumn, NumberColumn, Table


class Sent(Table):
    """Everything that was written to customers, the newest first."""

    composed_at = MomentColumn("Written")
    title = Column("What", accessor="template__title", order_by="template__title")
    customer = Column("Customer", default="")
    channel = BadgeColumn("By", accessor="get_channel_display", order_by="channel")
    state = BadgeColumn("State", empty_values=(), orderable=False, tones={
        "Delivered": Tone.GOOD, "Sent": Tone.GOOD, "Waits": Tone.WATCH, "Came back": Tone.BAD, "Bounced": Tone.BAD,
    })  # fmt: skip

    def value_state(self, record: Notice) -> str:
        return state_of(record)

    def render_state(self, record: Notice) -> Any:
        return self.columns["state"].column.render(self.value_state(record))

    def row_url(self, record: Any) -> str:
        return reverse("desk:letter", args=[record.pk])


class SentFilters(django_filters.FilterSet):  # type: ignore[misc]
    channel = django_filters.ChoiceFilter(
        label="By", empty_label="All ways", choices=[(one.value, one.label) for one in WAYS]
    )
    q = django_filters.CharFilter(label="Template", field_name="template__title", lookup_expr="icontains")

    class Meta:
        model = Notice
        fields: tuple[str, ...] = ()


class Batches(Table):
    """Letters that were printed together."""

    number = Column("Batch", orderable=False)
    made_at = MomentColumn("Printed")
    by = ActorColumn("By", accessor="by_name", order_by="made_by")
    count = NumberColumn("Letters")
    mailed_at = MomentColumn("Mailed", default="not yet")
    proof = Column("Proof", default="")

    def row_url(self, record: LetterBatch) -> str:
        return reverse("desk:letter-batch", args=[record.pk])


def state_of(notice: Notice) -> str:
    """Where a notice is, in one word; its deliveries must be at hand."""
    steps = {one.step for one in notice.deliveries.all()}
    for step, word in (("returned", "Came back"), ("bounced", "Bounced"), ("delivered", "Delivered"),
                       ("handed_over", "Sent"), ("queued", "Waits")):  # fmt: skip
        if step in steps:
            return word
    return "Written"
