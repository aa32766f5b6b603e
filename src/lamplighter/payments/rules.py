"""How a payment is spread over an account's agreements. Pure; docs/algorithms/allocation.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from stdnum import luhn

from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.policies import Policy, figure


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
    if not shares:
        return list(owed)
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
        if looks_like_a_card(tender.reference):
            raise CannotTake("That looks like a card number. Never write one here; enter the terminal's approval code.")
    tendered, paid = total(tender.amount for tender in tenders), total(payments)
    if tendered != paid:
        raise CannotTake(f"The tenders are {tendered} and the payments {paid}. They must be the same.")


CLEARS = {"card": "card-clearing", "transfer": "ach-clearing", "voucher": "agency-vouchers"}
"""Where a tender waits for its money; cash, checks and money orders lie in their source."""
CARD_DIGITS = range(13, 20)
NOT_CASH = frozenset({"check", "transfer"})
"""What a customer may not pay with while they pay cash only: what can come back."""


def looks_like_a_card(reference: str) -> bool:
    """Thirteen to nineteen digits with a right check digit (ISO/IEC 7812): no such number is kept anywhere."""
    digits = "".join(filter(str.isdigit, reference))
    return len(digits) in CARD_DIGITS and len(digits) > len(reference.strip()) - 4 and bool(luhn.is_valid(digits))


def by_code(tenders: Sequence[TenderIn], payments: Sequence[Money], source_code: str) -> list[dict[str, Money]]:
    """Which codes bear each payment, in order: the tenders are used up one after the other."""
    left = [(CLEARS.get(tender.kind, source_code), tender.amount) for tender in tenders]
    found: list[dict[str, Money]] = []
    for payment in payments:
        borne: dict[str, Money] = {}
        wanted = payment
        while wanted.cents > 0:
            code, amount = left.pop(0)
            used = min(amount, wanted)
            borne[code] = borne.get(code, ZERO) + used
            wanted -= used
            if amount != used:
                left.insert(0, (code, amount - used))
        found.append(borne)
    assert not left, "tenders equal payments"
    return found


def direct(amount: Money, owed: Sequence[Owed], wanted: Mapping[int, Money]) -> tuple[dict[int, Money], Money]:
    """As the customer says first, the rest by rule. Refuses more for an agreement than it asks for."""
    if not wanted:
        return distribute(amount, owed)
    asked = {pk: total(debt.amount for debt in owed if debt.agreement == pk) for pk in wanted}
    for pk, share in wanted.items():
        if share > asked[pk]:
            raise CannotTake(f"{share} is more than the {asked[pk]} that is owed there.")
    left = amount - total(wanted.values())
    if left.cents < 0:
        raise CannotTake(f"What is directed, {total(wanted.values())}, is more than the payment of {amount}.")
    shares, rest = distribute(left, less(owed, wanted))
    for pk, share in wanted.items():
        shares[pk] = shares.get(pk, ZERO) + share
    return shares, rest


YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedPolicy(Policy):
    """After how many payments that the bank returned, and within which time, only cash is taken; and for how long."""

    key = "returned-payments"
    title = "Payments that the bank returned"
    times: int = figure(2, "Returned payments after which only cash is taken", 1, 12)
    within_days: int = figure(365, "Within so many days", 30, 1095)
    for_days: int = figure(365, "Only cash is taken for so many days", 1, 1095)

    @property
    def within(self) -> str:
        return "a year" if self.within_days == YEAR else f"{self.within_days} days"
