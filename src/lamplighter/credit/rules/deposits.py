"""Who gives a deposit, how much, why, when it goes back: internal credit points, the recommendation, interest. Pure.

Sources: Oracle CC&B's deposit classes (twice the average bill of twelve months; reviewed against a tolerance; given
back after good payment); a municipal utility's published policy (own records decide; businesses always; given back
after twelve bills paid on time); 11 USC 366(a) and 525(a) (nothing may rest on debt from before a petition); 15 USC
1681m (FCRA 615(a): what is asked because of a report is told, with its score and reasons).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lamplighter.billing.rules import months_before
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.policies import Policy, figure

BANKRUPTCY_LAW, REPORT_LAW = "11 USC 366(a)", "15 USC 1681m(a)"
DAYS_OF_YEAR = 365


class CannotSecure(Exception):
    """A deposit is not decided, divided or given back so; the message is fit to be read aloud."""


class Mark(StrEnum):
    """What earns internal credit points."""

    LATE = "late"
    RETURNED = "returned"
    BROKEN = "broken"
    CUT = "cut"
    WRITTEN_OFF = "written-off"

    @property
    def label(self) -> str:
        return {
            Mark.LATE: "Past-due notice", Mark.RETURNED: "Returned payment", Mark.BROKEN: "Broken plan or promise",
            Mark.CUT: "Shut off for non-payment", Mark.WRITTEN_OFF: "Debt written off",
        }[self]  # fmt: skip


class Form(StrEnum):
    """How a deposit is given."""

    CASH = "cash"
    GUARANTOR = "guarantor"
    SURETY = "surety"
    CREDIT = "letter-of-credit"
    WAIVED = "waived"

    @property
    def label(self) -> str:
        return {
            Form.CASH: "Money", Form.GUARANTOR: "Another customer vouches", Form.SURETY: "Surety bond",
            Form.CREDIT: "Letter of credit", Form.WAIVED: "None is asked",
        }[self]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a mark counts, and for how many months."""

    points: int
    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsPolicy(Policy):
    """How much each mark counts and for how long; how long a bureau's report is fresh enough to decide by; and after
    how long without service somebody is not known any more."""

    key = "points"
    title = "Credit points"
    late: int = figure(10, "Points for a past-due notice", 0, 1000)
    late_months: int = figure(12, "Past-due notice counts for (months)", 1, 84)
    returned: int = figure(20, "Points for a returned payment", 0, 1000)
    returned_months: int = figure(12, "Returned payment counts for (months)", 1, 84)
    broken: int = figure(30, "Points for a broken plan or promise", 0, 1000)
    broken_months: int = figure(12, "Broken plan or promise counts for (months)", 1, 84)
    cut: int = figure(50, "Points for a shut-off for debt", 0, 1000)
    cut_months: int = figure(24, "Shut-off for debt counts for (months)", 1, 84)
    written_off: int = figure(80, "Points for a debt that was written off", 0, 1000)
    written_off_months: int = figure(36, "Debt that was written off counts for (months)", 1, 84)
    report_days: int = figure(60, "A bureau's report is fresh for (days)", 1, 365)
    forgotten_days: int = figure(730, "Known until without service for (days)", 30, 3650)

    def weight(self, mark: Mark) -> Weight:
        name = mark.name.lower()
        return Weight(getattr(self, name), getattr(self, f"{name}_months"))


@dataclass(frozen=True, slots=True)
class Terms:
    """The utility's policy for a class of customers. `points_from` is the number from which one is asked for;
    `known_months` how long a customer must be known to be judged by our records; `score_from` the bureau's score
    under which one is asked for, None where no bureau is asked."""

    always: bool = False
    months: int = 2
    least: Money = Money(5000)
    most: Money = Money(100_000)
    points_from: int = 50
    known_months: int = 12
    score_from: int | None = 600
    parts: int = 3
    good_bills: int = 12
    grace_days: int = 5
    interest_percent: Decimal = Decimal(2)
    tolerance_percent: int = 10
    citation: str = "Utility policy"


@dataclass(frozen=True, slots=True)
class Points:
    """A mark that counts: what happened on which account and day, its points, and the first day without them."""

    mark: Mark
    on: date
    account: str
    points: int
    ends_on: date


@dataclass(frozen=True, slots=True)
class Score:
    """What a bureau said: nothing but the score counts here. None: it knows nobody of that name."""

    value: int | None
    bureau: str
    on: date


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of whoever is served. `average` is a bill of a month and `of` says whose; `months` how long we
    have known them; `secured` what others vouch for; `held` and `asked` their own deposit."""

    average: Money
    of: str
    months: int = 0
    points: tuple[Points, ...] = ()
    bankrupt: bool = False
    owed_before: Money = ZERO
    score: Score | None = None
    held: Money = ZERO
    asked: Money = ZERO
    secured: Money = ZERO


@dataclass(frozen=True, slots=True)
class Because:
    """One reason, fit to be read aloud, and where it stands. `asks`: it speaks for a deposit."""

    code: str
    words: str
    cites: str
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Recommendation:
    """How much should be asked for beyond what is held, and every reason. `full` is what the policy comes to.
    `by_report`: it rests on a bureau's report, so the customer is told (FCRA). `unknown`: a report could spare it."""

    amount: Money
    full: Money
    reasons: tuple[Because, ...]
    by_report: bool = False
    unknown: bool = False

    @property
    def asks(self) -> bool:
        return any(one.asks for one in self.reasons)


