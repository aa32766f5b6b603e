"""A publication goes on after PostgreSQL stopped between the store's commit and its own."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from django.db import connection

from lamplighter.intervals.gridding import grid, readings_of
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.periods import Period
from lamplighter.usage.models import IgnoredRevision, Publication
from lamplighter.usage.operations.publishing import publish
from lamplighter.usage.queries.published import published
from lamplighter.usage.store import interval_store
from tests.usage.conftest import AT, DANA, ZONE, kwh

DAY = Period(date(2026, 3, 2), date(2026, 3, 3))
CALENDAR = slot_calendar(DAY, seconds=900, zone=ZONE)


@pytest.fixture
def channel(metered):
    return metered.meter("E-1", kwh())[0]


def channel_days(channel, count):
    readings = readings_of(
        channel.pk, starts=CALENDAR.starts, counts=np.full(CALENDAR.slots, count), seconds=np.diff(CALENDAR.edges)
    )
    return grid(readings, seconds=900, zone=ZONE).days


def publishes(channel, count):
    return publish(batches=[channel_days(channel, count)], kind="import", by=DANA, at=AT)


def shown(channel):
    block = interval_store().read(np.array([channel.pk]), CALENDAR, published=published())
    return set(block.values[0].tolist())


def left_behind(channel, *counts):
    """Revisions that the store has and PostgreSQL has forgotten, numbers and all; the first of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('usage_revision')")
        first = cursor.fetchone()[0]
        for revision, count in enumerate(counts, start=first):
            interval_store().append([channel_days(channel, count)], revision=revision)
        cursor.execute("SELECT setval('usage_revision', %s, false)", [first])
    return first


def test_other_readings_take_the_next_number_and_nobody_reads_what_was_left(channel):
    before = publishes(channel, 5).revision
    first = left_behind(channel, 7, 8)
    assert shown(channel) == {5}
    assert publishes(channel, 9).revision == first + 2
    assert shown(channel) == {9}
    assert set(IgnoredRevision.objects.filter(revision__gt=before).values_list("revision", flat=True)) == {
        first, first + 1,
    }  # fmt: skip
    assert published().watermark == first + 2


def test_the_same_readings_are_published_as_they_were_left(channel):
    publishes(channel, 5)
    first = left_behind(channel, 7)
    version = interval_store().table.version()
    publication = publishes(channel, 7)
    assert (publication.revision, publication.channel_days) == (first, 1)
    assert interval_store().table.version() == version, "nothing was appended again"
    assert shown(channel) == {7}
    assert not IgnoredRevision.objects.filter(revision__gte=first).exists()


def test_the_publications_after_it_go_on(channel):
    left_behind(channel, 7)
    revisions = [publishes(channel, count).revision for count in (9, 10)]
    assert revisions[1] == revisions[0] + 1
    assert shown(channel) == {10}
    assert Publication.objects.count() == 2
