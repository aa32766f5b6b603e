"""The only ways to touch the books."""

from lamplighter.ledger.operations.periods import close_month, reopen_month
from lamplighter.ledger.operations.posting import (
    CannotPost,
    Draft,
    Leg,
    define_codes,
    open_subledgers,
    post,
    post_many,
    refusal,
    reverse,
)

__all__ = [
    "CannotPost",
    "Draft",
    "Leg",
    "close_month",
    "define_codes",
    "open_subledgers",
    "post",
    "post_many",
    "refusal",
    "reopen_month",
    "reverse",
]
