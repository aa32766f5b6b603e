"""Looking for a customer who left and whose mail comes back: where one looks, and what keeps a debt from an agency."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lamplighter.kernel.policies import Policy, figure


class CannotSearch(Exception):
    """A search is not begun, noted in or ended so; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPolicy(Policy):
    """How much is tried before somebody is given up."""

    key = "searches"
    title = "Searches for customers who left"
    least_tried: int = figure(2, "Places looked in before a search is given up", 1, 8)


class Where(StrEnum):
    """Where one looks. An employer and neighbors are no place to ask about a debt (15 USC 1692b, 1692c(b))."""

    POST = "post"
    OURS = "ours"
    EMAIL = "email"
    NAMED = "named"
    LANDLORD = "landlord"
    DIRECTORY = "directory"
    COURT = "court"
    SERVICE = "service"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Where.POST: "Forwarding order at the post office",
    Where.OURS: "Our own records: another account, an old contact",
    Where.EMAIL: "Their email or telephone",
    Where.NAMED: "Somebody whom they named on the account",
    Where.LANDLORD: "The landlord or the next tenant's lease",
    Where.DIRECTORY: "A public directory",
    Where.COURT: "Court or property records",
    Where.SERVICE: "A tracing service",
}
