"""Green Button: feeds as the standard has them, and as senders really write them."""

from __future__ import annotations

import numpy as np
import pytest

from lamplighter.formats.espi.writer import write_espi
from lamplighter.formats.meterdata import Format, ReadKind
from lamplighter.formats.reading import read_bytes
from lamplighter.formats.refusals import Unreadable
from lamplighter.formats.settings import Settings
from lamplighter.kernel.energy import Commodity, Flow, Measure, Quality, Unit
from lamplighter.kernel.findings import Severity
from tests.formats.samples import FEED, PACIFIC, channel, codes, readings

TYPE = "<accumulationBehaviour>4</accumulationBehaviour><commodity>1</commodity><flowDirection>1</flowDirection>"
TYPE += "<intervalLength>3600</intervalLength><powerOfTenMultiplier>0</powerOfTenMultiplier><uom>72</uom>"


def reading(start, value, seconds=3600, more=""):
    return (
        f"<IntervalReading>{more}<timePeriod><duration>{seconds}</duration><start>{start}</start></timePeriod>"
        f"<value>{value}</value></IntervalReading>"
    )


def entry(content, self="", up="", related=()):
    links = [f'<link rel="self" href="{self}"/>' * bool(self), f'<link rel="up" href="{up}"/>' * bool(up)]
    links += [f'<link rel="related" href="{href}"/>' for href in related]
    return f"<entry>{''.join(links)}<content>{content}</content></entry>"


def espi(name, inside=""):
    return f'<{name} xmlns="http://naesb.org/espi">{inside}</{name}>'


def block(*rows, interval=""):
    return espi("IntervalBlock", interval + "".join(rows))


POINT = entry(espi("UsagePoint", "<ServiceCategory><kind>0</kind></ServiceCategory>"), "UP/1", "UP", ["UP/1/MR"])
METER = entry(espi("MeterReading"), "UP/1/MR/1", "UP/1/MR", ["UP/1/MR/1/IB", "RT/1"])
KIND = entry(espi("ReadingType", TYPE), "RT/1", "RT")
HOUR = 1_735_689_600


def feed(*entries, head=""):
    return f'{head}<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id>{"".join(entries)}</feed>'.encode()


def usual(*rows, kind=TYPE):
    return feed(
        POINT,
        METER,
        entry(espi("ReadingType", kind), "RT/1", "RT"),
        entry(block(*rows), "UP/1/MR/1/IB/1", "UP/1/MR/1/IB"),
    )


def read(data):
    (file,) = read_bytes(data, "feed.xml")
    return file


def refused(data):
    with pytest.raises(Unreadable) as error:
        read_bytes(data, "feed.xml", Settings(format=Format.ESPI))
    return error.value.finding


def test_every_interval_block_of_an_entry_is_read(samples):
    blocks = block(reading(HOUR, 1), reading(HOUR + 3600, 2)) + block(reading(HOUR + 7200, 3))
    file = read(feed(POINT, METER, KIND, entry(blocks, "UP/1/MR/1/IB/1", "UP/1/MR/1/IB")))
    (one,) = file.channels
    assert one.counts.tolist() == [1, 2, 3]
    assert (one.identity.id, one.identity.point) == ("UP/1/MR/1", "UP/1")
    assert file.findings == ()


def test_an_outside_day_is_read_to_the_watt_hour(samples):
    file = read((samples / "espi_day.xml").read_bytes())
    (one,) = file.channels
    assert (one.readings, one.total_wh, one.total_cost) == (96, 93_846, 1_148_274)
    assert one.quality[:3].tolist() == [Quality.ESTIMATED_REFERENCE_DAY, Quality.EDITED, Quality.VALID]
    assert file.whole


def test_the_power_of_ten_is_the_channels():
    file = read(usual(reading(HOUR, 17), kind=TYPE.replace(">0<", ">3<")))
    assert file.channels[0].measure == Measure(Unit.WH, 3)
    assert file.channels[0].total_wh == 17_000


