"""Payments: single ones, each durable before it is answered; at the counter's page; and the files of a day's source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from uuid import uuid4

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.benchmarks import utility
from lamplighter.benchmarks.copied import copied_again
from lamplighter.benchmarks.sizes import Size
from lamplighter.benchmarks.stopwatch import Timing, seconds
from lamplighter.benchmarks.utility import AT, BENCH
from lamplighter.journeys.paying import take_batch
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.payments import operations
from lamplighter.payments.models import TenderControl, TenderSource
from lamplighter.payments.operations import EventIn
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.processes import processes
from lamplighter.platform.transactions import unit_of_work

PART, BALANCES, FILE = Money(1_000), 1_000, 500
WRITTEN = {
    "payments_paymentevent": "SELECT * FROM payments_paymentevent",
    "payments_tender": "SELECT * FROM payments_tender",
    "payments_payment": "SELECT * FROM payments_payment",
    "payments_paymentsegment": "SELECT * FROM payments_paymentsegment",
    "ledger_entry": "SELECT * FROM ledger_entry WHERE kind = 'payment'",
    "ledger_posting": "SELECT p.* FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id "
    "WHERE e.kind = 'payment'",
    "platform_event": "SELECT * FROM platform_event WHERE name = 'payments.payment.taken'",
}


def payments(size: Size, folder: Path) -> Timing:  # noqa: ARG001 - it works on the database
    """$10.00 in cash towards a bill, at one drawer, account after account; several clerks at a time."""
    utility.bill(size)
    _drawer(BENCH)
    paying = list(islice(cycle(Account.objects.order_by("pk").values_list("pk", flat=True)), size.sample))
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
    """The same at the page of the counter, by one clerk at one server process, without the network."""
    utility.bill(size)
    client, clerk = utility.clerk()
    control = _drawer(clerk)
    paying = list(islice(cycle(Account.objects.order_by("pk")), size.sample))
    plain = seconds(lambda: _pay_each([account.pk for account in paying]))
    asked = seconds(lambda: _post_each(client, paying))
    assert control.tenders.count() == 2 * size.sample
    return Timing(size.sample / asked, size.sample / plain, f"{size.sample:,} single payments, one request each")


def file(size: Size, folder: Path) -> Timing:  # noqa: ARG001
    """A lockbox's day: batches that stand or fall alone, with what a payment does to collection."""
    utility.bill(size)
    control = _drawer(BENCH)
    accounts = list(Account.objects.order_by("pk"))
    events = [EventIn((TenderIn("check", PART, PART, str(n)),), {one: PART}, AT) for n, one in enumerate(accounts)]

    def posted() -> None:
        for first in range(0, len(events), FILE):
            with unit_of_work(BENCH):
                take_batch(control=control, events=events[first : first + FILE], on=_day(), by=BENCH, at=AT)

    took = seconds(posted)
    rows, copied = copied_again(WRITTEN)
    work = f"{len(events):,} checks in batches of {FILE}; {rows:,} rows written"
    return Timing(len(events) / took, len(events) / copied, work)


def _shared(paying: Sequence[int], clients: int, work: Callable[[Sequence[int]], None]) -> float:
    """Seconds in which so many processes do the work, each its share; they are warm when it begins."""
    if clients == 1:
        return seconds(lambda: work(paying))
    with processes(clients) as pool:
        list(pool.map(work, [paying[:5]] * clients * 4))
        return seconds(lambda: list(pool.map(work, [paying[n::clients] for n in range(clients)])))


def _pay_each(accounts: Sequence[int]) -> None:
    control = TenderControl.objects.get()
    for account in _in_order(accounts):
        with unit_of_work(BENCH):
            operations.post_event(
                control=control, tenders=[TenderIn("cash", PART, PART)], payments={account: PART}, on=_day(), by=BENCH,
                at=AT,
            )  # fmt: skip


def _in_order(accounts: Sequence[int]) -> Iterator[Account]:
    found = Account.objects.in_bulk(set(accounts))
    return (found[pk] for pk in accounts)


def _move_each(balances: Sequence[int]) -> None:
    for i in balances:
        balance = i % BALANCES + 1
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE bench_balance SET cents = cents + 1000 WHERE id = %s", [balance])
            cursor.execute("INSERT INTO bench_history (balance, cents) VALUES (%s, 1000)", [balance])


def _post_each(client: Client, paying: Sequence[Account]) -> None:
    for cents, account in enumerate(paying):
        _post(client, account, cents)


def _post(client: Client, account: Account, cents: int) -> None:
    """An amount of its own: the same twice from one account is asked about."""
    amount = str((PART + Money(cents)).dollars)
    answer = client.post(
        reverse("desk:do-pay", args=[account.number]),
        {"amount": amount, "tender": "cash", "handed_over": "", "request_key": str(uuid4())},
        secure=True,
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200, answer.status_code
    assert b"The drawer now holds" in answer.content, answer.content.decode()


def _drawer(by: Actor) -> TenderControl:
    with unit_of_work(by):
        return operations.open_control(source=TenderSource.objects.get(), by=by, at=AT)


def _day() -> date:
    return AT.date() + timedelta(days=1)
