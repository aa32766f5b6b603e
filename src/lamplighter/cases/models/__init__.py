"""Rows of the cases."""

from lamplighter.cases.models.alerts import AccountAlert
from lamplighter.cases.models.contacts import Contact, Presence, Verification
from lamplighter.cases.models.messages import Attachment, Message, MessageStep
from lamplighter.cases.models.requests import Request, RequestStep
from lamplighter.cases.models.requirements import Requirement, RequirementStep

__all__ = [
    "AccountAlert",
    "Attachment",
    "Contact",
    "Message",
    "MessageStep",
    "Presence",
    "Request",
    "RequestStep",
    "Requirement",
    "RequirementStep",
    "Verification",
]
