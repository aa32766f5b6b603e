"""Outside files, read to the figures that others found in them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from lxml import etree

from lamplighter.formats.espi.writer import write_espi
from lamplighter.formats.meterdata import Format, Identity, ReadKind
from lamplighter.formats.reading import read_bytes, read_files
from lamplighter.formats.refusals import Unreadable
from lamplighter.kernel.energy import Commodity, Flow, Measure, Quality, Unit
from tests.formats.samples import FEED, channel, codes, readings

pytestmark = pytest.mark.corpus


@pytest.fixture
def green_button(shared):
    return shared / "data" / "formats" / "green_button"


@pytest.fixture
def nem(shared):
    return shared / "data" / "formats" / "nem12_nem13"


def one(path: Path):
    (file,) = read_files(path)
    return file


@pytest.mark.parametrize(
    ("name", "count", "total_wh", "cost"),
    [
        ("dmd/15minLP_15Days.xml", 1_340, 1_397_734, 15_041_054),
        ("dmd/12MonthlyUpdates.xml", 366, 48_348_966, 521_945_723),
        ("dmd/hourlyForMonthMar.xml", 743, 2_278_213, 24_840_246),
        ("cmd/BatchBulk.xml", 1_340, 1_391_666, 14_999_132),
    ],
)
def test_the_samples_of_the_green_button_alliance_have_their_totals(green_button, name, count, total_wh, cost):
    file = one(green_button / name)
    (series,) = file.channels
    assert (series.readings, series.total_wh, series.total_cost) == (count, total_wh, cost)
    assert file.findings == ()


def test_march_has_a_day_of_23_hours(green_button):
    (series,) = one(green_button / "dmd" / "hourlyForMonthMar.xml").channels
    zone = ZoneInfo("America/New_York")
    days = [datetime.fromtimestamp(at, UTC).astimezone(zone).date() for at in series.starts.tolist()]
    assert sorted({days.count(day) for day in days}) == [23, 24]
    assert series.gaps() == series.irregular_durations() == ()


def test_daily_readings_have_a_long_and_a_short_day(green_button):
    (series,) = one(green_button / "dmd" / "12MonthlyUpdates.xml").channels
    assert [spell.seconds for spell in series.irregular_durations()] == [90_000, 82_800]


def test_a_year_around_both_clock_changes_is_counted_right(shared):
    file = one(next((shared / "data" / "interval" / "greenbutton").glob("Coastal_Single_Family*.xml.gz")))
    (series,) = file.channels
    assert (series.readings, series.total_wh) == (8_760, 6_562_977)
    assert [spell.seconds for spell in series.irregular_durations()] == [7_200, 0]
    assert len(series.gaps()) == 1
    assert file.whole


def test_gas_is_in_therms(green_button):
    (series,) = one(green_button / "testdata" / "Gas.xml").channels
    assert (series.commodity, series.total, series.readings) == (Commodity.GAS, Decimal("1074.821"), 13)


def test_three_customers_are_three_channels(green_button):
    file = one(green_button / "cmd" / "threeusagepointsthreecustomer.xml")
    assert [series.total_wh for series in file.channels] == [38_000, 36_000, 37_000]
    assert len({series.identity.point for series in file.channels}) == 3
    assert file.findings == ()


def test_a_feed_whose_links_contradict_each_other_is_read_with_warnings(green_button):
    file = one(green_button / "cmd" / "oneusagepointsonecustomerthreemeasurements.xml")
    assert [(s.flow, s.measure.unit, s.readings) for s in file.channels] == [
        (Flow.DELIVERED, Unit.WH, 24), (Flow.RECEIVED, Unit.WH, 24), (Flow.DELIVERED, Unit.W, 1),
    ]  # fmt: skip
    assert file.whole
    assert set(codes(file)) == {"espi.link", "espi.type", "espi.accumulation"}


def test_a_broken_sample_is_refused(green_button):
    with pytest.raises(Unreadable) as refused:
        one(green_button / "testdata" / "1hrLP_32DaysM.xml")
    assert (refused.value.finding.code, refused.value.finding.place.line) == ("espi.xml", 56)


def test_every_green_button_file_is_read_or_refused_in_words(green_button):
    paths = sorted(green_button.rglob("*.xml"))
    assert len(paths) > 10
    for path in paths:
        try:
            file = one(path)
        except Unreadable as refused:
            assert refused.finding.message, path
        else:
            assert file.channels or file.findings, path


def test_cmep_intervals_sum_to_their_register(shared):
    file = one(shared / "data" / "formats" / "cmep" / "sensus_rni_stpud_real_rows.txt")
    intervals, register, _ = file.channels
    assert intervals.total == register.total == 479
    assert one(shared / "data" / "formats" / "cmep" / "gas_ccfreg_example.txt").channels[0].total == 100


def test_valid_nem_files_are_read_whole(nem):
    paths = [path for path in nem.rglob("*") if path.suffix.lower() == ".zip" and path.parent.name != "invalid"]
    assert len(paths) > 70
    for path in paths:
        file = one(path)
        assert file.format is (Format.NEM13 if path.parent.name == "nem13" else Format.NEM12)
        assert file.whole, (path, file.findings)
        assert sum(series.readings for series in file.channels) > 0


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Example_NEM12_15min_200_30min_400.csv", "nem12.ranges"),
        ("Example_NEM12_30min_200_15min_400.csv", "nem12.values"),
        ("Example_NEM12_missing_header.csv", "nem12.header"),
        ("Example_NEM12_powercor.csv", "nem12.header"),
        ("Example_NEM12_powercor.csv.zip", "nem12.header"),
        ("Example_NEM12_powercor_missing_fields.csv", "nem12.header"),
        ("Example_empty_file.csv", "file.empty"),
    ],
)
def test_invalid_nem_files_are_refused_for_the_reason_that_they_are_invalid(nem, name, reason):
    try:
        file = one(nem / "invalid" / name)
    except Unreadable as refused:
        assert refused.finding.code == reason
    else:
        assert (file.channels, codes(file)) == ((), [reason])


def test_a_head_ends_table_is_known(shared):
    file = one(shared / "data" / "formats" / "ami_headend" / "badger_beacon_360_range_report.csv")
    assert [series.kind for series in file.channels] == [ReadKind.INTERVAL, ReadKind.REGISTER]
    assert file.findings == ()


@pytest.mark.parametrize("name", ["dmd/15minLP_15Days.xml", "dmd/12MonthlyUpdates.xml", "testdata/Gas.xml"])
def test_what_others_wrote_is_written_and_read_again_the_same(green_button, name):
    (series,) = one(green_button / name).channels
    (file,) = read_bytes(write_espi([series], FEED))
    assert readings(file.channels[0]) == readings(series)


ALL_KINDS = [
    channel([5, 6, 7], cost=[1, 2, 3], currency="840", quality=[0, 8, Quality.RAW]),
    channel([1, 2], flow=Flow.RECEIVED, interval=900, identity=Identity("sold", "M1", "P1")),
    channel([10, 20], kind=ReadKind.REGISTER, measure=Measure(Unit.WH, 3), identity=Identity("dial", "M1", "P1")),
    channel([7], commodity=Commodity.GAS, measure=Measure(Unit.THERM, -3), identity=Identity("gas", "M2", "P2")),
    channel([9], commodity=Commodity.WATER, measure=Measure(Unit.US_GALLON), identity=Identity("water", "M3", "P3")),
]


@pytest.mark.parametrize("version", ["naesb-espi.xsd", "naesb-espi_v4.xsd"])
def test_what_is_written_satisfies_the_schemas_of_naesb(green_button, shared, version):
    schema = espi_schema(green_button / "xsd", shared / "data" / "formats" / "cap" / "schema" / "xml.xsd", version)
    atom, espi = "{http://www.w3.org/2005/Atom}", "{http://naesb.org/espi}"
    document = etree.fromstring(write_espi(ALL_KINDS, FEED))
    held = [element for content in document.iter(f"{atom}content") for element in content]
    assert {element.tag for element in held} == {
        espi + name for name in ("UsagePoint", "MeterReading", "IntervalBlock", "ReadingType", "LocalTimeParameters")
    }
    for element in [document, *held]:
        schema.assertValid(etree.fromstring(etree.tostring(element)))
    held[0].append(etree.Element(f"{espi}nonsense"))
    assert not schema.validate(etree.fromstring(etree.tostring(held[0]))), "the schema can tell"


def espi_schema(folder: Path, xml_xsd: Path, name: str):
    """The published version 4 names its own types without a prefix and declares no namespace for that."""

    class Local(etree.Resolver):
        def resolve(self, url, _, context):
            path = xml_xsd if url.endswith("xml.xsd") else folder / Path(url).name
            return self.resolve_string(path.read_bytes(), context, base_url=str(path))

    parser = etree.XMLParser()
    parser.resolvers.add(Local())
    text = (folder / name).read_bytes()
    if None not in etree.fromstring(text).nsmap:
        text = text.replace(b"<xs:schema", b'<xs:schema xmlns="http://naesb.org/espi"', 1)
    return etree.XMLSchema(etree.fromstring(text, parser, base_url=str(folder / name)))


def test_what_is_written_passes_the_alliances_own_tests_of_data_elements(green_button):
    """Rows of the certification test cases that are a pair of XPaths, as the alliance's XSLT applies them."""
    rows = (green_button / "testkit_docs" / "GreenButtonTestCases.tsv").read_text().splitlines()
    cases = [
        (fields[3], fields[4], context, test)
        for fields in (row.split("\t") for row in rows)
        if len(fields) > 10 and fields[4] in {"FB_01", "FB_04", "FB_05"}
        for context, test in [xpaths(fields)]
        if test
    ]
    assert len(cases) > 40
    document = etree.fromstring(write_espi(ALL_KINDS[:1], FEED))
    failed = [case[:2] for case in cases if not passes(document, *case[2:])]
    assert failed == []


def xpaths(fields: list[str]) -> tuple[str, str]:
    cell = next((field for field in fields if "CONTEXT:" in field and "TEST:" in field), "")
    context, _, test = cell.strip('" ').removeprefix("CONTEXT:").partition("TEST:")
    return context.strip(), test.strip().replace('""', '"')


def passes(document: etree._Element, context: str, test: str) -> bool:
    sheet = f"""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
        xmlns:atom="http://www.w3.org/2005/Atom" xmlns:espi="http://naesb.org/espi">
      <xsl:template match="/"><failures><xsl:for-each select="{escaped(context)}">
        <xsl:if test="not({escaped(test)})"><failure/></xsl:if>
      </xsl:for-each></failures></xsl:template></xsl:stylesheet>"""
    result = etree.XSLT(etree.fromstring(sheet))(document.getroottree())
    return len(result.getroot()) == 0


def escaped(xpath: str) -> str:
    return xpath.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def test_a_year_of_days_is_regular_but_for_the_two(green_button):
    (series,) = one(green_button / "dmd" / "12MonthlyUpdates.xml").channels
    assert np.diff(series.starts).sum() + series.seconds[-1] == series.seconds.sum()
