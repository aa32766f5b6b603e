"""Check papers, inspect, measure; deny, withdraw and let lapse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from lamplighter.kernel.actors import Actor
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.events import write_remark
from lamplighter.platform.transactions import in_transaction
from lamplighter.rebates.models import Inspection, RebateApplication, Saving
from lamplighter.rebates.operations.applying import lower
from lamplighter.rebates.operations.budgeting import let_go
from lamplighter.rebates.operations.moving import locked, move
from lamplighter.rebates.queries.standing import due_of, is_asked
from lamplighter.rebates.rules.drawing import draw
from lamplighter.rebates.rules.savings import Factor, Measured, Saved
from lamplighter.rebates.rules.stages import HOLDS, LIVE, CannotRebate, State
from lamplighter.rebates.rules.worth import Basis

SENT_BACK_DAYS = 30
"""So long at least after papers were sent back, the reservation stands."""


@in_transaction
def send_back(*, application: RebateApplication, words: str, on: date, by: Actor, at: datetime) -> None:
    """The papers do not do, and why; the customer has 30 days more at least."""
    live = _at(application, State.REVIEW)
    if not words.strip():
        raise CannotRebate("Say what is wrong with the papers, as it can be told to the customer.")
    live.done_by = max(live.done_by or on, on + timedelta(days=SENT_BACK_DAYS))
    move(live, State.RESERVED, "returned", on=on, by=by, at=at, fields=("done_by",), remark=words)


@in_transaction
def accept_papers(
    *, application: RebateApplication, factor: Factor, on: date, by: Actor, at: datetime
) -> RebateApplication:
    """The papers do: the sample says whether somebody goes and looks."""
    live = _at(application, State.REVIEW)
    terms = live.terms
    drawn = draw(
        live.number, seed=terms.seed, percent=terms.sample_percent, amount=live.amount, always_from=terms.always_from
    )
    live.lot, live.certain, live.reviewed_by = drawn.why[:160], drawn.certain, by
    if drawn.drawn:
        move(live, State.INSPECTION, "drawn", on=on, by=by, at=at, fields=("lot", "certain", "reviewed_by"))
    else:
        _go_on(live, "accepted", factor, on=on, by=by, at=at, fields=("lot", "certain", "reviewed_by"))
    return live


@in_transaction
def inspect(
    *,
    application: RebateApplication,
    found: Decimal,
    words: str,
    photo: StoredFile | None,
    factor: Factor,
    on: date,
    by: Actor,
    at: datetime,
) -> RebateApplication:
    """What is there and works. Less than was told lowers the rebate; nothing ends it. Who checked the papers does not
    inspect."""
    live = _at(application, State.INSPECTION)
    told = Decimal(live.quantity_done or 0)
    if live.reviewed_by == by:
        raise CannotRebate("You checked the papers. Somebody else goes and looks.")
    if not 0 <= found <= told:
        raise CannotRebate(f"{told.normalize():,f} were told: found is 0 to that.")
    Inspection.objects.create(
        application=live, told=told, found=found, words=write_remark(words or "As told.", at=at), photo=photo, on=on,
        at=at, by=by,
    )  # fmt: skip
    if not found:
        _end(live, State.DENIED, "denied", "Nothing of it was found.", on=on, by=by, at=at)
        return live
    live.quantity_done = found
    lower(live, due_of(live).amount, on=on, by=by, at=at)
    _go_on(live, "inspected", factor, on=on, by=by, at=at, fields=("quantity_done", "amount"), remark=words)
    return live


@in_transaction
def record_measured(
    *, application: RebateApplication, measured: Measured, factor: Factor, on: date, by: Actor, at: datetime
) -> RebateApplication:
    """What the meter tells it saves in a year: that is paid for, up to what was reserved."""
    live = _at(application, State.MEASURING)
    if measured.kwh <= 0:
        raise CannotRebate("The meter shows no saving. Deny it, with what was found.")
    saved = Saved(measured.kwh, Decimal(0), Decimal(0), live.entry.years)
    _write_saving(live, Basis.MEASURED, saved, factor, on=on, by=by, at=at, off=measured.off_kwh, fit=measured.fit)
    lower(live, due_of(live).amount, on=on, by=by, at=at)
    move(live, State.READY, "measured", on=on, by=by, at=at, fields=("amount",), cents=live.amount.cents)
    return live


@in_transaction
def deny(*, application: RebateApplication, words: str, on: date, by: Actor, at: datetime) -> None:
    """It is not paid, and why. What was reserved for it is free again."""
    if not words.strip():
        raise CannotRebate("Say why, as it can be told to the customer.")
    _end(_live(application), State.DENIED, "denied", words, on=on, by=by, at=at)


@in_transaction
def withdraw(*, application: RebateApplication, on: date, by: Actor, at: datetime) -> None:
    """The customer does not want it any more."""
    _end(_live(application), State.WITHDRAWN, "withdrawn", "", on=on, by=by, at=at)


@in_transaction
def lapse(*, application: RebateApplication, on: date, by: Actor, at: datetime) -> None:
    """The days for the work are over."""
    live = _at(application, State.RESERVED)
    if live.done_by is None or on <= live.done_by:
        raise CannotRebate(f"It is reserved until {live.done_by:%b %-d, %Y}.")
    _end(live, State.LAPSED, "lapsed", "", on=on, by=by, at=at)


def _go_on(
    live: RebateApplication, verb: str, factor: Factor, *, on: date, by: Actor, at: datetime, fields: tuple[str, ...],
    remark: str = "",
) -> None:  # fmt: skip
    """To the meter, or with the manual's savings to be paid."""
    if live.entry.measure.basis == Basis.MEASURED:
        move(live, State.MEASURING, verb, on=on, by=by, at=at, fields=fields, remark=remark, cents=live.amount.cents)
        return
    saved = live.entry.one * Decimal(live.quantity_done or 0)
    _write_saving(live, Basis.DEEMED, saved, factor, on=on, by=by, at=at)
    move(live, State.READY, verb, on=on, by=by, at=at, fields=fields, remark=remark, cents=live.amount.cents)


