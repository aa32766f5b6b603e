"""The rows of payments."""

from lamplighter.payments.models.tenders import (
    Payment,
    PaymentEvent,
    PaymentSegment,
    Reversal,
    Tender,
    TenderControl,
    TenderSource,
)

__all__ = ["Payment", "PaymentEvent", "PaymentSegment", "Reversal", "Tender", "TenderControl", "TenderSource"]
