"""The only ways in which an item comes, moves and goes."""

from lamplighter.worklist.operations.raising import Draft, Raised, raise_items, reword_items
from lamplighter.worklist.operations.resolving import finish_matters, finish_where
from lamplighter.worklist.operations.working import CannotWork, assign, dismiss, finish, release, reopen, take

__all__ = [
    "CannotWork",
    "Draft",
    "Raised",
    "assign",
    "dismiss",
    "finish",
    "finish_matters",
    "finish_where",
    "raise_items",
    "release",
    "reopen",
    "reword_items",
    "take",
]
