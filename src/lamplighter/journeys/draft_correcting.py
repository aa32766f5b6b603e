"""Put right a draft that came back as not in accordance with its authorization (R11), and call a waiting draft off.

What was wrong is corrected by an entry of its own, on the words that the customer gave before: once, within sixty days
of the return's settlement, and for no more than is owed (docs/algorithms/autopay.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.journeys.autopaying import barred, left_of, tell_ahead
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.payments.autopay.banks import bank_day
from lamplighter.payments.autopay.queries import correctable_until, returned, revoked_since
from lamplighter.payments.autopay.returns import CORRECT_WITHIN_DAYS, handling_of
from lamplighter.payments.autopay.rules import CannotDraw, drawn_on
from lamplighter.payments.models import BlockedBank, Draft, DraftStep
from lamplighter.payments.operations.drafting import announce, skip
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

ANEW = "A new authorization is needed."


@dataclass(frozen=True, slots=True)
class Room:
    """What may be drawn at most to put a draft right, and from which to which day."""

    most: Money
    first: date
    last: date


def room_for(draft: Draft, *, on: date) -> Room:
    """Raises CannotDraw, with what stands against a corrected entry."""
    back = returned(draft)
    if back is None or draft.autopay.card_id is not None or not handling_of(back.code).corrects:
        raise CannotDraw("Only a draft that came back as R11 is corrected. " + ANEW)
    if draft.corrects_id is not None:
        raise CannotDraw(f"This draft was a correction itself. {ANEW}")
    if Draft.objects.filter(corrects=draft).exists():
        raise CannotDraw(f"It was corrected already, which is done once. {ANEW}")
    _refuse_revoked(back)
    if why := barred(draft.autopay, on=on):
        raise CannotDraw(f"Nothing is drawn: {why}.")
    first, last = drawn_on(due_on=on, told_on=on), correctable_until(back)
    if first > last:
        raise CannotDraw(
            f"A corrected entry goes within {CORRECT_WITHIN_DAYS} days of the return, here by {last:%b %-d, %Y}, and "
            f"the customer hears ten days before. {ANEW}"
        )
    most = left_of(draft)
    if not most:
        raise CannotDraw("Nothing is owed any more.")
    return Room(most, first, last)


@in_transaction
def correct_draft(
    *, draft: Draft, amount: Money, draw_on: date, remark: str, on: date, by: Actor, at: datetime
) -> Draft:
    """Another entry in place of one that was not as authorized. Raises CannotDraw for any but an R11, after its days,
    a second time, and for more than is owed."""
    advisory_lock(f"account:{draft.autopay.account_id}")
    room, day = room_for(draft, on=on), bank_day(draw_on)
    if not remark.strip():
        raise CannotDraw("Say what was wrong and how it is put right.")
    if not 0 < amount.cents <= room.most.cents:
        raise CannotDraw(f"{room.most} is owed. Nothing above it is drawn.")
    if not room.first <= day <= room.last:
        raise CannotDraw(f"It is drawn from {room.first:%b %-d} to {room.last:%b %-d, %Y}.")
    made = announce(autopay=draft.autopay, bill=draft.bill, amount=amount, draw_on=day, corrects=draft, by=by, at=at)
    record("payments.draft.corrected", subject=draft.subject, account=draft.autopay.account_id, by=by, at=at,
           remark=remark, was=draft.amount.cents, cents=amount.cents, draft=made.pk)  # fmt: skip
    tell_ahead(made, on=on, by=by, at=at)
    return made


@in_transaction
def call_off(*, draft: Draft, why: str, on: date, by: Actor, at: datetime) -> DraftStep:
    """The customer stops this one draft (Regulation E, 12 CFR 1005.10(c)). Raises CannotDraw once it is at the bank."""
    advisory_lock(f"account:{draft.autopay.account_id}")
    if not why.strip():
        raise CannotDraw("Say why it is not drawn.")
    if draft.autopay.card_id is not None:
        raise CannotDraw("A card is charged until AutoPay is stopped. Stop it, or send a link for another card.")
    if draft.steps.exists():
        raise CannotDraw("It waits no more: it went to the bank, or was called off before.")
    return skip(draft=draft, why=why.strip(), on=on, by=by, at=at)


def _refuse_revoked(back: DraftStep) -> None:
    """The words must still hold, but for this return itself."""
    autopay = back.draft.autopay
    if autopay.ended_on is not None and not autopay.why_ended.startswith(f"{back.code}, "):
        raise CannotDraw(f"AutoPay was stopped: {autopay.why_ended}. {ANEW}")
    if revoked_since(back) or BlockedBank.objects.filter(pk=autopay.digest).exists():
        raise CannotDraw(f"The bank account can't be drawn from any more. {ANEW}")
