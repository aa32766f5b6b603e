"""`python -m tests.kills.work [--led]`: publish readings, then bill a cycle, saying `step` after each transaction.

It is begun again after a kill and does what is left. Bills know that by themselves; what stands here for an import
keeps an event with each publication, in the same transaction. Led, it takes a line of input before each.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import click

from lamplighter.cli.booting import boot

AT = datetime(2026, 9, 1, 19, tzinfo=UTC)
BATCHES, BATCH = 8, 3
MONTH = date(2026, 9, 1)


def main() -> None:
    boot()
    click.echo("ready")
    publish_readings()
    bill()


def publish_readings() -> None:
    """September's days of every channel, a few days at a time."""
    from lamplighter.metering.models import Channel
    from lamplighter.platform.models import Event
    from lamplighter.platform.operations.events import record
    from lamplighter.platform.transactions import unit_of_work
    from lamplighter.usage.operations.publishing import publish
    from tests.town import NIGHTLY

    channels = list(Channel.objects.order_by("pk").values_list("pk", flat=True))
    for batch in range(BATCHES):
        subject = f"batch:{batch}"
        if Event.objects.filter(subject=subject).exists():
            continue
        await_leave()
        with unit_of_work(NIGHTLY):
            publish(batches=[readings(channels, batch)], kind="import", by=NIGHTLY, at=AT)
            record("usage.batch.published", subject=subject, by=NIGHTLY, at=AT)
        click.echo("step")


def readings(channels: list[int], batch: int):
    """Two days of hourly counts; neighbouring batches share a day, so that one corrects the other."""
    import numpy as np

    from lamplighter.intervals.channeldays import joined
    from lamplighter.intervals.gridding import grid, readings_of
    from lamplighter.intervals.slots import slot_calendar
    from lamplighter.kernel.periods import Period

    zone = ZoneInfo("America/Los_Angeles")
    first = MONTH + timedelta(days=batch)
    calendar = slot_calendar(Period(first, first + timedelta(days=2)), seconds=3600, zone=zone)
    made = []
    for channel in channels:
        counts = (np.arange(calendar.slots, dtype=np.int64) * (batch + 1) + channel) % 5000
        read = readings_of(channel, starts=calendar.starts, counts=counts, seconds=np.diff(calendar.edges), quality=0)
        made.append(grid(read, seconds=3600, zone=zone).days)
    return joined(made)


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
    billing.bill_cycle(window=window, on=window.reads_on, by=NIGHTLY, at=AT, progress=lambda *_: click.echo("step"))


def await_leave() -> None:
    if "--led" in sys.argv:
        sys.stdin.readline()


if __name__ == "__main__":
    main()
