"""How long a clerk waits for pages at the server, also while a bill run goes on; beside them the same pages of an
account without service."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import cycle
from pathlib import Path

import numpy as np
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.accounts.types import AgreementKind
from lamplighter.benchmarks.multiplying import named
from lamplighter.benchmarks.sizes import SIZES, Size
from lamplighter.benchmarks.stopwatch import Timing, seconds
from lamplighter.benchmarks.utility import YEAR, clerk

WARM, PAGES = 2, ("account", "search", "year_chart")


def quiet(size: Size, folder: Path) -> dict[str, Timing]:  # noqa: ARG001 - it works on the database
    """Milliseconds within which 95 of 100 are answered, by one process that is asked nothing else, by figure."""
    return _measured(size, running=False)


def during_run(size: Size, folder: Path) -> dict[str, Timing]:  # noqa: ARG001
    """The same pages in turn, as long as a bill run in another process goes on."""
    return _measured(size, running=True)


def _measured(size: Size, *, running: bool) -> dict[str, Timing]:
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", verbosity=0, interactive=False)
    busy = Account.objects.filter(agreements__kind=AgreementKind.ENERGY).earliest("pk")
    empty = Account.objects.filter(agreements__isnull=True).earliest("pk")
    client, _ = clerk()
    for each in (empty, busy):
        _waits(client, each, WARM * len(PAGES))
    plain = _waits(client, empty, size.pages * len(PAGES))
    with _bill_run(size) if running else nullcontext() as run:
        waits = _waits(client, busy, size.pages * len(PAGES), run)
    beside = f", while {size.billed:,} accounts are billed" if running else ""
    suffix = "_during_run" if running else ""
    return {
        f"page_{page}_p95_ms{suffix}": Timing(
            _p95(waits[page]), _p95(plain[page]),
            f"{len(waits[page]):,} requests{beside}; {size.accounts:,} accounts",
        )
        for page in PAGES
    }  # fmt: skip


def _waits(
    client: Client, account: Account, least: int, run: subprocess.Popen[str] | None = None
) -> dict[str, list[float]]:
    """Milliseconds of each page, asked in turn so many times; with a run, as long as it goes on."""
    waits: dict[str, list[float]] = {page: [] for page in PAGES}
    addresses = {page: _addresses(page, account) for page in PAGES}
    for asked, page in enumerate(cycle(PAGES)):
        if asked >= len(PAGES) and (run.poll() is not None if run else asked >= least):
            return waits
        waits[page].append(_wait(client, addresses[page]))
    raise AssertionError("pages are asked in turn for ever")


def _addresses(page: str, account: Account) -> Sequence[str]:
    match page:
        case "account":
            return [reverse("desk:account", args=[account.number])]
        case "search":
            return [f"{reverse('desk:accounts')}?q={_sought(account)}"]
    asked = f"?grain=interval&start={YEAR.start}&end={YEAR.last_day}"
    names = ("desk:account-usage", "desk:account-usage-json")
    return [reverse(name, args=[account.number]) + asked for name in names]


def _sought(account: Account) -> str:
    """A name and a street, of which the utility has many."""
    return "+".join(" ".join(named(account.pk)).split())


def _wait(client: Client, addresses: Sequence[str]) -> float:
    """Milliseconds until all of them are answered, one after the other."""

    def ask() -> None:
        for address in addresses:
            answer = client.get(address, secure=True)
            assert answer.status_code == 200, (address, answer.status_code)

    return seconds(ask) * 1000


def _p95(waits: Sequence[float]) -> float:
    return float(np.percentile(waits, 95))


@contextmanager
def _bill_run(size: Size) -> Iterator[subprocess.Popen[str]]:
    """A bill run in a process of its own, from when it has begun until it has ended."""
    name = next(key for key, value in SIZES.items() if value == size)
    command = [sys.executable, "-m", __package__, "bill", name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:  # noqa: S603 - ourselves
        assert run.stdout
        assert run.stdout.readline() == "begun\n"
        yield run
    assert run.returncode == 0
