"""The only ways to touch the books."""

from lamplighter.ledger.operations.extracting import extract_month
from lamplighter.ledger.operations.periods import CannotClose, close_month, reopen_month
from lamplighter.ledger.operations.posting import (
    CannotPost,
    Draft,
    Leg,
    complete_chart,
    define_codes,
    on_posting,
    open_subledgers,
    post,
    post_many,
    refusal,
    reverse,
)

__all__ = [
    "CannotClose",
    "CannotPost",
    "Draft",
    "Leg",
    "close_month",
    "complete_chart",
    "define_codes",
    "extract_month",
    "on_posting",
    "open_subledgers",
    "post",
    "post_many",
    "refusal",
    "reopen_month",
    "reverse",
]
