"""Meter files come in: what fits is published and judged, what does not waits, and nothing is counted twice."""

from __future__ import annotations

import zipfile
from datetime import date, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from lamplighter.formats.refusals import Unreadable
from lamplighter.jobs.importing import import_file, import_waiting
from lamplighter.kernel.energy import Quality
from lamplighter.metering import operations as metering
from lamplighter.metering.models import Channel, Meter
from lamplighter.platform.models import Event, Run, StoredFile
from lamplighter.usage.models import ImportedFile, IntervalException, Publication
from lamplighter.worklist.models import Item
from tests.town import DANA
from tests.usage.feeds import HOURLY, MAY, USUAL, WEEK, days, hours, stored, text, values, write


def test_readings_go_in_and_are_validated(home, feed):
    imported = feed(hours("2026-05-04", USUAL))
    assert values(home.channel, WEEK) == USUAL
    assert set(stored(home.channel, WEEK).quality[0].tolist()) == {Quality.VALIDATED}
    file = imported.file
    assert (file.channels, file.readings, file.taken, file.unchanged, file.waiting) == (1, 168, 168, 0, 0)
    assert (imported.waits, imported.rebills, Item.objects.count()) == (False, (), 0)
    assert Publication.objects.get().imported == file
    event = Event.objects.get(name="usage.file.imported")
    assert (event.subject, event.data["taken"], event.data["file"]) == (file.subject, 168, file.file_id)
    run = Run.objects.get()
    assert (run.state, run.done, run.total, run.result) == ("done", 168, 168, {"imports": [file.pk]})


def test_the_same_file_twice_changes_nothing(home, town, tmp_path):
    path = write(tmp_path, "may.csv", hours("2026-05-04", USUAL))
    for expected in (False, True):
        (imported,) = town.imports(path, mapping=HOURLY).imported
        assert imported.again is expected
    other = write(tmp_path, "the same under another name.csv", hours("2026-05-04", USUAL))
    assert town.imports(other, mapping=HOURLY).imported[0].again
    assert (Publication.objects.count(), ImportedFile.objects.count(), StoredFile.objects.count()) == (1, 1, 1)
    assert Event.objects.filter(name="usage.file.imported").count() == 1


def test_the_same_readings_in_another_file_change_nothing(home, feed):
    feed(hours("2026-05-04", USUAL))
    later = feed([*hours("2026-05-04", USUAL), *hours("2026-05-11", [500] * 24)])
    assert (later.file.taken, later.file.unchanged) == (24, 168)
    assert Publication.objects.order_by("-revision").first().channel_days == 1, "only the new day is written"


def test_readings_of_an_unknown_meter_wait_for_it(home, town, tmp_path):
    rows = [*hours("2026-05-04", USUAL), *hours("2026-05-04", USUAL, meter="E-7777")]
    path = write(tmp_path, "two.csv", rows)
    (first,) = town.imports(path, mapping=HOURLY).imported
    assert (first.file.taken, first.file.unknown, first.waits) == (168, ["E-7777"], True)
    item = Item.objects.get()
    assert (item.kind, item.subject) == ("usage.unknown-meter", first.file.subject)
    assert item.summary == "Nobody has added this meter: E-7777."
    town.imports(path, mapping=HOURLY)
    assert Publication.objects.count() == 1
    channel = Channel(name="kWh", unit="Wh", interval=3600)
    metering.add_meter(badge="E-7777", channels=[channel], on=date(2026, 1, 1), by=DANA, at=town.at)
    (again,) = town.imports(path, mapping=HOURLY).imported
    assert (again.file.pk, again.file.unchanged, again.file.unknown) == (first.file.pk, 168, [])
    assert values(channel, WEEK) == USUAL
    assert Publication.objects.order_by("-revision").first().channel_days == 7, "only what is new"
    item.refresh_from_db()
    assert (item.state, item.outcome) == ("done", "resolved")


def test_readings_that_waited_are_imported_once_their_meter_is_known(home, town, tmp_path):
    rows = [*hours("2026-05-04", USUAL), *hours("2026-05-04", USUAL, meter="E-7777")]
    first = town.imports(write(tmp_path, "week.csv", rows), mapping=HOURLY).imported[0]
    assert import_waiting() == 0
    metering.add_meter(
        badge="E-7777", channels=[Channel(name="kWh", unit="Wh", interval=3600)], on=date(2026, 1, 1), by=DANA,
        at=town.at,
    )  # fmt: skip
    assert import_waiting() == 1
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args["file"]) == ("usage.import-file", first.file.file_id)
    import_file(**job.args)
    first.file.refresh_from_db()
    assert (first.file.taken, first.file.unknown) == (336, [])
    assert import_waiting() == 0


