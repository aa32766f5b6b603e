"""What an agency's pledge does to a debt while nothing is paid: it counts against the oldest debts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lamplighter.kernel.money import ZERO, Money

RUNS_DAYS = 45
"""So long an agency has to remit, unless it is said otherwise of the agency."""
LONGEST_DAYS = 120


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
