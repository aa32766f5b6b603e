"""The only ways in which templates, notices and proofs come to be."""

from lamplighter.notices.operations.batching import mail_batch, make_batch
from lamplighter.notices.operations.composing import compose
from lamplighter.notices.operations.deliveries import (
    CannotRecord,
    Step,
    hand_over,
    hand_over_many,
    queue,
    record_deliveries,
)
from lamplighter.notices.operations.erasing import erase_words
from lamplighter.notices.operations.starter import load_starter_templates
from lamplighter.notices.operations.templates import (
    CannotAdopt,
    CannotDraft,
    ask_to_retire,
    draft_template,
    propose,
    retire,
)
from lamplighter.notices.operations.utility import set_sender

__all__ = [
    "CannotAdopt",
    "CannotDraft",
    "CannotRecord",
    "Step",
    "ask_to_retire",
    "compose",
    "draft_template",
    "erase_words",
    "hand_over",
    "hand_over_many",
    "load_starter_templates",
    "mail_batch",
    "make_batch",
    "propose",
    "queue",
    "record_deliveries",
    "retire",
    "set_sender",
]
