"""The debt monitor: which process a debt of which class calls for, and the dated steps of each process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lamplighter.accounts.types import AgreementKind
from lamplighter.credit.law.days import clock, notice_from
from lamplighter.credit.law.parameters import HoldKind, Pack
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.policies import Policy, figure
from lamplighter.ledger.rules import Debt


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPolicy(Policy):
    """From how much, and how old, debts are collected; and the days of the letters about a final bill.

    As it comes: more than $5 that is more than 50 days old, else more than $25 at 25 days (Oracle CC&B's documented
    example).
    """

    key = "collection"
    title = "Collection"
    notice_over: Money = figure(Money(500), "Past-due notice: more than", ZERO, Money(100_000))
    notice_days: int = figure(50, "Past-due notice: older than (days)", 1, 365)
    reminder_over: Money = figure(Money(2500), "Reminder: more than", ZERO, Money(100_000))
    reminder_days: int = figure(25, "Reminder: older than (days)", 1, 365)
    final_over: Money = figure(Money(500), "Letters about a final bill: more than", ZERO, Money(100_000))
    final_days: int = figure(25, "Letters about a final bill: older than (days)", 1, 365)
    final_letter_days: int = figure(20, "Last letter about a final bill after (days)", 1, 365)
    give_up_days: int = figure(45, "A person decides on a final bill after (days)", 2, 365)
    again_days: int = figure(30, "The same collection begins again after (days)", 1, 365)

    def conflict(self) -> str:
        if self.final_letter_days < self.give_up_days:
            return ""
        return f"The last letter comes before a person decides after {self.give_up_days} days."

    @property
    def answer_days(self) -> int:
        """How long somebody has to answer the last letter about a final bill."""
        return self.give_up_days - self.final_letter_days

    def after(self, step: StepTemplate) -> int:
        """Days from the start of a process; a call and a review follow the notice's own clock instead."""
        return {LAST_LETTER: self.final_letter_days, GIVE_UP: self.give_up_days}.get(step.key, 0)


class StepKind(StrEnum):
    """A letter that asks, a notice that starts the law's clock, an attempt to reach somebody, a person's look at a
    shut-off, or at a debt of which nothing else is left to try."""

    LETTER = "letter"
    NOTICE = "notice"
    CALL = "call"
    REVIEW = "review"
    GIVE_UP = "give-up"


@dataclass(frozen=True, slots=True)
class StepTemplate:
    key: str
    label: str
    kind: StepKind


@dataclass(frozen=True, slots=True)
class ProcessTemplate:
    key: str
    label: str
    steps: tuple[StepTemplate, ...]


REGULATED = frozenset(
    {
        AgreementKind.ENERGY, AgreementKind.UNMETERED, AgreementKind.NET_METERING, AgreementKind.ARRANGEMENT,
        AgreementKind.BUDGET,
    }
)  # fmt: skip
OTHER = frozenset({AgreementKind.INVOICE, AgreementKind.LOAN})


def debt_class_of(kind: str) -> str:
    """Regulated for electricity, other for what power may never go off for; "" is never collected: deposits,
    credits, donations, what was written off."""
    return "regulated" if kind in REGULATED else "other" if kind in OTHER else ""


NOTICE = "past-due"
"""The step, and the letter, from whose mailing the law counts."""
LAST_LETTER, GIVE_UP = "final-notice", "give-up"
"""The steps of a final bill whose days the utility's policy sets."""
COURTESY = ProcessTemplate(
    "courtesy", "Courtesy reminder", (StepTemplate("courtesy-reminder", "Reminder mailed", StepKind.LETTER),)
)
ACCELERATED = ProcessTemplate(
    "accelerated", "Past-due notices",
    (
        StepTemplate(NOTICE, "Past-due notice mailed", StepKind.NOTICE),
        StepTemplate("call", "Call or visit the customer", StepKind.CALL),
        StepTemplate("review", "A person reviews it for shut-off", StepKind.REVIEW),
    ),
)  # fmt: skip
FINAL = ProcessTemplate(
    "final", "Letters about a final bill",
    (
        StepTemplate("courtesy-reminder", "Reminder mailed", StepKind.LETTER),
        StepTemplate(LAST_LETTER, "Last letter mailed", StepKind.LETTER),
        StepTemplate(GIVE_UP, "A person decides what becomes of it", StepKind.GIVE_UP),
    ),
)  # fmt: skip
"""Where no service runs there is no shut-off to give notice of: two letters, then a person looks."""
TEMPLATES = {template.key: template for template in (COURTESY, ACCELERATED, FINAL)}


