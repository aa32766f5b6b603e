"""The only ways to touch the books."""

from lamplighter.ledger.operations.extracting import extract_month
from lamplighter.ledger.operations.periods import CannotClose, close_month, reopen_month
from lamplighter.ledger.operations.posting import (
    CannotPost,
    Draft,
    Leg,
    Sums,
    complete_chart,
    define_codes,
    on_posting,
    open_subledgers,
    post,
    post_many,
    post_sums,
    refusal,
    reverse,
)

__all__ = [
    "CannotClose",
    "CannotPost",
    "Draft",
    "Leg",
    "Sums",
    "close_month",
    "complete_chart",
    "define_codes",
    "extract_month",
    "on_posting",
    "open_subledgers",
    "post",
    "post_many",
    "post_sums",
    "refusal",
    "reopen_month",
    "reverse",
]
