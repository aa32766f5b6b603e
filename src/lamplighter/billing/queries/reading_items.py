"""The open items that stood when a bill was issued, from whoever above billing knows how an account is aged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lamplighter.billing.models import Bill
from lamplighter.billing.queries.reading_view import OpenItems

Listing = Callable[[Sequence[Bill]], Mapping[int, OpenItems]]
_listings: list[Listing] = []


def on_listing(listing: Listing) -> Listing:
    """Register who lists open items, by the bill's id, out of what was known when it was issued: a bill that is read
    again says the same. It asks for all bills at once."""
    _listings.append(listing)
    return listing


def items_of(bills: Sequence[Bill]) -> dict[int, OpenItems]:
    return {pk: items for listing in _listings for pk, items in listing(bills).items()}
