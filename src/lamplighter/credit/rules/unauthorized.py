"""Use that nobody pays for: what meter data say of it, what an investigation must do in which order, and an estimate
of what was not measured, with its figures. Pure.

Safety comes first: whoever by-passed a meter may have left something live. Nothing is billed before somebody was there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from statistics import median

from lamplighter.kernel.money import Money

IDLE_KWH = Decimal(1)
"""A day's use that a meter alone, or a forgotten clock, may explain."""
FEW_DAYS = 3
DROP_TO = Decimal("0.6")
"""Below so much of what neighbours' use came to, against the year before, a drop says something."""
FEW_NEIGHBORS = 3


class CannotInvestigate(Exception):
    """A case is not opened, billed or closed so; the message is fit to be read aloud."""


class Sign(StrEnum):
    """What meter data can show."""

    VACANT = "vacant"
    TAMPER = "tamper"
    REVERSE = "reverse"
    DROP = "drop"

    @property
    def label(self) -> str:
        return {
            Sign.VACANT: "Use without an account", Sign.TAMPER: "The meter told of tampering",
            Sign.REVERSE: "Power flows back", Sign.DROP: "Use fell, the neighbors' did not",
        }[self]  # fmt: skip


class Act(StrEnum):
    """What is done in a case, in this order; billing and restitution only where there is somebody to bill."""

    REPORTED = "reported"
    SAFE = "safe"
    ORDERED = "ordered"
    VISITED = "visited"
    BILLED = "billed"
    RESTITUTION = "restitution"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {
            Act.REPORTED: "Reported", Act.SAFE: "Safety looked at", Act.ORDERED: "A crew was sent",
            Act.VISITED: "Somebody was there", Act.BILLED: "Billed", Act.RESTITUTION: "Damage charged",
            Act.CLOSED: "Closed",
        }[self]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign with its figures, as of when it was looked at; `words` are fit to be read aloud."""

    sign: Sign
    words: str


Day = tuple[date, Decimal | None]
"""A day and its kWh; None: not read."""


def vacant_use(days: Sequence[Day]) -> Evidence | None:
    """Use on days on which nobody has service."""
    used = [(day, kwh) for day, kwh in days if kwh is not None and kwh > IDLE_KWH]
    if len(used) < FEW_DAYS:
        return None
    amount = shown(sum((kwh for _, kwh in used), Decimal(0)))
    last = f"{used[-1][0]:%b %-d}"
    words = f"{amount} kWh on {len(used)} of {len(days)} days without an account, last on {last}."
    return Evidence(Sign.VACANT, words)


def flows_back(days: Sequence[Day], *, generates: bool) -> Evidence | None:
    """Power that comes back where no generation is known."""
    back = [(day, kwh) for day, kwh in days if kwh is not None and kwh > IDLE_KWH]
    if generates or len(back) < FEW_DAYS:
        return None
    amount = shown(sum((kwh for _, kwh in back), Decimal(0)))
    return Evidence(Sign.REVERSE, f"{amount} kWh came back on {len(back)} days; no generation is known here.")


def told(events: Sequence[tuple[Sign, date, str]]) -> list[Evidence]:
    """What the meter said of itself."""
    return [Evidence(sign, f"{day:%b %-d, %Y}: {words or sign.label.lower()}.") for sign, day, words in events]


@dataclass(frozen=True, slots=True)
class Year:
    """kWh of the same days this year and the year before."""

    now: Decimal
    before: Decimal

    @property
    def ratio(self) -> Decimal | None:
        return self.now / self.before if self.before > 0 else None


def dropped(own: Year, neighbors: Sequence[Year]) -> Evidence | None:
    """Less than the neighbours by far, measured by the median of how theirs changed."""
    ratios = [one.ratio for one in neighbors if one.ratio is not None]
    if own.ratio is None or len(ratios) < FEW_NEIGHBORS:
        return None
    usual = median(ratios)
    if own.ratio >= usual * DROP_TO:
        return None
    return Evidence(
        Sign.DROP, f"{shown(own.now)} kWh after {shown(own.before)} a year before ({_percent(own.ratio)}); the "
        f"{len(ratios)} neighbors are at {_percent(usual)}.",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Estimate:
    """What was not measured on some days: what would have been used, what was measured, and at which price."""

    first: date
    last: date
    usual: Decimal
    measured: Decimal
    cents_per_kwh: Decimal

    @property
    def lost(self) -> Decimal:
        return max(self.usual - self.measured, Decimal(0))

    @property
    def amount(self) -> Money:
        return Money.nearest(self.lost.quantize(Decimal(1), ROUND_HALF_UP) * self.cents_per_kwh / 100)

    @property
    def words(self) -> str:
        return (
            f"Estimated: {shown(self.usual)} kWh as a year before, {shown(self.measured)} measured, "
            f"{shown(self.lost)} at {self.cents_per_kwh.quantize(Decimal('0.01'))} cents"
        )


def next_act(done: Sequence[str], *, person: bool) -> Act:
    """What comes next in a case. `person`: somebody is named who can be billed."""
    for act in (Act.SAFE, Act.ORDERED, Act.VISITED):
        if act not in done:
            return act
    return Act.BILLED if person and Act.BILLED not in done else Act.CLOSED


def check_billable(done: Sequence[str]) -> None:
    """Raises CannotInvestigate with what comes first."""
    if Act.SAFE not in done:
        raise CannotInvestigate("Safety first: say whether anybody is in danger there.")
    if Act.VISITED not in done:
        raise CannotInvestigate("Somebody must have been there: enter what the crew found.")


def shown(kwh: Decimal) -> str:
    return f"{kwh.quantize(Decimal(1), ROUND_HALF_UP):,}"


def _percent(ratio: Decimal) -> str:
    return f"{(ratio * 100).quantize(Decimal(1), ROUND_HALF_UP)} %"
