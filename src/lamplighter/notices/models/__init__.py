"""Rows of the notices."""

from lamplighter.notices.models.notices import Delivery, Notice, NoticeWords, Outgoing
from lamplighter.notices.models.templates import Sender, Template, WordingRow

__all__ = ["Delivery", "Notice", "NoticeWords", "Outgoing", "Sender", "Template", "WordingRow"]
