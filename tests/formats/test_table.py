"""Tables of readings, by a mapping that says what their columns are."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from lamplighter.formats.mapped.mapping import Layout, MappingError, mapping_from
from lamplighter.formats.meterdata import Format, ReadKind
from lamplighter.formats.reading import read_bytes
from lamplighter.formats.refusals import Unreadable
from lamplighter.formats.settings import Settings
from lamplighter.kernel.energy import Commodity, Flow, Measure, Quality, Unit
from tests.formats.samples import PACIFIC, codes

HOURLY = """
name = "test"
[columns]
meter = "meter"
point = "premise"
time = "time"
status = "status"
[time]
zone = "America/Los_Angeles"
format = "%Y-%m-%d %H:%M"
marks = "begin"
interval = 3600
[status.map]
A = "valid"
est = "estimated-linear"
gone = "missing"
[[value]]
column = "kwh"
unit = "kWh"
"""
HEAD = "meter,premise,time,kwh,status"


def line(time, value, *, meter="M1", status="A"):
    return f"{meter},P1,{time},{value},{status}"


def read(*rows, mapping=HOURLY, head=HEAD, zone=None, ends="\n", encoding="utf-8"):
    data = ends.join([*([head] if head else []), *rows]).encode(encoding)
    (file,) = read_bytes(data, "t.csv", Settings(Format.CSV, zone, mapping_from(mapping)))
    return file


def test_one_reading_a_line():
    file = read(
        line("2025-01-01 00:00", "1.5"), line("2025-01-01 01:00", ".25"), line("2025-01-01 00:00", 7, meter="M2")
    )
    first, second = file.channels
    assert (first.identity.meter, first.identity.point, first.total_wh, first.nominal_seconds) == (
        "M1",
        "P1",
        1750,
        3600,
    )
    assert first.first.isoformat() == "2025-01-01T08:00:00+00:00"
    assert first.measure == Measure(Unit.WH, 1)
    assert first.lines.tolist() == [2, 3]
    assert (second.total_wh, second.lines.tolist()) == (7000, [4])
    assert (file.format, file.findings) == (Format.CSV, ())


def test_the_hour_that_occurs_twice_is_told_by_the_order_of_lines():
    hours = ["00", "01", "01", "02", *(f"{hour:02d}" for hour in range(3, 24))]
    (one,) = read(*(line(f"2025-11-02 {hour}:00", i) for i, hour in enumerate(hours))).channels
    assert (one.readings, one.gaps(), one.duplicates()) == (25, (), ())
    assert one.counts.tolist() == list(range(25))


def test_an_hour_that_never_was_is_a_finding_and_the_others_stay():
    file = read(*(line(f"2025-03-09 0{hour}:00", 1) for hour in range(5)))
    assert file.channels[0].readings == 4
    assert file.channels[0].gaps() == ()
    (finding,) = file.findings
    assert (finding.code, finding.place.line) == ("readings.never", 4)
    assert "standard time" in finding.remedy


def test_a_feed_in_standard_time_all_year_has_24_hours_every_day():
    rows = [line(f"2025-03-09 {hour:02d}:00", 1) for hour in range(24)]
    (one,) = read(*rows, mapping=HOURLY.replace("America/Los_Angeles", "-08:00")).channels
    assert (one.readings, one.gaps()) == (24, ())


def test_the_reader_may_be_told_another_zone():
    (one,) = read(line("2025-01-01 00:00", 1), mapping=HOURLY, zone=None).channels
    (other,) = read(line("2025-01-01 00:00", 1), zone=PACIFIC).channels
    assert one.first == other.first


def test_stamps_may_mark_the_end():
    (one,) = read(line("2025-01-01 01:00", 1), mapping=HOURLY.replace('"begin"', '"end"')).channels
    assert one.first.isoformat() == "2025-01-01T08:00:00+00:00"


@pytest.mark.parametrize(
    ("format_", "written"),
    [
        ("%Y-%m-%d %H:%M", "2025-01-01 00:00"),
        ("%m/%d/%Y %I:%M %p", "1/1/2025 12:00 AM"),
        ("%d-%b-%y %H:%M:%S", "01-Jan-25 00:00:00"),
        ("%Y%m%d%H%M", "202501010000"),
        ("%Y-%m-%d %H:%M", "2024-12-31 24:00"),
        ("iso", "2025-01-01T00:00"),
        ("iso", "2025-01-01T08:00Z"),
        ("iso", "2025-01-01T03:00:00-05:00"),
        ("%Y-%m-%dT%H:%M:%S%z", "2025-01-01T08:00:00+0000"),
        ("epoch", "1735718400"),
    ],
)
def test_times_are_written_in_many_ways(format_, written):
    file = read(line(written, 1), mapping=HOURLY.replace("%Y-%m-%d %H:%M", format_))
    assert file.findings == ()
    assert file.channels[0].first.isoformat() == "2025-01-01T08:00:00+00:00"


def test_times_with_an_offset_need_no_order_in_the_doubled_hour():
    mapping = HOURLY.replace("%Y-%m-%d %H:%M", "iso")
    (one,) = read(line("2025-11-02T01:00-08:00", 2), line("2025-11-02T01:00-07:00", 1), mapping=mapping).channels
    assert one.counts.tolist() == [1, 2]
    assert one.last - one.first == timedelta(hours=2)


def test_a_date_and_a_time_of_day_may_stand_in_two_columns():
    mapping = HOURLY.replace('time = "time"', 'time = ["date", "hour"]').replace('point = "premise"', "")
    (one,) = read("M1,2025-01-01,00:00,1,A", mapping=mapping, head="meter,date,hour,kwh,status").channels
    assert one.first.isoformat() == "2025-01-01T08:00:00+00:00"


@pytest.mark.parametrize(
    ("unit", "scale", "written", "total"),
    [
        ("kWh", "1", "1.5", 1500),
        ("Wh", "1", "1500", 1500),
        ("kWh", "80", "1.5", 120_000),
        ("kWh", "0.001", "1.5", Decimal("1.5")),
        ("kWh", "-1", "1.5", -1500),
        ("CCF", "1", "2.5", 250),
        ("acre feet", "1", "1", 43_560),
        ("Gallons", "10", "7", 70),
    ],
)
def test_numbers_are_times_their_scale_in_their_unit_exactly(unit, scale, written, total):
    mapping = HOURLY.replace('unit = "kWh"', f'unit = "{unit}"\nscale = "{scale}"')
    assert read(line("2025-01-01 00:00", written), mapping=mapping).channels[0].total == total


@pytest.mark.parametrize(("status", "quality"), [("A", Quality.VALID), ("EST", Quality.ESTIMATED_LINEAR)])
def test_statuses_are_qualities(status, quality):
    assert read(line("2025-01-01 00:00", 1, status=status)).channels[0].quality.tolist() == [quality]


def test_what_a_meter_counted_in_test_mode_is_no_use_of_the_customer():
    mapping = HOURLY.replace('A = "valid"', 'A = "valid"\nT = "test-mode"\nP = "Pulse-Overflow"')
    rows = [line(f"2025-01-01 0{hour}:00", 7, status=status) for hour, status in enumerate("ATAtP")]
    found = read(*rows, mapping=mapping)
    assert found.channels[0].present.tolist() == [True, False, True, False, False]
    assert [(one.code, one.place.line, one.message) for one in found.findings] == [
        ("csv.unusable", 3, "the status 'T' says that the meter was in test mode."),
        ("csv.unusable", 5, "the status 't' says that the meter was in test mode."),
        ("csv.unusable", 6, "the status 'P' says that its pulses ran over."),
    ]  # fmt: skip


def test_a_status_may_say_that_there_is_no_reading():
    (one,) = read(line("2025-01-01 00:00", 1), line("2025-01-01 01:00", 99, status="gone")).channels
    assert (one.readings, one.missing, one.total_wh) == (1, 1, 1000)


def test_an_unknown_status_is_questionable_unless_the_mapping_says_otherwise():
    file = read(line("2025-01-01 00:00", 1, status="?"))
    assert (file.channels[0].quality.tolist(), codes(file)) == ([Quality.QUESTIONABLE], ["csv.status"])
    mapping = HOURLY.replace("[status.map]", '[status]\nother = "raw"\n[status.map]')
    file = read(line("2025-01-01 00:00", 1, status="?"), mapping=mapping)
    assert (file.channels[0].quality.tolist(), codes(file)) == ([Quality.RAW], [])


@pytest.mark.parametrize("nothing", ["", " ", "NULL", "n/a", "-", "NaN"])
def test_nothing_is_missing_and_not_zero(nothing):
    (one,) = read(line("2025-01-01 00:00", 1), line("2025-01-01 01:00", nothing)).channels
    assert (one.readings, one.missing) == (1, 1)


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        (line("2025-01-01 05:00", "abc"), "csv.value", "kwh"),
        (line("2025-01-01 05:00", "9" * 30), "csv.value", "kwh"),
        (line("yesterday", 1), "csv.time", "time"),
        (line("2025-02-30 00:00", 1), "csv.time", "time"),
        (line("", 1), "csv.time", "time"),
        (line("2025-01-01 05:00", 1, meter=""), "csv.meter", "meter"),
        ("M1,P1,2025-01-01 05:00", "csv.columns", ""),
        ('M1,P1,2025-01-01 05:00,1,A,"', "csv.columns", ""),
        ("Total,,,12.5", "csv.columns", ""),
    ],
)
def test_a_wrong_line_is_told_by_number_and_column_and_the_others_are_read(wrong, code, field):
    file = read(line("2025-01-01 00:00", 1), "", wrong, line("2025-01-01 01:00", 2))
    assert file.channels[0].total_wh == 3000
    assert file.channels[0].lines[file.channels[0].present].tolist() == [2, 5]
    (finding,) = file.findings
    assert (finding.code, finding.place.line, finding.place.field) == (code, 4, field)
    assert finding.remedy


def test_units_may_stand_in_a_column():
    mapping = HOURLY.replace('unit = "kWh"', 'unit_column = "premise"')
    rows = ["M1,kWh,2025-01-01 00:00,1,A", "M2,ccf,2025-01-01 00:00,1,A", "M3,ell,2025-01-01 00:00,1,A"]
    file = read(*rows, mapping=mapping)
    assert [one.measure for one in file.channels] == [Measure(Unit.WH, 3), Measure(Unit.CUBIC_FOOT, 2)]
    assert codes(file) == ["csv.unit"]


def test_a_line_may_hold_several_quantities():
    mapping = HOURLY + '\nname = "used"\n[[value]]\ncolumn = "solar"\nunit = "Wh"\nflow = "received"\nname = "sold"\n'
    mapping += '[[value]]\ncolumn = "dial"\nunit = "kWh"\nkind = "register"\nname = "dial"\n'
    file = read("M1,P1,2025-01-01 00:00,1.5,A,250,8812", mapping=mapping, head=HEAD + ",solar,dial")
    assert [(one.identity.id, one.flow, one.kind) for one in file.channels] == [
        ("M1/used", Flow.DELIVERED, ReadKind.INTERVAL),
        ("M1/sold", Flow.RECEIVED, ReadKind.INTERVAL),
        ("M1/dial", Flow.DELIVERED, ReadKind.REGISTER),
    ]


def test_other_marks_than_points_and_commas():
    mapping = 'delimiter = ";"\ndecimal_mark = ","\nthousands_mark = "."\n' + HOURLY
    (one,) = read("M1;P1;2025-01-01 00:00;1.234,5;A", mapping=mapping, head=HEAD.replace(",", ";")).channels
    assert one.total_wh == 1_234_500


def test_a_table_without_a_header_has_numbered_columns():
    mapping = "header = false\n" + HOURLY
    for place, name in enumerate(("meter", "premise", "time", "kwh", "status"), 1):
        mapping = mapping.replace(f'"{name}"', f'"{place}"')
    (one,) = read(line("2025-01-01 00:00", 1), line("2025-01-01 01:00", 2), mapping=mapping, head="").channels
    assert (one.total_wh, one.lines.tolist()) == (3000, [1, 2])


@pytest.mark.parametrize(
    ("encoding", "ends"), [("utf-16", "\n"), ("utf-8-sig", "\r\n"), ("utf-8", "\r"), ("latin-1", "\n")]
)
def test_encodings_and_line_ends_of_all_kinds(encoding, ends):
    (one,) = read(line("2025-01-01 00:00", 1, meter="Ñ1"), encoding=encoding, ends=ends).channels
    assert (one.identity.meter, one.total_wh) == ("Ñ1", 1000)


def test_titles_above_the_header_are_skipped():
    (one,) = read(
        "", HEAD, line("2025-01-01 00:00", 1), head="Report of usage, printed", mapping="skip = 1\n" + HOURLY
    ).channels
    assert one.lines.tolist() == [4]


def test_quotes_protect_commas():
    (one,) = read('"M,1",P1,"2025-01-01 00:00","1.5",A').channels
    assert (one.identity.meter, one.total_wh) == ("M,1", 1500)


COLUMNS = [f"h{hour}" for hour in range(25)]
DAILY = f"""
layout = "day"
[columns]
meter = "meter"
time = "date"
[time]
zone = "America/Los_Angeles"
format = "%m/%d/%Y"
interval = 3600
elapsed = true
[[value]]
columns = {COLUMNS}
unit = "kWh"
"""


def day(date, values):
    return f"M1,{date}," + ",".join(str(value) for value in [*values, *[""] * (25 - len(values))])


def test_days_of_23_24_and_25_hours_are_each_a_line():
    rows = [day("03/08/2025", range(24)), day("03/09/2025", range(23)), day("11/02/2025", range(25))]
    file = read(*rows, mapping=DAILY, head="meter,date," + ",".join(COLUMNS))
    (one,) = file.channels
    assert (one.readings, one.missing, file.findings) == (72, 0, ())
    assert [spell.seconds for spell in one.gaps()] == [237 * 86_400]
    assert one.duplicates() == one.overlaps() == ()


def test_a_day_by_the_wall_clock_leaves_the_hour_empty_that_never_was():
    mapping = DAILY.replace("elapsed = true", "").replace(", 'h24'", "")
    head = "meter,date," + ",".join(COLUMNS[:24])
    skipped = "M1,03/09/2025," + ",".join("" if hour == 2 else "1" for hour in range(24))
    file = read(skipped, mapping=mapping, head=head)
    assert (file.channels[0].readings, file.channels[0].gaps(), file.findings) == (23, (), ())
    filled = "M1,03/09/2025," + ",".join("1" for _ in range(24))
    file = read(filled, mapping=mapping, head=head)
    assert (file.channels[0].readings, codes(file)) == (23, ["readings.never"])


def test_many_lines_are_read_as_one_would_read_each_alone():
    rows = [
        line(f"2025-01-{1 + n // 24:02d} {n % 24:02d}:00", f"{m}.{n % 97:03d}", meter=f"M{m}")
        for n in range(240)
        for m in range(7)
    ]
    whole = read(*rows)
    assert sum(one.readings for one in whole.channels) == len(rows)
    for one in whole.channels:
        alone = read(*(row for row in rows if row.startswith(f"{one.identity.meter},"))).channels[0]
        assert alone.counts.tolist() == one.counts.tolist()
        assert alone.starts.tolist() == one.starts.tolist()


def test_a_common_export_is_known_by_its_columns(samples):
    (file,) = read_bytes((samples / "badger_beacon.csv").read_bytes(), settings=Settings(zone=PACIFIC))
    flow, dial = file.channels
    assert (flow.commodity, flow.total, flow.readings) == (Commodity.WATER, Decimal(10), 2)
    assert (dial.kind, dial.measure.unit, dial.first.isoformat()) == (
        ReadKind.REGISTER, Unit.CUBIC_FOOT, "2024-08-01T07:59:00+00:00",
    )  # fmt: skip
    assert file.findings == ()


def test_a_table_that_nobody_knows_is_refused():
    with pytest.raises(Unreadable) as refused:
        read_bytes(b"a,b\n1,2\n")
    assert refused.value.finding.code == "csv.mapping"


def test_a_column_that_is_gone_is_named():
    with pytest.raises(Unreadable) as refused:
        read(line("2025-01-01 00:00", 1), head=HEAD.replace("kwh", "usage"))
    assert (refused.value.finding.code, refused.value.finding.place.field) == ("csv.column", "kwh")
    assert "usage" in refused.value.finding.message


def test_a_table_without_lines_says_so():
    assert codes(read()) == ["csv.empty"]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('unit = "kWh"', "", "needs a unit"),
        ('unit = "kWh"', 'unit = "ell"', "not known"),
        ('unit = "kWh"', 'unit = "kWh"\nscale = "two"', "scale"),
        ('unit = "kWh"', 'unit = "kWh"\nscale = "0"', "scale"),
        ('unit = "kWh"', 'unit = "kWh"\nflow = "up"', "not one of"),
        ('unit = "kWh"', 'unit = "kWh"\nfoo = 1', "foo is no word"),
        ("interval = 3600", "", "time.interval is missing"),
        ("interval = 3600", 'interval = "hourly"', "cannot be"),
        ('"America/Los_Angeles"', '"Mars"', "no time zone"),
        ('A = "valid"', 'A = "good"', "not one of"),
        ('time = "time"', "", "columns.time is missing"),
        ('[[value]]\ncolumn = "kwh"\nunit = "kWh"', "", "value"),
        ('name = "test"', "name = ", "no TOML"),
        ('name = "test"', 'layout = "week"', "not one of"),
        ('name = "test"', 'delimiter = ",,"', "one character"),
        ('name = "test"', 'layout = "day"\n[time]', "no TOML"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong_with_it(before, after, message):
    assert before in HOURLY
    with pytest.raises(MappingError, match=message):
        mapping_from(HOURLY.replace(before, after))


def test_a_mapping_knows_its_layout():
    assert mapping_from(DAILY).layout is Layout.DAY
    with pytest.raises(MappingError, match="more than a day"):
        mapping_from(DAILY.replace("3600", "7200"))
