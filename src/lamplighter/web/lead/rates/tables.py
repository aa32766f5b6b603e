"""The tables of studies, of better rates and of moves."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from lamplighter.kernel.money import Money
from lamplighter.web.columns import IdColumn
from lamplighter.web.naming import ActorColumn
from lamplighter.web.ui import wording
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import (
    BadgeColumn,
    Column,
    DayColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    Table,
)

STATES = {"Done": Tone.GOOD, "Being worked out": Tone.WATCH}
MOVES = {"Found": Tone.NOTICE, "Told, waits for approval": Tone.WATCH, "Moved": Tone.GOOD, "Kept": Tone.PLAIN}
VERSIONS = {"Adopted": Tone.GOOD, "Proposed": Tone.WATCH, "Draft": Tone.NOTICE}


class ChangeColumn(MoneyColumn):
    """More or less than before, with its sign."""

    def render(self, value: Money) -> str:
        return wording.change(value)


class Studies(Table):
    name = Column("Study")
    rate = IdColumn("Rate", accessor="schedule__code")
    scope = Column("For", accessor="get_scope_display", orderable=False)
    until = Column("Year before")
    change = ChangeColumn("Change a year", empty_values=(), orderable=False)
    state = BadgeColumn("State", accessor="get_state_display", order_by="state", tones=STATES)
    maker = ActorColumn("By", orderable=False)
    made_at = MomentColumn("Made")

    def value_change(self, record: Any) -> Money | None:
        found = record.result
        return Money(found["proposed"] - found["present"]) if found else None

    def render_change(self, record: Any) -> str:
        found = self.value_change(record)
        return wording.change(found) if found is not None else ""

    def render_until(self, value: date) -> str:
        return f"{value:%b %Y}"

    def row_url(self, record: Any) -> str:
        return reverse("lead:study", args=[record.pk])


class StartFrom(Table):
    """Versions of the rate book that a study may begin with."""

    code = Column("Rate", accessor="schedule__code", order_by="schedule__code")
    start = DayColumn("From", accessor="period__start", order_by="period")
    state = BadgeColumn("State", accessor="get_state_display", order_by="state", tones=VERSIONS)

    def row_url(self, record: Any) -> str:
        return f"{reverse('lead:do-study')}?version={record.pk}"


class AccountTable(Table):
    """Rows about an agreement, each with its account; a row opens the account's own comparison of rates."""

    account = IdColumn("Account", accessor="agreement__account__number")
    customer = Column("Customer")

    def row_url(self, record: Any) -> str:
        return reverse("desk:account-rates", args=[record.agreement.account.number])


class Affected(AccountTable):
    customer_class = Column("Class")
    kwh = NumberColumn("Use (kWh)")
    present = MoneyColumn("Present")
    proposed = MoneyColumn("Proposed")
    change = ChangeColumn("Change")

    def render_customer_class(self, value: str) -> str:
        return value.capitalize()


class Better(AccountTable):
    present_schedule = IdColumn("On", accessor="present_schedule__code")
    present = MoneyColumn("A year")
    best_schedule = IdColumn("Best", accessor="best_schedule__code")
    best = MoneyColumn("A year there")
    saving = MoneyColumn("Saves")
    estimated_percent = NumberColumn("Estimated (%)", places=1)
    told_at = DayColumn("Told", default="")


class Moves(AccountTable):
    present_schedule = IdColumn("On", accessor="present_schedule__code")
    schedule = IdColumn("Belongs on", accessor="schedule__code")
    why = Column("Why", orderable=False)
    effective_on = DayColumn("From", default="")
    state = BadgeColumn("State", accessor="get_state_display", order_by="state", tones=MOVES)
    keep = Column("", empty_values=(), orderable=False, exclude_from_export=True)

    def render_keep(self, record: Any) -> str:
        if record.state != "found":
            return ""
        url = reverse("lead:do-keep-on-rate", args=[record.pk])
        return format_html('<a class="btn btn-sm" href="{}" data-panel>Keep</a>', url)
