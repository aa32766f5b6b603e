"""The benchmark suite runs, at its smallest size: it is told what was measured, and never how fast it must be."""

from __future__ import annotations

import numpy as np
import pytest

from lamplighter.accounts.models import Account
from lamplighter.benchmarks import peers, suite, utility
from lamplighter.benchmarks.figures import FIGURES, Figure, measure
from lamplighter.benchmarks.multiplying import named
from lamplighter.benchmarks.readings import FIRST
from lamplighter.benchmarks.sizes import SIZES
from lamplighter.benchmarks.stopwatch import NotHere
from lamplighter.billing.models import Bill
from lamplighter.customers.models import Person
from lamplighter.customers.operations import PersonIn, add_people
from lamplighter.payments.models import Payment
from lamplighter.platform.numbering import is_number
from tests.cli.conftest import run, said

TINY = SIZES["tiny"]
NAMES = [
    "ingest_csv_reads_per_s", "ingest_wide_reads_per_s", "vee_reads_per_s", "determinants_reads_per_s",
    "reprice_bills_per_s", "bill_run_bills_per_s", "payments_per_s",
    "payments_http_per_s", "payment_file_per_s", "pdf_per_s",
    "page_account_p95_ms", "page_search_p95_ms", "page_year_chart_p95_ms",
    "page_account_p95_ms_during_run", "page_search_p95_ms_during_run", "page_year_chart_p95_ms_during_run",
]  # fmt: skip


def test_the_figures_keep_their_names():
    assert list(FIGURES) == NAMES


@pytest.mark.parametrize("name", [name for name, figure in FIGURES.items() if not figure.database])
def test_a_figure_is_measured_beside_its_reference(name, tmp_path):
    timing = FIGURES[name].measure(TINY, tmp_path)
    assert timing.value > 0
    assert timing.reference > 0
    assert timing.work


def test_a_peer_that_is_not_installed_has_no_figure(monkeypatch, tmp_path):
    monkeypatch.setattr(peers, "find_spec", lambda _: None)
    found = peers.rating(2)
    assert found.pop(peers.OURS) > 0
    assert found == {"PySAM": None, "eeco": None}
    assert peers.reading(TINY, tmp_path) == {"nemreader": None}


def test_a_peer_that_comes_to_other_bills_is_a_fault(monkeypatch):
    monkeypatch.setattr(peers, "find_spec", lambda _: True)
    monkeypatch.setattr(peers, "import_module", lambda _: None)
    expected = np.array([[10.0, 20.0], [30.0, 40.0]])
    assert peers._peer("PySAM", lambda: [[10.005, 20.0]], expected) > 0
    with pytest.raises(AssertionError, match=r"eeco differs by \$1\.0000"):
        peers._peer("eeco", lambda: [[10.0, 21.0]], expected)


@pytest.fixture
def seeded(database):
    utility.seed(TINY)


def test_the_bill_run_bills_every_account_of_the_seeded_utility(seeded, tmp_path):
    timing = FIGURES["bill_run_bills_per_s"].measure(TINY, tmp_path)
    assert (timing.value > 0, timing.reference > 0) == (True, True)
    assert Bill.objects.count() == TINY.billed
    assert {segment.schedule for bill in Bill.objects.all() for segment in bill.segments.all()} == {
        "marisol-bay-power/r-1", "marisol-bay-power/r-tou",
    }  # fmt: skip


def test_accounts_are_multiplied_with_numbers_names_and_service_of_their_own(seeded):
    served = Account.objects.filter(agreements__kind="energy")
    assert served.count() == TINY.accounts
    assert all(is_number(account.number) for account in served)
    assert len({account.number for account in served}) == TINY.accounts
    assert served.filter(cycle="01").count() == TINY.billed
    last = served.latest("pk")
    person, premise = last.roles.get().person, last.agreements.get().premise
    given, family, _ = named(person.pk)
    assert (person.name, person.sort_name) == (f"{given} {family}", f"{family}, {given}")
    assert premise.street == f"{premise.pk} {named(premise.pk)[2]}"
    assert last.agreements.get().points.get().point.number == f"{premise.number}/1"


