"""Define the windows in which cycles are billed, and change one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from lamplighter.accounts.models import Cycle
from lamplighter.billing.models import CycleWindow, TrialBill
from lamplighter.billing.queries.windows import check, turn_of
from lamplighter.billing.reading_calendar import Turn
from lamplighter.billing.rules import CannotDefine
from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.transactions import advisory_lock, in_transaction

LOCK = "billing.windows"


@in_transaction
def define_windows(*, turns: Sequence[Turn], by: Actor, at: datetime) -> list[CycleWindow]:
    """Add windows, all or none; they bill for good. Raises CannotDefine for an overlap or a gap."""
    advisory_lock(LOCK)
    check(turns)
    rows = [
        CycleWindow(
            cycle_id=turn.cycle, month=turn.month, reads_on=turn.reads_on, opens_on=turn.opens_on,
            closes_on=turn.closes_on, accounting_on=turn.accounting_on, estimate_on=turn.estimate_on,
        )
        for turn in turns
    ]  # fmt: skip
    made = CycleWindow.objects.bulk_create(rows)
    told = [Happening("billing.window.defined", row.subject, None, _days(row)) for row in made]
    record_many(told, by=by, at=at)
    return made


@in_transaction
def change_window(*, window: CycleWindow, turn: Turn, freeze: bool, by: Actor, at: datetime) -> CycleWindow:
    """Give a window other days, or make it a trial (`freeze` off) or not. What a trial worked out is thrown away with
    it. Raises CannotDefine for an overlap or a gap, and for what issued bills stand on."""
    advisory_lock(LOCK)
    found = CycleWindow.objects.select_for_update().get(pk=window.pk)
    assert (turn.cycle, turn.month) == (found.cycle_id, found.month), "a window keeps its cycle and month"
    if found.bills.exists() and (turn.reads_on != found.reads_on or not freeze):
        raise CannotDefine("Bills are issued in this window: it keeps its read day, and is no trial any more.")
    check([turn], instead_of=found)
    was = _days(found)
    for name in ("reads_on", "opens_on", "closes_on", "accounting_on", "estimate_on"):
        setattr(found, name, getattr(turn, name))
    found.freeze = freeze
    found.save()
    if freeze:
        TrialBill.objects.filter(window=found).delete()
    record("billing.window.changed", subject=found.subject, by=by, at=at, was=was, now=_days(found))
    return found


@in_transaction
def define_window(
    *,
    cycle: Cycle,
    month: date,
    reads_on: date,
    opens_on: date,
    closes_on: date,
    accounting_on: date,
    estimate_on: date | None = None,
    freeze: bool = True,
) -> CycleWindow:
    """Set or change when a cycle is billed in a month, as a utility is founded: nothing is checked, nobody told."""
    days = {
        "reads_on": reads_on, "opens_on": opens_on, "closes_on": closes_on, "accounting_on": accounting_on,
        "estimate_on": estimate_on, "freeze": freeze,
    }  # fmt: skip
    window = CycleWindow(cycle=cycle, month=month.replace(day=1), **days)
    (kept,) = CycleWindow.objects.bulk_create(
        [window], update_conflicts=True, unique_fields=["cycle", "month"], update_fields=list(days)
    )
    return kept


def _days(window: CycleWindow) -> Mapping[str, object]:
    days = {name: str(value) if value else None for name, value in asdict(turn_of(window)).items()}
    return {**days, "freeze": window.freeze}
