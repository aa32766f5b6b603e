"""What a rebate comes to, beside what others give; and what is asked back of it.

A rebate is units times a rate, held to a share of the cost, to a highest amount, and to what others leave of the cost:
nobody is paid more than they spent. See docs/algorithms/rebates.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lamplighter.kernel.money import ZERO, Money, total


class Basis(StrEnum):
    """How savings are told: by the manual for each unit, or by the customer's own meter."""

    DEEMED = "deemed"
    MEASURED = "measured"

    @property
    def label(self) -> str:
        return {"deemed": "Deemed, by the manual", "measured": "Measured, by the meter"}[self.value]


class Form(StrEnum):
    """How somebody else's incentive is counted."""

    PERCENT = "percent"
    UNIT = "unit"
    FIXED = "fixed"

    @property
    def label(self) -> str:
        return {"percent": "Percent of the cost", "unit": "Dollars a unit", "fixed": "One amount"}[self.value]


@dataclass(frozen=True, slots=True)
class Rate:
    """`dollars` for each `unit`; with MEASURED a unit is a kWh of the first year. `cost_percent` and `most` hold it."""

    basis: Basis
    unit: str
    dollars: Decimal
    cost_percent: int | None = None
    most: Money | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """An incentive of somebody else as it stands on a day. `stacks`: it may be had together with ours."""

    giver: str
    name: str
    form: Form
    value: Decimal
    most: Money | None
    stacks: bool
    citation: str
    key: int = 0


@dataclass(frozen=True, slots=True)
class Worked:
    """An amount and, in words, how it came about."""

    amount: Money
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stack:
    """What is had together: others first, then ours on what they leave. `instead` may not be had beside ours."""

    cost: Money
    others: tuple[tuple[Other, Money], ...]
    ours: Worked
    instead: tuple[Other, ...] = ()

    @property
    def from_others(self) -> Money:
        return total(amount for _, amount in self.others)

    @property
    def together(self) -> Money:
        return self.from_others + self.ours.amount

    @property
    def left(self) -> Money:
        """What the customer pays in the end."""
        return self.cost - self.together


def worth(rate: Rate, quantity: Decimal, *, cost: Money, others: Money = ZERO) -> Worked:
    """The rebate for so many units of work that costs so much, of which others bear `others`."""
    each = f"${rate.dollars.normalize():f}"
    amount = max(Money.nearest(quantity * rate.dollars), ZERO)
    says = [f"{quantity.normalize():,f} {rate.unit} at {each} each: {amount}."]
    for most, why in _bounds(rate, cost, others):
        if amount > most:
            amount = most
            says.append(why)
    return Worked(amount, tuple(says))


def stack(rate: Rate, others: Sequence[Other], quantity: Decimal, *, cost: Money) -> Stack:
    """Ours beside what others give, each by the whole cost and none beyond what is left of it."""
    left, had = cost, []
    for other in others:
        if other.stacks and (amount := min(_of_other(other, quantity, cost), left)):
            had.append((other, amount))
            left -= amount
    ours = worth(rate, quantity, cost=cost, others=cost - left)
    return Stack(cost, tuple(had), ours, tuple(other for other in others if not other.stacks))


def unearned(paid: Money, *, paid_on: date, on: date, months: int) -> Money:
    """What is asked back when a measure is taken out on a day: in proportion to the whole months that it lacks.

    Zero once `months` have passed. The first month counts as lacking until it is over.
    """
    kept = (on.year - paid_on.year) * 12 + on.month - paid_on.month - (on.day < paid_on.day)
    lacks = months - kept
    return ZERO if lacks <= 0 else Money(paid.cents * lacks // months)


def _bounds(rate: Rate, cost: Money, others: Money) -> list[tuple[Money, str]]:
    found = []
    if rate.cost_percent is not None:
        share = Money(cost.cents * rate.cost_percent // 100)
        found.append((share, f"No more than {rate.cost_percent}% of the cost of {cost}: {share}."))
    if rate.most is not None:
        found.append((rate.most, f"No more than {rate.most} for an application."))
    left = max(cost - others, ZERO)
    found.append((left, f"Others leave {left} of the cost, and nobody is paid more than they spent."))
    return found


def _of_other(other: Other, quantity: Decimal, cost: Money) -> Money:
    match other.form:
        case Form.PERCENT:
            amount = Money(int(cost.cents * other.value // 100))
        case Form.UNIT:
            amount = Money.nearest(quantity * other.value)
        case Form.FIXED:
            amount = Money.nearest(other.value)
    return amount if other.most is None else min(amount, other.most)
