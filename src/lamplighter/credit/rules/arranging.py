"""Whether an account may pay over time, and a plan whose parts add up to what is owed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lamplighter.credit.law.parameters import POLICY, Pack
from lamplighter.kernel.calendars import HolidayCalendar
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.policies import CannotSetPolicy, Policy, figure
from lamplighter.ledger.rules import open_debts


class CannotArrange(Exception):
    """A plan or extension is refused; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPolicy(Policy):
    """For how much a plan is, over how many `months` it is proposed, how many broken ones in a year are too many; days
    of `grace` after an instalment's due day, and so many before its end a `reminder` for somebody to call; for how many
    days more time is given, and how many lie between. How long a plan may run is the law's."""

    key = "plans"
    title = "Paying over time"
    minimum: Money = figure(Money(2500), "A plan is for at least", ZERO, Money(1_000_000))
    months: int = figure(3, "Proposed over (months)", 1, 60)
    broken_most: int = figure(2, "No plan after so many broken in a year", 1, 12)
    grace: int = figure(5, "Days of grace after an instalment", 0, 30)
    reminder: int = figure(2, "Somebody calls before grace ends (days)", 0, 30)
    extension_days: int = figure(21, "More time, at most (days)", 0, 90)
    extension_gap_days: int = figure(90, "Between two times of more time (days)", 0, 730)

    def conflict(self) -> str:
        if self.reminder <= self.grace:
            return ""
        return f"The call comes within the {self.grace} days of grace, not {self.reminder} before."


def check_plans(policy: PlanPolicy, pack: Pack) -> None:
    """Raises CannotSetPolicy for a plan that is proposed over more months than the law lets it run."""
    longest = pack.plan_months
    if policy.months > longest.value:
        raise CannotSetPolicy(
            f"A plan is proposed over 1 to {longest.value} months ({longest.cites}), not {policy.months}."
        )


@dataclass(frozen=True, slots=True)
class Past:
    """What an account did before: what is past due, what runs, what was broken and promised on which days."""

    past_due: Money
    plan_runs: bool = False
    extension_runs: bool = False
    bankrupt: bool = False
    broken_on: tuple[date, ...] = ()
    promised_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it may be, why (fit to be said), where that stands, and what to say instead."""

    eligible: bool
    why: str
    cites: str = POLICY
    say: str = ""


def may_arrange(past: Past, *, on: date, policy: PlanPolicy) -> Answer:
    """The first reason against a plan, or that there is none."""
    if past.bankrupt:
        return _no("The account is in bankruptcy: old debt is not asked for.", "11 USC 362(a)")
    if past.plan_runs:
        return _no("A plan runs already.", say="Your plan is still good. I can tell you what is due next.")
    if past.past_due < policy.minimum:
        return _no(f"{past.past_due} is past due; a plan is for {policy.minimum} or more.", policy.citation)
    recent = sorted(day for day in past.broken_on if day > _year_before(on))
    if len(recent) >= policy.broken_most:
        again = _year_after(recent[-policy.broken_most])
        return _no(
            f"No new plan until {again:%b} {again.day}. {len(recent)} plans were broken within a year.",
            policy.citation,
            say="I can't set up another plan today. I can take a part payment, or check the Neighbor Fund with you.",
        )  # fmt: skip
    return Answer(eligible=True, why=f"{past.past_due} may be paid over time.", cites=policy.citation)


def may_extend(past: Past, *, until: date, on: date, policy: PlanPolicy) -> Answer:
    """The first reason against more time until a day, or that there is none."""
    if past.bankrupt:
        return _no("The account is in bankruptcy: old debt is not asked for.", "11 USC 362(a)")
    if past.plan_runs or past.extension_runs:
        return _no("A plan or an extension runs already.")
    if past.past_due <= ZERO:
        return _no("Nothing is past due.")
    if not on < until <= on + timedelta(days=policy.extension_days):
        return _no(f"More time is given for up to {policy.extension_days} days.", policy.citation)
    if past.promised_on and (on - max(past.promised_on)).days < policy.extension_gap_days:
        again = max(past.promised_on) + timedelta(days=policy.extension_gap_days)
        return _no(
            f"More time was given lately; again from {again:%b} {again.day}. A plan is possible.", policy.citation
        )
    return Answer(eligible=True, why=f"{past.past_due} may be paid by {until:%b} {until.day}.", cites=policy.citation)


@dataclass(frozen=True, slots=True)
class Part:
    """A debt of one agreement that the plan takes over, at its own age."""

    agreement: int
    owed_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Due:
    """One instalment."""

    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """Exactly what will be written. Its parts add up, or it can't be made; `digest` names it."""

    account: int
    made_on: date
    debts: tuple[Part, ...]
    instalments: tuple[Due, ...]
    income: Money | None = None
    """The household's of a month, where the law bounds a payment by it."""

    def __post_init__(self) -> None:
        assert self.debts
        assert self.instalments
        assert total(due.amount for due in self.instalments) == self.total, "instalments add up to the debts"
        assert all(due.amount > ZERO for due in self.instalments)
        days = [due.due_on for due in self.instalments]
        assert days == sorted(set(days)), "instalments fall on days of their own, in order"
        assert days[0] >= self.made_on

    @property
    def total(self) -> Money:
        return total(debt.amount for debt in self.debts)

    @property
    def digest(self) -> str:
        content = [self.account, str(self.made_on), [[d.agreement, str(d.owed_on), d.amount.cents] for d in self.debts],
                   [[str(d.due_on), d.amount.cents] for d in self.instalments]]  # fmt: skip
        if self.income is not None:
            content.append(self.income.cents)
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def check_winter(draft: PlanDraft, pack: Pack) -> None:
    """Under winter protection no payment of a winter month is more than the law lets it be. Raises CannotArrange."""
    plan, winter = pack.winter_plan, pack.winter
    if plan is None or winter is None:
        return
    due = max((one.amount for one in draft.instalments if one.due_on in winter.value), default=ZERO)
    if due == ZERO:
        return
    if draft.income is None:
        raise CannotArrange(f"Winter protection runs: enter the household's income a month. {plan.says}")
    most = plan.value.most(draft.income, draft.total)
    if due > most:
        raise CannotArrange(f"In winter {most} a month is the most ({plan.cites}). Choose more months, or less now.")