def points_of(
    marks: Iterable[tuple[Mark, date, str]], *, on: date, clean_from: date | None, policy: PointsPolicy
) -> tuple[Points, ...]:
    """What still counts on a day, the newest first. What is from before `clean_from`, the petition of a case, never
    counts again."""
    found = []
    for mark, day, account in marks:
        weight = policy.weight(mark)
        ends = months_before(day, -weight.months)
        if day <= on < ends and (clean_from is None or day >= clean_from):
            found.append(Points(mark, day, account, weight.points, ends))
    return tuple(sorted(found, key=lambda one: (one.on, one.mark), reverse=True))


def recommend(facts: Facts, terms: Terms) -> Recommendation:
    """The policy for these facts. Our own records come before a bureau's; a report is looked at only where we know
    too little."""
    reason = _reason(facts, terms)
    full = full_amount(facts, terms) if reason.asks else ZERO
    reasons = [reason]
    if reason.asks:
        reasons.append(
            Because("amount", f"{terms.months} average bills of {facts.average} ({facts.of}), within {terms.least} to "
                    f"{terms.most}: {full}.", terms.citation)
        )  # fmt: skip
        if have := facts.held + facts.asked + facts.secured:
            reasons.append(Because("held", f"{have} is held, asked for or vouched for already.", terms.citation))
    if facts.owed_before > ZERO:
        words = f"{facts.owed_before} is owed from an earlier account. It is asked for by itself, not as a deposit."
        reasons.append(Because("owed-before", words, terms.citation))
    amount = max(full - facts.held - facts.asked - facts.secured, ZERO)
    return Recommendation(
        amount, full, tuple(reasons), by_report=reason.code == "score", unknown=reason.code == "unknown"
    )


def full_amount(facts: Facts, terms: Terms) -> Money:
    """So many average bills, in whole dollars up, within the policy's limits."""
    cents = facts.average.cents * terms.months
    return min(max(Money(-(-cents // 100) * 100), terms.least), terms.most)


def _reason(facts: Facts, terms: Terms) -> Because:  # noqa: PLR0911 - one return for each line of the policy
    """The first line of the policy that speaks."""
    counted = sum(one.points for one in facts.points)
    if facts.bankrupt:
        words = "A bankruptcy case is open: its adequate assurance stands in place of a deposit."
        return Because("bankruptcy", words, BANKRUPTCY_LAW)
    if any(one.mark is Mark.CUT for one in facts.points):
        return Because("cut", "Power was turned off for non-payment.", terms.citation, asks=True)
    if counted >= terms.points_from:
        words = f"{counted} credit points; from {terms.points_from} on a deposit is asked for."
        return Because("points", words, terms.citation, asks=True)
    if facts.months >= terms.known_months:
        words = f"We have known them for {facts.months} months: {counted} credit points, under {terms.points_from}."
        return Because("known", words, terms.citation)
    if terms.always:
        return Because("class", "Every new account of this class gives one.", terms.citation, asks=True)
    if terms.score_from is None:
        return Because("no-bureau", f"{counted} credit points, and no bureau is asked.", terms.citation)
    if facts.score is None:
        words = "We know them too little. A credit report, if they agree to one, could make it unnecessary."
        return Because("unknown", words, terms.citation, asks=True)
    return _by_score(facts.score, terms.score_from)


def _by_score(score: Score, least: int) -> Because:
    if score.value is None:
        return Because("no-hit", f"{score.bureau} knows nothing of them: nothing speaks for a deposit.", REPORT_LAW)
    words = f"{score.bureau} gave the score {score.value} on {score.on:%b %-d}; {least} or more asks for none."
    return Because("score", words, REPORT_LAW, asks=True) if score.value < least else Because("good", words, REPORT_LAW)


@dataclass(frozen=True, slots=True)
class Part:
    """One instalment of a deposit."""

    due_on: date
    amount: Money


def divide(amount: Money, *, parts: int, on: date, terms: Terms) -> tuple[Part, ...]:
    """In equal parts, a month apart from today; odd cents with the first. Raises CannotSecure."""
    if not 1 <= parts <= terms.parts:
        raise CannotSecure(f"A deposit is paid in 1 to {terms.parts} parts ({terms.citation}).")
    each = Money(amount.cents // parts)
    if each <= ZERO:
        raise CannotSecure("Enter more than $0.00.")
    first = amount - each * (parts - 1)
    return tuple(Part(months_before(on, -place), each if place else first) for place in range(parts))


def earned(held: Sequence[tuple[date, Money]], *, percent: Decimal, since: date, until: date) -> Money:
    """Simple interest from `since` to before `until` on what was held; `held` are the changes by day, in order. Rounded
    once, half up, in cents."""
    at_start = total(change for day, change in held if day <= since)
    steps = [(since, at_start), *((day, change) for day, change in held if since < day < until)]
    days = [day for day, _ in steps[1:]] + [until]
    balance, dollar_days = ZERO, Decimal(0)
    for (day, change), following in zip(steps, days, strict=True):
        balance += change
        dollar_days += max(balance, ZERO).dollars * (following - day).days
    return Money.nearest(dollar_days * percent / 100 / DAYS_OF_YEAR)


def goes_back(on_time: Sequence[bool], points: Sequence[Points], terms: Terms) -> bool:
    """Whether the last bills since a deposit was given, the newest last, were all paid in time and no point counts."""
    last = on_time[-terms.good_bills :]
    return len(last) == terms.good_bills and all(last) and not points


def asks_for_more(held: Money, full: Money, terms: Terms) -> bool:
    """Whether what is held is below the policy's amount by more than the tolerance."""
    return held.cents * 100 < full.cents * (100 - terms.tolerance_percent)
