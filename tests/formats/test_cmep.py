"""CMEP: a day of one channel a line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lamplighter.formats.meterdata import Format, ReadKind
from lamplighter.formats.reading import read_bytes
from lamplighter.formats.settings import Settings
from lamplighter.kernel.energy import Commodity, Flow, Measure, Quality, Unit
from lamplighter.kernel.findings import Severity
from tests.formats.samples import PACIFIC, codes


def row(
    *triplets, meter="M1", commodity=None, units="KWH", constant="1.0", interval="00000100", count=None, purpose="OK"
):
    commodity = commodity or ("W" if units in {"CF", "CCFREG", "GAL", "GALREG", "THERM"} else "E")
    fixed = ["MEPMD01", "20080501", "SENSUS", "X:1", "R1", "C1", "202501020000", meter, purpose, commodity, units]
    count = len(triplets) if count is None else count
    return ",".join([*fixed, constant, interval, str(count), *(part for triplet in triplets for part in triplet)])


def hours(*values, day="20250101", flag="R0"):
    return [(f"{day}{hour + 1:02d}00", flag, str(value)) for hour, value in enumerate(values)]


def read(*rows, zone=None, ends="\n"):
    (file,) = read_bytes(ends.join(rows).encode() + b"\n", "reads.txt", Settings(format=Format.CMEP, zone=zone))
    return file


def test_the_intervals_of_a_real_meter_sum_to_the_difference_of_its_register(samples):
    (file,) = read_bytes((samples / "sensus_rows.cmep.txt").read_bytes())
    intervals, register, other = file.channels
    assert (intervals.readings, intervals.total, intervals.measure) == (24, 479, Measure(Unit.CUBIC_FOOT))
    assert register.total == intervals.total == 2_932_046 - 2_931_567
    assert (intervals.commodity, intervals.first, intervals.last) == (Commodity.WATER, register.first, register.last)
    assert (other.identity.meter, other.total) == ("68567673", 7)
    assert (file.format, file.findings) == (Format.CMEP, ())


def test_a_time_stamp_is_the_end_of_its_interval_in_utc():
    (one,) = read(row(*hours(1, 2))).channels
    assert one.first.isoformat() == "2025-01-01T00:00:00+00:00"
    assert one.last.isoformat() == "2025-01-01T02:00:00+00:00"


def test_an_empty_time_is_the_one_before_and_the_interval():
    first, *others = hours(1, 2, 3, 4)
    (one,) = read(row(first, *(("", flag, value) for _, flag, value in others))).channels
    assert one.gaps() == ()
    assert one.last.hour == 4


def test_empty_times_run_on_through_the_doubled_hour_of_a_local_feed():
    triplets = [("202511020100", "R", "1"), *[("", "R", "1")] * 24]
    (one,) = read(row(*triplets), zone=PACIFIC).channels
    assert one.readings == 25
    assert one.gaps() == one.overlaps() == one.duplicates() == ()
    assert one.last.isoformat() == "2025-11-03T08:00:00+00:00"


def test_a_local_feed_repeats_the_hour_in_which_clocks_go_back():
    day = ["01", "01", *(f"{hour:02d}" for hour in range(2, 24))]
    (one,) = read(row(*((f"20251102{hour}00", "R0", "1") for hour in day)), zone=PACIFIC).channels
    assert one.readings == 24
    assert one.gaps() == one.duplicates() == ()
    assert one.first.isoformat() == "2025-11-02T07:00:00+00:00"


def test_the_pair_may_be_split_over_two_records():
    rows = row(("202511020100", "R0", "1")), row(("202511020100", "R0", "2"), ("202511020200", "R0", "3"))
    (one,) = read(*rows, zone=PACIFIC).channels
    assert one.counts.tolist() == [1, 2, 3]
    assert one.gaps() == ()


@pytest.mark.parametrize(
    ("units", "flow", "kind", "measure"),
    [
        ("KWH", Flow.DELIVERED, ReadKind.INTERVAL, Measure(Unit.WH, 3)),
        ("KWHREG", Flow.DELIVERED, ReadKind.REGISTER, Measure(Unit.WH, 3)),
        ("GKWH", Flow.RECEIVED, ReadKind.INTERVAL, Measure(Unit.WH, 3)),
        ("GKWHREG", Flow.RECEIVED, ReadKind.REGISTER, Measure(Unit.WH, 3)),
        ("NKWH", Flow.NET, ReadKind.INTERVAL, Measure(Unit.WH, 3)),
        ("SKWHREG", Flow.TOTAL, ReadKind.REGISTER, Measure(Unit.WH, 3)),
        ("KVARH", Flow.DELIVERED, ReadKind.INTERVAL, Measure(Unit.VARH, 3)),
        ("gkvarh", Flow.RECEIVED, ReadKind.INTERVAL, Measure(Unit.VARH, 3)),
        ("KW", Flow.DELIVERED, ReadKind.INTERVAL, Measure(Unit.W, 3)),
        ("CF", Flow.DELIVERED, ReadKind.INTERVAL, Measure(Unit.CUBIC_FOOT, 0)),
        ("CCFREG", Flow.DELIVERED, ReadKind.REGISTER, Measure(Unit.CUBIC_FOOT, 2)),
        ("GAL", Flow.DELIVERED, ReadKind.INTERVAL, Measure(Unit.US_GALLON, 0)),
        ("GALREG", Flow.DELIVERED, ReadKind.REGISTER, Measure(Unit.US_GALLON, 0)),
        ("THERM", Flow.DELIVERED, ReadKind.INTERVAL, Measure(Unit.THERM, 0)),
    ],
)
def test_units_name_quantity_direction_and_kind(units, flow, kind, measure):
    (one,) = read(row(*hours(1), units=units)).channels
    assert (one.flow, one.kind, one.measure) == (flow, kind, measure)


def test_acre_feet_are_cubic_feet_exactly():
    (one,) = read(row(*hours("0.5"), units="ACFT", commodity="W")).channels
    assert one.total == Decimal(21_780)


@pytest.mark.parametrize(
    ("constant", "total_wh"), [("80", 120_000), ("0.0250", Decimal("37.5")), ("", 1500), ("1", 1500)]
)
def test_values_are_multiplied_with_the_calculation_constant_exactly(constant, total_wh):
    (one,) = read(row(*hours("1.5"), constant=constant)).channels
    assert one.total_wh == total_wh


@pytest.mark.parametrize(
    ("flag", "quality"),
    [
        ("", Quality.VALID),
        ("R0", Quality.RAW),
        ("r64", Quality.RAW),
        ("R 00 00", Quality.RAW),
        ("A", Quality.EDITED),
        ("E12", Quality.ESTIMATED_REFERENCE_DAY),
        ("D0", Quality.DERIVED),
        ("V0", Quality.VALIDATED),
    ],
)
def test_flags_say_how_good_a_reading_is(flag, quality):
    file = read(row(*hours(1, flag=flag)))
    assert file.channels[0].quality.tolist() == [quality]
    assert file.findings == ()


@pytest.mark.parametrize("value", ["", "0", "999999"])
def test_what_is_flagged_n_is_missing_whatever_filler_it_carries(value):
    file = read(row(("202501010100", "R0", "5"), ("202501010200", "N", value), ("202501010300", "R0", "7")))
    (one,) = file.channels
    assert (one.readings, one.missing, one.total_wh) == (2, 1, 12_000)
    assert [spell.seconds for spell in one.gaps()] == [3600]
    assert file.findings == ()


def test_a_value_under_an_overflow_bit_is_no_measurement():
    file = read(row(*hours(5), ("202501010200", "R512", "999999")))
    assert (file.channels[0].total_wh, codes(file)) == (5000, ["cmep.unusable"])


def test_an_unknown_flag_makes_readings_questionable():
    file = read(row(*hours(5, flag="X9")))
    assert file.channels[0].quality.tolist() == [Quality.QUESTIONABLE]
    assert codes(file) == ["cmep.flag"]


def test_a_value_that_is_not_there_is_missing_even_without_n():
    file = read(row(*hours(1, "", 3)))
    assert (file.channels[0].missing, codes(file)) == (1, ["cmep.no-value"])


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        (row(*hours(1, 2), count=3), "cmep.length", "quantity"),
        (row(*hours(1, 2), count=1), "cmep.length", "quantity"),
        (row(*hours(1))[:-8], "cmep.length", "quantity"),
        ("MEPMD01,20080501,SENSUS", "cmep.length", "quantity"),
        (row(*hours(1), count="x"), "cmep.quantity", "quantity"),
        (row(*hours(1), units="KWX"), "cmep.field", "units"),
        (row(*hours(1), units="LBS"), "cmep.field", "units"),
        (row(*hours(1), commodity="Q"), "cmep.field", "commodity"),
        (row(*hours(1), commodity="W"), "cmep.field", "units"),
        (row(*hours(1), units="CCF", commodity="E"), "cmep.field", "units"),
        (row(*hours(1), constant="-2"), "cmep.field", "calculation constant"),
        (row(*hours(1), constant="two"), "cmep.field", "calculation constant"),
        (row(*hours(1), interval="1 hour"), "cmep.field", "interval"),
        (row(("202513010100", "R0", "1")), "cmep.time", "time 1"),
        (row(("", "R0", "1")), "cmep.time", "time 1"),
        (row(*hours("1,5".replace(",", ";"))), "cmep.value", "value 1"),
        (row(*hours(1), interval=""), "cmep.interval", "interval"),
        (row(*hours("9" * 15), constant="1000000"), "cmep.overflow", "calculation constant"),
        ("MEPMD02,20080501,SENSUS", "cmep.unread", "record type"),
        ("Total readings: 5", "cmep.record", "record type"),
    ],
)
def test_a_wrong_record_is_told_by_line_and_field_and_the_others_are_read(wrong, code, field):
    file = read(row(*hours(3), meter="M8"), "", wrong, row(*hours(4), meter="M9"))
    assert {one.identity.meter: one.total_wh for one in file.channels if one.readings} == {"M8": 3000, "M9": 4000}
    (finding,) = file.findings
    assert (finding.code, finding.place.line, finding.place.field, finding.severity) == (code, 3, field, Severity.ERROR)
    assert finding.remedy


def test_a_record_that_names_no_meter_goes_by_the_customer_or_the_endpoint():
    assert read(row(*hours(1), meter="")).channels[0].identity.meter == "C1"
    nameless = row(*hours(1), meter="").replace("R1,C1", ",")
    assert codes(read(nameless)) == ["cmep.field"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (row(*hours(1), purpose="SUMMARY"), "cmep.purpose"),
        (row(*hours(1), purpose="REJECT"), "cmep.purpose"),
        ("MEPAD01,19970912,PGE", "cmep.other"),
        ("MLA01,1,SENSUS", "cmep.other"),
    ],
)
def test_records_that_are_no_readings_to_bill_are_passed_over(line, code):
    file = read(row(*hours(1)), line)
    assert (len(file.channels), codes(file), file.whole) == (1, [code], True)


@pytest.mark.parametrize(
    "line",
    [
        row(*hours(1, 2)) + ",",
        '"' + row(*hours(1, 2)).replace(",", '","') + '"',
        row(*hours(1, 2)).replace("MEPMD01", "mepmd01"),
        row(*hours(1, 2)) + "\r",
        row(*((time, f" {flag} ", f" {value} ") for time, flag, value in hours(1, 2))),
    ],
)
def test_small_liberties_of_senders_are_taken_in_good_part(line):
    file = read(line)
    assert (file.channels[0].total_wh, file.findings) == (3000, ())


def test_an_empty_field_before_the_meter_is_stepped_over():
    file = read(row(*hours(1)).replace("202501020000,", "202501020000,,"))
    assert (file.channels[0].identity.meter, codes(file)) == ("M1", ["cmep.shifted"])


def test_without_an_interval_the_times_tell_it():
    (one,) = read(row(*hours(1, 2, 3), interval="")).channels
    assert one.seconds.tolist() == [3600] * 3


def test_a_month_is_as_long_as_it_is():
    (one,) = read(row(("202503010000", "", "500"), ("202504010000", "", "400"), interval="01000000")).channels
    assert one.seconds.tolist() == [28 * 86_400, 31 * 86_400]
    assert one.gaps() == ()


def test_an_interval_of_nothing_is_a_register():
    (one,) = read(row(*hours(10, 25), units="KWH", interval="00000000")).channels
    assert (one.kind, one.total_wh) == (ReadKind.REGISTER, 15_000)


def test_a_resent_day_is_counted_once():
    file = read(row(*hours(1, 2)), row(*hours(1, 2), purpose="RESEND"))
    assert (file.channels[0].total_wh, set(codes(file))) == (3000, {"readings.repeated"})


def test_many_records_are_read_as_one_would_read_each_alone():
    rows = [
        row(*hours(*(f"{(m * 7 + h) % 50}.{m % 10}" for h in range(24)), day=f"202501{day:02d}"), meter=f"M{m}")
        for m in range(40)
        for day in (1, 2)
    ]
    together = read(*rows)
    assert len(together.channels) == 40
    for one in together.channels:
        alone = read(*(line for line in rows if f",{one.identity.meter}," in line)).channels[0]
        assert alone.counts.tolist() == one.counts.tolist()
        assert alone.starts.tolist() == one.starts.tolist()
        assert one.readings == 48
    assert together.channels[3].lines[[0, 24]].tolist() == [7, 8]


def test_the_line_of_a_fault_is_right_among_many(monkeypatch):
    rows = [row(*hours(1, 2), meter=f"M{m}") for m in range(100)]
    rows[57] = row(*hours(1, "x"), meter="M57")
    (finding,) = read(*rows).findings
    assert (finding.place.line, finding.place.field) == (58, "value 2")
