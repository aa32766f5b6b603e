"""Rows of billing."""

from lamplighter.billing.models.bills import (
    Adjustment,
    Bill,
    BillDocument,
    BillingPolicy,
    BillLine,
    BudgetPlan,
    CycleWindow,
    Parked,
    RebillRequest,
    Segment,
    TrialBill,
)
from lamplighter.billing.models.fees import FeeSchedule
from lamplighter.billing.models.links import BillLink, BillLinkTry
from lamplighter.billing.models.pieces import BillPiece, Insert, PieceStep, PrintJob

__all__ = [
    "Adjustment",
    "Bill",
    "BillDocument",
    "BillLine",
    "BillLink",
    "BillLinkTry",
    "BillPiece",
    "BillingPolicy",
    "BudgetPlan",
    "CycleWindow",
    "FeeSchedule",
    "Insert",
    "Parked",
    "PieceStep",
    "PrintJob",
    "RebillRequest",
    "Segment",
    "TrialBill",
]
