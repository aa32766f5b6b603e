"""A lockbox's or pay station's file becomes payments: read by its layout, posted together, the doubtful lines held."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.billing.scanline import CannotScan, parse
from lamplighter.formats.remittances.layout import layout_of
from lamplighter.formats.remittances.reading import RemittanceFile, Remitted, read_remittance
from lamplighter.journeys.paying import take_batch
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments import operations as payments
from lamplighter.payments.models import (
    CashOnly,
    PaymentEvent,
    Remittance,
    RemittedLine,
    SourceLayout,
    TenderControl,
    TenderSource,
    UnappliedStep,
)
from lamplighter.payments.operations import EventIn
from lamplighter.payments.operations.remitting import (
    HELD,
    Sorted,
    keep_applied,
    keep_remittance,
    refuse_again,
    waiting_line,
)
from lamplighter.payments.operations.remitting import send_back as let_go
from lamplighter.payments.queries import cash_only
from lamplighter.payments.rules import NOT_CASH, CannotTake, TenderIn
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import in_transaction

MOST_BYTES = 20 << 20
UNAPPLIED = "unapplied"


@in_transaction
def take_file(*, source: TenderSource, data: bytes, name: str, on: date, by: Actor, at: datetime) -> Remittance:
    """Everything in a file, once: good lines are payments in a balanced period of their own, the others wait with their
    money. Raises Unreadable for a file whose totals do not hold, CannotTake for one that was taken before or has no
    layout; then nothing is posted."""
    layout = SourceLayout.objects.filter(source=source, period__contains=on).select_related("source").first()
    if layout is None:
        raise CannotTake(f"No layout is set for {source.name}. An administrator sets it under Layouts.")
    read = read_remittance(data, layout_of(layout.text), file=name)
    if not read.payments:
        raise CannotTake("There is no payment in this file. Nothing was taken.")
    digest = hashlib.sha256(data).hexdigest()
    refuse_again(source=source, file=digest, number=read.number)
    known = _accounts(read)
    barred = cash_only([account.pk for account in known.values()], on=on)
    doubts = {one.line: _doubt(one, known, on) or _clears(one, known, barred) for one in read.payments}
    control, posted = _post(source, [one for one in read.payments if not doubts[one.line]], known, on=on, by=by, at=at)
    lines = [Sorted(one, posted.get(one.line), doubts[one.line]) for one in read.payments]
    store_file([data], name=name, media_type="text/x-remittance", by=by, at=at)
    return keep_remittance(
        layout=layout, read=read, file=digest, name=name, control=control, lines=lines, on=on, by=by, at=at
    )


@in_transaction
def apply_line(*, line: RemittedLine, account: Account, on: date, by: Actor, at: datetime) -> PaymentEvent:
    """Pay an account with money that waited; it stops collection as any payment does."""
    live = waiting_line(line)
    source = TenderSource.objects.filter(pk=UNAPPLIED).first() or payments.define_source(
        key=UNAPPLIED, name="Receipts that waited", kind=TenderSource.Kind.ELECTRONIC, opening_float=ZERO, gl_code=HELD
    )
    control = payments.open_control(source=source, by=by, at=at)
    tender = TenderIn(live.tender, live.amount, live.amount, live.reference)
    (event,) = take_batch(control=control, events=[EventIn((tender,), {account: live.amount}, at)], on=on, by=by, at=at)
    payments.balance_control(control=control, counted={live.tender: live.amount}, by=by, at=at)
    keep_applied(line=live, event=event, on=on, by=by, at=at)
    return event


@in_transaction
def send_back(*, line: RemittedLine, remark: str, on: date, by: Actor, at: datetime) -> UnappliedStep:
    """The sender gets it back; `remark` says what it was told. Raises CannotTake."""
    return let_go(line=line, remark=remark, on=on, by=by, at=at)


def _accounts(read: RemittanceFile) -> dict[int, Account]:
    """The account of each line that names one of ours, by its number or its stub's scan line; one query."""
    wanted: dict[int, str] = {}
    for one in read.payments:
        if one.account:
            wanted[one.line] = one.account
        elif one.scan:
            try:
                wanted[one.line] = parse(one.scan).account
            except CannotScan:
                continue
    ours = {row.number: row for row in Account.objects.filter(number__in=set(wanted.values()))}
    return {line: ours[number] for line, number in wanted.items() if number in ours}


def _doubt(one: Remitted, known: Mapping[int, Account], on: date) -> str:
    """Why a person must look at a line before it is a payment; "" for a good one."""
    if one.wrong:
        return one.wrong
    if one.paid_on is not None and one.paid_on > on:
        return f"it says that it was paid on {one.paid_on:%b %-d, %Y}, which is still to come"
    if one.line in known:
        return ""
    if one.account:
        return f"there is no account {one.account}"
    try:
        return f"there is no account {parse(one.scan).account}"
    except CannotScan as wrong:
        return str(wrong)


def _clears(one: Remitted, known: Mapping[int, Account], barred: Mapping[int, CashOnly]) -> str:
    """What may come back stops no collection of somebody who pays cash only: it waits until the bank has paid it."""
    account = known[one.line]
    if one.tender not in NOT_CASH or account.pk not in barred:
        return ""
    return f"{account.number} pays cash only, {barred[account.pk].reason}: apply it once the bank has paid it"


def _post(
    source: TenderSource, good: list[Remitted], known: Mapping[int, Account], *, on: date, by: Actor, at: datetime
) -> tuple[TenderControl | None, dict[int, PaymentEvent]]:
    """The good lines in a period of their own, which balances by what the file proved."""
    if not good:
        return None, {}
    control = payments.open_control(source=source, by=by, at=at)
    events = [
        EventIn((TenderIn(one.tender, one.amount, one.amount, one.reference),), {known[one.line]: one.amount}, at)
        for one in good
    ]
    taken = take_batch(control=control, events=events, on=on, by=by, at=at)
    counted: Counter[str] = Counter()
    for one in good:
        counted[one.tender] += one.amount.cents
    payments.balance_control(
        control=control, counted={kind: Money(cents) for kind, cents in counted.items()}, by=by, at=at
    )
    return control, {one.line: event for one, event in zip(good, taken, strict=True)}