def test_who_comes_after_those_that_were_multiplied_has_a_key_and_a_number_of_its_own(seeded):
    (person,) = add_people(people=[PersonIn(family="Late", given="Ada")], on=FIRST, by=utility.BENCH, at=utility.AT)
    assert Person.objects.filter(number=person.number).count() == 1
    assert person.pk == Person.objects.latest("pk").pk


def test_every_payment_is_posted(seeded, tmp_path):
    FIGURES["payments_per_s"].measure(TINY, tmp_path)
    assert Payment.objects.count() == TINY.sample


def test_payments_of_another_program_are_posted_beside_those_at_the_operation(seeded, tmp_path):
    timing = FIGURES["payments_http_per_s"].measure(TINY, tmp_path)
    assert (timing.value > 0, timing.reference > 0) == (True, True)
    assert Payment.objects.count() == 2 * TINY.billed


def test_a_file_of_payments_is_posted_whole_beside_a_copy_of_its_own_rows(seeded, tmp_path):
    FIGURES["payments_per_s"].measure(TINY, tmp_path)
    before = Payment.objects.count()
    timing = FIGURES["payment_file_per_s"].measure(TINY, tmp_path)
    assert timing.value > 0
    assert Payment.objects.count() == before + TINY.billed
    assert timing.work == "4 checks in batches of 500; 32 rows written"


def test_pages_are_answered_beside_those_of_an_account_without_service(seeded, tmp_path):
    found = measure("pages:quiet", TINY, tmp_path)
    assert list(found) == ["page_account_p95_ms", "page_search_p95_ms", "page_year_chart_p95_ms"]
    for timing in found.values():
        assert (timing.value > 0, timing.reference > 0) == (True, True)
        assert timing.work == "5 requests; 12 accounts"


def test_bills_are_printed_or_it_is_said_why_not(seeded, tmp_path):
    try:
        assert FIGURES["pdf_per_s"].measure(TINY, tmp_path).value > 0
    except NotHere as why:
        assert "make setup" in str(why)


def test_json_holds_every_figure_with_its_ratio():
    status, found = said("bench", "reprice_bills_per_s", "--tiny")
    (figure,) = found["figures"]
    assert (status, figure["name"], figure["unit"]) == (0, "reprice_bills_per_s", "bills/s")
    assert figure["ratio"] == pytest.approx(figure["value"] / figure["reference"], rel=0.01)
    assert figure["peak_mb"] > 0
    assert found["seed"]


def test_a_figure_that_fails_is_told_and_stops_no_other(monkeypatch):
    unknown = Figure("broken", "x/s", "nothing", "nothing", "nowhere:nothing")  # its own process does not know it
    figures = {"broken": unknown, "reprice_bills_per_s": FIGURES["reprice_bills_per_s"]}
    monkeypatch.setattr(suite, "FIGURES", figures)
    first, second = suite.run(figures, size="tiny")
    assert (first.failed, first.value, first.ratio) == (True, None, None)
    assert "nowhere" in first.work
    assert second.value is not None


def test_figures_of_a_utility_that_could_not_be_made_say_why(tmp_path):
    site = suite._Site(tmp_path, "tiny", unseeded="Traceback\nno room on the disk\n")
    result = site.measured(FIGURES["payments_per_s"])
    assert (result.failed, result.work) == (True, "failed: no room on the disk")


def test_a_figure_that_cannot_be_measured_here_has_no_value():
    result = suite.Result(FIGURES["pdf_per_s"], None, None, "no fonts", None)
    assert result.data()["value"] is None
    assert result.data()["ratio"] is None


def test_a_name_that_is_not_known_is_refused():
    result = run("bench", "speed_of_light")
    assert (result.exit_code, "There is no figure “speed_of_light”" in result.output) == (2, True)
