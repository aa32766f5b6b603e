"""What a donor's gift comes to with a bill: so much, or what is lacking to the next whole dollar. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.policies import Policy, figure

DOLLAR = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftPolicy(Policy):
    """How much is given with a bill at most, and for how long it is asked for."""

    key = "gifts"
    title = "Gifts with the bill"
    largest: Money = figure(Money(100_000), "With a bill is given at most", Money(100), Money(10_000_000))
    asked_days: int = figure(45, "A gift that nobody pays is asked for (days)", 1, 365)


class CannotGive(Exception):
    """A gift is not taken so; the message is fit to be read aloud."""


class Way(StrEnum):
    """How a customer gives."""

    ROUND_UP = "round-up"
    MONTHLY = "monthly"
    ONCE = "once"

    @property
    def label(self) -> str:
        return _WAYS[self]


_WAYS = {
    Way.ROUND_UP: "Rounds each bill up to the next dollar",
    Way.MONTHLY: "The same with each bill",
    Way.ONCE: "Once, with the next bill",
}


def asked_with(way: Way, amount: Money, due: Money) -> Money:
    """What is asked for with a bill on which so much is due without it. A bill that asks for nothing asks for no gift.

    >>> asked_with(Way.ROUND_UP, ZERO, Money(8_466))
    Money(34)
    """
    if due <= ZERO:
        return ZERO
    return Money(-due.cents % DOLLAR) if way is Way.ROUND_UP else amount
