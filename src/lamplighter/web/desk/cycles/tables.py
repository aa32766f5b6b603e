"""The tables of the bill cycles: windows, what is parked, what is to be billed again, trial bills."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from lamplighter.billing.models import CycleWindow
from lamplighter.web.columns import FromColumn, IdColumn, UntilColumn
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import (
    DAY,
    BadgeColumn,
    Column,
    DayColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    Table,
)
from lamplighter.web.ui.wording import short_day

STATES = {"Waiting": Tone.WATCH, "Billed again": Tone.GOOD}


def window_words(window: CycleWindow) -> str:
    """`Cycle 04, Nov 2026`."""
    return f"Cycle {window.cycle_id}, {window.month:%b %Y}"


class WindowColumn(Column):  # type: ignore[misc]
    """A window in words; empty for what belongs to none."""

    def render(self, value: CycleWindow) -> str:
        return window_words(value)

    def value(self, value: CycleWindow) -> str:
        return window_words(value)


class Windows(Table):
    """Windows of all cycles, the newest first, and how far each is."""

    window = Column("Window", empty_values=(), order_by=("month", "cycle"))
    reads_on = DayColumn("Reads on")
    opens_on = DayColumn("Opens")
    closes_on = DayColumn("Closes")
    billed = NumberColumn("Billed")
    waiting = NumberColumn("Parked")
    mode = BadgeColumn("Mode", empty_values=(), order_by="freeze", tones={"Trial": Tone.WATCH})

    def value_window(self, record: CycleWindow) -> str:
        return window_words(record)

    def render_window(self, record: CycleWindow) -> str:
        return window_words(record)

    def value_mode(self, record: CycleWindow) -> str:
        return "For good" if record.freeze else "Trial"

    def render_mode(self, record: CycleWindow) -> Any:
        return self.columns["mode"].column.render(self.value_mode(record))

    def row_url(self, record: CycleWindow) -> str:
        return reverse("desk:window", args=[record.pk])


class ReadDayColumn(Column):  # type: ignore[misc]
    """The read day of a month's window, which it links to."""

    def __init__(self, title: str, number: int) -> None:
        super().__init__(
            title, accessor=f"windows__{number}", orderable=False, attrs=DAY,
            linkify=lambda value: reverse("desk:window", args=[value.pk]),
        )  # fmt: skip

    def render(self, value: CycleWindow) -> str:
        return f"{short_day(value.reads_on)}{'' if value.freeze else ' (trial)'}"

    def value(self, value: CycleWindow) -> date:
        return value.reads_on


class YearOfWindows(Table):
    """Every cycle with its read days of a year, month by month."""

    cycle = IdColumn("Cycle", accessor="cycle__code", orderable=False)
    name = Column("Name", accessor="cycle__name", orderable=False)
    jan = ReadDayColumn("Jan", 1)
    feb = ReadDayColumn("Feb", 2)
    mar = ReadDayColumn("Mar", 3)
    apr = ReadDayColumn("Apr", 4)
    may = ReadDayColumn("May", 5)
    jun = ReadDayColumn("Jun", 6)
    jul = ReadDayColumn("Jul", 7)
    aug = ReadDayColumn("Aug", 8)
    sep = ReadDayColumn("Sep", 9)
    oct = ReadDayColumn("Oct", 10)
    nov = ReadDayColumn("Nov", 11)
    dec = ReadDayColumn("Dec", 12)


class ParkedTable(Table):
    """Agreements that a run could not bill, and why; customers from `customer_of`."""

    account = IdColumn("Account", accessor="agreement__account__number")
    customer = Column("Customer")
    message = Column("Why", orderable=False)
    window = WindowColumn("Window", order_by="window__month")
    parked_at = MomentColumn("Since")

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.agreement.account.number])


class Rebills(Table):
    """Days that are to be billed again, and why; customers from `customer_of`."""

    account = IdColumn("Account", accessor="agreement__account__number")
    customer = Column("Customer")
    reason = Column("Reason")
    start = FromColumn("From", accessor="period", order_by="period")
    end = UntilColumn("To", accessor="period", orderable=False)
    state = BadgeColumn("State", accessor="get_state_display", order_by="state", tones=STATES)
    difference = MoneyColumn("Difference")
    asked_at = MomentColumn("Asked")

    def value_reason(self, value: str) -> str:
        return value.replace("-", " ").capitalize()

    def render_reason(self, value: str) -> str:
        return self.value_reason(value)

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.agreement.account.number])


class Trials(Table):
    """Bills of a trial run: nothing is owed; customers from `customer_of`."""

    account = IdColumn("Account", accessor="account__number")
    customer = Column("Customer")
    total = MoneyColumn("Would be charged")
    computed_at = MomentColumn("Worked out")

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.account.number])
