"""How long a clerk waits for a page at the server, also while a bill run goes on; beside it the same page of an
account without service."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path

import numpy as np
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Cycle
from lamplighter.accounts.operations import AccountIn
from lamplighter.benchmarks.readings import FIRST, PACIFIC, SECONDS, channel_days
from lamplighter.benchmarks.sizes import SIZES, Size
from lamplighter.benchmarks.stopwatch import Timing, seconds
from lamplighter.benchmarks.utility import AT, BENCH, clerk
from lamplighter.customers import operations as customers
from lamplighter.customers.operations import PersonIn
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.operations.publishing import publish

YEAR = Period(FIRST, FIRST + timedelta(days=365))  # from when its meter was set
WARM = 2

Addresses = Callable[[Account], Sequence[str]]


def account(size: Size, folder: Path) -> Timing:  # noqa: ARG001 - it works on the database
    return _measured(size, _account)


def search(size: Size, folder: Path) -> Timing:  # noqa: ARG001
    return _measured(size, _search)


def year_chart(size: Size, folder: Path) -> Timing:  # noqa: ARG001
    return _measured(size, _year_chart)


def account_during_run(size: Size, folder: Path) -> Timing:  # noqa: ARG001
    return _measured(size, _account, running=True)


def search_during_run(size: Size, folder: Path) -> Timing:  # noqa: ARG001
    return _measured(size, _search, running=True)


def year_chart_during_run(size: Size, folder: Path) -> Timing:  # noqa: ARG001
    return _measured(size, _year_chart, running=True)


def _account(account: Account) -> Sequence[str]:
    return [reverse("desk:account", args=[account.number])]


def _search(account: Account) -> Sequence[str]:
    """By the name of the person, which all others share but for the number, and its street."""
    return [f"{reverse('desk:accounts')}?q=Home+Number+{account.pk}+Lamp+Street"]


def _year_chart(account: Account) -> Sequence[str]:
    """The page, and what its chart asks for: a year of quarter hours."""
    asked = f"?grain=interval&start={YEAR.start}&end={YEAR.last_day}"
    names = ("desk:account-usage", "desk:account-usage-json")
    return [reverse(name, args=[account.number]) + asked for name in names]


def _measured(size: Size, page: Addresses, *, running: bool = False) -> Timing:
    """Milliseconds within which 95 of 100 pages are answered, by one process that is asked nothing else."""
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", verbosity=0, interactive=False)
    busy, empty = _with_a_year(), _without_service()
    client, _ = clerk()
    for each in (busy, empty):
        for _ in range(WARM):
            _wait(client, page(each))
    plain = _p95([_wait(client, page(empty)) for _ in range(size.pages)])
    waits: list[float] = []
    with _bill_run(size) if running else nullcontext() as run:
        while run.poll() is None if run else len(waits) < size.pages:
            waits.append(_wait(client, page(busy)))
    beside = f", while {size.accounts:,} accounts are billed" if running else ""
    return Timing(_p95(waits), plain, f"{len(waits):,} requests{beside}")


def _wait(client: Client, addresses: Sequence[str]) -> float:
    """Milliseconds until all of them are answered, one after the other."""

    def ask() -> None:
        for address in addresses:
            answer = client.get(address, secure=True)
            assert answer.status_code == 200, (address, answer.status_code)

    return seconds(ask) * 1000


def _p95(waits: Sequence[float]) -> float:
    return float(np.percentile(waits, 95))


def _with_a_year() -> Account:
    """The first account, with a year of quarter hours."""
    first = Account.objects.order_by("pk")[0]
    channels = Channel.objects.filter(meter__installations__point__agreements__agreement__account=first)
    ids = np.array(sorted(channels.values_list("pk", flat=True).distinct()), dtype=np.int64)
    days = channel_days(len(ids), slot_calendar(YEAR, seconds=SECONDS, zone=PACIFIC), ids)
    with unit_of_work(BENCH):
        publish(batches=[days], kind="import", by=BENCH, at=AT)
    return first


def _without_service() -> Account:
    with unit_of_work(BENCH):
        person = customers.add_people(people=[PersonIn(family="Empty", given="Home")], on=FIRST, by=BENCH, at=AT)[0]
        new = AccountIn(person, "residential", Cycle.objects.get(), FIRST)
        return accounts.open_accounts(accounts=[new], by=BENCH, at=AT)[0]


@contextmanager
def _bill_run(size: Size) -> Iterator[subprocess.Popen[str]]:
    """A bill run in a process of its own, from when it has begun until it has ended."""
    name = next(key for key, value in SIZES.items() if value == size)
    command = [sys.executable, "-m", __package__, "bill", name, "."]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:  # noqa: S603 - ourselves
        assert run.stdout
        assert run.stdout.readline() == "begun\n"
        yield run
    assert run.returncode == 0