def test_several_meters_keep_their_readings_apart():
    second = entry(espi("MeterReading"), "UP/1/MR/2", "UP/1/MR", ["UP/1/MR/2/IB", "RT/2"])
    solar = entry(espi("ReadingType", TYPE.replace("<flowDirection>1", "<flowDirection>19")), "RT/2")
    file = read(
        feed(
            POINT, METER, second, entry(block(reading(HOUR, 5)), "UP/1/MR/2/IB/1", "UP/1/MR/2/IB"), KIND, solar,
            entry(block(reading(HOUR, 3)), "UP/1/MR/1/IB/1", "UP/1/MR/1/IB"),
        )
    )  # fmt: skip
    assert {(one.identity.id, one.flow, one.counts[0]) for one in file.channels} == {
        ("UP/1/MR/1", Flow.DELIVERED, 3),
        ("UP/1/MR/2", Flow.RECEIVED, 5),
    }
    assert file.findings == ()


@pytest.mark.parametrize(
    ("meter_related", "self", "up"),
    [
        ("UP/1/MR/1/IB/9", "UP/1/MR/1/IB/9", ""),  # the block itself, and no up link
        ("https://host.example/UP/1/MR/1/IB/", "/UP/1/MR/1/IB/9", ""),  # absolute here and relative there
        ("", "UP/1/MR/1/IB/9", ""),  # by the path alone
        ("", "", "UP/1/MR/1/IB"),
        ("UP/1/MR/1/IB", "https://other.example/x?y", "UP/1/MR/1/IB"),
    ],
)
def test_links_are_followed_in_all_the_ways_senders_write_them(meter_related, self, up):
    other = entry(espi("MeterReading"), "UP/1/MR/2", "UP/1/MR", ["UP/1/MR/2/IB", "RT/1"])
    meter = entry(espi("MeterReading"), "UP/1/MR/1", "UP/1/MR", [meter_related, "RT/1"])
    file = read(feed(POINT, meter, other, KIND, entry(block(reading(HOUR, 1)), self, up)))
    assert [one.identity.id for one in file.channels] == ["UP/1/MR/1"]
    assert file.findings == ()


def test_without_links_the_meter_reading_before_is_taken_and_told():
    other = entry(espi("MeterReading"), "UP/1/MR/2", "UP/1/MR", ["RT/1"])
    file = read(feed(POINT, METER, other, KIND, entry(block(reading(HOUR, 1)))))
    assert [one.identity.id for one in file.channels] == ["UP/1/MR/2"]
    assert codes(file) == ["espi.link"]


def test_a_reading_type_that_nothing_links_to_serves_when_it_is_the_only_one():
    meter = entry(espi("MeterReading"), "UP/1/MR/1", "", [])
    assert read(feed(POINT, meter, KIND, entry(block(reading(HOUR, 1)), "UP/1/MR/1/IB/1"))).findings == ()


@pytest.mark.parametrize("entries", [[], [KIND, entry(espi("ReadingType", TYPE.replace(">72<", ">38<")), "RT/2")]])
def test_readings_of_which_nobody_says_what_they_measure_are_left_out(entries):
    meter = entry(espi("MeterReading"), "UP/1/MR/1", "", [])
    file = read(feed(POINT, meter, *entries, entry(block(reading(HOUR, 1)), "UP/1/MR/1/IB/1")))
    assert file.channels == ()
    assert codes(file) == ["espi.no-type"]


def test_of_two_types_under_one_link_the_one_with_the_right_interval_is_meant():
    quarter = entry(espi("ReadingType", TYPE.replace("3600", "900").replace(">72<", ">38<")), "RT/1")
    file = read(feed(POINT, METER, KIND, quarter, entry(block(reading(HOUR, 1)), "UP/1/MR/1/IB/1", "UP/1/MR/1/IB")))
    assert file.channels[0].measure.unit is Unit.WH
    assert codes(file) == ["espi.type"]


