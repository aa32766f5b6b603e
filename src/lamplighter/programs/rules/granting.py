"""How much a fund may grant a household today, and why no more. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from lamplighter.kernel.money import ZERO, Money


class CannotFund(Exception):
    """A grant is not given so; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class Room:
    """`cap` for a household in twelve months, of which it `had` so much; what is `free` in the fund; what is `owed` for
    service."""

    cap: Money
    had: Money
    free: Money
    owed: Money

    @property
    def most(self) -> Money:
        return max(min(self.cap - self.had, self.free, self.owed), ZERO)

    def refuse(self, amount: Money) -> None:
        """Raises CannotFund where it is more than may be granted, with what stands against it."""
        if amount <= ZERO:
            raise CannotFund("Enter how much, more than $0.00.")
        if amount > self.owed:
            raise CannotFund(f"{self.owed} is owed for service. A grant pays no more than that.")
        if amount > self.cap - self.had:
            left = max(self.cap - self.had, ZERO)
            raise CannotFund(
                f"A household has at most {self.cap} in twelve months, and had {self.had}. {left} can still be granted."
            )
        if amount > self.free:
            raise CannotFund(f"{self.free} is free in the fund. Nothing is granted that it does not have.")
