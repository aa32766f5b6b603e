"""The rows of payments."""

from lamplighter.payments.models.moves import CashOnly, Transfer
from lamplighter.payments.models.tenders import (
    Payment,
    PaymentEvent,
    PaymentSegment,
    Reversal,
    Tender,
    TenderControl,
    TenderSource,
)

__all__ = [
    "CashOnly",
    "Payment",
    "PaymentEvent",
    "PaymentSegment",
    "Reversal",
    "Tender",
    "TenderControl",
    "TenderSource",
    "Transfer",
]
