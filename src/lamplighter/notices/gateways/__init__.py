"""How notices leave the program: what a gateway promises, and one that writes files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lamplighter.notices.queries.outbox import Parcel


@dataclass(frozen=True, slots=True)
class Receipt:
    """The gateway's reference and the instant at which it took the notice; the first one, when asked again."""

    proof: str
    at: datetime


class Undeliverable(Exception):
    """The gateway refuses this notice for good; the message is its words, `proof` its reference."""

    def __init__(self, words: str, *, proof: str) -> None:
        super().__init__(words)
        self.proof = proof


class Gateway(Protocol):
    """Hands a parcel to the outside. Must know a parcel by its number and never send it twice.

    What may work later (no connection, no paper) is raised as it comes: the unit of work fails and the notice stays
    in the outbox.
    """

    def hand_over(self, parcel: Parcel, *, at: datetime) -> Receipt: ...
