"""The bank's files for refunds: ACH credits out, and the list of checks that it may pay."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

from lamplighter.accounts.queries import profile
from lamplighter.formats.nacha.checker import faults
from lamplighter.formats.nacha.writer import AchFile, Credit, Origin, credits_file
from lamplighter.kernel.actors import Actor
from lamplighter.payments.autopay.banks import next_bank_day
from lamplighter.payments.models import BankAccount, Refund, RefundStep
from lamplighter.payments.operations.refunding import send_by_ach
from lamplighter.payments.refunds.queries import numbers_written, waiting
from lamplighter.payments.refunds.rules import CannotRefund
from lamplighter.platform import secrets
from lamplighter.platform.numbering import next_numbers
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import advisory_lock, in_transaction

MEDIA_TYPE = "text/x-nacha"
LONGEST_PAYEE = 40


@in_transaction
def send_waiting(*, on: date, by: Actor, at: datetime) -> str:
    """Every ACH refund that waits, in one file; its SHA-256, by which it is fetched. Nothing leaves that a strict
    reader refuses."""
    advisory_lock("refunds.ach")
    rows = waiting(Refund.Method.ACH)
    if not rows:
        raise CannotRefund("No refund waits for the bank.")
    batch = int(next_numbers("ach")[0].partition("-")[0])
    trace = int(next_numbers("trace", len(rows))[0].partition("-")[0])
    made = ach_file(rows, on=on, at=at, batch=batch, first_trace=trace)
    wrong = faults(made.data)
    assert not wrong, wrong
    name = f"refunds-{on:%Y%m%d}-{batch}.ach"
    stored, _ = store_file([made.data], name=name, media_type=MEDIA_TYPE, by=by, at=at)
    send_by_ach(refunds=rows, traces=made.traces, file=stored.sha256, on=on, by=by, at=at)
    return stored.sha256


def ach_file(rows: Sequence[Refund], *, on: date, at: datetime, batch: int, first_trace: int) -> AchFile:
    """The file of these refunds, paid on the next banking day."""
    ours = own_bank()
    origin = Origin(ours.routing, ours.bank, ours.company, ours.holder)
    credits_ = []
    for one in rows:
        routing, _, number = secrets.decrypt(one.bank.sealed).partition(" ")
        credits_.append(
            Credit(routing, number, one.amount.cents, f"RF-{one.number}", payee_of(one, on), one.bank.savings)
        )
    return credits_file(origin, credits_, made=at, pays_on=next_bank_day(on), batch=batch, first_trace=first_trace)


def positive_pay(on: date) -> str:
    """What the bank may pay: `I,account,check,MMDDYY,123.45,payee` a line, `C` for a void; one account, no header.

    The layout is Chase's comma-separated one, which other banks take by a mapping.
    """
    ours, text = own_bank(), io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    for step in numbers_written(on):
        code = "I" if step.act == RefundStep.Act.WRITTEN else "C"
        payee = payee_of(step.refund, on)[:LONGEST_PAYEE]
        rows.writerow([code, ours.number, step.check_number, f"{on:%m%d%y}", f"{step.refund.amount.dollars}", payee])
    return text.getvalue()


def own_bank() -> BankAccount:
    """Raises CannotRefund while nobody has named it."""
    found = BankAccount.objects.first()
    if found is None:
        raise CannotRefund("The utility's bank account is not named yet. Finance names it under Refunds.")
    return found


def address_of(refund: Refund, on: date) -> list[str]:
    """Where a check is sent, line by line: the customer's mailing address, else where they live; may be empty."""
    known = profile(refund.account, on=on)
    return (known.reach.mailing or (known.premise.label if known.premise else "")).splitlines()


def payee_of(refund: Refund, on: date) -> str:
    """To whom the customer assigned it; else the customer of the account, or who was it last."""
    if refund.payee is not None:
        return refund.payee.name
    known = profile(refund.account, on=on)
    if known.customer:
        return known.customer.name
    last = refund.account.roles.filter(role="main").select_related("person").order_by("-period").first()
    return last.person.name if last else refund.account.number
