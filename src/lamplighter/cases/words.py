"""The words of contacts: over which channel, why somebody calls, what came of it, and what a caller may know."""

from __future__ import annotations

from enum import StrEnum

from lamplighter.accounts.models import AccountRole

Role = AccountRole.Role


class Means(StrEnum):
    """How a contact comes or goes."""

    CALL = "call"
    VISIT = "visit"
    LETTER = "letter"
    EMAIL = "email"
    TEXT = "text"

    @property
    def label(self) -> str:
        return {"call": "Call", "visit": "Visit", "letter": "Letter", "email": "Email", "text": "Text"}[self.value]


REASONS = {
    "high-bill": "High bill",
    "bill": "Question about a bill",
    "payment": "Payment",
    "plan": "Payment plan or more time",
    "start": "Start service",
    "stop": "Stop service",
    "move": "Move service",
    "outage": "No power",
    "meter": "Meter or reading",
    "order": "Appointment or field order",
    "program": "Discount or program",
    "data": "Change of name or contact",
    "complaint": "Complaint",
    "other": "Something else",
}
"""Why somebody calls, visits or writes."""

OUTCOMES = {
    "resolved": "Resolved",
    "follow-up": "We owe an answer",
    "handed-over": "Handed to another unit",
    "cut-off": "Cut off or left",
}
"""What came of it."""

FACTS = {
    "address": "Service address",
    "phone": "Telephone on file",
    "email": "Email on file",
    "payment": "Last payment",
    "identity": "Last four of an identity number",
}
"""What a caller is asked, to know who it is. Two are asked for, and two are enough."""
ENOUGH = 2

MAY_KNOW: dict[str, str] = {
    Role.MAIN: "Everything about the account.",
    Role.CO_APPLICANT: "Everything about the account.",
    Role.AUTHORIZED: "Balance, bills and appointments. Can't stop service or change the name.",
    Role.THIRD_PARTY: "Only the past-due and shut-off notices that they get copies of.",
    Role.GUARANTOR: "Only what they guarantee.",
    Role.LANDLORD: "Only from when to when there was service at their premise.",
}
"""What somebody who stands on an account may be told. Utility policy."""


class Barred(StrEnum):
    """What a stop alert may block."""

    DATA = "data"
    SERVICE = "service"
    MONEY = "money"
    PLAN = "plan"

    @property
    def label(self) -> str:
        return _BARRED[self]


_BARRED = {
    Barred.DATA: "Change of name, contact and people",
    Barred.SERVICE: "Start, stop and move",
    Barred.MONEY: "Credits",
    Barred.PLAN: "Payment plans",
}
