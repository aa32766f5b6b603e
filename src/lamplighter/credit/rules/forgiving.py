"""Old debt that is set aside and forgiven, a share for each bill paid in time: who may, in which shares, until when.

Source: arrearage management programs of public utilities: a share of the old debt is forgiven with each bill that is
paid in time, and after so many missed bills what is left is owed again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lamplighter.credit.rules.arranging import Part
from lamplighter.kernel.money import ZERO, Money, total


class CannotForgive(Exception):
    """Debt is not set aside so; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class Rules:
    """At most `most` is set aside, in `parts` shares; `missed` bills end it. A bill is in time up to `grace_days` after
    its due day. One of `programs`, or a hardship on file, lets a household in."""

    most: Money
    parts: int
    missed: int
    grace_days: int
    programs: frozenset[str]
    citation: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: what is past due for service, by which the household is let in ("": by nothing), and what runs."""

    past_due: Money
    let_in_by: str
    bankrupt: bool = False
    plan_runs: bool = False
    runs: bool = False
    had: bool = False


def refuse(asking: Asking) -> None:
    """The first reason against it. Raises CannotForgive."""
    reasons = (
        (asking.bankrupt, "The account is in bankruptcy: old debt is not asked for."),
        (asking.runs, "Old debt is set aside already."),
        (asking.plan_runs, "A payment plan runs. It ends first: a debt is paid over time or forgiven, not both."),
        (asking.had, "Old debt was set aside before, and bills were missed. It is done once."),
        (asking.past_due <= ZERO, "Nothing is past due."),
        (not asking.let_in_by, "It is for households in a program, or with a hardship on file. Ask about those first."),
    )
    for holds, why in reasons:
        if holds:
            raise CannotForgive(why)


@dataclass(frozen=True, slots=True)
class ForgivenessDraft:
    """Exactly what will be written: which debts are set aside, and the share of each bill. `digest` names it."""

    account: int
    made_on: date
    debts: tuple[Part, ...]
    shares: tuple[Money, ...]
    let_in_by: str

    def __post_init__(self) -> None:
        assert total(self.shares) == self.total, "the shares are the debt"
        assert all(share > ZERO for share in self.shares)

    @property
    def total(self) -> Money:
        return total(debt.amount for debt in self.debts)

    @property
    def digest(self) -> str:
        content = [self.account, str(self.made_on), self.let_in_by, [share.cents for share in self.shares],
                   [[d.agreement, str(d.owed_on), d.amount.cents] for d in self.debts]]  # fmt: skip
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def draft(account: int, debts: Sequence[Part], *, rules: Rules, let_in_by: str, on: date) -> ForgivenessDraft:
    """The oldest debts up to the most that the rules set aside, in equal shares; what does not divide falls on the
    first."""
    aside = tuple(oldest(debts, rules.most))
    return ForgivenessDraft(account, on, aside, shares_of(total(d.amount for d in aside), rules.parts), let_in_by)


def oldest(debts: Sequence[Part], most: Money) -> list[Part]:
    """The oldest of these, `most` of them together; the last may be cut."""
    left, found = most, list[Part]()
    for debt in sorted(debts, key=lambda one: (one.owed_on, one.agreement)):
        share = min(left, debt.amount)
        if share > ZERO:
            found.append(Part(debt.agreement, debt.owed_on, share))
            left -= share
    return found


def shares_of(owed: Money, parts: int) -> tuple[Money, ...]:
    """Equal shares, the first with what does not divide; of less than a cent each, fewer shares of one cent."""
    parts = min(parts, owed.cents)
    each = Money(owed.cents // parts)
    return (owed - each * (parts - 1), *(each for _ in range(parts - 1)))


def is_over(*, missed: int, rules: Rules) -> bool:
    """Whether so many missed bills end it."""
    return missed >= rules.missed
