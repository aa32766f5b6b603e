"""Rows of the notices."""

from lamplighter.notices.models.batches import BatchedLetter, LetterBatch
from lamplighter.notices.models.notices import Delivery, Notice, NoticeWords, Outgoing
from lamplighter.notices.models.templates import Sender, Template, WordingRow

__all__ = [
    "BatchedLetter",
    "Delivery",
    "LetterBatch",
    "Notice",
    "NoticeWords",
    "Outgoing",
    "Sender",
    "Template",
    "WordingRow",
]