def test_commodity_and_names_come_from_the_usage_point_where_the_type_has_none():
    gas = entry(espi("UsagePoint", "<ServiceCategory><kind>1</kind></ServiceCategory>"), "UP/1", "", ["UP/1/MR/1"])
    kind = entry(espi("ReadingType", "<powerOfTenMultiplier>-3</powerOfTenMultiplier><uom>42</uom>"), "RT/1")
    meter = entry(espi("MeterReading"), "UP/1/MR/1", "", ["RT/1", "UP/1/MR/1/IB/1"])
    (one,) = read(feed(gas, meter, kind, entry(block(reading(HOUR, 7, 2_592_000)), "UP/1/MR/1/IB/1"))).channels
    assert (one.commodity, one.measure, one.nominal_seconds) == (
        Commodity.GAS,
        Measure(Unit.CUBIC_METRE, -3),
        2_592_000,
    )


def test_the_day_of_25_hours_has_25_readings():
    begin = 1_762_066_800  # 2 November 2025, midnight in Los Angeles
    (one,) = read(usual(*(reading(begin + 3600 * hour, 1) for hour in range(25)))).channels
    assert one.readings == 25
    assert one.gaps() == one.irregular_durations() == ()


def test_an_autumn_reading_of_two_hours_and_a_gap_in_spring_are_facts_and_no_faults():
    file = read(usual(reading(HOUR, 1), reading(HOUR + 3600, 2, 7200), reading(HOUR + 14_400, 3)))
    (one,) = file.channels
    assert [spell.seconds for spell in one.irregular_durations()] == [7200]
    assert [spell.seconds for spell in one.gaps()] == [3600]
    assert file.findings == ()


def test_two_readings_of_one_hour_are_both_kept_and_told():
    file = read(usual(reading(HOUR, 707), reading(HOUR, 721), reading(HOUR + 3600, 1)))
    assert file.channels[0].total_wh == 1429
    assert codes(file) == ["readings.same-time"]
    assert file.whole


def test_a_block_that_is_sent_twice_is_counted_once():
    rows = block(reading(HOUR, 1), reading(HOUR + 3600, 2))
    twice = [entry(rows, f"UP/1/MR/1/IB/{i}", "UP/1/MR/1/IB") for i in (1, 2)]
    file = read(feed(POINT, METER, KIND, *twice))
    assert file.channels[0].total_wh == 3
    assert codes(file) == ["readings.repeated"] * 2


def test_a_reading_that_lasts_no_time_is_kept_and_told():
    file = read(usual(reading(HOUR, 462, 0), reading(HOUR, 441), reading(HOUR + 3600, 1)))
    assert file.channels[0].total_wh == 904
    assert codes(file) == ["espi.instant", "readings.same-time"]


def test_readings_without_a_time_of_their_own_follow_each_other_in_their_block():
    rows = "<IntervalReading><value>1</value></IntervalReading><IntervalReading><value>2</value></IntervalReading>"
    interval = f"<interval><duration>7200</duration><start>{HOUR}</start></interval>"
    file = read(feed(POINT, METER, KIND, entry(block(rows, interval=interval), "UP/1/MR/1/IB/1", "UP/1/MR/1/IB")))
    (one,) = file.channels
    assert (one.starts - HOUR).tolist() == [0, 3600]
    assert one.seconds.tolist() == [3600, 3600]


def test_a_register_is_read_at_the_end_of_its_period():
    rows = [reading(HOUR + 3600 * i, 1000 + i) for i in range(3)]
    (one,) = read(usual(*rows, kind=TYPE.replace("Behaviour>4", "Behaviour>1"))).channels
    assert (one.kind, one.total_wh) == (ReadKind.REGISTER, 2)
    assert (one.starts - HOUR).tolist() == [3600, 7200, 10_800]


