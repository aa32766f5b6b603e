"""What bills become, in facts to read before it is done, and again before a second person decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lamplighter.journeys.amending import SMALL, TOO_OLD, AmendmentDraft, BillLine
from lamplighter.kernel.money import ZERO
from lamplighter.web.ui.parts import Fact
from lamplighter.web.ui.wording import credit, short_day

STAYS = {TOO_OLD: "stays: too long ago to bill or to refund", SMALL: "stays: too little changes"}


def told(made: AmendmentDraft, on: date) -> list[Fact]:
    """The draft: each bill before and after, what it comes to, and who decides."""
    return [*lines_told(made.lines, on), Fact("Decides", "you" if made.alone else "a supervisor")]


def lines_told(lines: Sequence[BillLine], on: date) -> list[Fact]:
    if not lines:
        return [Fact("Bills", "No bill changes. What is billed from now on goes by it.")]
    several = len({one.account for one in lines}) > 1
    facts, account = [], ""
    for one in lines:
        if several and one.account != account:
            account = one.account
            facts.append(Fact("Account", account))
        facts.append(Fact(f"{short_day(one.period.start, on)} to {short_day(one.period.last_day, on)}", _becomes(one)))
    change = sum((sum(one.now, ZERO) - one.was for one in lines if not one.stays), ZERO)
    return [*facts, Fact("Difference", credit(change))]


def _becomes(one: BillLine) -> str:
    if one.stays:
        return f"{one.was} {STAYS[one.stays]}"
    if not one.now:
        return f"{one.was} is taken back"
    return f"{one.was} becomes {' and '.join(str(amount) for amount in one.now)}"
