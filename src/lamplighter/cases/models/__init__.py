"""Rows of the cases."""

from lamplighter.cases.models.alerts import AccountAlert
from lamplighter.cases.models.contacts import Contact, Presence, Verification
from lamplighter.cases.models.messages import Attachment, Message, MessageStep

__all__ = ["AccountAlert", "Attachment", "Contact", "Message", "MessageStep", "Presence", "Verification"]
