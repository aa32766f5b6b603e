"""The steps of a refund: locked, written down, and booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.payments.models import Refund, RefundStep
from lamplighter.payments.operations.posting import excess_credit
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock


def credited(one: Refund, against: str, *, on: date, by: Actor, at: datetime) -> int:
    """The money stands on the account again; the entry."""
    credit = excess_credit(one.account, on=on, by=by, at=at)
    legs = (
        Leg(against, one.amount),
        Leg(credit.type.control_code, -one.amount, credit.subledger_id, component="refund"),
    )
    return ledger.post(draft=Draft(f"refund-back:{one.number}", "refund", on, legs), at=at, by=by)


def book(one: Refund, out_of: str, into: str, what: str, *, on: date, by: Actor, at: datetime) -> int:
    legs = (Leg(out_of, one.amount), Leg(into, -one.amount))
    return ledger.post(draft=Draft(f"refund-{what}:{one.number}", "refund", on, legs), at=at, by=by)


def step(
    one: Refund, act: str, *, on: date, by: Actor, at: datetime, check_number: int | None = None, trace: str = "",
    file: str = "", entry: int | None = None, remark: str = "",
) -> RefundStep:  # fmt: skip
    made = RefundStep.objects.create(
        refund=one, act=act, on=on, check_number=check_number, trace=trace, file=file, entry_id=entry, recorded_at=at,
        recorded_by=by,
    )  # fmt: skip
    record(
        f"payments.refund.{act}", subject=one.subject, account=one.account_id, by=by, at=at, remark=remark,
        cents=one.amount.cents, number=one.number, check=check_number,
    )  # fmt: skip
    return made


def locked(refunds: Sequence[Refund]) -> list[Refund]:
    advisory_lock(*(one.subject for one in refunds))
    found = Refund.objects.select_related("account", "payee").in_bulk([one.pk for one in refunds])
    return [found[one.pk] for one in refunds]