def test_a_meter_is_known_by_its_serial_number_too(home, feed):
    Meter.objects.filter(pk=home.channel.meter_id).update(serial="SN-55")
    assert feed(hours("2026-05-04", USUAL, meter="SN-55")).file.taken == 168


def test_what_is_said_twice_is_counted_once(home, feed):
    rows = hours("2026-05-04", USUAL)
    file = feed([*rows, *rows[:10]]).file
    assert (file.taken, file.duplicates, file.waiting) == (168, 10, 0)
    assert values(home.channel, WEEK) == USUAL


def test_another_value_for_a_stored_interval_waits_for_a_choice(home, feed):
    feed(hours("2026-05-04", USUAL))
    other = [*USUAL[:30], 9999, 8888, *USUAL[32:]]
    imported = feed(hours("2026-05-04", other))
    assert (imported.file.taken, imported.file.unchanged, imported.exceptions) == (0, 166, 1)
    assert values(home.channel, WEEK) == USUAL
    row = IntervalException.objects.get()
    assert (row.rule, row.day, row.slot, row.slots, row.account) == (
        "store.conflict", date(2026, 5, 5), 6, 2, home.account.pk,
    )  # fmt: skip
    assert row.evidence == {"slots": [6, 7], "came": [9999, 8888], "stored": USUAL[30:32]}
    item = Item.objects.get()
    assert (item.kind, item.subject, item.account) == ("usage.exceptions", f"channel:{home.channel.pk}", row.account)
    assert item.summary == "Meter E-0001, kWh: an exception since May 5, 2026."


def test_two_values_for_one_time_in_a_file_are_both_kept_out(home, feed):
    """The reader keeps the first of two and says so; it is an error of the file, which waits."""
    rows = hours("2026-05-04", USUAL)
    file = feed([*rows, (rows[5][0], rows[5][1], 7777)]).file
    assert (file.taken, file.tally, file.waiting) == (168, {"readings.conflict": 1}, 1)
    assert Item.objects.get().kind == "usage.bad-lines"


def test_the_day_clocks_go_forward_has_23_hours_and_the_other_25(home, feed, town):
    town.on("2027-03-20")
    for day, width in (("2026-11-01", 25), ("2027-03-14", 23)):
        counts = [500 + hour for hour in range(width)]
        assert feed(hours(day, counts)).file.taken == width
        period = days(day, (date.fromisoformat(day) + timedelta(days=1)).isoformat())
        assert values(home.channel, period) == counts


WALL = HOURLY.replace('format = "epoch"', 'format = "%Y-%m-%d %H:%M"\nzone = "America/Los_Angeles"')


def test_a_feed_on_the_wall_clock_repeats_an_hour_in_november(home, town, feed):
    town.on("2026-11-20")
    labels = [f"2026-11-01 {hour:02}:00" for hour in (0, 1, 1, *range(2, 24))]
    imported = feed([("E-0001", label, 500 + i) for i, label in enumerate(labels)], mapping=WALL)
    assert imported.file.taken == 25
    assert values(home.channel, days("2026-11-01", "2026-11-02")) == [500 + i for i in range(25)]


def test_an_archive_brings_its_members_one_by_one(home, town, tmp_path):
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("monday.csv", text(hours("2026-05-04", USUAL[:24])))
        archive.writestr("liesmich.txt", "no readings at all")
        archive.writestr("tuesday.csv", text(hours("2026-05-05", USUAL[24:48])))
    delivery = town.imports(path, mapping=HOURLY)
    assert [one.file.member for one in delivery.imported] == ["monday.csv", "tuesday.csv"]
    assert [finding.place.file for finding in delivery.unreadable] == ["both.zip/liesmich.txt"]
    assert values(home.channel, days("2026-05-04", "2026-05-06")) == USUAL[:48]
    assert all(one.again for one in town.imports(path, mapping=HOURLY).imported)


def test_a_sample_is_moved_by_whole_weeks_and_says_so(home, feed, town):
    rows = hours("2020-05-04", USUAL)
    file = feed(rows, shift_weeks=313).file
    assert values(home.channel, WEEK) == USUAL
    assert file.options["shift_weeks"] == 313


def test_a_file_that_names_no_meter_is_of_the_one_that_is_told(home, feed):
    assert feed(hours("2026-05-04", USUAL, meter="UsagePoint/01"), meter="E-0001").file.taken == 168


