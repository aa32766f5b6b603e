"""Payments: single ones, each durable before it is answered; by another program over the API; a lockbox's day."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Max
from django.test import Client

from lamplighter.accounts.models import Account
from lamplighter.benchmarks import utility
from lamplighter.benchmarks.copied import copied_again
from lamplighter.benchmarks.sizes import Size
from lamplighter.benchmarks.stopwatch import Timing, seconds
from lamplighter.benchmarks.utility import AT, BENCH
from lamplighter.journeys.paying import take_batch
from lamplighter.kernel.money import Money
from lamplighter.ledger.models import Entry
from lamplighter.payments import operations
from lamplighter.payments.models import PaymentEvent, TenderControl, TenderSource
from lamplighter.payments.operations import EventIn
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.models import Event
from lamplighter.platform.processes import processes
from lamplighter.platform.transactions import unit_of_work

T = TypeVar("T")
PART, BALANCES, AT_ONCE = Money(1_000), 1_000, 500
"""What each pays, among how many balances the plain transactions are spread, and how many a batch has at most."""


def payments(size: Size, folder: Path) -> Timing:  # noqa: ARG001 - it works on the database
    """$10.00 in cash towards a bill, account after account; several clerks at a time, each with a drawer."""
    paying = [account.pk for account in islice(cycle(utility.billed(size)), size.sample)]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_balance AS SELECT g AS id, 0::bigint AS cents FROM generate_series(1, %s) g", [BALANCES]
        )
        cursor.execute("ALTER TABLE bench_balance ADD PRIMARY KEY (id)")
        cursor.execute("CREATE TABLE bench_history (balance int, cents bigint, at timestamptz DEFAULT now())")
    taken, plain = _shared(paying, size.clients, _pay_each), _shared(paying, size.clients, _move_each)
    work = f"{size.sample:,} cash payments, each committed before the next of its clerk; {size.clients} at a time"
    return Timing(size.sample / taken, size.sample / plain, work)


def http(size: Size, folder: Path) -> Timing:  # noqa: ARG001
    """By a program with a key, up to 500 a request, at one server process without the network; beside it the same at
    the operation. Every one is posted, and durable before the request is answered."""
    accounts = utility.billed(size)[: size.paid]
    client, headers = utility.program()
    paying = [(str(uuid4()), account) for account in accounts]

    def sent() -> None:
        for some in _batches(paying):
            _send(client, headers, some)

    asked = seconds(sent)
    control = _open("lockbox")
    plain = seconds(lambda: _post(control, accounts))
    assert PaymentEvent.objects.filter(tenders__control__source="program").count() == len(accounts)
    work = f"{len(accounts):,} payments, {AT_ONCE} a request"
    return Timing(len(accounts) / asked, len(accounts) / plain, work)


def file(size: Size, folder: Path) -> Timing:  # noqa: ARG001
    """A lockbox's day: batches that stand or fall alone, with what a payment does to collection."""
    accounts = utility.billed(size)[: size.paid]
    control = _open("lockbox")
    written = _written_from_now_on()
    took = seconds(lambda: _post(control, accounts))
    rows, copied = copied_again(written)
    work = f"{len(accounts):,} checks in batches of {AT_ONCE}; {rows:,} rows written"
    return Timing(len(accounts) / took, len(accounts) / copied, work)


def _post(control: TenderControl, accounts: Sequence[Account]) -> None:
    events = [EventIn((TenderIn("check", PART, PART, str(n)),), {one: PART}, AT) for n, one in enumerate(accounts)]
    for some in _batches(events):
        with unit_of_work(BENCH):
            take_batch(control=control, events=some, on=_day(), by=BENCH, at=AT)


def _send(client: Client, headers: dict[str, str], paying: Sequence[tuple[str, Account]]) -> None:
    sent = [
        {"key": key, "account": account.number, "amount_cents": PART.cents, "tender": "card", "reference": ""}
        for key, account in paying
    ]
    answer = client.post(
        "/api/v1/payments/batch", json.dumps({"payments": sent}), content_type="application/json", secure=True,
        headers=headers,
    )  # fmt: skip
    assert answer.status_code == 200, answer.content.decode()[:500]
    assert answer.json()["posted"] == len(paying), answer.content.decode()[:500]


def _written_from_now_on() -> dict[str, str]:
    """Tables, and the queries that find what is written into them after this."""
    event, entry, told = (
        model._default_manager.aggregate(newest=Max("pk"))["newest"] or 0 for model in (PaymentEvent, Entry, Event)
    )
    mine = f"FROM payments_payment WHERE event_id > {event}"
    return {
        "payments_paymentevent": f"SELECT * FROM payments_paymentevent WHERE id > {event}",  # noqa: S608
        "payments_tender": f"SELECT * FROM payments_tender WHERE event_id > {event}",  # noqa: S608
        "payments_payment": f"SELECT * {mine}",
        "payments_paymentsegment": f"SELECT * FROM payments_paymentsegment WHERE payment_id IN (SELECT id {mine})",  # noqa: S608
        "ledger_entry": f"SELECT * FROM ledger_entry WHERE id > {entry}",  # noqa: S608
        "ledger_posting": f"SELECT * FROM ledger_posting WHERE entry_id > {entry}",  # noqa: S608
        "platform_event": f"SELECT * FROM platform_event WHERE id > {told}",  # noqa: S608
    }


def _shared(paying: Sequence[int], clients: int, work: Callable[[Sequence[int]], None]) -> float:
    """Seconds in which so many processes do the work, each its share; they are warm when it begins."""
    if clients == 1:
        return seconds(lambda: work(paying))
    with processes(clients) as pool:
        list(pool.map(work, [paying[:5]] * clients * 4))
        return seconds(lambda: list(pool.map(work, [paying[n::clients] for n in range(clients)])))


def _pay_each(accounts: Sequence[int]) -> None:
    control = _own_drawer()
    for account in _in_order(accounts):
        with unit_of_work(BENCH):
            operations.post_event(
                control=control, tenders=[TenderIn("cash", PART, PART)], payments={account: PART}, on=_day(), by=BENCH,
                at=AT,
            )  # fmt: skip


def _own_drawer() -> TenderControl:
    """The drawer of this process, as each clerk has one: tenders are chained into its journal one after another."""
    key = f"drawer-{os.getpid()}"
    if not TenderSource.objects.filter(pk=key).exists():
        with unit_of_work(BENCH):
            operations.define_source(key=key, name=key, kind="drawer", opening_float=Money(0), gl_code="cash-drawers")
    return _open(key)


def _in_order(accounts: Sequence[int]) -> Iterator[Account]:
    found = Account.objects.in_bulk(set(accounts))
    return (found[pk] for pk in accounts)


def _move_each(balances: Sequence[int]) -> None:
    for i in balances:
        balance = i % BALANCES + 1
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE bench_balance SET cents = cents + 1000 WHERE id = %s", [balance])
            cursor.execute("INSERT INTO bench_history (balance, cents) VALUES (%s, 1000)", [balance])


def _open(source: str) -> TenderControl:
    """The source's period, which an earlier figure may have begun."""
    with unit_of_work(BENCH):
        return operations.standing_control(source=TenderSource.objects.get(pk=source), by=BENCH, at=AT)


def _batches(several: Sequence[T]) -> Iterator[Sequence[T]]:
    for first in range(0, len(several), AT_ONCE):
        yield several[first : first + AT_ONCE]


def _day() -> date:
    return AT.date() + timedelta(days=1)
