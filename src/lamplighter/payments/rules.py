"""How a payment is spread over an account's agreements. Pure; docs/algorithms/allocation.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lamplighter.kernel.money import ZERO, Money, total


class CannotTake(Exception):
    """A payment is refused; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What one agreement asks for now: a debt and the day from which it ages."""

    agreement: int
    priority: int
    owed_on: date
    amount: Money


def distribute(amount: Money, owed: Iterable[Owed]) -> tuple[dict[int, Money], Money]:
    """By priority of the agreement's type, then oldest debt first: the share of each agreement, and what is left."""
    shares: dict[int, Money] = {}
    left = amount
    for debt in sorted(owed, key=lambda d: (d.priority, d.owed_on, d.agreement)):
        share = Money(min(left.cents, debt.amount.cents))
        if share.cents > 0:
            shares[debt.agreement] = shares.get(debt.agreement, ZERO) + share
            left -= share
    assert total(shares.values()) + left == amount
    return shares, left


def less(owed: Iterable[Owed], shares: Mapping[int, Money]) -> list[Owed]:
    """What is owed once agreements have received these shares, each for its oldest debts first."""
    left, rest = dict(shares), []
    for debt in sorted(owed, key=lambda d: d.owed_on):
        paid = min(left.get(debt.agreement, ZERO), debt.amount)
        left[debt.agreement] = left.get(debt.agreement, ZERO) - paid
        if paid != debt.amount:
            rest.append(replace(debt, amount=debt.amount - paid))
    return rest


@dataclass(frozen=True, slots=True)
class TenderIn:
    """A tender as it is offered. Cash may be more than the amount; the rest is change."""

    kind: str
    amount: Money
    handed_over: Money
    reference: str = ""


def check_event(tenders: Sequence[TenderIn], payments: Sequence[Money]) -> None:
    """Refuse an event that is empty, negative, or whose tenders do not equal its payments."""
    if not tenders or not payments:
        raise CannotTake("Enter the amount the customer is paying.")
    if any(money.cents <= 0 for money in [*payments, *(tender.amount for tender in tenders)]):
        raise CannotTake("A payment is more than $0.00.")
    for tender in tenders:
        if tender.handed_over.cents < tender.amount.cents:
            raise CannotTake(
                f"{tender.handed_over} does not cover {tender.amount}. Take {tender.handed_over} as a part payment?"
            )
        if tender.kind != "cash" and tender.handed_over != tender.amount:
            raise CannotTake("Change is given from cash only.")
    tendered, paid = total(tender.amount for tender in tenders), total(payments)
    if tendered != paid:
        raise CannotTake(f"The tenders are {tendered} and the payments {paid}. They must be the same.")
