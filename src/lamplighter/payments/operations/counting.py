"""Count drawers blind, turn cash in, explain differences, verify by a second person."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.payments.cash.chain import says_count, says_turn_in
from lamplighter.payments.cash.counting import OTHERS, Counted, counted_in, differences_of, last_count
from lamplighter.payments.models import (
    DrawerCount,
    JournalLine,
    OverShort,
    PaymentEvent,
    TenderControl,
    TurnIn,
    Verification,
)
from lamplighter.payments.operations.house import over_short_agreement
from lamplighter.payments.operations.journaling import write_lines
from lamplighter.payments.operations.sources import open_one
from lamplighter.payments.queries import expected_in
from lamplighter.payments.rules import CLEARS, CannotTake
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction

State = TenderControl.State
Kind = DrawerCount.Kind


@in_transaction
def stop_taking(*, control: TenderControl, by: Actor, at: datetime) -> None:
    """The drawer takes nothing more, and what it should hold is no longer shown: it is about to be counted."""
    live = open_one(control)
    if live.opened_by != by:
        raise CannotTake("Whoever opened a drawer closes it.")
    TenderControl.objects.filter(pk=live.pk).update(state=State.BALANCING)
    record("payments.control.closed", subject=_subject(live), by=by, at=at, source=live.source_id)


@in_transaction
def count_drawer(*, control: TenderControl, counted: Counted, by: Actor, at: datetime) -> DrawerCount:
    """The cashier counts to close, without knowing what should be there. From now on the drawer takes nothing."""
    live = _locked(control)
    if live.state == State.BALANCED:
        raise CannotTake(f"{live.source.name} is verified. Nothing is counted any more.")
    if live.opened_by != by:
        raise CannotTake("Whoever opened a drawer counts it first. Others verify it, or count it by surprise.")
    made = _count(live, Kind.CLOSE, counted, by=by, at=at)
    TenderControl.objects.filter(pk=live.pk).update(state=State.BALANCING)
    return made


@in_transaction
def surprise_count(*, control: TenderControl, counted: Counted, by: Actor, at: datetime) -> DrawerCount:
    """Somebody else counts a drawer that is in use; it stays open."""
    live = open_one(control)
    if live.opened_by == by:
        raise CannotTake("Nobody surprises themselves. Ask a colleague.")
    return _count(live, Kind.SURPRISE, counted, by=by, at=at)


@in_transaction
def turn_in(*, control: TenderControl, amount: Money, received_by: Actor, by: Actor, at: datetime) -> TurnIn:
    """Cash goes from an open drawer to the vault, from hand to hand."""
    live = open_one(control)
    if by not in {live.opened_by, received_by} or received_by == by:
        raise CannotTake("The cashier hands it over, and another person takes it.")
    most = expected_in(live)["cash"] - live.opening_float
    if not ZERO < amount <= most:
        raise CannotTake(f"The drawer has taken {most} in cash that can be turned in.")
    made = TurnIn.objects.create(control=live, amount=amount, received_by=received_by, recorded_at=at, recorded_by=by)
    write_lines(control=live, lines=[(JournalLine.Act.TURN_IN, made.pk, says_turn_in(made))])
    record("payments.cash.turned_in", subject=_subject(live), by=by, at=at, cents=amount.cents,
           received_by=str(received_by))  # fmt: skip
    return made


@in_transaction
def explain(*, control: TenderControl, reason: str, on: date, by: Actor, at: datetime) -> OverShort:
    """The cashier says why the drawer is over or short; a difference of what lies in it goes to its own account in the
    books. A slip that is missing is no money."""
    live = _locked(control)
    differences = differences_of(live)
    if live.state != State.BALANCING or live.opened_by != by or not differences:
        raise CannotTake("There is no difference of yours to explain.")
    if not reason.strip():
        raise CannotTake("Say what you know of the difference. “Unknown” is an answer.")
    amount = total(money for kind, money in differences.items() if kind not in CLEARS)
    entry = None
    if amount:
        agreement = over_short_agreement(on=on, by=by, at=at)
        legs = (
            Leg(live.source.gl_code, amount),
            Leg(agreement.type.control_code, -amount, agreement.subledger_id, current=ZERO, component="over-short"),
        )
        entry = ledger.post(draft=Draft(f"over-short:{live.pk}", "over-short", on, legs), at=at, by=by)
    made = OverShort.objects.create(
        control=live, amount=amount, reason=reason.strip()[:200], entry_id=entry, recorded_at=at, recorded_by=by
    )
    record(
        "payments.cash.explained", subject=_subject(live), by=by, at=at, cents=amount.cents, remark=made.reason,
        kinds={kind: money.cents for kind, money in differences.items()},
    )  # fmt: skip
    return made


@in_transaction
def verify(*, control: TenderControl, counted: Counted, by: Actor, at: datetime) -> Verification:
    """A person who took nothing with this drawer counts the same. It is balanced, and its journal sealed."""
    live = _locked(control)
    count = last_count(live)
    if live.state != State.BALANCING or count is None:
        raise CannotTake(f"{live.source.name} is not counted yet.")
    if by in _handled_by(live):
        raise CannotTake("Who counted a drawer or took money with it can't verify it. Ask a colleague.")
    apart = counted.differs({"cash": count.cash, **counted_in(count).others})
    if apart:
        _count(live, Kind.VERIFY, counted, by=by, at=at)
        raise CountsDiffer(f"Your count and the cashier's differ in {', '.join(apart)}. Count it together again.")
    if differences_of(live) and not hasattr(live, "over_short"):
        raise CannotTake("The cashier has not said why it is over or short.")
    _count(live, Kind.VERIFY, counted, by=by, at=at)
    TenderControl.objects.filter(pk=live.pk).update(state=State.BALANCED)
    made = Verification.objects.create(control=live, seal=write_lines(control=live), recorded_at=at, recorded_by=by)
    record("payments.control.balanced", subject=_subject(live), by=by, at=at, source=live.source_id,
           cents=counted.total.cents - live.opening_float.cents, seal=made.seal[:16])  # fmt: skip
    return made


class CountsDiffer(CannotTake):
    """Two people counted differently."""


def _count(live: TenderControl, kind: str, counted: Counted, *, by: Actor, at: datetime) -> DrawerCount:
    unknown = set(counted.others) - set(OTHERS)
    assert not unknown, unknown
    difference = total(counted.differs(expected_in(live)).values())
    made = DrawerCount.objects.create(
        control=live, kind=kind, cash=counted.cash, difference=difference, recorded_at=at, recorded_by=by,
        pieces={str(cents): pieces for cents, pieces in counted.pieces.items() if pieces},
        others={name: money.cents for name, money in counted.others.items() if money},
    )  # fmt: skip
    write_lines(control=live, lines=[(JournalLine.Act.COUNT, made.pk, says_count(made))])
    record("payments.cash.counted", subject=_subject(live), by=by, at=at, kind=kind, cents=difference.cents)
    return made


def _handled_by(live: TenderControl) -> set[Actor]:
    took = PaymentEvent.objects.filter(tenders__control=live).values_list("recorded_by", flat=True).distinct()
    counted = live.counts.filter(kind=Kind.CLOSE).values_list("recorded_by", flat=True)
    return {live.opened_by, *took, *counted}


def _locked(control: TenderControl) -> TenderControl:
    return TenderControl.objects.select_for_update(of=("self",)).select_related("source").get(pk=control.pk)


def _subject(live: TenderControl) -> str:
    return f"control:{live.pk}"
