"""Begin and end AutoPay, hold it, take over what banks correct, and block bank accounts that are none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO
from lamplighter.kernel.periods import Period
from lamplighter.payments.autopay.banks import Bank
from lamplighter.payments.autopay.queries import hold_of, open_drafts
from lamplighter.payments.autopay.rules import CannotDraw
from lamplighter.payments.models import Autopay, AutopayHold, BlockedBank, Draft
from lamplighter.payments.operations.drafting import skip
from lamplighter.payments.queries import cash_only
from lamplighter.payments.refunds.rules import CannotRefund, check_bank
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction


@dataclass(frozen=True, slots=True)
class Authorization:
    """What a customer agreed to: the bank account, whose it is, how they said it, and the words that they heard."""

    bank: Bank
    holder: str
    business: bool
    consent: str
    words: str
    begins: date


@in_transaction
def begin_autopay(
    *, account: Account, given: Authorization, prenote: bool, on: date, by: Actor, at: datetime
) -> Autopay:
    """From `given.begins` on each bill is drawn. With a `prenote` the bank account is tested first, without money.

    Raises CannotDraw for an account that has it already or pays cash only, and for a bank account that is blocked.
    """
    lock(account)
    refuse(account, given.bank, on=on)
    made = Autopay.objects.create(
        account=account, sealed=given.bank.sealed, digest=given.bank.digest, last_four=given.bank.last_four,
        savings=given.bank.savings, business=given.business, holder=given.holder.strip()[:22], consent=given.consent,
        words=given.words, begins=given.begins, begun_at=at, begun_by=by,
    )  # fmt: skip
    if prenote:
        Draft.objects.create(autopay=made, amount=ZERO, draw_on=on, recorded_at=at, recorded_by=by)
    record("payments.autopay.begun", subject=made.subject, account=account.pk, by=by, at=at, bank=str(made),
           begins=given.begins.isoformat(), consent=given.consent, prenote=prenote)  # fmt: skip
    return made


@in_transaction
def end_autopay(*, autopay: Autopay, why: str, on: date, by: Actor, at: datetime) -> list[Draft]:
    """From now on nothing is drawn; the drafts that this calls off. What went to the bank already can't be."""
    if not why.strip():
        raise CannotDraw("Say why it stops.")
    lock(autopay.account)
    live = Autopay.objects.select_for_update().get(pk=autopay.pk)
    if live.ended_on is not None:
        raise CannotDraw("AutoPay was stopped already.")
    live.ended_on, live.ended_by, live.why_ended = on, by, why.strip()[:200]
    live.save(update_fields=["ended_on", "ended_by", "why_ended"])
    waiting = list(open_drafts(live))
    for one in waiting:
        skip(draft=one, why="AutoPay was stopped", on=on, by=by, at=at)
    for held in live.holds.filter(period__contains=on):
        _end(held, on, by)
    record("payments.autopay.ended", subject=live.subject, account=live.account_id, by=by, at=at, reason=live.why_ended,
           called_off=len(waiting))  # fmt: skip
    return waiting


@in_transaction
def hold_autopay(*, autopay: Autopay, reason: str, on: date, by: Actor, at: datetime) -> AutopayHold:
    """Nothing is drawn until somebody lifts it; what holds already goes on holding, with the first reason."""
    lock(autopay.account)
    held = hold_of(autopay, on=on)
    if held is not None:
        return held
    made = AutopayHold.objects.create(autopay=autopay, period=Period(on), reason=reason[:120], begun_by=by)
    record("payments.autopay.held", subject=autopay.subject, account=autopay.account_id, by=by, at=at, reason=reason)
    return made


@in_transaction
def release_autopay(*, autopay: Autopay, remark: str, on: date, by: Actor, at: datetime) -> None:
    """Bills are drawn again, from those of today on."""
    if not remark.strip():
        raise CannotDraw("Say what the customer or the bank said.")
    lock(autopay.account)
    held = hold_of(autopay, on=on)
    if held is None:
        raise CannotDraw("AutoPay is not held.")
    _end(held, on, by)
    record("payments.autopay.released", subject=autopay.subject, account=autopay.account_id, by=by, at=at,
           remark=remark)  # fmt: skip


@in_transaction
def correct_bank(*, autopay: Autopay, bank: Bank, code: str, by: Actor, at: datetime) -> Autopay:
    """The bank's own correction (a notification of change) holds from the next draft on."""
    lock(autopay.account)
    live = Autopay.objects.select_for_update().get(pk=autopay.pk)
    was = str(live)
    live.sealed, live.digest, live.last_four, live.savings = bank.sealed, bank.digest, bank.last_four, bank.savings
    live.save(update_fields=["sealed", "digest", "last_four", "savings"])
    record("payments.autopay.corrected", subject=live.subject, account=live.account_id, by=by, at=at, code=code,
           was=was, bank=str(live))  # fmt: skip
    return live


@in_transaction
def block_bank(*, autopay: Autopay, code: str, on: date, by: Actor, at: datetime) -> None:
    """Nobody sets AutoPay up with this bank account again: its bank said that it is none."""
    BlockedBank.objects.get_or_create(
        digest=autopay.digest,
        defaults={"last_four": autopay.last_four, "code": code, "since": on, "recorded_at": at, "recorded_by": by},
    )
    record("payments.bank.blocked", subject=autopay.subject, account=autopay.account_id, by=by, at=at, code=code)


def refuse(account: Account, bank: Bank, *, on: date) -> None:
    """What stands against AutoPay; Raises CannotDraw."""
    try:
        check_bank(bank.routing, bank.number)
    except CannotRefund as wrong:
        raise CannotDraw(str(wrong)) from wrong
    if Autopay.objects.filter(account=account, ended_on=None).exists():
        raise CannotDraw("This account has AutoPay. Stop it before you set up another.")
    barred = cash_only([account.pk], on=on).get(account.pk)
    if barred is not None:
        raise CannotDraw(f"No AutoPay for account {account.number}: {barred.reason}. Cash or a card until it ends.")
    blocked = BlockedBank.objects.filter(pk=bank.digest).first()
    if blocked is not None:
        raise CannotDraw(
            f"The bank said on {blocked.since:%b %-d, %Y} that this account can't be drawn from ({blocked.code}). "
            "Ask for another."
        )


def lock(account: Account) -> None:
    """Setting up, stopping and drawing wait for each other."""
    advisory_lock(f"account:{account.pk}")


def _end(held: AutopayHold, on: date, by: Actor) -> None:
    if held.period.start == on:
        held.delete()
    else:
        held.period, held.ended_by = held.period.ending(on), by
        held.save(update_fields=["period", "ended_by"])
