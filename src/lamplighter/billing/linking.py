"""What whoever follows a bill's link says first, and when they have guessed too often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lamplighter.billing.rules import Fact, LinkPolicy

ENDS_AFTER = 3
"""So many locks in a row, and the link is over: what has few values is not guessed by patience."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about one bill, and what is right."""

    fact: Fact
    answers: frozenset[str]

    def right(self, said: str) -> bool:
        """A ZIP with its four more digits is right too."""
        digits = "".join(char for char in said if char.isascii() and char.isdigit())
        return (digits[:5] if self.fact is Fact.ZIP and len(digits) in {5, 9} else digits) in self.answers


@dataclass(frozen=True, slots=True)
class Standing:
    """How a link stands after what was tried: `left` tries, `locked_until` where it is locked, `over` for good."""

    left: int
    locked_until: datetime | None = None
    over: bool = False


def standing(tries: Iterable[tuple[bool, datetime]], policy: LinkPolicy, *, at: datetime) -> Standing:
    """Of the tries in their order, each right or wrong: a right one forgets the wrong ones before it."""
    wrong: list[datetime] = []
    for right, tried_at in tries:
        wrong = [] if right else [*wrong, tried_at]
    if len(wrong) >= ENDS_AFTER * policy.tries:
        return Standing(0, over=True)
    full, more = divmod(len(wrong), policy.tries)
    until = wrong[-1] + timedelta(minutes=policy.minutes) if full and not more else None
    if until is not None and at < until:
        return Standing(0, locked_until=until)
    return Standing(policy.tries - more)


def hidden(number: str) -> str:
    """An account number without its last four digits, for an email that asks for them: 20••••-•."""
    left, shown = 4, []
    for char in reversed(number):
        hide = char.isdigit() and left > 0
        left -= hide
        shown.append("•" if hide else char)
    return "".join(reversed(shown))
