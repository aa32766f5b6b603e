"""Tables of closed accounts that owe, of agencies, and of their files."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lamplighter.web.columns import IdColumn
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MoneyColumn, NumberColumn, Table

STAGES = {
    "Not due yet": Tone.PLAIN, "Letters": Tone.NOTICE, "Decide": Tone.WATCH, "Proposed": Tone.INFO,
    "Written off": Tone.PLAIN, "With an agency": Tone.METER,
}  # fmt: skip


class ClosedAccounts(Table):
    """Rows of `closed_rows`, the largest debt first."""

    number = IdColumn("Account")
    customer = Column("Customer")
    owed = MoneyColumn("Owed")
    ended = DayColumn("Service ended")
    stage = BadgeColumn("Stage", tones=STAGES, orderable=False)
    agency = Column("Agency", orderable=False)

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.number])


class Agencies(Table):
    name = Column("Agency")
    fee_percent = NumberColumn("Fee, %")
    debts = NumberColumn("Debts")
    placed = MoneyColumn("Placed")
    collected = MoneyColumn("Collected")
    fees = MoneyColumn("Fees")

    def row_url(self, record: Any) -> str:
        return reverse("desk:agency", args=[record.key])


class Files(Table):
    made_on = DayColumn("Day")
    kind = Column("Direction", accessor="get_kind_display", order_by="kind")
    name = Column("File", accessor="file__name")
    records = NumberColumn("Lines")
    total = MoneyColumn("Sum")

    def row_url(self, record: Any) -> str:
        return reverse("desk:agency-file", args=[record.agency_id, record.pk])


class Referrals(Table):
    number = IdColumn("Account", accessor="write_off__account__number")
    amount = MoneyColumn("Placed")
    referred_on = DayColumn("Since")
    ended_on = DayColumn("Ended")
    outcome = Column("How", accessor="get_outcome_display", order_by="outcome")

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.write_off.account.number])