def test_few_queries_however_many_channels(town, tmp_path, django_assert_max_num_queries):
    rate = town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")
    town.on("2026-05-01")
    for number in range(40):
        town.moves_in(f"P{number}", rate)
    town.on("2026-05-20")
    rows = [row for n in range(1, 41) for row in hours("2026-05-04", USUAL[: 24 + n], meter=f"E-{n:04}")]
    path = write(tmp_path, "many.csv", rows)
    with django_assert_max_num_queries(75):
        town.imports(path, mapping=HOURLY)
    assert all(len(values(home.channel, MAY)) for home in town.homes.values())


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 100, b"meter,register\nE-0001,\n", b"PK\x03\x04 broken"])
def test_what_cannot_be_read_changes_nothing(home, town, tmp_path, content):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        town.imports(path, mapping=HOURLY)
    assert (Publication.objects.count(), ImportedFile.objects.count(), Item.objects.count()) == (0, 0, 0)


def test_words_that_a_database_refuses_are_kept_as_marks(home, town, tmp_path):
    path = tmp_path / "odd\udcff.csv"
    path.write_bytes(text([*hours("2026-05-04", USUAL), ("E-\0", 1, "no number\0")]))
    (imported,) = town.imports(path, mapping=HOURLY).imported
    assert (imported.file.taken, imported.file.name) == (168, "odd?.csv")
    assert "\N{REPLACEMENT CHARACTER}" in str(imported.file.findings) + str(imported.file.unknown)


FEED = """<?xml version="1.0"?>
<!DOCTYPE feed [<!ENTITY a "{payload}">]>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:espi="http://naesb.org/espi"><title>&a;</title></feed>"""


def test_hostile_files_are_refused_and_change_nothing(home, town, tmp_path):
    bomb = tmp_path / "bomb.xml"
    bomb.write_text(FEED.format(payload="x" * 1000))
    outside = tmp_path / "outside.zip"
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr("../../etc/passwd", text(hours("2026-05-04", USUAL)))
    for path in (bomb, outside):
        with pytest.raises(Unreadable):
            town.imports(path, mapping="" if path is bomb else HOURLY)
    assert (Publication.objects.count(), ImportedFile.objects.count(), Item.objects.count()) == (0, 0, 0)
    assert set(Run.objects.values_list("state", flat=True)) <= {"failed"}
    assert town.books() == ""


def test_a_feed_in_a_wrong_zone_falls_between_the_hours_and_stays_out(home, town, feed):
    rows = [("E-0001", f"2026-05-{day:02} {hour:02}:00", 500) for day in (4, 5) for hour in range(24)]
    imported = feed(rows, mapping=WALL, zone="Asia/Kolkata")
    assert (imported.file.taken, imported.file.tally) == (0, {"gridding.misaligned": 1})
    message = imported.file.findings[0]["message"]
    assert message.startswith("E-0001: 13 readings beginning off the channel's 3600 s slots")
    assert message.endswith("The same on 2 more days.")
    assert (Publication.objects.count(), Item.objects.get().kind) == (0, "usage.bad-lines")


def test_readings_dated_after_the_import_are_left_out(home, town, feed):
    file = feed(hours("2026-05-19", [500 + hour for hour in range(72)])).file
    assert (file.taken, file.tally) == (60, {"import.future": 1}), "today is the 20th at noon; a day is allowed"


def test_readings_in_a_wrong_unit_are_refused_whole(home, feed):
    file = feed(hours("2026-05-04", USUAL), mapping=HOURLY.replace('"Wh"', '"kVArh"')).file
    assert (file.taken, file.tally, Publication.objects.count()) == (0, {"import.unit": 1}, 0)
    assert file.findings[0]["remedy"].startswith("Correct the unit")


def test_an_option_that_is_not_understood_is_refused_before_anything_is_kept(home, town, tmp_path):
    path = write(tmp_path, "may.csv", hours("2026-05-04", USUAL))
    for options in ({"zone": "Mars/Phobos"}, {"mapping": "no = mapping"}, {"format": "pdf"}):
        with pytest.raises(Unreadable):
            town.imports(path, **options)
    assert StoredFile.objects.count() == 0


def test_a_half_written_file_brings_what_it_holds(home, town, tmp_path):
    path = tmp_path / "half.csv"
    path.write_bytes(text(hours("2026-05-04", USUAL))[:-330])
    (imported,) = town.imports(path, mapping=HOURLY).imported
    taken = imported.file.taken
    assert 0 < taken < 168
    path.write_bytes(text(hours("2026-05-04", USUAL)))
    (whole,) = town.imports(path, mapping=HOURLY).imported
    assert (whole.file.unchanged + whole.file.taken) >= 167
    assert sum(1 for value in values(home.channel, WEEK) if value is not None) == 168