def test_intervals_that_are_called_a_register_are_seen_through():
    rows = [reading(HOUR + 3600 * i, value) for i, value in enumerate([5, 1, 7, 2, 6])]
    file = read(usual(*rows, kind=TYPE.replace("Behaviour>4", "Behaviour>1")))
    assert (file.channels[0].kind, file.channels[0].total_wh) == (ReadKind.INTERVAL, 21)
    assert codes(file) == ["espi.accumulation"]


def test_of_several_qualities_the_one_that_asks_for_most_care_stands():
    both = "<ReadingQuality><quality>17</quality></ReadingQuality><ReadingQuality><quality>8</quality></ReadingQuality>"
    (one,) = read(usual(reading(HOUR, 1, more=both))).channels
    assert one.quality.tolist() == [Quality.ESTIMATED_REFERENCE_DAY]


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (reading("1721154384.66136", 1), "espi.start", "start"),
        (reading("yesterday", 1), "espi.start", "start"),
        (reading(HOUR * 1000, 1), "espi.start", "start"),
        (reading(HOUR, 1, -900), "espi.duration", "duration"),
        (reading(HOUR, "12,5"), "espi.value", "value"),
        (reading(HOUR, 9**40), "espi.value", "value"),
        (reading(HOUR, 1, more="<cost>1.5</cost>"), "espi.cost", "cost"),
        (reading(HOUR, 1, more="<ReadingQuality><quality>99</quality></ReadingQuality>"), "espi.quality", "quality"),
        ("<IntervalReading><value>1</value></IntervalReading>", "espi.timePeriod", "timePeriod"),
    ],
)
def test_a_wrong_reading_is_left_out_with_its_line_and_field_and_the_others_stay(row, code, field):
    file = read(usual(reading(HOUR - 3600, 3), "\n\n", row, reading(HOUR + 3600, 4)))
    assert file.channels[0].total_wh == 7
    (finding,) = file.findings
    assert (finding.code, finding.place.line, finding.place.field) == (code, 3, field)
    assert finding.severity is Severity.ERROR
    assert finding.remedy


def test_a_reading_without_a_value_is_missing_and_not_zero():
    file = read(usual(reading(HOUR, 1), reading(HOUR + 3600, ""), reading(HOUR + 7200, 2)))
    (one,) = file.channels
    assert (one.readings, one.missing, [spell.seconds for spell in one.gaps()]) == (2, 1, [3600])
    assert codes(file) == ["espi.no-value"]


def test_fractions_of_a_unit_are_kept_exactly():
    (one,) = read(usual(reading(HOUR, "0.125"), reading(HOUR + 3600, 2))).channels
    assert (one.measure.power, one.counts.tolist()) == (-3, [125, 2000])


def test_times_with_an_empty_fraction_are_whole():
    assert read(usual(reading(f"{HOUR}.0", 5))).findings == ()


@pytest.mark.parametrize("uom", ["", "<uom>80</uom>", "<uom>72</uom><powerOfTenMultiplier>40</powerOfTenMultiplier>"])
def test_a_unit_that_is_none_keeps_the_readings_out(uom):
    file = read(usual(reading(HOUR, 1), kind=f"<intervalLength>3600</intervalLength>{uom}"))
    assert (file.channels, codes(file)) == ((), ["espi.uom"])


def test_a_feed_without_readings_says_so():
    assert codes(read(feed(POINT))) == ["espi.no-readings"]


def test_a_feed_that_breaks_off_keeps_what_came_before():
    whole = feed(POINT, METER, KIND, entry(block(reading(HOUR, 1), reading(HOUR + 3600, 2)), "UP/1/MR/1/IB/1"))
    file = read(whole[: whole.index(b"<value>2") + 5])
    assert file.channels[0].counts.tolist() == [1]
    assert codes(file) == ["espi.truncated"]


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><feed>&b;</feed>',
        b'<!DOCTYPE x SYSTEM "http://evil.example/x.dtd"><feed xmlns="http://www.w3.org/2005/Atom"/>',
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><feed>&f;</feed>',
        b"<!--" + b"x" * 70_000 + b'--><!DOCTYPE x [<!ENTITY f "y">]><feed><entry/></feed>',
    ],
)
def test_a_document_type_of_its_own_is_refused(data):
    assert refused(data).code == "espi.doctype"