def divide(
    owed: Money, *, down: Money | None, months: int, on: date, pack: Pack, longest: int = 0
) -> tuple[Due, ...]:  # fmt: skip
    """`down` now (unless said, an equal share) and the rest in `months` equal parts on the 15ths that follow.

    What cannot be divided falls on the first part: $186.42 in four is $46.62 and three times $46.60. A day on which
    the office is closed moves to the next working day. `longest` is how many months our own policy gives this customer,
    where that is more than the law does. Raises CannotArrange.
    """
    by_law = pack.plan_months
    most, cites = (longest, POLICY) if longest > by_law.value else (by_law.value, by_law.cites)
    if not 1 <= months <= most:
        raise CannotArrange(f"A plan runs for 1 to {most} months ({cites}).")
    part = Money((owed.cents - down.cents) // months) if down is not None else Money(owed.cents // (months + 1))
    first = owed - part * months
    if part <= ZERO or first < ZERO:
        raise CannotArrange(f"{owed} can't be divided so. Choose fewer months, or less now.")
    days = fifteenths(on, months, pack.calendar.value)
    later = [Due(day, part) for day in days]
    if down is not None and down == ZERO:
        return (Due(days[0], part + first), *later[1:])
    return (Due(on, first), *later)


def fifteenths(on: date, count: int, calendar: HolidayCalendar) -> list[date]:
    """The 15th of each coming month, the first at least two weeks away; moved to a working day."""
    year, month = on.year, on.month
    found: list[date] = []
    while len(found) < count:
        day = date(year, month, 15)
        if (day - on).days >= 14:
            found.append(calendar.next_working_day(day))
        year, month = year + month // 12, month % 12 + 1
    return found


def going_home(debts: Sequence[Part], left: Money) -> list[Part]:
    """What is left of the debts that a plan took over: what was paid went to the oldest."""
    paid = total(debt.amount for debt in debts) - left
    assert paid >= ZERO
    rest: list[Part] = []
    for debt in sorted(debts, key=lambda d: (d.owed_on, d.agreement)):
        share = min(paid, debt.amount)
        paid -= share
        if debt.amount > share:
            rest.append(Part(debt.agreement, debt.owed_on, debt.amount - share))
    assert total(debt.amount for debt in rest) == left
    return rest


def coming_back(debts: Sequence[Part], *, home: Money, left: Money) -> list[Part]:
    """What comes home of an ended plan when a payment to it is returned: `home` went there before, `left` is open
    again. What stays paid went to the oldest, what is home already is the youngest."""
    before = {(part.agreement, part.owed_on): part.amount for part in going_home(debts, home)}
    back = []
    for part in going_home(debts, home + left):
        amount = part.amount - before.get((part.agreement, part.owed_on), ZERO)
        if amount > ZERO:
            back.append(Part(part.agreement, part.owed_on, amount))
    assert total(part.amount for part in back) == left
    return back


def is_late(asked: Sequence[tuple[date, Money]], credits_total: Money, *, on: date, grace: int) -> bool:
    """Whether an instalment, asked for by its due day, is unpaid more than `grace` days after that."""
    debts, _ = open_debts(asked, credits_total)
    return any((on - debt.owed_on).days > grace for debt in debts)


def _no(why: str, cites: str = POLICY, say: str = "") -> Answer:
    return Answer(eligible=False, why=why, cites=cites, say=say)


def _year_before(day: date) -> date:
    return day - timedelta(days=365)


def _year_after(day: date) -> date:
    return day + timedelta(days=365)
