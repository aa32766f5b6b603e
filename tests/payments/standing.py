"""What a teller's model knows: what each account stands at, and where the money of each payment is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lamplighter.accounts.models import Account


@dataclass
class Stood:
    """What the model knows of an account: what its deposit asks for and owes the utility, and the rest together."""

    asked: int = 0
    deposit: int = 0
    rest: int = 0

    def pays(self, cents: int) -> tuple[int, int]:
        """What a payment gives to the deposit and to the rest: a deposit that is asked for comes first."""
        first = min(cents, self.asked)
        self.give(-first, first - cents)
        return first, cents - first

    def give(self, deposit: int, rest: int) -> None:
        """So much more is owed."""
        self.asked, self.deposit, self.rest = self.asked + deposit, self.deposit + deposit, self.rest + rest


@dataclass
class Part:
    """A payment of an event: what its account's deposit and rest got and still have, and what was moved to others."""

    account: Account
    whole: int
    first: int
    rest: int
    moves: list[tuple[Account, int, tuple[int, int], tuple[int, int]]] = field(default_factory=list)

    @property
    def left(self) -> int:
        return self.whole - sum(cents for _, cents, _, _ in self.moves)


@dataclass
class Event:
    pk: int
    tenders: Sequence[tuple[str, int]]
    parts: list[Part]
    control: int


def where_of(part: Part) -> list[tuple[Account, int]]:
    """Where a payment's money stands, in the order of its account and of the moves."""
    places = {part.account: part.left}
    for to, cents, _, _ in part.moves:
        places[to] = places.get(to, 0) + cents
    return [(account, cents) for account, cents in places.items() if cents]