def test_entities_that_multiply_are_refused():
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 20}">' for i in range(1, 12))
    bomb = f'<!--{"x" * 70_000}--><!DOCTYPE x [<!ENTITY e0 "boom">{entities}]><feed a="&e11;"/>'
    assert refused(bomb.encode()).code in {"espi.hostile", "espi.doctype"}


@pytest.mark.parametrize("inside", ["<a>" * 5000, "<title>" + "x" * 11_000_000 + "</title>"])
def test_depth_and_size_that_overload_a_parser_are_refused(inside):
    assert refused(feed(inside)).code == "espi.hostile"


@pytest.mark.parametrize("data", [b"<feed", b"<feed></entry>", b"<abc/><feed/>", b"not xml at all"])
def test_what_is_no_xml_is_refused_with_its_line(data):
    finding = refused(b"\n\n" + data)
    assert finding.code == "espi.xml"
    assert finding.place.line == 3


@pytest.mark.parametrize(
    ("head", "encoding", "codes_"),
    [
        ('<?xml version="1.0" encoding="UTF-16"?>', "utf-16", []),
        ('<?xml version="1.0" encoding="UTF-8"?>', "utf-8-sig", []),
        ('\n <?xml version="1.0"?>', "utf-8", []),
        ('<?xml version="1.0" encoding="utf-16"?>', "utf-8", ["espi.encoding"]),
        ('<?xml version="1.0" encoding="UTF-8"?>', "cp1252", ["espi.encoding"]),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "latin-1", []),
    ],
)
def test_encodings_are_read_as_they_are_and_not_as_they_are_called(head, encoding, codes_):
    data = feed("<title>Muñoz</title>", POINT, METER, KIND, entry(block(reading(HOUR, 1)), "UP/1/MR/1/IB/1"))
    file = read((head + data.decode()).encode(encoding))
    assert file.channels[0].total_wh == 1
    assert codes(file) == codes_


def test_a_namespace_that_is_slightly_wrong_is_no_obstacle():
    data = usual(reading(HOUR, 1)).replace(b"http://naesb.org/espi", b"http://naesb.org/espi/")
    assert read(data).channels[0].total_wh == 1


def test_a_year_of_quarters_is_read_in_the_order_of_time():
    many = channel(np.arange(35_040), interval=900)
    (file,) = read_bytes(write_espi([many], FEED))
    assert readings(file.channels[0]) == readings(many)


@pytest.mark.parametrize("junk", ["<a/>" * 400_000, ("<x>" + "<a/>" * 2000 + "</x>") * 200])
def test_what_is_not_of_espi_is_passed_over_in_bounded_memory(junk):
    rows = entry(block(reading(HOUR, 1)), "UP/1/MR/1/IB/1", "UP/1/MR/1/IB")
    assert read(feed(POINT, METER, KIND, junk, rows)).channels[0].total_wh == 1


def test_an_element_that_never_ends_is_refused():
    data = feed("<entry><content><ReadingType>" + "<x><a/></x>" * 200_000)
    assert refused(data).code == "espi.hostile"


def test_links_of_any_length_are_no_burden():
    rows = entry(block(reading(HOUR, 1)), "a/" * 1_000_000, "UP/1/MR/1/IB")
    assert read(feed(POINT, METER, KIND, rows)).channels[0].total_wh == 1


def test_a_zone_is_not_needed():
    (file,) = read_bytes(usual(reading(HOUR, 1)), settings=Settings(zone=PACIFIC))
    assert (file.channels[0].starts[0], codes(file), file.whole) == (HOUR, ["espi.zone"], True)


def test_a_volume_of_electricity_is_told():
    file = read(usual(reading(HOUR, 1), kind=TYPE.replace("<uom>72", "<uom>119")))
    assert codes(file) == ["espi.commodity"]
    assert file.whole