REMINDED = frozenset({"government", "lighting"})
SERVED = REMINDED | {"residential", "commercial", "industrial"}


@dataclass(frozen=True, slots=True)
class Criterion:
    """Met when what is older than `older_than` days is more than `over`."""

    over: Money
    older_than: int
    process: ProcessTemplate

    def met(self, debts: Iterable[Debt], *, on: date) -> bool:
        old = total(debt.amount for debt in debts if (on - debt.owed_on).days > self.older_than)
        return old > self.over


def criteria(
    policy: CollectionPolicy, *, collection_class: str, debt_class: str, closed: bool
) -> tuple[Criterion, ...]:  # fmt: skip
    """What calls for which process, in order of priority: the first that is met wins. None: never collected.

    Governments and street lights are reminded, and never told of a shut-off; so is everybody of other debts.
    """
    if closed:
        return (Criterion(policy.final_over, policy.final_days, FINAL),)
    if collection_class not in SERVED or debt_class not in {"regulated", "other"}:
        return ()
    reminder = Criterion(policy.reminder_over, policy.reminder_days, COURTESY)
    if debt_class == "other" or collection_class in REMINDED:
        return (reminder,)
    return (Criterion(policy.notice_over, policy.notice_days, ACCELERATED), reminder)


NOTHING_IS_SENT = frozenset({HoldKind.BANKRUPTCY, HoldKind.LEGAL, HoldKind.DISPUTE, HoldKind.REVIEW})
NO_SHUT_OFF = frozenset({HoldKind.MEDICAL, HoldKind.LIFE_SUPPORT, HoldKind.PLEDGE, HoldKind.WINTER})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the monitor says: the process that is called for, or why none is. `held`: a protection made it less."""

    process: ProcessTemplate | None
    why: str
    debt: Money = ZERO
    held: bool = False


def monitor(
    debts: Mapping[str, Sequence[Debt]],
    *,
    collection_class: str,
    holds: Iterable[HoldKind],
    on: date,
    on_plan: bool = False,
    closed: bool = False,
    policy: CollectionPolicy,
) -> Verdict:
    """Look at an account's open debts by debt class. Conditions come before amounts, priority before size. `closed`:
    the account has no service any more."""
    running = frozenset(holds)
    if stops := sorted(running & NOTHING_IS_SENT):
        return Verdict(None, f"{HoldKind(stops[0]).label}: nothing is collected.", held=True)
    if on_plan:
        return Verdict(None, "A plan or a promise runs.")
    for debt_class in sorted(debts, key=lambda each: each != "regulated"):
        for criterion in criteria(policy, collection_class=collection_class, debt_class=debt_class, closed=closed):
            if not criterion.met(debts[debt_class], on=on):
                continue
            owed = total(debt.amount for debt in debts[debt_class])
            if running & NO_SHUT_OFF and criterion.process is ACCELERATED:
                return Verdict(COURTESY, f"{_first(running)}: a reminder, no notice of shut-off.", owed, held=True)
            return Verdict(
                criterion.process, f"More than {criterion.over} is over {criterion.older_than} days old.", owed
            )
    return Verdict(None, "Nothing is owed for long enough.")


@dataclass(frozen=True, slots=True)
class Planned:
    """A step with its earliest day."""

    step: StepTemplate
    due_on: date


def plan(
    template: ProcessTemplate, *, on: date, newest_bill: date, pack: Pack, policy: CollectionPolicy
) -> tuple[Planned, ...]:
    """The steps with their days, if each is done when it is due. `newest_bill` is the newest that is asked for.

    The notice waits until the law lets it be mailed. Its own mailing counts, so `replan` is asked again then.
    """
    found: list[Planned] = []
    mailed = on
    for step in template.steps:
        day = on + timedelta(days=policy.after(step))
        if step.kind is StepKind.NOTICE:
            day = mailed = max(day, notice_from(newest_bill, pack))
        found.append(Planned(step, after_notice(step, mailed, pack) or day))
    return tuple(found)


def after_notice(step: StepTemplate, mailed_on: date, pack: Pack) -> date | None:
    """The day of a step that follows the notice's clock: the call two working days before, the review on the day."""
    match step.kind:
        case StepKind.REVIEW:
            return clock(mailed_on, pack).off_on
        case StepKind.CALL:
            return working_days_before(clock(mailed_on, pack).off_on, 2, pack)
        case _:
            return None


def working_days_before(day: date, count: int, pack: Pack) -> date:
    while count:
        day -= timedelta(days=1)
        count -= pack.calendar.value.is_working_day(day)
    return day


def _first(running: frozenset[HoldKind]) -> str:
    return HoldKind(min(running & NO_SHUT_OFF)).label
