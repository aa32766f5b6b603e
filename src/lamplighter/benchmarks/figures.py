"""The figures of the suite by name: unit, reference and where they are measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from lamplighter.benchmarks.sizes import Size
from lamplighter.benchmarks.stopwatch import Timing


@dataclass(frozen=True, slots=True)
class Figure:
    """`place` is `module:function` below this package; some functions measure several figures at once. `database`
    names the database of the utility that it works on, if any: that of the seeded one, or one that is billed."""

    name: str
    unit: str
    what: str
    beside: str
    place: str
    database: str = ""

    def measure(self, size: Size, folder: Path) -> Timing:
        """Raises NotHere where it cannot be measured."""
        found = measure(self.place, size, folder)
        return found if isinstance(found, Timing) else found[self.name]


def measure(place: str, size: Size, folder: Path) -> Timing | dict[str, Timing]:
    """What is measured at a place: one figure, or several by name. Raises NotHere."""
    module, _, name = f"{__package__}.{place}".partition(":")
    function: Callable[[Size, Path], Timing | dict[str, Timing]] = getattr(import_module(module), name)
    return function(size, folder)


SEED, BILLED = "seed", "billed"
FIGURES = {
    figure.name: figure
    for figure in (
        Figure(
            "ingest_csv_reads_per_s", "reads/s", "one read a line (CSV), to validated and committed",
            "the same file parsed by pyarrow", "ingest:csv",
        ),
        Figure(
            "ingest_wide_reads_per_s", "reads/s", "a meter-day a line (NEM12), to validated and committed",
            "the same file parsed by pyarrow", "ingest:wide",
        ),
        Figure(
            "vee_reads_per_s", "reads/s", "from the store, validated, written back",
            "the same Parquet read and written by pyarrow", "stored:vee",
        ),
        Figure(
            "determinants_reads_per_s", "reads/s", "kWh, kWh by TOU period and 15-minute peak kW from the store",
            "a bare sum over the same Parquet (pyarrow, NumPy)", "stored:determinants",
        ),
        Figure(
            "reprice_bills_per_s", "bills/s", "bills priced by columns from determinants, exact to the cent",
            "the exact calculator (Decimal), one by one", "reprice:reprice",
        ),
        Figure(
            "bill_run_bills_per_s", "bills/s", "reads to bills priced twice, lines, books and events",
            "COPY of the same rows into bare tables", "billrun:bill_run", database=BILLED,
        ),
        Figure(
            "payments_per_s", "payments/s", "single payments, each durable, several clerks at a time",
            "transactions of one UPDATE and one INSERT", "paying:payments", database=BILLED,
        ),
        Figure(
            "payments_http_per_s", "payments/s", "by another program over the API, up to 500 a request, one server",
            "the same payments at the operation, one connection", "paying:http", database=BILLED,
        ),
        Figure(
            "payment_file_per_s", "payments/s", "a lockbox's day, in batches",
            "COPY of the same rows into bare tables", "paying:file", database=BILLED,
        ),
        Figure(
            "pdf_per_s", "PDFs/s", "issued bills as tagged PDFs, from the database",
            "a bare page by Typst", "printing:pdf", database=BILLED,
        ),
        *(
            Figure(
                f"page_{key}_p95_ms{suffix}", "ms", f"{what}, answered at the server{when}, 95 of 100 within",
                "the same page of an account without service", f"pages:{place}", database=SEED,
            )
            for suffix, when, place in (("", "", "quiet"), ("_during_run", " during a bill run", "during_run"))
            for key, what in (
                ("account", "an account's page"), ("search", "a search by name and street"),
                ("year_chart", "a year of quarter hours as a chart"),
            )
        ),
    )
}  # fmt: skip
