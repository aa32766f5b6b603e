"""`lamplighter ratelab`: a tariff file priced for everybody, kept, told again, and taken out as files."""

from datetime import date

import pytest

from lamplighter.kernel.periods import Period
from lamplighter.ratestudies.models import Study
from tests.cli.conftest import run, said
from tests.town import BOOKS

AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))
FILE = BOOKS / "marisol-bay-power" / "r-1_2026-07-01.toml"


@pytest.fixture
def billed(town):
    town.moves_in("Ada", town.adopts_book("marisol-bay-power/r-1_2026-07-01.toml"))
    town.uses("Ada", AUGUST, 500)
    town.on("2026-09-02").bills("2026-08-01", "2026-09-01")
    return town


def study(*more):
    return ("ratelab", "study", FILE, "--schedule", "R-1", "--before", "2026-09", "--as", "iris", *more)


def test_a_file_is_priced_beside_the_present_rate_and_kept(billed, tmp_path):
    status, found = said(*study("--xlsx", tmp_path / "study.xlsx", "--name", "As it is"))
    assert (status, found["customers"], found["priced"], found["differing"]) == (0, 1, 1, 0)
    assert found["present"] == found["proposed"] == billed.bill_of("Ada").charges.cents
    assert (tmp_path / "study.xlsx").read_bytes()[:2] == b"PK"
    kept = Study.objects.get()
    assert said("ratelab", "show", kept.pk)[1] == found
    assert said("ratelab", "list")[1][0]["name"] == "As it is"
    assert "1 of 1 customers, 1 bills" in run("ratelab", "show", kept.pk).stdout


def test_who_may_not_and_what_cannot_be_priced_is_refused(billed, tmp_path):
    assert run("ratelab", "study", FILE, "--schedule", "R-1", "--as", "dana").exit_code == 1
    broken = tmp_path / "broken.toml"
    broken.write_text(FILE.read_text().replace("price = 14.50", 'price = "much"', 1))
    refused = run("ratelab", "study", broken, "--schedule", "R-1", "--as", "iris")
    assert (refused.exit_code, "broken.toml:" in refused.output) == (1, True)
    assert run("ratelab", "show", "99").exit_code == 2
    assert not Study.objects.exists()
