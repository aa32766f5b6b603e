"""A head-end posts a file of readings with its login; the worker takes it in, and sent again it changes nothing."""

from __future__ import annotations

import base64
from datetime import date, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from lamplighter.formats.cmep.writer import write_cmep
from lamplighter.intervals.slots import slot_calendar
from lamplighter.jobs.importing import import_file
from lamplighter.kernel.periods import Period
from lamplighter.network.models import Message
from lamplighter.town.lastnight import hourly_channel
from lamplighter.usage.models import ImportedFile
from lamplighter.usage.queries.curves import load_curve
from lamplighter.usage.queries.points import points_of
from tests.network.air import THEIRS
from tests.town import ZONE

DAY = date(2026, 11, 19)


@pytest.fixture
def night(quiet, settings, tmp_path):
    """What Ada's meter measured on a day, 250 Wh an hour, as the head-end writes it."""
    settings.INTERVAL_STORE = str(tmp_path / "intervals")
    calendar = slot_calendar(Period(DAY, DAY + timedelta(days=1)), seconds=3600, zone=ZONE)
    channel = hourly_channel(
        quiet.meter("Ada").badge, calendar.starts, calendar.minutes * 0 + 250, (calendar.minutes * 0).astype("uint8")
    )
    return write_cmep([channel], made_at=quiet.now, sender="Ridgeline", zone=ZONE).encode()


def login(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def sends(world, content, *, user=THEIRS.user, password=THEIRS.password):
    return world.client.post(
        "/network/files/ridgeline_20261119.cmep", content, content_type="text/plain", headers=login(user, password)
    )


def works_off():
    """Do what waits, as the worker does."""
    jobs = list(ProcrastinateJob.objects.filter(task_name="usage.import-file", status="todo").order_by("id"))
    for job in jobs:
        import_file(**job.args)
    return len(jobs)


def wh(world):
    agreement = world.homes["Ada"].agreement.pk
    curve = load_curve(points_of([agreement])[agreement], period=Period(DAY, DAY + timedelta(days=1)))
    return int(curve.delivered.sum())


def test_last_nights_readings_come_in_through_the_worker(quiet, night):
    answer = sends(quiet, night)
    assert (answer.status_code, answer.content[:8]) == (202, b"taken as")
    assert works_off() == 1
    taken = ImportedFile.objects.get()
    assert (taken.taken, taken.waiting) == (24, 0)
    assert wh(quiet) == 24 * 250
    heard = Message.objects.get(operation="readings")
    assert (heard.head_end, heard.outcome, heard.body) == (quiet.head_end, "taken", "")


def test_the_same_file_again_changes_nothing(quiet, night):
    sends(quiet, night)
    works_off()
    ProcrastinateJob.objects.all().delete()
    assert sends(quiet, night).status_code == 202
    works_off()
    assert ImportedFile.objects.count() == 1
    assert list(Message.objects.order_by("id").values_list("outcome", flat=True)) == ["taken", "repeated"]


@pytest.mark.parametrize("login", [{"password": "wrong"}, {"user": "nobody"}, {"user": "", "password": ""}])
def test_who_does_not_prove_itself_leaves_nothing(quiet, night, login):
    answer = sends(quiet, night, **login)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="meter network"')
    assert works_off() == 0
    assert not Message.objects.exists()


def test_an_empty_file_is_refused(quiet):
    assert sends(quiet, b"").status_code == 400


def test_a_head_end_that_is_closed_is_not_let_in(quiet, night):
    quiet.head_end.active = False
    quiet.head_end.save()
    assert sends(quiet, night).status_code == 401
