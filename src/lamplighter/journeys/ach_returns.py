"""What the bank sends back: each return and notification of change, handled by its row of the table, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.formats.nacha.reader import Changed, Returned, read_sent_back
from lamplighter.journeys.autopaying import tell_ended
from lamplighter.journeys.paying_out import MEDIA_TYPE
from lamplighter.journeys.returning import return_item
from lamplighter.kernel.actors import Actor
from lamplighter.payments.autopay.banks import Bank
from lamplighter.payments.autopay.queries import sent_as, watched_rates
from lamplighter.payments.autopay.returns import TABLE, CannotChange, Group, Handling, Then, changed, handling_of
from lamplighter.payments.kinds import ACH, RATES, RETURNED_DRAFT
from lamplighter.payments.models import DraftStep, RefundStep
from lamplighter.payments.operations.autopaying import block_bank, correct_bank, end_autopay, hold_autopay
from lamplighter.payments.operations.drafting import give_back
from lamplighter.payments.operations.refunding import returned_by_bank
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import Draft as Matter
from lamplighter.worklist.operations import raise_items


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What came of a file: how many returns and changes, how many came before, how many wait for a person."""

    returned: int = 0
    changed: int = 0
    repeated: int = 0
    waiting: int = 0

    def __str__(self) -> str:
        return (
            f"{self.returned} returned, {self.changed} changed, {self.repeated} known already, "
            f"{self.waiting} for a person"
        )


@in_transaction
def take_returns(*, data: bytes, name: str, on: date, by: Actor, at: datetime) -> TakenBack:
    """Read a file of the bank's. What can be handled is; the rest waits for a person, line by line. A return that came
    before changes nothing. Raises formats.nacha.reader.CannotRead for a file that does not hold."""
    advisory_lock("ach.returns")
    read = read_sent_back(data)
    stored, _ = store_file([data], name=name, media_type=MEDIA_TYPE, by=by, at=at)
    counts = {"returned": 0, "changed": 0, "repeated": 0, "waiting": 0}
    for returned in read.returns:
        counts[_returned(returned, stored, on=on, by=by, at=at)] += 1
    for change in read.changes:
        counts[_changed(change, stored, by=by, at=at)] += 1
    for line in read.others:
        counts["waiting"] += 1
        _ask(stored, line, "The line is no return and no notification of change", by=by, at=at)
    _watch(on=on, by=by, at=at)
    return TakenBack(**counts)


def _returned(one: Returned, file: StoredFile, *, on: date, by: Actor, at: datetime) -> str:
    sent = sent_as(one.trace)
    if sent is None:
        return _refund_returned(one, file, on=on, by=by, at=at)
    draft, how = sent.draft, handling_of(one.code)
    if draft.steps.filter(act=DraftStep.Act.RETURNED).exists():
        return "repeated"
    paid = sent.event.tenders.get().amount.cents if sent.event else 0
    if one.cents != paid:
        return _ask(file, one.line, f"{one.code}: {one.cents} cents came back of {paid}", by=by, at=at)
    if how.reverses:
        give_back(draft=draft, code=one.code, words=how.means, settled_on=one.settled_on, on=on, by=by, at=at)
        if sent.event is not None and not hasattr(sent.event, "reversal"):  # a person may have heard of it first
            return_item(event=sent.event, on=on, by=by, at=at, remark=f"{one.code}, {how.means}", fee=how.fee)
    _settle(sent, one, how, on=on, by=by, at=at)
    if how.asks:
        words = f"{one.code}, {how.means}: {draft.amount} of account {draft.autopay.account.number}. {how.asks}"
        kind = RETURNED_DRAFT if one.code in TABLE else ACH
        matter = Matter(kind.key, draft.subject, words[:200], account=draft.autopay.account_id)
        raise_items(drafts=[matter], by=by, at=at)
    return "returned"


def _settle(sent: DraftStep, one: Returned, how: Handling, *, on: date, by: Actor, at: datetime) -> None:
    """What becomes of the authorization and of the bank account."""
    autopay = sent.draft.autopay
    if how.blocks:
        block_bank(autopay=autopay, code=one.code, on=on, by=by, at=at)
    if autopay.ended_on is not None:
        return
    if how.then is Then.HELD:
        hold_autopay(autopay=autopay, reason=f"{one.code}, {how.means}", on=on, by=by, at=at)
    elif how.then is Then.ENDS:
        end_autopay(autopay=autopay, why=f"{one.code}, {how.means}", on=on, by=by, at=at)
        revoked = how.group is Group.UNAUTHORIZED
        tell_ended(autopay, "revoked" if revoked else "bank", on=on, by=by, at=at)


def _refund_returned(one: Returned, file: StoredFile, *, on: date, by: Actor, at: datetime) -> str:
    """A refund that we sent may come back too."""
    steps = RefundStep.objects.filter(act=RefundStep.Act.SENT, trace=one.trace).select_related("refund")
    step = steps.order_by("-id").first()
    if step is None or step.refund.amount.cents != one.cents:
        return _ask(file, one.line, f"{one.code}: no entry of ours has trace {one.trace}", by=by, at=at)
    if step.refund.steps.filter(act=RefundStep.Act.RETURNED).exists():
        return "repeated"
    remark = f"{one.code}, {handling_of(one.code).means}"
    returned_by_bank(refund=step.refund, on=on, by=by, at=at, remark=remark)
    words = f"{remark}: refund {step.refund} stands on the account again. Ask where it shall go."
    matter = Matter(RETURNED_DRAFT.key, step.refund.subject, words[:200], account=step.refund.account_id)
    raise_items(drafts=[matter], by=by, at=at)
    return "returned"


def _changed(one: Changed, file: StoredFile, *, by: Actor, at: datetime) -> str:
    """The bank's correction holds before the next draft."""
    sent = sent_as(one.trace)
    if sent is None:
        return _ask(file, one.line, f"{one.code}: no draft of ours has trace {one.trace}", by=by, at=at)
    autopay = sent.draft.autopay
    bank = Bank.opened(autopay.sealed, savings=autopay.savings)
    try:
        right = changed(bank, one.code, one.corrected)
    except CannotChange as why:
        return _ask(file, one.line, f"{why} Account {autopay.account.number}.", by=by, at=at)
    if (right.routing, right.number, right.savings) == (bank.routing, bank.number, bank.savings):
        return "repeated"
    correct_bank(autopay=autopay, bank=right, code=one.code, by=by, at=at)
    return "changed"


def _watch(*, on: date, by: Actor, at: datetime) -> None:
    for rate in watched_rates(on=on):
        if rate.over:
            words = f"{rate.name}: {rate.returned} of {rate.debits} drafts came back; {rate.most:.1%} is the limit"
            raise_items(drafts=[Matter(RATES.key, f"ach-rate:{rate.name.lower().replace(' ', '-')}", words)], by=by,
                        at=at)  # fmt: skip


def _ask(file: StoredFile, line: int, words: str, *, by: Actor, at: datetime) -> str:
    matter = Matter(ACH.key, f"file:{file.sha256[:16]}", f"{file.name}, line {line}: {words}"[:200],
                    dedupe=f"{file.sha256[:16]}:{line}")  # fmt: skip
    raise_items(drafts=[matter], by=by, at=at)
    return "waiting"
