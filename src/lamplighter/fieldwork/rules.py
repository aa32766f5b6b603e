"""What an order asks to be done where it stands, which step may follow which, and which reads a history expects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from math import ceil

from lamplighter.fieldwork.types import Act, OrderKind

PENDING, FAULTY, WAITING, AT_WORK, COMPLETE, DISCARDED = (
    "pending", "faulty", "waiting", "in-progress", "complete", "discarded",
)  # fmt: skip
OPEN = (PENDING, FAULTY, WAITING, AT_WORK)
NEXT: dict[str, tuple[str, ...]] = {
    "": (PENDING,),
    PENDING: (WAITING, FAULTY),
    FAULTY: (WAITING, DISCARDED),
    WAITING: (AT_WORK, DISCARDED),
    AT_WORK: (COMPLETE, WAITING, DISCARDED),
    COMPLETE: (),
    DISCARDED: (),
}
"""Each state and those that may follow it. What could not be done waits again; what is over stays over."""

TASKS: dict[OrderKind, tuple[Act, ...]] = {
    OrderKind.RECONNECT: (Act.SAFETY, Act.SWITCH_ON, Act.READ),
    OrderKind.DISCONNECT: (Act.READ, Act.SWITCH_OFF),
    OrderKind.EXCHANGE: (Act.EXCHANGE,),
    OrderKind.TEST: (Act.READ, Act.TEST),
    OrderKind.INVESTIGATE: (Act.INSPECT,),
    OrderKind.CHECK_AMI: (Act.INSPECT,),
    OrderKind.READ: (Act.READ,),
}
"""What is done whatever stands there; connecting depends on it."""

USUAL = 3
"""A read may have used three times the usual before somebody is asked to look again."""


@dataclass(frozen=True, slots=True)
class Site:
    """A service point as it stands: whether a meter is there, and whether its switch is on (None: never said)."""

    meter: bool
    on: bool | None


def tasks(kind: OrderKind, site: Site) -> tuple[Act, ...]:
    """What is done there, chosen by what is present and by where the point is disconnected."""
    if kind is OrderKind.CONNECT:
        if not site.meter:
            return (Act.SAFETY, Act.SET_METER, Act.SWITCH_ON)
        return (Act.READ,) if site.on else (Act.SAFETY, Act.SWITCH_ON, Act.READ)
    return TASKS[kind]


def refusals(kind: OrderKind, site: Site) -> str:
    """Why the order makes no sense where it is to be done, or nothing; fit to be read aloud."""
    if not site.meter and kind is not OrderKind.CONNECT and kind is not OrderKind.INVESTIGATE:
        return "No meter stands at this service point. Raise a connect order, or correct where the meter stands."
    if kind is OrderKind.DISCONNECT and site.on is False:
        return "Service is off there already."
    if kind is OrderKind.RECONNECT and site.on:
        return "Service is on there already."
    return ""


@dataclass(frozen=True, slots=True)
class Expected:
    """The count of a register that has shown `last` lies at most `most` further; it starts at 0 after `modulus` - 1."""

    last: int
    most: int
    modulus: int

    def fits(self, count: int) -> bool:
        return (count - self.last) % self.modulus <= self.most


def expected(history: Sequence[tuple[datetime, int]], *, dials: int, at: datetime) -> Expected | None:
    """What a register may show at an instant, from its reads before it, oldest first; None with fewer than two.

    The use of a day is that between the first read and the last; three times that, and a day more, may have passed.
    """
    known = [(then, count) for then, count in history if then < at]
    if len(known) < 2:
        return None
    modulus = 10**dials
    used = sum((later - count) % modulus for (_, count), (_, later) in pairwise(known))
    (first, _), (last, count) = known[0], known[-1]
    passed = Fraction((last - first).total_seconds())
    daily = Fraction(used) * 86_400 / passed if passed else Fraction(0)
    days = Fraction((at - last).total_seconds()) / 86_400 + 1
    return Expected(count, min(ceil(USUAL * max(daily, Fraction(1)) * days), modulus - 1), modulus)
