"""Peak hours of the system in a tariff file: what they may say, and what is refused by name."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from lamplighter.kernel.periods import Period
from lamplighter.rating.files import parse
from lamplighter.rating.peakhours import PeakHours
from lamplighter.rating.tariff import Kind
from tests.billing.test_peak_hours import rider

GOOD = rider("2026-07-01", "2026-08-01", "2026-07-14 17:00", "2026-07-30 18:30")
at = datetime.fromisoformat


def test_the_hours_are_read_and_priced_as_demand():
    (line,) = parse(GOOD).tariff.lines
    assert line.kind is Kind.DEMAND
    assert line.charge.quantity.peak_hours.hours == (at("2026-07-14 17:00"), at("2026-07-30 18:30"))
    clock = line.charge.quantity.clock
    in_force = [
        clock.at(date(2026, 7, day), minute) for day, minute in ((14, 1020), (14, 1080), (15, 1020), (30, 1169))
    ]
    assert in_force == ["system peak hour", "all other hours", "all other hours", "system peak hour"]


@pytest.mark.parametrize(("before", "after", "said"), [
    ("2026-07-14 17:00", "2026-06-30 17:00", "is not in the days that are known"),
    ("2026-07-14 17:00", "July 14, 5 pm", "is not an hour"),
    ("2026-07-14 17:00", "2026-07-14 23:30", "runs into the next day"),
    ("2026-07-14 17:00", "2026-07-30 18:00", "are within one hour"),
    ("until = 2026-08-01", "until = 2026-07-01", "before it begins"),
    ("until = 2026-08-01", "", "until is missing"),
    ("told_by", "told_bye", "Did you mean “told_by”?"),
    ('unit = "$/kW"', 'unit = "$/kW/month"', "charged once for each hour"),
    ('unit = "$/kW"', 'unit = "$/kWh"', "The price is in $/kWh, but the line counts kW"),
])  # fmt: skip
def test_what_no_hour_can_be_is_refused_by_name(before, after, said):
    found = parse(GOOD.replace(before, after), "cp.toml")
    assert found.tariff is None
    assert any(said in finding.message or said in finding.remedy for finding in found.findings), found.findings


def test_the_words_name_the_hours_of_the_days_and_no_others():
    hours = PeakHours((at("2026-07-14 17:00"), at("2026-08-05 18:00")), Period(date(2026, 7, 1), date(2026, 9, 1)), "B")
    july, june = Period(date(2026, 7, 1), date(2026, 8, 1)), Period(date(2026, 7, 1), date(2026, 7, 14))
    assert hours.words(july) == "used when the system peaked: Jul 14, 2026, 17:00 to 18:00 (B)"
    assert hours.words(june) == "no peak hour of the system was in these days (B)"
