"""Months that came day by day are rewritten by night, while others import and read."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

import numpy as np
import pytest
from django.db import connection

from lamplighter.intervals.slots import slot_calendar
from lamplighter.jobs.upkeep import compact_readings
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import Event
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.models import Publication
from lamplighter.usage.operations.compacting import compact_month, crowded_months
from lamplighter.usage.queries.published import published
from lamplighter.usage.store import interval_store
from tests.accounts.conftest import furnish
from tests.usage.conftest import AT, DANA, ZONE, Metered, kwh
from tests.worklist.conftest import committed  # noqa: F401 - a fixture

DAY = Period(date(2026, 3, 2), date(2026, 3, 3))
CALENDAR = slot_calendar(DAY, seconds=900, zone=ZONE)
FIRST = 100


def shown(channel):
    """What a reader sees: its watermark first, and then the readings."""
    now = published()
    block = interval_store().read(np.array([channel.pk]), CALENDAR, published=now)
    return now.watermark, set(block.values[0].tolist())


def files():
    store = interval_store()
    store.refresh()
    return len(store.index.paths)


@pytest.fixture
def channel(metered):
    return metered.meter("E-1", kwh())[0]


def test_a_month_of_daily_files_becomes_one_and_every_revision_is_read_as_before(metered, channel):
    revisions = [metered.counts(channel, DAY, FIRST + n).revision for n in range(6)]
    assert crowded_months() == ["2026-03"]
    assert compact_readings() == 6
    assert (files(), crowded_months()) == (1, [])
    assert shown(channel) == (revisions[-1], {FIRST + 5})
    old = interval_store().read(np.array([channel.pk]), CALENDAR, published=published(), as_of=revisions[2])
    assert set(old.values[0].tolist()) == {FIRST + 2}, "a bill finds the revision that it read"
    assert [row.revision for row in Publication.objects.order_by("revision")] == revisions
    assert Event.objects.get(name="usage.store.compacted").data == {"month": "2026-03", "files": 6}
    assert compact_readings() == 0, "nothing is left to do"
    assert Event.objects.filter(name="usage.store.compacted").count() == 1


def test_a_few_files_are_left_alone(metered, channel):
    for n in range(4):
        metered.counts(channel, DAY, FIRST + n)
    assert (crowded_months(), compact_readings(), files()) == ([], 0, 4)


def test_a_month_that_cannot_be_written_stops_no_other(metered, channel, monkeypatch):
    other = Period(date(2026, 4, 2), date(2026, 4, 3))
    for n in range(5):
        metered.counts(channel, DAY, FIRST + n)
        metered.counts(channel, other, FIRST + n)
    honest = compact_month

    def full_disk(*, month, **rest):
        if month == "2026-03":
            raise OSError(28, "No space left on device")
        return honest(month=month, **rest)

    monkeypatch.setattr("lamplighter.jobs.upkeep.compact_month", full_disk)
    assert compact_readings() == 5
    assert crowded_months() == ["2026-03"]


def test_who_imports_and_who_reads_meanwhile_lose_nothing(committed, store):  # noqa: F811
    """One thread publishes corrections of a day, one reads it, and compaction runs between them all the time."""
    with unit_of_work(DANA):
        meters = Metered(furnish())
        channel, count = meters.meter("E-1", kwh())[0], 12
    together, done, seen, faults = Barrier(3), [], [], []

    def acting(work):
        def run():
            try:
                together.wait(timeout=20)
                work()
            except Exception as fault:  # noqa: BLE001 - told below
                faults.append(fault)
            finally:
                connection.close()

        return Thread(target=run)

    def publishes():
        for n in range(count):
            with unit_of_work(DANA):
                done.append((meters.counts(channel, DAY, FIRST + n).revision, FIRST + n))
        done.append(None)

    def reads():
        while None not in done:
            seen.append(shown(channel))

    def compacts():
        while None not in done:
            with unit_of_work(DANA):
                compact_month(month="2026-03", by=DANA, at=AT)

    threads = [acting(work) for work in (publishes, reads, compacts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert (faults, [thread.is_alive() for thread in threads]) == ([], [False] * 3)
    values = dict(done[:-1])
    assert shown(channel) == (max(values), {FIRST + count - 1})
    assert all(found == {values[mark]} for mark, found in seen if mark in values), "never an older one, never none"
    history = interval_store().history(channel.pk, DAY.start, published=published())
    assert {one.revision for one in history} == set(values), "every revision is still there"
