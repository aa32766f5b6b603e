"""Writing off: which debts are proposed, what goes back to which code, and which agency is next. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.policies import Policy, figure


class CannotWriteOff(Exception):
    """A debt is not written off, moved or placed so; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffPolicy(Policy):
    """What is so small that one person writes it off, and what an agency is given at least."""

    key = "write-offs"
    title = "Write-offs"
    small: Money = figure(Money(500), "Written off without a second person up to", ZERO, Money(10_000))
    agency_least: Money = figure(Money(2500), "An agency is given debts of at least", ZERO, Money(100_000))


OTHERWISE = "uncollectible"
"""Where nothing says what a debt was made of, the expense bears it."""


@dataclass(frozen=True, slots=True)
class OffPart:
    """What one agreement owes since a day, of one code."""

    agreement: int
    owed_on: date
    code: str
    amount: Money


@dataclass(frozen=True, slots=True)
class WriteOffDraft:
    """Exactly what will be written off; `digest` names it."""

    account: int
    parts: tuple[OffPart, ...]

    @property
    def total(self) -> Money:
        return total(part.amount for part in self.parts)

    @property
    def digest(self) -> str:
        content = [self.account, [[p.agreement, str(p.owed_on), p.code, p.amount.cents] for p in self.parts]]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def by_code(amount: Money, charged: Mapping[str, Money]) -> dict[str, Money]:
    """Share what is still owed over the codes that were credited, in proportion; odd cents go to the largest rests.

    A code that lowered the bill (a discount) bears nothing.
    """
    weights = {code: money.cents for code, money in charged.items() if money > ZERO}
    if not weights:
        return {OTHERWISE: amount} if amount else {}
    shares = zip(weights, amount.split(list(weights.values())), strict=True)
    return {code: share for code, share in shares if share}


def recovered_by_code(parts: Mapping[str, Money], *, before: Money, now: Money) -> dict[str, Money]:
    """What each code has back when the recoveries of a write-off go from `before` to `now`, to the cent in the end."""
    was, will = (by_code(amount, parts) for amount in (before, now))
    moved = {code: will.get(code, ZERO) - was.get(code, ZERO) for code in parts}
    return {code: amount for code, amount in moved.items() if amount}


@dataclass(frozen=True, slots=True)
class AgencyLoad:
    """An agency and how much it has of ours."""

    key: str
    placed: Money


def next_agency(agencies: Sequence[AgencyLoad]) -> str:
    """The one with the least referred debt; of several, the first by key. Raises CannotWriteOff where there is none."""
    if not agencies:
        raise CannotWriteOff("No collection agency is known. Add one first.")
    return min(agencies, key=lambda one: (one.placed, one.key)).key
