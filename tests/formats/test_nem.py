"""NEM12 and NEM13: days of intervals, and registers before and now."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lamplighter.formats.meterdata import Format, ReadKind
from lamplighter.formats.reading import read_bytes
from lamplighter.formats.refusals import Unreadable
from lamplighter.formats.settings import Settings
from lamplighter.formats.walltime import zone_named
from lamplighter.kernel.energy import Flow, Measure, Quality, Unit
from tests.formats.samples import codes

HEADER = "100,NEM12,200404201300,MDA1,Ret1"
STREAM = "200,NMI0000001,E1,1,E1,N1,SER1,kWh,30,20040120"


def day(*values, date="20040201", quality="A", count=48, tail=",,,20040202120025,"):
    values = [*values, *["0"] * (count - len(values))]
    return f"300,{date},{','.join(str(value) for value in values)},{quality}{tail}"


def read(*records, format_=Format.NEM12, **settings):
    data = "\n".join(records).encode()
    (file,) = read_bytes(data, "f.csv", Settings(format=format_, **settings))
    return file


def one_day(*records, stream=STREAM):
    return read(HEADER, stream, *records, "900")


def test_a_day_begins_at_midnight_of_market_time():
    (one,) = one_day(day("1.111", "2.5")).channels
    assert one.first.isoformat() == "2004-01-31T14:00:00+00:00"
    assert one.last.isoformat() == "2004-02-01T14:00:00+00:00"
    assert (one.readings, one.total_wh, one.nominal_seconds) == (48, Decimal(3611), 1800)
    assert (one.identity.point, one.identity.meter, one.identity.register) == ("NMI0000001", "SER1", "E1")


def test_the_market_may_keep_another_time():
    file = read(HEADER, STREAM, day(1), "900", zone=zone_named("+08:00"))
    assert file.channels[0].first.isoformat() == "2004-01-31T16:00:00+00:00"


@pytest.mark.parametrize(("minutes", "count"), [(5, 288), (15, 96), (30, 48)])
def test_intervals_of_five_fifteen_and_thirty_minutes_fill_a_day(minutes, count):
    (one,) = one_day(day(*range(count), count=count), stream=STREAM.replace(",30,", f",{minutes},")).channels
    assert (one.readings, one.nominal_seconds) == (count, minutes * 60)


@pytest.mark.parametrize(
    ("suffix", "uom", "flow", "measure"),
    [
        ("E1", "kWh", Flow.DELIVERED, Measure(Unit.WH, 3)),
        ("B1", "KWH", Flow.RECEIVED, Measure(Unit.WH, 3)),
        ("Q1", "kvarh", Flow.DELIVERED, Measure(Unit.VARH, 3)),
        ("K1", "VARH", Flow.RECEIVED, Measure(Unit.VARH)),
        ("E2", "MWh", Flow.DELIVERED, Measure(Unit.WH, 6)),
        ("V1", "", Flow.DELIVERED, Measure(Unit.VOLT)),
    ],
)
def test_suffix_and_unit_say_what_flows(suffix, uom, flow, measure):
    (one,) = one_day(day(7), stream=f"200,NMI0000001,E1,1,{suffix},N1,SER1,{uom},30").channels
    assert (one.flow, one.measure) == (flow, measure)


@pytest.mark.parametrize(
    ("flag", "quality"),
    [
        ("A", Quality.VALID),
        ("E52", Quality.PROJECTED),
        ("S14", Quality.ESTIMATED_REFERENCE_DAY),
        ("F17", Quality.ESTIMATED_LINEAR),
        ("F55", Quality.EDITED),
        ("S12", Quality.DERIVED),
    ],
)
def test_quality_and_method_say_how_a_value_came_about(flag, quality):
    assert set(one_day(day(1, quality=flag)).channels[0].quality.tolist()) == {quality}


def test_ranges_give_the_quality_of_a_variable_day():
    file = one_day(day(*range(48), quality="V"), "400,1,20,F14,76,", "400,21,24,A,,", "400,25,48,N,,")
    (one,) = file.channels
    assert one.quality[[0, 19, 20, 23]].tolist() == [8, 8, 0, 0]
    assert (one.readings, one.missing, one.counts[30]) == (24, 24, 0)
    assert file.findings == ()


@pytest.mark.parametrize(
    ("records", "code", "line"),
    [
        ([day(1, quality="V"), "400,1,20,A,,", "400,22,48,A,,"], "nem12.ranges", 3),
        ([day(1, quality="V")], "nem12.ranges", 3),
        ([day(1, quality="V"), "400,1,96,A,,"], "nem12.range", 4),
        ([day(1, quality="V"), "400,20,1,A,,"], "nem12.range", 4),
        ([day(1, quality="V"), "400,0,48,A,,"], "nem12.range", 4),
        ([day(1, quality="V"), "400,1,48,V,,"], "nem12.quality", 4),
        ([day(1, quality="Z")], "nem12.quality", 3),
        ([day(1, quality="")], "nem12.values", 3),
        ([day(1, count=47)], "nem12.values", 3),
        ([day(1, count=96)], "nem12.values", 3),
        (["300,20040201"], "nem12.values", 3),
        ([day(1, date="20040231")], "nem12.date", 3),
        ([day(1, date="2004-02-01")], "nem12.date", 3),
        (["777,what,is,this"], "nem12.record", 3),
        (["200,NMI0000001,E1,1,E1,N1,SER1,kWh,7,", day(1)], "nem12.interval", 3),
        (["200,NMI0000001,E1,1,E1,N1,SER1,furlong,30,", day(1)], "nem12.unit", 3),
        (["200,,E1,1,E1,N1,SER1,kWh,30,", day(1)], "nem12.nmi", 3),
    ],
)
def test_a_wrong_record_is_left_out_with_its_line_and_good_days_stay(records, code, line):
    file = one_day(*records, "200,GOOD,E1,1,E1,N1,SER1,kWh,30,", day(5), day(6, date="20040202"))
    assert {one.identity.point: one.total_wh for one in file.channels} == {"GOOD": 11_000}
    (finding,) = file.findings
    assert (finding.code, finding.place.line) == (code, line)
    assert not file.whole


@pytest.mark.parametrize("record", ["400,1,48,A,,", day(1)])
def test_records_before_their_parents_belong_to_nobody(record):
    assert codes(read(HEADER, record, "900")) == ["nem12.order"]


def test_a_value_that_is_no_number_is_missing_and_told_by_its_column():
    file = one_day(day("1", "x", "", "1234567890123456789.5"))
    (one,) = file.channels
    assert (one.missing, one.quality[[1, 2]].tolist()) == (3, [255, 255])
    assert [(finding.code, finding.place.field) for finding in file.findings] == [
        ("nem12.value", "IntervalValue2"),
        ("nem12.no-value", "IntervalValue3"),
        ("nem12.value", "IntervalValue4"),
    ]


def test_values_of_a_day_may_have_different_decimals():
    (one,) = one_day(day(".048", "7", "837.27", "1.5")).channels
    assert one.measure == Measure(Unit.WH, 0)
    assert one.counts[:4].tolist() == [48, 7000, 837_270, 1500]


def test_a_stream_that_changes_its_interval_is_two_channels(samples):
    (file,) = read_bytes((samples / "nem12_15_then_30_minutes.csv").read_bytes())
    assert [(one.nominal_seconds, one.readings) for one in file.channels] == [(900, 192), (1800, 96)]
    assert file.findings == ()


def test_quality_by_range_in_an_outside_file(samples):
    (file,) = read_bytes((samples / "nem12_quality.csv").read_bytes())
    assert {Quality.VALID, Quality.ESTIMATED_REFERENCE_DAY} <= set(file.channels[0].quality.tolist())
    assert file.findings == ()


def test_a_record_broken_over_lines_is_joined(samples):
    (file,) = read_bytes((samples / "nem12_wrapped.csv").read_bytes())
    assert sum(one.readings for one in file.channels) == 384
    assert codes(file) == ["nem12.wrapped"]
    assert file.whole


@pytest.mark.parametrize("name", ["nem12_ranges_of_30_for_15", "nem12_days_of_15_for_30"])
def test_files_that_mix_interval_lengths_give_no_readings_but_findings(samples, name):
    (file,) = read_bytes((samples / f"{name}.csv").read_bytes())
    assert file.channels == ()
    assert not file.whole


def test_a_file_without_a_header_is_refused_for_that(samples):
    with pytest.raises(Unreadable) as refused:
        read_bytes((samples / "nem12_no_header.csv").read_bytes())
    assert refused.value.finding.code == "nem12.header"
    assert refused.value.finding.place.line == 2


def test_a_file_that_ends_without_its_end_record_may_have_been_cut():
    file = read(HEADER, STREAM, day(1))
    assert (file.channels[0].readings, codes(file)) == (48, ["nem12.end"])


def test_files_that_were_joined_are_read_on_and_told():
    other = "200,NMI0000002,E1,1,E1,N1,SER2,kWh,30,"
    file = read(HEADER, STREAM, day(1), "900", HEADER, other, day(2), "900")
    assert (len(file.channels), codes(file)) == (2, ["nem12.after-end"])


@pytest.mark.parametrize(
    "record",
    [day(1) + ",,,,,,", day(1, tail=""), day(1, tail=",,,,"), day(1).replace(",A,", ',"A",'), day(1) + "\r"],
)
def test_small_liberties_of_senders_are_taken_in_good_part(record):
    file = one_day(record)
    assert (file.channels[0].total_wh, file.findings) == (1000, ())


def test_a_day_that_is_sent_twice_is_counted_once_and_a_changed_one_waits():
    assert set(codes(one_day(day(1), day(1)))) == {"readings.repeated"}
    changed = one_day(day(1), day(2))
    assert (changed.channels[0].total_wh, "readings.conflict" in codes(changed)) == (1000, True)


def test_findings_keep_their_lines_through_blocks_of_any_size(monkeypatch):
    from lamplighter.formats import textlines

    monkeypatch.setattr(textlines, "FIRST_BLOCK", 300)
    monkeypatch.setattr(textlines.lines, "__defaults__", (300,))
    records = [HEADER, STREAM]
    for n in range(1, 29):
        records += [day(n, date=f"200402{n:02d}", quality="V"), "400,1,24,A,,", "400,25,48,S14,,"]
    records[52] = "400,25,40,S14,,"
    file = read(*records, "900")
    assert (file.channels[0].readings, codes(file)) == (27 * 48, ["nem12.ranges"])
    assert file.findings[0].place.line == 51
    assert file.channels[0].lines[::48][:3].tolist() == [3, 6, 9]


NEM13 = "100,NEM13,200401101030,MDA1,Ret1"
PERIOD = (
    "250,VABC005890,11,1,11,11,METSER123,E,006342.8,20031005093055,A,,,007654.9,20040107100333,E64,77,,1312.1,kWh,"
    "20040407,20040108100333,20040108091133"
)


def read13(*records):
    return read(NEM13, *records, "900", format_=Format.NEM13)


def test_a_period_of_a_register_is_what_was_used_and_what_it_showed():
    used, register = read13(PERIOD, "550,N,,A,").channels
    assert (used.kind, used.total_wh, used.quality.tolist()) == (ReadKind.INTERVAL, 1_312_100, [Quality.PROJECTED])
    assert used.first.isoformat() == "2003-10-04T23:30:55+00:00"
    assert used.last.isoformat() == "2004-01-07T00:03:33+00:00"
    assert (register.kind, register.total_wh, register.quality.tolist()) == (ReadKind.REGISTER, 1_312_100, [0, 12])


def test_periods_that_follow_each_other_share_their_reads(samples):
    (file,) = read_bytes((samples / "nem13_estimates.csv").read_bytes())
    assert [one.readings for one in file.channels if one.kind is ReadKind.INTERVAL] == [3, 3]
    assert file.whole


def test_the_quantity_of_an_import_register_is_kept_as_it_is_written():
    file = read13(PERIOD.replace(",E,006", ",I,006").replace(",1312.1,", ",-1312.1,"))
    assert (file.channels[0].flow, file.channels[0].total_wh) == (Flow.RECEIVED, -1_312_100)
    assert codes(file) == ["nem13.negative"]


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("VABC005890", "", "NMI"),
        ("kWh", "furlong", "UOM"),
        ("20031005093055", "20031305093055", "PreviousRegisterReadDateTime"),
        ("20040107100333", "20031005093055", "CurrentRegisterReadDateTime"),
        ("1312.1", "many", "Quantity"),
        ("E64", "Q", "CurrentQualityMethod"),
        ("006342.8", "six", "PreviousRegisterRead"),
    ],
)
def test_a_wrong_field_of_a_period_leaves_it_out_by_name(before, after, field):
    file = read13(PERIOD.replace(before, after), PERIOD)
    assert file.channels[0].readings == 1
    (finding,) = file.findings
    assert (finding.code, finding.place.line, finding.place.field) == ("nem13.field", 2, field)


def test_a_nem13_file_must_say_that_it_is_one():
    with pytest.raises(Unreadable):
        read(HEADER, PERIOD, format_=Format.NEM13)
    assert codes(read(NEM13, PERIOD, "300,1", format_=Format.NEM13)) == ["nem13.record", "nem13.end"]
