"""`python -m tests.kills.work [--led] [--shared]`: import files and bill a cycle, saying `step` after each transaction.

It is begun again after a kill, from the first file, and does what is left: what is in changes nothing. Led, it takes a
line of input before each step. Shared, two processes bill.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click

from lamplighter.cli.booting import boot

AT = datetime(2026, 9, 20, 19, tzinfo=UTC)
FILES, BATCH = 6, 3
MONTH = date(2026, 9, 1)


def main() -> None:
    boot()
    click.echo("ready")
    import_readings()
    bill()


def import_readings() -> None:
    """September's days of every meter, two days a file."""
    from lamplighter.journeys.reading import import_file
    from lamplighter.metering.models import Meter
    from lamplighter.usage.intake.options import ImportOptions
    from tests.town import NIGHTLY
    from tests.usage.feeds import HOURLY

    badges = list(Meter.objects.order_by("badge").values_list("badge", flat=True))
    for number in range(FILES):
        path = meter_file(badges, number)
        await_leave()
        delivery = import_file(path=path, options=ImportOptions(mapping=HOURLY), by=NIGHTLY, at=AT)
        (one,) = delivery.imported
        if not one.again:
            click.echo("step")


def meter_file(badges: list[str], number: int) -> Path:
    """Hourly counts, some missing. Neighbouring files tell a day differently, which a person must decide."""
    from tests.usage.feeds import hours, text

    day = MONTH + timedelta(days=number)
    rows = []
    for place, badge in enumerate(badges):
        counts = [None if (hour + place) % 17 == 5 else (hour * 7 + place * 31 + number) % 900 for hour in range(48)]
        rows += hours(day.isoformat(), counts, badge)
    path = Path(f"readings-{number}.csv")
    path.write_bytes(text(rows))
    return path


def bill() -> None:
    from lamplighter.billing.models import CycleWindow
    from lamplighter.journeys import billing
    from tests.town import NIGHTLY

    bill_accounts = billing.bill_accounts

    def led(**given: object) -> billing.Outcome:
        await_leave()
        return bill_accounts(**given)

    billing.BATCH, billing.bill_accounts = BATCH, led
    window = CycleWindow.objects.get()
    billing.WORTH_A_PROCESS = 1
    billing.bill_cycle(
        window=window, on=window.reads_on, by=NIGHTLY, at=AT, progress=lambda *_: click.echo("step"),
        processes=2 if "--shared" in sys.argv else 1,
    )  # fmt: skip


def await_leave() -> None:
    if "--led" in sys.argv:
        sys.stdin.readline()


if __name__ == "__main__":
    main()
