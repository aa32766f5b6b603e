"""What restores a service that was turned off: what is paid now, what comes with the next bill, what is seen to first.

Pure. Every line says why, and where that stands. Nothing is asked of whoever should not have been turned off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lamplighter.credit.law.parameters import POLICY, HoldKind
from lamplighter.credit.rules.facts import Reason
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.policies import Policy, figure


@dataclass(frozen=True, slots=True, kw_only=True)
class BackPolicy(Policy):
    """How little past due keeps nobody without power, and whether a command restores it at once when money comes,
    before anybody was asked who is at home."""

    key = "reconnection"
    title = "Power back after a shut-off"
    least: Money = figure(Money(500), "Less past due keeps nobody without power", ZERO, Money(50_000))
    wire_unasked: bool = figure(True, "Power back by the network without asking about the load side")  # noqa: FBT003


@dataclass(frozen=True, slots=True)
class ReconnectPolicy:
    """The utility's terms and fees of a day. After-hours work is charged only when a person asks for it."""

    fee: Money = Money(2500)
    after_hours: Money = Money(7500)
    least: Money = Money(500)
    wire_unasked: bool = True
    citation: str = POLICY


class When(StrEnum):
    NOW = "now"
    NEXT_BILL = "next bill"
    FIRST = "first"

    @property
    def label(self) -> str:
        return {When.NOW: "Pay now", When.NEXT_BILL: "Next bill", When.FIRST: "First"}[self]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that restoring takes. `amount` is nothing where no money is asked; `met`: nothing is left to do."""

    what: str
    when: When
    why: str
    amount: Money | None = None
    cites: str = POLICY
    met: bool = False


@dataclass(frozen=True, slots=True)
class Off:
    """How a service stands that is off. `spared`: money, a promise or a protection came before it was turned off, or it
    was not to be done at all. `heat` names an alert of today under a law that gives power back. `deposit` is what
    would be asked for after a shut-off. `cleared`: a person has said that the danger or the case is over.
    `hardship`: one is on file, and no fee is charged."""

    reason: Reason
    past_due: Money
    spared: bool = False
    plan_runs: bool = False
    promise_runs: bool = False
    holds: tuple[HoldKind, ...] = ()
    heat: str = ""
    heat_cites: str = POLICY
    serves: bool = True
    cleared: bool = False
    office_open: bool = True
    deposit: Money = ZERO
    hardship: bool = False


@dataclass(frozen=True, slots=True)
class Restoration:
    """`ready`: nothing more is needed before somebody goes. `words` are fit to be read aloud."""

    lines: tuple[Line, ...]
    ready: bool
    words: str
    free: bool = False

    @property
    def now(self) -> Money:
        return self._sum(When.NOW)

    @property
    def next_bill(self) -> Money:
        return self._sum(When.NEXT_BILL)

    def _sum(self, when: When) -> Money:
        return total(line.amount for line in self.lines if line.when is when and line.amount is not None)


def what_restores(off: Off, policy: ReconnectPolicy) -> Restoration:
    """Every line in the order in which a person would say it."""
    needs = tuple(_needs(off, policy))
    free = off.spared or bool(off.heat) or HoldKind.BANKRUPTCY in off.holds
    fees = () if free or off.reason is Reason.HAZARD or not off.serves else tuple(_fees(off, policy))
    waits = [line for line in needs if not line.met]
    safety = Line(
        "The load side is safe",
        When.FIRST,
        "Ask: is the main breaker off, and is somebody at home? The crew looks, too.",
    )
    lines = (*needs, *fees, *((safety,) if off.serves else ()))
    return Restoration(lines, ready=not waits, words=_words(waits, fees), free=free)


def _needs(off: Off, policy: ReconnectPolicy) -> Iterator[Line]:
    """What must be so before power is back."""
    if not off.serves:
        yield Line("Start of service", When.FIRST, "Nobody has service here: whoever wants it begins it.")
        return
    match off.reason:
        case Reason.NON_PAYMENT:
            yield _debt(off, policy)
        case Reason.HAZARD if not off.cleared:
            yield Line("The danger is gone", When.FIRST, "Somebody has looked and said so.")
        case Reason.UNAUTHORIZED_USE if not (off.cleared or off.spared):
            yield Line("The case is settled", When.FIRST, "A supervisor has decided that power may go on.")
        case _:
            return


def _debt(off: Off, policy: ReconnectPolicy) -> Line:
    """The one line about the debt of a service that was turned off for it."""
    if (waived := _waived(off, policy)) is not None:
        why, cites = waived
        return Line("Past due", When.NOW, why, ZERO, cites, met=True)
    return Line(
        "Past due", When.NOW, "All that is past due for the service; or a payment plan, a pledge or more time.",
        off.past_due,
    )  # fmt: skip


def _waived(off: Off, policy: ReconnectPolicy) -> tuple[str, str] | None:
    """Why nothing is asked first of what is past due, and where that stands; None where it is."""
    held = f"{off.holds[0].label}: nothing is asked first." if off.holds else ""
    reasons = (
        (off.spared, "Power was not to go off: nothing is asked first.", POLICY),
        (HoldKind.BANKRUPTCY in off.holds, "Debt from before the filing is not asked for.", "11 USC 366(a)"),
        (bool(off.holds), held, POLICY),
        (bool(off.heat), f"{off.heat} today: power is given back; a plan follows.", off.heat_cites),
        (off.plan_runs or off.promise_runs, "A plan or a promise runs.", POLICY),
        (off.past_due < policy.least, "Nothing that matters is past due any more.", policy.citation),
    )
    return next(((why, cites) for holds, why, cites in reasons if holds), None)


def _fees(off: Off, policy: ReconnectPolicy) -> Iterator[Line]:
    if off.reason is Reason.MOVE_OUT:
        return
    if off.hardship:
        yield Line("Reconnection fee", When.NEXT_BILL, "A hardship is on file: no fee, at any hour.", ZERO, met=True)
    else:
        yield Line("Reconnection fee", When.NEXT_BILL, "A crew or a command turns it on again.", policy.fee)
    if not off.office_open and not off.hardship:
        yield Line(
            "After hours, if they ask for it now", When.FIRST,
            f"{policy.after_hours} more on the next bill; by itself it is done without it.",
        )  # fmt: skip
    if off.deposit > ZERO:
        yield Line(
            "Deposit", When.FIRST, f"Power was off for debt: the policy asks for {off.deposit}, in parts if they wish. "
            "Decide it under Credit; nobody waits for power because of it.", met=True,
        )  # fmt: skip


def _words(waits: Sequence[Line], fees: Sequence[Line]) -> str:
    later = total(line.amount for line in fees if line.when is When.NEXT_BILL and line.amount is not None)
    bill = f" {later} comes with the next bill." if later else ""
    money = [line for line in waits if line.amount is not None]
    if money:
        return f"{total(line.amount for line in money if line.amount)} restores power.{bill}"
    if waits:
        return f"First: {waits[0].what.lower()}."
    return f"Power can be restored now.{bill or ' Nothing is charged for it.'}"