def _write_saving(
    live: RebateApplication, basis: Basis, saved: Saved, factor: Factor, *, on: date, by: Actor, at: datetime,
    off: Decimal | None = None, fit: str = "",
) -> None:  # fmt: skip
    live.saving = Saving.objects.create(
        application=live, basis=basis, kwh=saved.kwh, kw=saved.kw, fuel_kg=saved.fuel_kg, years=saved.years,
        kg=saved.kg(factor.kg_per_mwh), kg_per_mwh=factor.kg_per_mwh, factor=factor.source[:200], off_kwh=off, fit=fit,
        on=on, at=at, by=by,
    )  # fmt: skip


def _end(
    live: RebateApplication, state: State, verb: str, words: str, *, on: date, by: Actor, at: datetime
) -> None:  # fmt: skip
    fields: Sequence[str] = ()
    if live.stage in HOLDS:
        let_go(application=live, amount=live.amount, on=on, by=by, at=at)
    if words:
        live.reasons, fields = write_remark(words, at=at), ("reasons",)
    move(live, state, verb, on=on, by=by, at=at, fields=tuple(fields), remark=words)


def _at(application: RebateApplication, state: State) -> RebateApplication:
    live = locked(application)
    if live.stage is not state:
        raise CannotRebate(f"It is {live.stage.label.lower()} by now.")
    return live


def _live(application: RebateApplication) -> RebateApplication:
    live = locked(application)
    if live.stage not in LIVE:
        raise CannotRebate(f"It is {live.stage.label.lower()} already.")
    if is_asked(live):
        raise CannotRebate("Its payment waits for a second person. It must be refused first.")
    return live
