"""Tables of assistance agencies, their pledges and checks, and the lines of one check."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lamplighter.web.columns import IdColumn
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MoneyColumn, NumberColumn, Table

OUTCOMES = {"Counts": Tone.WATCH, "Paid": Tone.GOOD, "Not paid in time": Tone.BAD, "Taken back": Tone.PLAIN}
STATES = {"Waits": Tone.WATCH, "On an account": Tone.GOOD}


class Agencies(Table):
    """Rows of `agency_balances`."""

    name = Column("Agency")
    waits = NumberColumn("Pledges")
    pledged = MoneyColumn("Pledged")
    unapplied = MoneyColumn("Paid, on no account yet")

    def row_url(self, record: Any) -> str:
        return reverse("desk:assistance-agency", args=[record.pk])


class Pledges(Table):
    number = IdColumn("Account", accessor="account__number")
    reference = Column("Their number")
    amount = MoneyColumn("Pledged")
    pledged_on = DayColumn("Since")
    expires_on = DayColumn("Until")
    outcome = BadgeColumn("State", accessor="get_outcome_display", order_by="outcome", tones=OUTCOMES, default="Counts")
    paid = MoneyColumn("Paid", accessor="line__amount", default="")

    def row_url(self, record: Any) -> str:
        return reverse("desk:account", args=[record.account.number])


class Checks(Table):
    """Rows with `waiting`: how many lines stand on no account yet."""

    received_on = DayColumn("Day")
    reference = Column("Check or transfer")
    amount = MoneyColumn("Amount")
    waiting = NumberColumn("Lines that wait")

    def row_url(self, record: Any) -> str:
        return reverse("desk:assistance-check", args=[record.pk])


class Lines(Table):
    """Rows with `state`: on an account, or waiting for a person."""

    place = NumberColumn("Line")
    said_reference = Column("Their number")
    said_account = Column("Account, as they say")
    amount = MoneyColumn("Paid")
    pledged = MoneyColumn("Pledged", accessor="pledge__amount", default="")
    state = BadgeColumn("State", tones=STATES, orderable=False)
    receipt = Column("Receipt", accessor="event__receipt", default="")

    def row_url(self, record: Any) -> str:
        if record.event_id is None:
            return reverse("desk:do-put-line", args=[record.pk])
        return reverse("desk:receipt", args=[record.event.receipt])
