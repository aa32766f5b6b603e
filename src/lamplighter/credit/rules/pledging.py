"""What an agency's pledge does to a debt while nothing is paid: it counts against the oldest debts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.policies import Policy, figure


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgePolicy(Policy):
    """How long an agency has to remit, unless it is said otherwise of the agency; how long a pledge may count; and how
    long a grant of our own counts as one while a second person is to decide."""

    key = "pledges"
    title = "Assistance pledges"
    runs_days: int = figure(45, "An agency has to remit within (days)", 1, 365)
    longest_days: int = figure(120, "A pledge counts for at most (days)", 1, 365)
    decide_days: int = figure(14, "A grant counts while it is decided (days)", 1, 90)

    def conflict(self) -> str:
        if self.runs_days <= self.longest_days:
            return ""
        return f"A pledge counts for {self.longest_days} days, so an agency can't have {self.runs_days} to remit."


class CannotPledge(Exception):
    """A pledge or a check is not taken so; the message is fit to be read aloud."""


def left_after(amounts: Iterable[Money], pledged: Money) -> list[Money]:
    """What is still to be collected of each debt, the oldest first, after so much was pledged."""
    rest, found = pledged, []
    for amount in amounts:
        covered = min(amount, rest)
        rest -= covered
        found.append(amount - covered)
    return found


def spread(debts: Sequence[tuple[int, Money]], amount: Money) -> dict[int, Money]:
    """How much of what an agency paid goes to each agreement: its debts for service, the oldest first; what is more
    than these is spread as any payment."""
    rest, found = amount, dict[int, Money]()
    for agreement, owed in debts:
        share = min(owed, rest)
        if share > ZERO:
            found[agreement] = found.get(agreement, ZERO) + share
            rest -= share
    return found
