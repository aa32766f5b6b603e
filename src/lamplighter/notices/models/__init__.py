"""Rows of the notices."""

from lamplighter.notices.models.notices import Delivery, Notice, NoticeWords
from lamplighter.notices.models.templates import Sender, Template, WordingRow

__all__ = ["Delivery", "Notice", "NoticeWords", "Sender", "Template", "WordingRow"]
