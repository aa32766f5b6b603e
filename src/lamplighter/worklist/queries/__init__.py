"""Questions to the worklists."""

from lamplighter.worklist.queries.items import items_of, next_after, open_items, steps_of
from lamplighter.worklist.queries.tallies import Count, Tally, by_desk, by_kind, by_owner, tallies

__all__ = [
    "Count",
    "Tally",
    "by_desk",
    "by_kind",
    "by_owner",
    "items_of",
    "next_after",
    "open_items",
    "steps_of",
    "tallies",
]
