"""End the periods of sources that take payments by themselves, and balance each against what its sender says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.payments.kinds import TOTALS
from lamplighter.payments.models import ControlTotal, TenderControl, TenderSource
from lamplighter.payments.queries import expected_in
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import Draft, finish_where, raise_items

State = TenderControl.State


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a sender's total: the period, and by kind what it holds more (or, negative, less) than we have."""

    control: TenderControl
    differences: Mapping[str, Money]


@in_transaction
def end_period(*, control: TenderControl, by: Actor, at: datetime) -> TenderControl:
    """It takes nothing more, and waits for the sender's total; one without a tender is balanced as it is."""
    live = _ended(control, by=by, at=at)
    if not any(expected_in(live).values()):
        _balance(live, by=by, at=at)
    return live


@in_transaction
def ask_totals(*, control: TenderControl, by: Actor, at: datetime) -> None:
    """Nobody has said what an ended period holds: a person asks the sender."""
    words = f"{control.source.name}: the sender's total of {control.opened_at:%b %-d} is not in"
    raise_items(drafts=[Draft(TOTALS.key, _subject(control), words)], by=by, at=at)


@in_transaction
def say_total(
    *, control: TenderControl, totals: Mapping[str, Money], by: Actor, at: datetime, reason: str = ""
) -> Told:
    """The sender's total of a period, which ends with it. Equal, it balances; with a difference somebody looks, until
    a `reason` is given for it. The difference stays in the source's clearing account, where the bank's file finds it.
    """
    live = _ended(control, by=by, at=at)
    apart = _apart(expected_in(live), totals)
    said = {kind: money.cents for kind, money in sorted(totals.items()) if money}
    ControlTotal.objects.create(
        control=live, totals=said, equal=not apart, reason=reason.strip()[:200] if apart else "", recorded_at=at,
        recorded_by=by,
    )  # fmt: skip
    if apart and not reason.strip():
        words = f"{live.source.name}: the sender's total differs by {total(apart.values())}"
        raise_items(drafts=[Draft(TOTALS.key, _subject(live), words)], by=by, at=at)
        return Told(live, apart)
    _balance(live, by=by, at=at)
    return Told(live, apart)


def _ended(control: TenderControl, *, by: Actor, at: datetime) -> TenderControl:
    """The period, locked, from now on without new tenders; refuses one that is balanced."""
    advisory_lock(f"tender_source:{control.source_id}")
    live = TenderControl.objects.select_for_update(of=("self",)).select_related("source").get(pk=control.pk)
    if live.source.kind == TenderSource.Kind.DRAWER:
        raise CannotTake("A drawer is counted by its cashier.")
    if live.state == State.BALANCED:
        raise CannotTake(f"This period of {live.source.name} is balanced already.")
    if live.state == State.OPEN:
        live.state = State.BALANCING
        TenderControl.objects.filter(pk=live.pk).update(state=live.state)
        record("payments.control.closed", subject=_subject(live), by=by, at=at, source=live.source_id)
    return live


def _balance(live: TenderControl, *, by: Actor, at: datetime) -> None:
    live.state = State.BALANCED
    TenderControl.objects.filter(pk=live.pk).update(state=live.state)
    finish_where(subjects=[_subject(live)], by=by, at=at, kind=TOTALS.key)
    record("payments.control.balanced", subject=_subject(live), by=by, at=at, source=live.source_id,
           cents=total(expected_in(live).values()).cents)  # fmt: skip


def _apart(expected: Mapping[str, Money], totals: Mapping[str, Money]) -> dict[str, Money]:
    kinds = sorted({*expected, *totals})
    found = {kind: totals.get(kind, ZERO) - expected.get(kind, ZERO) for kind in kinds}
    return {kind: money for kind, money in found.items() if money}


def _subject(control: TenderControl) -> str:
    return f"control:{control.pk}"
