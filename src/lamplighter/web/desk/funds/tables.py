"""Tables of funds, their grants, their book and who gives to them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lamplighter.programs.models import Grant
from lamplighter.web.columns import IdColumn
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MoneyColumn, Table

STATES = {
    "Waits": Tone.WATCH, "Given": Tone.GOOD, "Refused": Tone.PLAIN, "Papers did not come": Tone.PLAIN,
    "Taken back": Tone.PLAIN,
}  # fmt: skip


class Funds(Table):
    """Rows of a fund with what it holds, what waiting grants reserve, and what is free."""

    name = Column("Fund")
    held = MoneyColumn("Held")
    reserved = MoneyColumn("Reserved")
    free = MoneyColumn("Free")

    def row_url(self, record: Any) -> str:
        return reverse("desk:fund", args=[record["key"]])


class Grants(Table):
    number = IdColumn("Grant")
    account = IdColumn("Account", accessor="account__number")
    amount = MoneyColumn("Amount")
    basis = Column("By", accessor="get_basis_display", order_by="basis")
    asked_on = DayColumn("Asked")
    state = BadgeColumn("State", accessor="get_state_display", order_by="state", tones=STATES)
    waits_for = Column("Waits for", orderable=False)

    def row_url(self, record: Grant) -> str:
        return reverse("desk:grant", args=[record.number])


class Book(Table):
    """Movements of a fund's money."""

    on = DayColumn("Day")
    kind = Column("What", accessor="get_kind_display", order_by="kind")
    amount = MoneyColumn("In, or out")
    account = IdColumn("Account", accessor="account__number", default="")
    grant = IdColumn("Grant", accessor="grant__number", default="")
    words = Column("By", default="")


class Givers(Table):
    number = IdColumn("Account", accessor="account__number")
    way = Column("How", accessor="get_way_display", order_by="way")
    amount = MoneyColumn("With each bill", default="")
    since = DayColumn("Since", accessor="period__start", orderable=False)

    def row_url(self, record: Any) -> str:
        return reverse("desk:account-programs", args=[record.account.number])
