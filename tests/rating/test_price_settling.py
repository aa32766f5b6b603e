"""Meter files whose readings contradict each other are priced as a meter of the store would be, and it is said."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import lamplighter
from lamplighter.cli.price import price
from lamplighter.formats.espi.writer import write_espi
from tests.advice.making import FLAT
from tests.formats.samples import FEED, channel, epoch
from tests.rating.writing import text_of

AMP_D1 = Path(lamplighter.__file__).parent / "tariffs/books/alameda-municipal-power/d-1_2026-07-01.toml"
APRIL = epoch("2025-04-01T00:00-07:00") + np.arange(30 * 24) * 3600


def priced(folder, **seconds_of):
    """A month of hours of 1 kWh, some of another length; the result, and the kWh of the month if it was priced."""
    seconds = np.full(720, 3600)
    for place, length in seconds_of.items():
        seconds[int(place.removeprefix("hour_"))] = length
    (folder / "flat.toml").write_text(text_of(FLAT))
    (folder / "april.xml").write_bytes(write_espi([channel([1000] * 720, starts=APRIL, seconds=seconds)], FEED))
    result = CliRunner().invoke(price, [str(folder / "flat.toml"), str(folder / "april.xml"), "--json"])
    return result, json.loads(result.stdout, parse_float=Decimal).get("months", [{}])[0].get("kwh")


def test_of_two_readings_of_one_hour_neither_is_taken_and_a_line_stands_for_them(tmp_path):
    result, kwh = priced(tmp_path, hour_50=7200)
    assert result.exit_code == 0
    assert kwh == 720, "a line of 1 kWh an hour, not half of the reading of two hours"
    assert "2 readings claiming the same time with different values" in result.stderr
    assert "estimated by a line between their neighbours: 2, the first at 2025-04-03 02:00." in result.stderr


def test_a_reading_that_lasts_no_time_is_left_out(tmp_path):
    result, kwh = priced(tmp_path, hour_50=0)
    assert result.exit_code == 0
    assert kwh == 720
    assert "1 reading not a whole number of the channel's 3600 s" in result.stderr
    assert "estimated by a line between their neighbours: 1, the first at 2025-04-03 02:00." in result.stderr


def test_three_hours_in_doubt_stay_a_gap_and_are_refused(tmp_path):
    result, kwh = priced(tmp_path, hour_50=10800)
    assert (result.exit_code, kwh) == (1, None)
    assert "3 readings claiming the same time" in result.stderr
    assert "estimated" not in result.stderr


@pytest.mark.corpus
def test_the_coastal_year_is_priced_whole(shared):
    """Its source's clock gave March 13 a reading of 7,200 s and one too many, and November 6 one of no time."""
    load = shared / "data/interval/greenbutton/Coastal_Single_Family_Jan_1_2011_to_Jan_1_2012.xml.gz"
    result = CliRunner().invoke(price, [str(AMP_D1), str(load), "--json"])
    months = json.loads(result.stdout, parse_float=Decimal)["months"]
    assert [month["month"] for month in months] == list(range(1, 13))
    assert abs(sum(month["kwh"] for month in months) - Decimal("6562.977")) < 1
