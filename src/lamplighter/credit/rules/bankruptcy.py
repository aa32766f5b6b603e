"""Bankruptcy by chapter: the days that run, what may be asked and set off, and the split of a debt at the filing. Pure.

Sources: 11 USC 362(a) (stay), 366(b) and (c) (20 days after the order for relief; in chapter 11 thirty days after the
petition, and a deposit may be set off without leave), 502(b)(9) (a governmental unit files its claim within 180 days
after the order for relief). Not legal advice: counsel sets what differs by court.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.policies import Policy, figure


class CannotFile(Exception):
    """A case is not entered, moved or ended so; the message is fit to be read aloud."""


class Assurance(StrEnum):
    """What counts as adequate assurance of payment (366(c)(1)(A)); an administrative priority does not."""

    DEPOSIT = "deposit"
    CREDIT = "letter-of-credit"
    CERTIFICATE = "certificate"
    SURETY = "surety-bond"
    PREPAID = "prepayment"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            Assurance.DEPOSIT: "Cash deposit", Assurance.CREDIT: "Letter of credit",
            Assurance.CERTIFICATE: "Certificate of deposit", Assurance.SURETY: "Surety bond",
            Assurance.PREPAID: "Prepayment of service", Assurance.OTHER: "Otherwise, as agreed",
        }[self]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chapter:
    """`days` of assurance run from the petition, or (`from_order`) from the order for relief. `sets_off`: an old
    deposit may be set off without leave of the court. `plan`: a trustee pays by a plan."""

    number: int
    label: str
    days: int
    from_order: bool
    cites: str
    sets_off: bool = False
    plan: bool = False


CHAPTERS = {
    one.number: one
    for one in (
        Chapter(7, "Chapter 7, liquidation", 20, from_order=True, cites="11 USC 366(b)"),
        Chapter(
            11, "Chapter 11, reorganization", 30, from_order=False, cites="11 USC 366(c)", sets_off=True, plan=True
        ),
        Chapter(12, "Chapter 12, family farm or fishery", 20, from_order=True, cites="11 USC 366(b)", plan=True),
        Chapter(13, "Chapter 13, a wage earner's plan", 20, from_order=True, cites="11 USC 366(b)", plan=True),
    )
}
BAR_DAYS = 180
BAR_CITES = "11 USC 502(b)(9)"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssurancePolicy(Policy):
    """What the utility holds to be adequate assurance, where the court says nothing else."""

    key = "assurance"
    title = "Assurance of payment in bankruptcy"
    months: int = figure(2, "Average bills asked for as assurance", 1, 6)


@dataclass(frozen=True, slots=True)
class CaseDays:
    """What follows from the day of filing and that of the order for relief (the same day in a voluntary case)."""

    filed_on: date
    assurance_due_on: date
    bar_date: date


def days_of(chapter: Chapter, *, filed_on: date, relief_on: date) -> CaseDays:
    if relief_on < filed_on:
        raise CannotFile("The order for relief is not before the petition.")
    counts_from = relief_on if chapter.from_order else filed_on
    return CaseDays(filed_on, counts_from + timedelta(days=chapter.days), relief_on + timedelta(days=BAR_DAYS))


@dataclass(frozen=True, slots=True)
class Served:
    """A charge for the days of service from `first` to before `end`."""

    amount: Money
    first: date
    end: date

    def before(self, filed_on: date) -> Money:
        return share_before(self.amount, first=self.first, end=self.end, filed_on=filed_on)


@dataclass(frozen=True, slots=True)
class Owing:
    """What is open of a debt of an agreement at its age, and the service that was charged at that age; a charge for no
    days of service arose on the day that it is owed from."""

    agreement: int
    owed_on: date
    amount: Money
    served: tuple[Served, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """What of a debt is from before the filing, and what from that day on."""

    owing: Owing
    before: Money
    after: Money


def split(debts: Sequence[Owing], *, filed_on: date) -> tuple[Split, ...]:
    """Each debt at the filing: service by its days (the day of filing is after), other charges whole by their day."""
    return tuple(_split(one, filed_on) for one in debts)


def share_before(amount: Money, *, first: date, end: date, filed_on: date) -> Money:
    """The part of a charge for the days from `first` to before `end` that is from before the filing, by days."""
    days = (end - first).days
    before = min(max((filed_on - first).days, 0), days)
    return amount.split([before, days - before])[0] if days else ZERO


def moves_again(entered: Money, moved: Money, *, then: Money, now: Money, left: Money) -> Money:
    """How much more (or, below zero, less) of a debt is from before the filing than was `moved` so far, when its bill
    was made again: `then` and `now` are the shares of its bills from before the filing, `entered` what was moved at
    first (less than `then` where a part was paid), `left` what is not paid of all that was moved."""
    return max(max(entered + now - then, ZERO) - moved, -max(left, ZERO))


def assurance(bills: Sequence[Money], policy: AssurancePolicy) -> Money:
    """So many average bills of the last twelve, in whole dollars up."""
    known = [bill for bill in bills[-12:] if bill > ZERO]
    if not known:
        return ZERO
    cents = total(known).cents * policy.months
    per = -(-cents // len(known))
    return Money(-(-per // 100) * 100)


def _split(one: Owing, filed_on: date) -> Split:
    charged = total(each.amount for each in one.served)
    if charged > ZERO:
        share = total(each.before(filed_on) for each in one.served)
        before = one.amount.split([share.cents, (charged - share).cents])[0]
    else:
        before = one.amount if one.owed_on < filed_on else ZERO
    return Split(one, before, one.amount - before)
