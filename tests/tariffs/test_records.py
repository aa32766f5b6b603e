"""Shipped schedules and records of the same prices in OpenEI's format price a year alike, to the last decimal."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from lamplighter.cli.price import price
from tests.tariffs.working import BOOKS

ALIKE = {
    "urdb_smud_ci_tod3_2025": ("sacramento-municipal-utility-district/ci-tod3_2025-05-01", "2025-06-01"),
    "urdb_smud_ci_tod4_2025": ("sacramento-municipal-utility-district/ci-tod4_2025-05-01", "2025-06-01"),
    "hand_scl_residential_2024_blocks": ("seattle-city-light/r_2024-01-01", "2024-01-01"),
    "hand_palo_alto_e1_2009": ("city-of-palo-alto-utilities/e-1_2009-07-01", "2009-07-01"),
}


@pytest.fixture
def year(tmp_path) -> Path:
    """Hours that differ by the day and by the hour."""
    path = tmp_path / "load.csv"
    path.write_text("".join(f"{600 + 17 * (i % 24) - 3 * (i // 24 % 7)}\n" for i in range(8760)))
    return path


def months(tariff: Path, load: Path, on: str) -> list[Decimal]:
    result = CliRunner().invoke(price, [str(tariff), str(load), "--on", on, "--unrounded", "--json"])
    assert result.exit_code == 0, result.stderr
    return [month["bill"] for month in json.loads(result.stdout, parse_float=Decimal)["months"]]


@pytest.mark.corpus
@pytest.mark.parametrize(("record", "book"), ALIKE.items(), ids=ALIKE)
def test_a_year_costs_the_same_by_book_and_by_record(shared, year, record, book):
    name, on = book
    ours = months(BOOKS / f"{name}.toml", year, on)
    theirs = months(shared / "data" / "urdb" / f"{record}.json", year, on)
    assert len(ours) == 12
    assert ours == theirs
