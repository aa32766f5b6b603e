"""The rows of payments."""

from lamplighter.payments.models.autopay import (
    Autopay,
    AutopayHold,
    BlockedBank,
    Draft,
    DraftFile,
    DraftStep,
    SavedCard,
)
from lamplighter.payments.models.banks import BankAccount
from lamplighter.payments.models.cards import CardCharge, CardDraw, CardEvent, CardInvite, PayLink
from lamplighter.payments.models.cash import (
    BankDeposit,
    CheckImage,
    DepositedControl,
    DrawerCount,
    JournalLine,
    JournalSeal,
    OverShort,
    TurnIn,
    Verification,
)
from lamplighter.payments.models.moves import CashOnly, Transfer
from lamplighter.payments.models.refunds import Refund, RefundBank, RefundStep, RefundWay
from lamplighter.payments.models.remittances import Remittance, RemittedLine, SourceLayout, UnappliedStep
from lamplighter.payments.models.statements import BankLine, BankMatch, BankStatement
from lamplighter.payments.models.tenders import (
    Payment,
    PaymentEvent,
    PaymentSegment,
    ReturnedTender,
    Reversal,
    Tender,
    TenderControl,
    TenderSource,
)
from lamplighter.payments.models.totals import ControlTotal

__all__ = [
    "Autopay",
    "AutopayHold",
    "BankAccount",
    "BankDeposit",
    "BankLine",
    "BankMatch",
    "BankStatement",
    "BlockedBank",
    "CardCharge",
    "CardDraw",
    "CardEvent",
    "CardInvite",
    "CashOnly",
    "CheckImage",
    "ControlTotal",
    "DepositedControl",
    "Draft",
    "DraftFile",
    "DraftStep",
    "DrawerCount",
    "JournalLine",
    "JournalSeal",
    "OverShort",
    "PayLink",
    "Payment",
    "PaymentEvent",
    "PaymentSegment",
    "Refund",
    "RefundBank",
    "RefundStep",
    "RefundWay",
    "Remittance",
    "RemittedLine",
    "ReturnedTender",
    "Reversal",
    "SavedCard",
    "SourceLayout",
    "Tender",
    "TenderControl",
    "TenderSource",
    "Transfer",
    "TurnIn",
    "UnappliedStep",
    "Verification",
]
