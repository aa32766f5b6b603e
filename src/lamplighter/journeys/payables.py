"""Refunds through the city's accounts payable: vouchers out in a file, its answer back line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.formats.payables import Answer, Paid, Voucher, read_answer, voucher_file
from lamplighter.journeys.paying_out import address_of, payee_of
from lamplighter.kernel.actors import Actor
from lamplighter.ledger.models import Code
from lamplighter.payments.kinds import PAYABLES
from lamplighter.payments.models import Refund, RefundStep
from lamplighter.payments.operations.refunding import PAID_FOR_US, hand_over, paid_by_payables, refused_by_payables
from lamplighter.payments.refunds.queries import waiting
from lamplighter.payments.refunds.rules import CannotRefund
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import Draft as Matter
from lamplighter.worklist.operations import raise_items

VOUCHER = Refund.Method.VOUCHER
VOUCHERS, ANSWER = "text/x-refund-vouchers", "text/x-payables-answer"


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an answer: how many were paid, how many refused, how many lines fit nothing of ours."""

    paid: int = 0
    refused: int = 0
    waiting: int = 0

    def __str__(self) -> str:
        return f"{self.paid} paid, {self.refused} refused, {self.waiting} for a person"


@in_transaction
def hand_over_waiting(*, on: date, by: Actor, at: datetime) -> str:
    """Every refund that waits for accounts payable, as vouchers in one file; its SHA-256, by which it is fetched."""
    advisory_lock("refunds.payables")
    rows = waiting(VOUCHER)
    if not rows:
        raise CannotRefund("No refund waits for accounts payable.")
    data = voucher_file(vouchers_of(rows, on), made_on=on)
    name = f"refund-vouchers-{on:%Y%m%d}-{rows[0]}.csv"
    stored, _ = store_file([data], name=name, media_type=VOUCHERS, by=by, at=at)
    hand_over(refunds=rows, file=stored.sha256, on=on, by=by, at=at)
    return stored.sha256


def vouchers_of(rows: Sequence[Refund], on: date) -> list[Voucher]:
    """Each refund as accounts payable takes it, charged to what we owe the city for paying it."""
    charged = Code.objects.get(key=PAID_FOR_US)
    return [
        Voucher(str(one), one.made_on, payee_of(one, on), ", ".join(address_of(one, on)), one.account.number,
                charged.fund, charged.number, one.amount.cents)
        for one in rows
    ]  # fmt: skip


@in_transaction
def take_answer(*, data: bytes, name: str, on: date, by: Actor, at: datetime) -> Taken:
    """Read what accounts payable sends back, once. What fits a voucher of ours is booked; the rest, and each refusal,
    waits for a person. Raises formats.payables.CannotRead for a file that does not hold."""
    advisory_lock("refunds.payables")
    answers = read_answer(data)
    stored, _ = store_file([data], name=name, media_type=ANSWER, by=by, at=at)
    if RefundStep.objects.filter(file=stored.sha256).exists():
        raise CannotRefund("This file was read before. Nothing was booked again.")
    numbers = [one.number.removeprefix("RF-") for one in answers]
    known = {
        str(one): one for one in Refund.objects.filter(number__in=numbers, method=VOUCHER).select_related("account")
    }
    counts = {"paid": 0, "refused": 0, "waiting": 0}
    for one in answers:
        counts[_take(one, known.get(one.number), stored, on=on, by=by, at=at)] += 1
    return Taken(**counts)


def _take(one: Answer, refund: Refund | None, file: StoredFile, *, on: date, by: Actor, at: datetime) -> str:
    try:
        if refund is None:
            raise CannotRefund(f"{one.number[:20]} is no voucher of ours.")
        if refund.amount.cents != one.cents:
            raise CannotRefund(f"{refund} is over {refund.amount}, not over {one.cents} cents.")
        if isinstance(one, Paid):
            paid_by_payables(
                refund=refund, paid_on=one.on, check_number=one.check, file=file.sha256, on=on, by=by, at=at
            )
            return "paid"
        refused_by_payables(refund=refund, refused_on=one.on, reason=one.reason, file=file.sha256, on=on, by=by, at=at)
    except CannotRefund as unfit:
        _ask(file, one.line, str(unfit), by=by, at=at)
        return "waiting"
    _ask(file, one.line, f"{refund}, account {refund.account.number}: refused, {one.reason}", by=by, at=at)
    return "refused"


def _ask(file: StoredFile, line: int, words: str, *, by: Actor, at: datetime) -> None:
    matter = Matter(PAYABLES.key, f"file:{file.sha256[:16]}", f"{file.name}, line {line}: {words}"[:200],
                    dedupe=f"{file.sha256[:16]}:{line}")  # fmt: skip
    raise_items(drafts=[matter], by=by, at=at)
