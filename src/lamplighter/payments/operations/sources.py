"""Define tender sources; open and balance their controls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.payments.cash.chain import says_opened
from lamplighter.payments.models import JournalLine, TenderControl, TenderSource
from lamplighter.payments.operations.journaling import write_lines
from lamplighter.payments.queries import expected_in
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

TAKING = """
SELECT c.state, s.name, s.gl_code FROM payments_tendercontrol c JOIN payments_tendersource s ON s.key = c.source_id
WHERE c.id = %s FOR SHARE OF c
"""


@in_transaction
def define_source(*, key: str, name: str, kind: str, opening_float: Money, gl_code: str) -> TenderSource:
    return TenderSource.objects.update_or_create(
        key=key, defaults={"name": name, "kind": kind, "opening_float": opening_float, "gl_code": gl_code}
    )[0]


@in_transaction
def open_control(*, source: TenderSource, by: Actor, at: datetime) -> TenderControl:
    """Begin a balancing period of a source. One at a time."""
    advisory_lock(f"tender_source:{source.pk}")
    drawer = source.kind == TenderSource.Kind.DRAWER
    states = {TenderControl.State.OPEN, *([TenderControl.State.BALANCING] if drawer else [])}
    if source.controls.filter(state__in=states).exists():
        raise CannotTake(f"{source.name} is open already.")
    control = TenderControl.objects.create(
        source=source, opening_float=source.opening_float, opened_by=by, opened_at=at
    )
    write_lines(control=control, lines=[(JournalLine.Act.OPENED, control.pk, says_opened(control))])
    record("payments.control.opened", subject=f"control:{control.pk}", by=by, at=at, source=source.pk)
    return control


@in_transaction
def standing_control(*, source: TenderSource, by: Actor, at: datetime) -> TenderControl:
    """The control of a source that is open, or a new one: for what takes payments by itself, day and night."""
    advisory_lock(f"tender_source:{source.pk}")
    found = source.controls.filter(state=TenderControl.State.OPEN).first()
    return found or open_control(source=source, by=by, at=at)


@in_transaction
def balance_control(*, control: TenderControl, counted: Mapping[str, Money], by: Actor, at: datetime) -> TenderControl:
    """End a balancing period in which what was counted, by kind of tender, is what should be there."""
    live = open_one(control)
    expected = {kind: money for kind, money in expected_in(live).items() if money}
    found = {kind: money for kind, money in counted.items() if money}
    if found != expected:
        wrong = sorted(kind for kind in {*expected, *found} if expected.get(kind) != found.get(kind))
        raise CannotTake(f"{live.source.name} does not balance: {', '.join(wrong)}. Count again.")
    TenderControl.objects.filter(pk=live.pk).update(state=TenderControl.State.BALANCED)
    record(
        "payments.control.balanced", subject=f"control:{live.pk}", by=by, at=at, source=live.source_id,
        cents=sum(money.cents for money in expected.values()) - live.opening_float.cents,
    )  # fmt: skip
    live.state = TenderControl.State.BALANCED
    return live


def open_one(control: TenderControl) -> TenderControl:
    """The control, locked, while it takes payments; refuses one that is closed."""
    live = TenderControl.objects.select_for_update(of=("self",)).select_related("source").get(pk=control.pk)
    refuse_closed(live.state, live.source.name)
    return live


def taking(control: TenderControl) -> str:
    """The general-ledger code of an open control's source. Until the transaction ends the control stays open; others
    may take payments meanwhile. Refuses one that is closed."""
    with connection.cursor() as cursor:
        cursor.execute(TAKING, [control.pk])
        ((state, name, gl_code),) = cursor.fetchall()
    refuse_closed(state, name)
    return str(gl_code)


def refuse_closed(state: str, name: str) -> None:
    """Raises CannotTake unless a control of the source `name` is in the state in which it takes payments."""
    if state != TenderControl.State.OPEN:
        raise CannotTake(f"{name} is closed. Open it to take payments.")
