"""The tables of an account."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lamplighter.kernel.money import Money
from lamplighter.payments.models import Reversal
from lamplighter.web.columns import IdColumn
from lamplighter.web.naming import ActorColumn
from lamplighter.web.ui import wording
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MomentColumn, MoneyColumn, NumberColumn, Table

STATES = {"Taken": Tone.GOOD} | {reason.label: Tone.BAD for reason in Reversal.Reason}
KINDS = {"Correction": Tone.NOTICE, "Final bill": Tone.WATCH, "Invoice": Tone.INFO}


class MovementColumn(MoneyColumn):
    """Money that came or went, with its sign alone: a payment is no credit."""

    def render(self, value: Money) -> str:
        return wording.money(value)


class Bills(Table):
    """Bills, converted ones among them; a row opens the bill."""

    number = Column("Bill")
    issued_on = DayColumn("Issued")
    kind = BadgeColumn("Kind", accessor="get_kind_display", order_by="kind", tones=KINDS)
    kwh = NumberColumn("Use (kWh)")
    charges = MoneyColumn("Charges")
    due = MoneyColumn("Amount due")
    due_on = DayColumn("Due")

    def row_url(self, record: Any) -> str:
        return reverse("desk:bill", args=[record.account.number, record.number])


class BillsOfAll(Bills):
    """Bills of several accounts: each with its customer, from `customer_of`."""

    account = IdColumn("Account", accessor="account__number")
    customer = Column("Customer")

    class Meta(Bills.Meta):
        sequence = ("number", "account", "customer", "...")


class Payments(Table):
    """Payments with their tender; reversed ones say so."""

    receipt = Column("Receipt", accessor="event__receipt")
    received_on = DayColumn("Received", accessor="event__received_on")
    amount = MoneyColumn("Amount")
    tenders = Column("Paid with", empty_values=(), orderable=False)
    state = BadgeColumn("State", empty_values=(), orderable=False, tones=STATES)

    def value_receipt(self, value: str) -> str:
        return f"R-{value}"

    def render_receipt(self, value: str) -> str:
        return self.value_receipt(value)

    def value_tenders(self, record: Any) -> str:
        return ", ".join(_tender(tender) for tender in record.event.tenders.all())

    def render_tenders(self, record: Any) -> str:
        return self.value_tenders(record)

    def value_state(self, record: Any) -> str:
        reversal = getattr(record.event, "reversal", None)
        return reversal.get_reason_display() if reversal else "Taken"

    def render_state(self, record: Any) -> Any:
        return self.columns["state"].column.render(self.value_state(record))

    def row_url(self, record: Any) -> str:
        return reverse("desk:receipt", args=[record.event.receipt])


class PaymentsOfAll(Payments):
    """Payments of several accounts: each with its customer, from `customer_of`."""

    account = IdColumn("Account", accessor="account__number")
    customer = Column("Customer")

    class Meta(Payments.Meta):
        sequence = ("receipt", "account", "customer", "...")


class Ledger(Table):
    """Movements with the balance after them; a row leads to the bill or the receipt that it came from."""

    what = Column("What", orderable=False)
    on = DayColumn("Effective", orderable=False)
    current = MovementColumn("Amount", orderable=False)
    current_after = MoneyColumn("Balance after", accessor="balance__current", orderable=False)
    code = IdColumn("Ledger account", orderable=False)

    def row_url(self, record: Any) -> str:
        return str(record.url)


class LedgerWithPayoff(Ledger):
    """The same where what is asked for and what would settle everything differ (budget billing, arrangements)."""

    payoff = MovementColumn("To settle all", orderable=False)
    payoff_after = MoneyColumn("Settles all after", accessor="balance__payoff", orderable=False)


class Changes(Table):
    """What rows were: only what differs from what came after."""

    changed_at = MomentColumn("Changed")
    actor = ActorColumn("By", orderable=False)
    what = Column("What", orderable=False)
    was = Column("It was", orderable=False)


def _tender(tender: Any) -> str:
    return f"{tender.get_kind_display()} {tender.reference}".strip()
