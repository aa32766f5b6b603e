"""`lamplighter explain` and `lamplighter recompute`: how a bill came about, and that it comes about again."""

from datetime import date

import pytest

from lamplighter.billing.models import Bill, Segment
from lamplighter.billing.operations.archiving import archive
from lamplighter.kernel.periods import Period
from lamplighter.platform.queries.files import path_of
from tests.cli.conftest import run, said
from tests.town import DANA

AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))


@pytest.fixture
def bill(town, settings, tmp_path):
    settings.STATE = str(tmp_path)
    town.moves_in("Ada", town.adopts_book("marisol-bay-power/r-1_2026-07-01.toml"))
    town.uses("Ada", AUGUST, 500)
    town.on("2026-09-02").bills("2026-08-01", "2026-09-01")
    return town.bill_of("Ada")


def test_every_line_is_told_in_a_sentence_and_they_come_to_the_bill(bill):
    status, lines = said("explain", bill.number)
    assert status == 0
    assert sum(round(float(line["amount"]) * 100) for line in lines) == bill.charges.cents
    printed = run("explain", bill.number).stdout
    assert all(line["words"] in printed for line in lines)


def test_one_line_is_told_down_to_its_days(bill):
    status, (first, *_) = said("explain", bill.number, "energy")
    assert (status, first["code"], len(first["measures"][0]["days"])) == (0, "energy", 31)
    assert {float(day["energy"]) for day in first["measures"][0]["days"]} == {12.0}
    assert "2026-08-31 12" in run("explain", bill.number, "energy").stdout
    assert first == said("explain", bill.number, first["place"])[1][0]


def test_a_line_that_is_not_there_is_refused_with_those_that_are(bill):
    refused = run("explain", bill.number, "demand")
    assert refused.exit_code == 2
    assert "energy" in refused.output


def test_a_bill_comes_out_again_to_the_byte_and_so_does_its_document(town, bill):
    document = archive(bill=bill, by=DANA, at=town.at).document
    status, found = said("recompute", bill.number)
    segment = Segment.objects.get()
    assert (status, found["differences"], found["documents"]) == (0, [], 1)
    assert found["statements"] == [{"bill": bill.number, "segment": segment.pk, "sha256": segment.sha256}]
    assert said("recompute", "--all")[1]["segments"] == 1
    path = path_of(document.file_id)
    path.chmod(0o644)
    path.write_bytes(b"other bytes")
    refused = run("recompute", "--all")
    assert refused.exit_code == 1
    assert f"bill {bill.number}: its document" in refused.output


def test_bills_are_named_or_all_are_meant(bill):
    assert run("recompute").exit_code == 2
    assert run("recompute", "--all", bill.number).exit_code == 2
    assert Bill.objects.count() == 1
