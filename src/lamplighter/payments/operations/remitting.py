"""Keep a file of payments with its lines; hold what can't be applied yet, and let it go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.formats.remittances.reading import RemittanceFile, Remitted
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.payments.kinds import UNAPPLIED
from lamplighter.payments.models import (
    PaymentEvent,
    Remittance,
    RemittedLine,
    SourceLayout,
    TenderControl,
    TenderSource,
    UnappliedStep,
)
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import Draft as Matter
from lamplighter.worklist.operations import finish_where, raise_items

HELD = "unapplied-receipts"
"""The code under which money stands that came and belongs to no account yet."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """A payment of a file, and what became of it: the event, or why it waits."""

    said: Remitted
    event: PaymentEvent | None
    why: str = ""


@in_transaction
def refuse_again(*, source: TenderSource, file: str, number: str) -> None:
    """Raises CannotTake for a file that was taken before, by its bytes or by the sender's own number of it."""
    advisory_lock(f"remittance:{source.pk}", f"remittance-file:{file}")
    before = Remittance.objects.filter(file=file).first()
    if before is None and number:
        before = Remittance.objects.filter(source=source, number=number).first()
    if before is not None:
        raise CannotTake(
            f"This file was taken on {before.taken_on:%b %-d, %Y} ({before.name}). Nothing was paid again."
        )


@in_transaction
def keep_remittance(
    *, layout: SourceLayout, read: RemittanceFile, file: str, name: str, control: TenderControl | None,
    lines: Sequence[Sorted], on: date, by: Actor, at: datetime,
) -> Remittance:  # fmt: skip
    """A file and its lines. The money of those that wait came too: it is held until somebody finds whose it is."""
    source = layout.source
    made = Remittance.objects.create(
        source=source, layout=layout, file=file, name=name[:100], number=read.number, control=control,
        count=len(read.payments), amount=read.amount, taken_on=on, recorded_at=at, recorded_by=by,
    )  # fmt: skip
    waiting = [one for one in lines if one.event is None]
    held = ledger.post_many(drafts=[_held(made, one.said, source.gl_code, on) for one in waiting], at=at, by=by)
    entries = dict(zip([one.said.line for one in waiting], held, strict=True))
    rows = RemittedLine.objects.bulk_create(
        RemittedLine(
            remittance=made, place=one.said.line, account=one.said.account or one.said.scan, amount=one.said.amount,
            tender=one.said.tender, paid_on=one.said.paid_on, reference=one.said.reference, why=one.why[:200],
            event=one.event, entry_id=entries.get(one.said.line),
        )
        for one in lines
    )  # fmt: skip
    record("payments.remittance.taken", subject=made.subject, by=by, at=at, source=source.pk, lines=made.count,
           cents=made.amount.cents, waiting=len(waiting))  # fmt: skip
    items = [
        Matter(UNAPPLIED.key, row.subject, f"{source.name}, line {row.place}: {row.amount}; {row.why}"[:200])
        for row in rows
        if row.event is None
    ]
    raise_items(drafts=items, by=by, at=at)
    return made


@in_transaction
def waiting_line(line: RemittedLine) -> RemittedLine:
    """The line, locked. Raises CannotTake where it was posted, applied or sent back."""
    live = RemittedLine.objects.select_for_update(of=("self",)).select_related("remittance__source").get(pk=line.pk)
    if live.event_id is not None or UnappliedStep.objects.filter(line=live).exists():
        raise CannotTake("This line waits no more. Somebody has settled it.")
    return live


@in_transaction
def keep_applied(*, line: RemittedLine, event: PaymentEvent, on: date, by: Actor, at: datetime) -> UnappliedStep:
    """The held money is that payment."""
    return _step(line, UnappliedStep.Act.APPLIED, on=on, by=by, at=at, event=event)


@in_transaction
def send_back(*, line: RemittedLine, remark: str, on: date, by: Actor, at: datetime) -> UnappliedStep:
    """It was never ours: the sender gets it back, and takes it from what it owes us."""
    if not remark.strip():
        raise CannotTake("Say what the sender was told.")
    live = waiting_line(line)
    legs = (Leg(HELD, live.amount), Leg(live.remittance.source.gl_code, -live.amount))
    entry = ledger.post(draft=Draft(f"unapplied-back:{live.pk}", "unapplied", on, legs), at=at, by=by)
    return _step(live, UnappliedStep.Act.SENT_BACK, on=on, by=by, at=at, entry=entry, remark=remark.strip()[:200])


def _held(made: Remittance, said: Remitted, gl_code: str, on: date) -> Draft:
    legs = (Leg(gl_code, said.amount), Leg(HELD, Money(-said.amount.cents)))
    return Draft(f"unapplied:{made.pk}:{said.line}", "unapplied", on, legs)


def _step(
    line: RemittedLine, act: str, *, on: date, by: Actor, at: datetime, event: PaymentEvent | None = None,
    entry: int | None = None, remark: str = "",
) -> UnappliedStep:  # fmt: skip
    step = UnappliedStep.objects.create(
        line=line, act=act, on=on, event=event, entry_id=entry, remark=remark, recorded_at=at, recorded_by=by
    )
    finish_where(subjects=[line.subject], by=by, at=at, kind=UNAPPLIED.key)
    record("payments.unapplied.settled", subject=line.subject, by=by, at=at, act=act, cents=line.amount.cents)
    return step
