"""Single payments, each in its own durable transaction; beside them transactions of the simplest kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

from django.db import connection, transaction

from lamplighter.accounts.models import Account
from lamplighter.benchmarks import utility
from lamplighter.benchmarks.sizes import Size
from lamplighter.benchmarks.stopwatch import Timing, seconds
from lamplighter.benchmarks.utility import AT, BENCH
from lamplighter.kernel.money import Money
from lamplighter.payments import operations
from lamplighter.payments.models import TenderControl, TenderSource
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.transactions import unit_of_work

PART, BALANCES = Money(1_000), 1_000


def payments(size: Size, folder: Path) -> Timing:  # noqa: ARG001 - it works on the database
    """$10.00 in cash towards a bill, at one drawer, account after account."""
    utility.bill(size)
    with unit_of_work(BENCH):
        control = operations.open_control(source=TenderSource.objects.get(), by=BENCH, at=AT)
    paying = list(islice(cycle(Account.objects.order_by("pk")), size.sample))
    taken = seconds(lambda: _pay_each(control, paying))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_balance AS SELECT g AS id, 0::bigint AS cents FROM generate_series(1, %s) g", [BALANCES]
        )
        cursor.execute("ALTER TABLE bench_balance ADD PRIMARY KEY (id)")
        cursor.execute("CREATE TABLE bench_history (balance int, cents bigint, at timestamptz DEFAULT now())")
    plain = seconds(lambda: _move_each(size.sample))
    work = f"{size.sample:,} cash payments, each committed before the next"
    return Timing(size.sample / taken, size.sample / plain, work)


def _pay_each(control: TenderControl, paying: Sequence[Account]) -> None:
    on = AT.date() + timedelta(days=1)
    for account in paying:
        with unit_of_work(BENCH):
            operations.post_event(
                control=control, tenders=[TenderIn("cash", PART, PART)], payments={account: PART}, on=on, by=BENCH,
                at=AT,
            )  # fmt: skip


def _move_each(times: int) -> None:
    for i in range(times):
        balance = i % BALANCES + 1
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE bench_balance SET cents = cents + 1000 WHERE id = %s", [balance])
            cursor.execute("INSERT INTO bench_history (balance, cents) VALUES (%s, 1000)", [balance])
