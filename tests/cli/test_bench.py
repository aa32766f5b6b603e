"""The benchmark suite runs, at its smallest size: it is told what was measured, and never how fast it must be."""

from __future__ import annotations

import pytest

from lamplighter.benchmarks import suite, utility
from lamplighter.benchmarks.figures import FIGURES, Figure
from lamplighter.benchmarks.sizes import SIZES
from lamplighter.benchmarks.stopwatch import NotHere
from lamplighter.billing.models import Bill
from lamplighter.payments.models import Payment
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


@pytest.mark.parametrize("name", [name for name, figure in FIGURES.items() if not figure.utility])
def test_a_figure_is_measured_beside_its_reference(name, tmp_path):
    timing = FIGURES[name].measure(TINY, tmp_path)
    assert timing.value > 0
    assert timing.reference > 0
    assert timing.work


@pytest.fixture
def seeded(database):
    utility.seed(TINY)


def test_the_bill_run_bills_every_account_of_the_seeded_utility(seeded, tmp_path):
    timing = FIGURES["bill_run_bills_per_s"].measure(TINY, tmp_path)
    assert (timing.value > 0, timing.reference > 0) == (True, True)
    assert Bill.objects.count() == TINY.accounts
    assert {segment.schedule for bill in Bill.objects.all() for segment in bill.segments.all()} == {
        "marisol-bay-power/r-1", "marisol-bay-power/r-tou",
    }  # fmt: skip


def test_every_payment_is_posted(seeded, tmp_path):
    FIGURES["payments_per_s"].measure(TINY, tmp_path)
    assert Payment.objects.count() == TINY.sample


def test_payments_at_the_page_are_posted_beside_those_at_the_operation(seeded, tmp_path):
    timing = FIGURES["payments_http_per_s"].measure(TINY, tmp_path)
    assert (timing.value > 0, timing.reference > 0) == (True, True)
    assert Payment.objects.count() == 2 * TINY.sample


def test_a_file_of_payments_is_posted_whole(seeded, tmp_path):
    assert FIGURES["payment_file_per_s"].measure(TINY, tmp_path).value > 0
    assert Payment.objects.count() == TINY.accounts


@pytest.mark.parametrize("page", ["account", "search", "year_chart"])
def test_a_page_is_answered_beside_that_of_an_account_without_service(page, seeded, tmp_path):
    timing = FIGURES[f"page_{page}_p95_ms"].measure(TINY, tmp_path)
    assert (timing.value > 0, timing.reference > 0) == (True, True)
    assert timing.work == "5 requests"


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
    assert "broken" in first.work
    assert second.value is not None


def test_a_figure_that_cannot_be_measured_here_has_no_value():
    result = suite.Result(FIGURES["pdf_per_s"], None, None, "no fonts", None)
    assert result.data()["value"] is None
    assert result.data()["ratio"] is None


def test_a_name_that_is_not_known_is_refused():
    result = run("bench", "speed_of_light")
    assert (result.exit_code, "There is no figure “speed_of_light”" in result.output) == (2, True)
