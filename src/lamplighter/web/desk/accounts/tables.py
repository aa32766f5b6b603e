"""The tables of an account."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MomentColumn, MoneyColumn, Table


class Bills(Table):
    """Bills, converted ones among them; a row opens the bill."""

    number = Column("Bill")
    issued_on = DayColumn("Issued")
    kind = BadgeColumn("Kind", accessor="get_kind_display", tones={"Correction": Tone.NOTICE, "Final bill": Tone.WATCH})
    charges = MoneyColumn("Charges")
    due = MoneyColumn("Amount due")
    due_on = DayColumn("Due")

    def row_url(self, record: Any) -> str:
        return reverse("desk:bill", args=[record.account.number, record.number])


class Payments(Table):
    """Payments with their tender; reversed ones say so."""

    receipt = Column("Receipt", accessor="event__receipt")
    received_on = DayColumn("Received", accessor="event__received_on")
    amount = MoneyColumn("Amount")
    tenders = Column("Paid with", empty_values=(), orderable=False)
    state = BadgeColumn("State", empty_values=(), orderable=False, tones={"Reversed": Tone.BAD})

    def render_tenders(self, record: Any) -> str:
        return ", ".join(tender.get_kind_display() for tender in record.event.tenders.all())

    def value_tenders(self, record: Any) -> str:
        return self.render_tenders(record)

    def value_state(self, record: Any) -> str:
        return "Reversed" if hasattr(record.event, "reversal") else ""

    def render_state(self, record: Any) -> Any:
        return self.columns["state"].column.render(self.value_state(record)) if self.value_state(record) else ""

    def row_url(self, record: Any) -> str:
        return reverse("desk:receipt", args=[record.event.receipt])


class Ledger(Table):
    """Movements with the balances after them: current is asked for, payoff settles everything."""

    on = DayColumn("Effective")
    kind = Column("What", orderable=False)
    source = Column("Source", orderable=False)
    what = Column("Ledger account", orderable=False)
    current = MoneyColumn("Current", orderable=False)
    payoff = MoneyColumn("Payoff", orderable=False)
    current_after = MoneyColumn("Current after", accessor="balance__current", orderable=False)
    payoff_after = MoneyColumn("Payoff after", accessor="balance__payoff", orderable=False)


class Changes(Table):
    """What rows were: only what differs from what came after."""

    changed_at = MomentColumn("Changed")
    actor = Column("By")
    what = Column("What", orderable=False)
    was = Column("It was", orderable=False)
