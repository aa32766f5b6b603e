"""What whoever vouched for a customer is asked for when a final bill is not paid, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.kernel.policies import Policy, figure


class CannotClaim(Exception):
    """A guarantor is not asked so; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteePolicy(Policy):
    """What a guarantor is asked for at least, and how long they have to answer."""

    key = "guarantors"
    title = "Guarantors"
    least: Money = figure(Money(500), "A guarantor is asked for at least", ZERO, Money(50_000))
    answer_days: int = figure(30, "Days to answer the letter", 7, 180)


def claim_of(
    *, late: Money, vouched: Money, vouched_for: Period, served_until: date | None, policy: GuaranteePolicy
) -> Money:
    """How much may be asked of them: what is past due after service, and never more than they vouched for.

    They vouch for what was used while they did: somebody who was released before service ended is asked for nothing.
    Raises CannotClaim.
    """
    if served_until is None:
        raise CannotClaim("Service runs on this account. A guarantor is asked once it has ended.")
    if served_until - timedelta(days=1) not in vouched_for:
        raise CannotClaim("They did not vouch any more when service ended.")
    amount = min(late, vouched)
    if amount < max(policy.least, Money(1)):
        raise CannotClaim(f"{max(amount, ZERO)} is past due. A guarantor is asked for {policy.least} or more.")
    return amount
