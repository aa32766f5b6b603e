"""Bills by the way they go, jobs, pieces and inserts, row by row."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.billing.models import BillPiece, PieceStep
from lamplighter.billing.queries.dispatch import Way
from lamplighter.web.columns import IdColumn
from lamplighter.web.naming import ActorColumn
from lamplighter.web.ui.parts import Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, MomentColumn, MoneyColumn, NumberColumn, Table

TONES = {
    Way.TO_PRINT.label: Tone.WATCH, Way.AT_SHOP.label: Tone.INFO, Way.MAILED.label: Tone.GOOD,
    Way.CAME_BACK.label: Tone.BAD, Way.EMAIL_WAITS.label: Tone.INFO, Way.EMAILED.label: Tone.GOOD,
}  # fmt: skip
STEPS = {
    PieceStep.Act.MAILED: Tone.GOOD, PieceStep.Act.REMADE: Tone.GOOD, PieceStep.Act.SPOILED: Tone.BAD,
    PieceStep.Act.RETURNED: Tone.BAD, PieceStep.Act.AGAIN: Tone.INFO,
}  # fmt: skip
AT_SHOP = "At the print shop"
STATES = {AT_SHOP: Tone.INFO, **{str(act.label): tone for act, tone in STEPS.items()}}


class WayRows(Table):
    """Bills that go one way, the newest first; from `with_way`."""

    number = IdColumn("Bill")
    customer = Column("Customer")
    issued_on = DayColumn("Issued")
    due = MoneyColumn("Amount due")
    way = BadgeColumn("Where it is", tones=TONES, orderable=False)

    def value_way(self, value: str) -> str:
        return Way(value).label

    def render_way(self, value: str) -> Any:
        return self.columns["way"].column.render(Way(value).label)

    def row_url(self, record: Any) -> str:
        return reverse("desk:bill", args=[record.account.number, record.number])


class Jobs(Table):
    """Files for the print shop, the newest first."""

    number = Column("Job", orderable=False)
    made_at = MomentColumn("Made")
    by = ActorColumn("By", accessor="by_name", order_by="made_by")
    pieces = NumberColumn("Pieces")
    pages = NumberColumn("Pages")
    amount = MoneyColumn("Bills ask for")
    reported_at = MomentColumn("Report read", default="not yet")

    def row_url(self, record: Any) -> str:
        return reverse("desk:print-job", args=[record.pk])


class Pieces(Table):
    """The pieces of a job in their order, with what became of each; their steps are at hand."""

    number = Column("Piece", orderable=False)
    bill = IdColumn("Bill", accessor="bill__number")
    customer = Column("Customer", default="")
    why = Column("Why on paper", accessor="get_why_display", order_by="why")
    first_page = NumberColumn("From page")
    pages = NumberColumn("Pages")
    state = BadgeColumn("State", empty_values=(), orderable=False, tones=STATES)

    def value_state(self, record: BillPiece) -> str:
        return state_of(record)

    def render_state(self, record: BillPiece) -> Any:
        return self.columns["state"].column.render(state_of(record))

    def row_url(self, record: Any) -> str:
        return reverse("desk:bill-piece", args=[record.pk])


class Inserts(Table):
    """Leaflets with whose bills they go and when; a row changes one."""

    code = Column("Code")
    label = Column("What")
    whose = Column("With bills of", orderable=False, empty_values=())
    period = Column("Days", orderable=False)

    def value_whose(self, record: Any) -> str:
        return ", ".join(Account.CustomerClass(one).label for one in record.classes) or "everybody"

    def render_whose(self, record: Any) -> str:
        return self.value_whose(record)

    def row_url(self, record: Any) -> str:
        return reverse("desk:do-change-insert", args=[record.pk])


def state_of(piece: BillPiece) -> str:
    """The last thing that became of it."""
    last = max(piece.steps.all(), key=lambda step: step.pk, default=None)
    return str(last.get_act_display()) if last else AT_SHOP
