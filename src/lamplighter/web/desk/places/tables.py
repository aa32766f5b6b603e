"""The tables of premises and meters."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from lamplighter.kernel.energy import Quality
from lamplighter.web.columns import FromColumn, IdColumn, UntilColumn
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, MomentColumn, NumberColumn, Table
from lamplighter.web.ui.wording import short_day

FLOWS = {"delivered": "From the grid", "received": "To the grid", "net": "Net of both", "total": "Sum of both"}
QUALITIES = {"Corrected": Tone.NOTICE, "Valid": Tone.GOOD, "Estimated": Tone.WATCH}


class Tenancies(Table):
    """Agreements at a premise, the newest first, with their customers from `customer_of`."""

    account = IdColumn("Account", accessor="account__number")
    customer = Column("Customer")
    kind = Column("What", accessor="get_kind_display", orderable=False)
    start = FromColumn("From", accessor="period", order_by="period")
    end = UntilColumn("Until", accessor="period", orderable=False)

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.account.number])


class Channels(Table):
    """What a meter measures: quantity, unit, interval or dials, and its multipliers by date."""

    name = Column("Channel")
    quantity = Column("Quantity", accessor="get_quantity_display", order_by="quantity")
    flow = Column("Direction")
    measure = Column("Counts in", orderable=False)
    interval = Column("Interval", empty_values=(), orderable=False)
    multipliers = Column("Multiplier", empty_values=(), orderable=False)

    def value_flow(self, value: str) -> str:
        return FLOWS.get(value, value)

    def render_flow(self, value: str) -> str:
        return self.value_flow(value)

    def value_interval(self, record: Any) -> str:
        return f"{record.dials} dials" if record.is_register else f"{record.interval // 60} min"

    def render_interval(self, record: Any) -> str:
        return self.value_interval(record)

    def value_multipliers(self, record: Any) -> str:
        by_date = sorted(record.multipliers.all(), key=lambda multiplier: multiplier.period.start)
        return ", ".join(f"× {m.factor.normalize():f} from {short_day(m.period.start, date.min)}" for m in by_date)

    def render_multipliers(self, record: Any) -> str:
        return self.value_multipliers(record)


class Reads(Table):
    """Register reads as they were shown; a corrected one stays and says so."""

    at = MomentColumn("Read")
    channel = Column("Register", accessor="channel__name")
    count = NumberColumn("Dials showed")
    kind = Column("Kind", accessor="get_kind_display", order_by="kind")
    quality = BadgeColumn("Quality", empty_values=(), orderable=False, tones=QUALITIES)

    def value_quality(self, record: Any) -> str:
        if hasattr(record, "superseded_by"):
            return "Corrected"
        return Quality(record.quality).name.replace("_", " ").capitalize()

    def render_quality(self, record: Any) -> Any:
        return self.columns["quality"].column.render(self.value_quality(record))


class ReadsToCorrect(Reads):
    """The same with the act, for those who decide readings."""

    correct = Column("Act", empty_values=(), orderable=False, exclude_from_export=True)

    def render_correct(self, record: Any) -> str:
        if hasattr(record, "superseded_by"):
            return ""
        url = reverse("desk:do-correct-read", args=[record.channel.meter.badge, record.pk])
        words = format_html('Correct<span class="visually-hidden"> {}</span>', record.count)
        return format_html('<a class="btn btn-sm" href="{}" data-panel>{}</a>', url, words)
