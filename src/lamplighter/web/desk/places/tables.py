"""The tables of premises and meters."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lamplighter.kernel.energy import Quality
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MomentColumn, NumberColumn, Table


class Tenancies(Table):
    """Agreements at a premise, the newest first."""

    account = Column("Account", accessor="account__number")
    kind = Column("What", accessor="get_kind_display", orderable=False)
    start = DayColumn("From", accessor="period__start", order_by="period")
    end = DayColumn("Until", accessor="period__end", orderable=False)

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.account.number])


class Channels(Table):
    """What a meter measures: quantity, unit, interval or dials, and its multipliers by date."""

    name = Column("Channel")
    quantity = Column("Quantity", accessor="get_quantity_display")
    flow = Column("Flow")
    measure = Column("Counts in", orderable=False)
    interval = Column("Interval", empty_values=(), orderable=False)
    multipliers = Column("Multiplier", empty_values=(), orderable=False)

    def render_interval(self, record: Any) -> str:
        return f"{record.dials} dials" if record.is_register else f"{record.interval // 60} min"

    def value_interval(self, record: Any) -> str:
        return self.render_interval(record)

    def render_multipliers(self, record: Any) -> str:
        return ", ".join(str(m) for m in sorted(record.multipliers.all(), key=lambda m: m.period.start))

    def value_multipliers(self, record: Any) -> str:
        return self.render_multipliers(record)


class Reads(Table):
    """Register reads as they were shown; a corrected one stays and says so."""

    at = MomentColumn("Read")
    channel = Column("Register", accessor="channel__name")
    count = NumberColumn("Dials showed")
    kind = Column("Kind", accessor="get_kind_display", order_by="kind")
    quality = BadgeColumn("Quality", empty_values=(), orderable=False, tones={"Corrected": Tone.NOTICE})

    def value_quality(self, record: Any) -> str:
        if hasattr(record, "superseded_by"):
            return "Corrected"
        return Quality(record.quality).name.replace("_", " ").capitalize()

    def render_quality(self, record: Any) -> Any:
        return self.columns["quality"].column.render(self.value_quality(record))
