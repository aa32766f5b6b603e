"""Announce drafts, send them in the bank's file with their payments, call them off, and take them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money, total
from lamplighter.payments.autopay.rules import CannotDraw
from lamplighter.payments.models import Autopay, Draft, DraftFile, DraftStep, PaymentEvent, TenderControl
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction

Act = DraftStep.Act


@dataclass(frozen=True, slots=True)
class Sent:
    """A draft as it stands in a file: how much is drawn, its trace number there, and the payment that it is; a prenote
    is none."""

    draft: Draft
    amount: Money
    trace: str
    event: PaymentEvent | None


@in_transaction
def announce(
    *, autopay: Autopay, bill: str, amount: Money, draw_on: date, by: Actor, at: datetime, attempt: int = 0,
    corrects: Draft | None = None,
) -> Draft:  # fmt: skip
    """A bill will be drawn on a day; each bill once, and at most twice again; once anew to put `corrects` right."""
    made = Draft.objects.create(
        autopay=autopay, bill=bill, attempt=attempt, corrects=corrects, amount=amount, draw_on=draw_on, recorded_at=at,
        recorded_by=by,
    )  # fmt: skip
    record("payments.draft.announced", subject=made.subject, account=autopay.account_id, by=by, at=at, bill=bill,
           cents=amount.cents, draw_on=draw_on.isoformat(), attempt=attempt)  # fmt: skip
    return made


@in_transaction
def skip(*, draft: Draft, why: str, on: date, by: Actor, at: datetime) -> DraftStep:
    """It is not drawn, and why."""
    step = DraftStep.objects.create(draft=draft, act=Act.SKIPPED, on=on, why=why[:200], recorded_at=at, recorded_by=by)
    record("payments.draft.skipped", subject=draft.subject, account=draft.autopay.account_id, by=by, at=at, reason=why,
           cents=draft.amount.cents)  # fmt: skip
    return step


@in_transaction
def keep_file(
    *, number: int, file: str, control: TenderControl | None, sent: Sequence[Sent], on: date, pays_on: date, by: Actor,
    at: datetime,
) -> DraftFile:  # fmt: skip
    """These drafts went to the bank in a file (its SHA-256)."""
    made = DraftFile.objects.create(
        number=number, file=file, made_on=on, pays_on=pays_on, entries=len(sent),
        amount=total(one.amount for one in sent), control=control, recorded_at=at, recorded_by=by,
    )  # fmt: skip
    DraftStep.objects.bulk_create(
        DraftStep(draft=one.draft, act=Act.SENT, on=on, trace=one.trace, file=made, event=one.event, recorded_at=at,
                  recorded_by=by)
        for one in sent
    )  # fmt: skip
    record("payments.drafts.sent", subject=made.subject, by=by, at=at, entries=len(sent), cents=made.amount.cents,
           file=file[:16])  # fmt: skip
    return made


@in_transaction
def give_back(
    *, draft: Draft, code: str, words: str, on: date, by: Actor, at: datetime, settled_on: date | None = None
) -> DraftStep:
    """The customer's bank sent it back. Raises CannotDraw where it was not sent, or came back before."""
    acts = set(draft.steps.values_list("act", flat=True))
    if not acts & {Act.SENT, Act.CHARGED} or Act.RETURNED in acts:
        raise CannotDraw("This draft is not at the bank.")
    step = DraftStep.objects.create(
        draft=draft, act=Act.RETURNED, on=on, code=code, why=words[:200], settled_on=settled_on, recorded_at=at,
        recorded_by=by,
    )  # fmt: skip
    record("payments.draft.returned", subject=draft.subject, account=draft.autopay.account_id, by=by, at=at, code=code,
           cents=draft.amount.cents)  # fmt: skip
    return step
