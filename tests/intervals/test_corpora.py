"""Real files are gridded whole: a year with a doubled hour and a gap, days of 23 hours, a year of quarter hours."""

from __future__ import annotations

import gzip
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from lxml import etree

from lamplighter.intervals.demand import peaks
from lamplighter.intervals.faults import findings_of
from lamplighter.intervals.filling import dense
from lamplighter.intervals.gridding import grid, readings_of
from lamplighter.intervals.measuring import sums
from lamplighter.intervals.slots import DAY
from lamplighter.intervals.vee.groups import INITIAL_LOAD
from lamplighter.intervals.vee.subject import Subject
from lamplighter.intervals.vee.validating import validate
from lamplighter.kernel.energy import Measure, Quality, Unit
from tests.intervals.making import PACIFIC, QUARTER, at, calendar

EASTERN = ZoneInfo("America/New_York")
ESPI = "{http://naesb.org/espi}"


def green_button(content, channel=1):
    """Interval readings of an ESPI feed."""
    rows = [
        (int(r.findtext(f"{ESPI}timePeriod/{ESPI}start")), int(r.findtext(f"{ESPI}timePeriod/{ESPI}duration")),
         int(r.findtext(f"{ESPI}value")))
        for r in etree.fromstring(content).iter(f"{ESPI}IntervalReading")
    ]  # fmt: skip
    starts, seconds, counts = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return readings_of(channel, starts=starts, seconds=seconds, counts=counts)


@pytest.mark.corpus
def test_a_year_of_green_button_hours_is_laid_with_its_oddities_told(shared):
    """Two hours in one in March, one hour twice with different values, one without duration, one never sent."""
    path = shared / "data/interval/greenbutton/Coastal_Single_Family_Jan_1_2011_to_Jan_1_2012.xml.gz"
    readings = green_button(gzip.decompress(path.read_bytes()))
    gridded = grid(readings, seconds=3600, zone=PACIFIC)
    told = [(f.rule, f.day, f.slot) for f in findings_of(readings, gridded, zone=PACIFIC)]
    assert told == [
        ("gridding.duration", date(2011, 11, 6), 2),
        ("gridding.conflict", date(2011, 3, 13), 9),
        ("gridding.split", date(2011, 3, 13), 1),
    ]
    year = dense(gridded.days, calendar(date(2011, 1, 1), 365, seconds=3600))
    found = sums(year, np.zeros(8760, dtype=np.int8))
    assert found.coverage.expected.tolist() == [8760]
    missing = [year.calendar.clock(slot) for slot in np.flatnonzero(~year.present[0]).tolist()]
    assert missing == ["2011-03-13 10:00", "2011-11-06 09:00"], "the hour claimed twice, and one never sent"
    assert found.coverage.missing.tolist() == [[2]]
    assert found.totals[0, 0] + readings.counts[gridded.kept_out].sum() == readings.counts.sum()


@pytest.mark.corpus
def test_daily_green_button_data_fit_days_of_23_and_25_hours(shared):
    readings = green_button((shared / "data/formats/green_button/dmd/12MonthlyUpdates.xml").read_bytes())
    gridded = grid(readings, seconds=DAY, zone=EASTERN)
    assert set(readings.seconds.tolist()) == {82_800, 86_400, 90_000}
    assert not gridded.faults.any()
    assert gridded.days.values.sum() == readings.counts.sum()


@pytest.mark.corpus
def test_fifteen_minute_green_button_data_have_a_day_of_92(shared):
    readings = green_button((shared / "data/formats/green_button/dmd/15minLP_15Days.xml").read_bytes())
    gridded = grid(readings, seconds=QUARTER, zone=EASTERN)
    assert not gridded.faults.any()
    assert sorted(set(gridded.days.widths.tolist())) == [92, 96]


@pytest.mark.corpus
def test_a_year_of_a_factory_is_measured_as_the_plain_sum(shared):
    """NREL-style synthetic load, kW by quarter hour in local standard labels: one slot a label, DST days aside."""
    with gzip.open(shared / "data/interval/synthetic_250kW_avg_15min_2025.csv.gz", "rt") as file:
        milliwatts = [round(float(line.split(",")[1]) * 1000) for line in list(file)[1:]]
    june = slice(151 * 96, 181 * 96)
    counts = np.array(milliwatts[june], dtype=np.int64)
    starts = at(date(2025, 6, 1)) + QUARTER * np.arange(len(counts))
    gridded = grid(readings_of(1, starts=starts, seconds=QUARTER, counts=counts), seconds=QUARTER, zone=PACIFIC)
    month = dense(gridded.days, calendar(date(2025, 6, 1), 30))
    every = np.zeros(month.calendar.slots, dtype=np.int8)
    assert sums(month, every).totals.tolist() == [[sum(milliwatts[june])]]
    highest = peaks(month, every, minutes=60)
    assert highest.amounts[0, 0] == max(sum(milliwatts[i : i + 4]) for i in range(june.start, june.stop, 4))
    assert set(month.quality.ravel().tolist()) == {Quality.VALID}
    assert [f.rule for f in validate(Subject(month, Measure(Unit.WH)), INITIAL_LOAD).findings] == []
