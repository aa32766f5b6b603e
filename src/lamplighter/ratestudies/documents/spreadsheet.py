"""A study as an Excel workbook: its figures, and a row for every customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from lamplighter.kernel.money import Money
from lamplighter.ratestudies.documents import summary
from lamplighter.ratestudies.documents.summary import Beside
from lamplighter.ratestudies.models import Study

BESIDE = ("Present", "Proposed", "Change", "Change %")


def workbook(study: Study) -> bytes:
    """Written row by row, so that memory does not grow with the customers."""
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "constant_memory": True, "strings_to_formulas": False}) as book:
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "money": book.add_format({"num_format": "#,##0.00"}),
            "number": book.add_format({"num_format": "#,##0"}),
        }
        sheet = _Sheets(book, formats)
        sheet.write("Study", ("What", ""), _about(study))
        sheet.write("By class", ("Class", "Customers", *BESIDE), _counted(summary.classes(study)))
        sheet.write("By month", ("Class", "Month", "Present", "Proposed", "Change"), _months(study))
        sheet.write(
            "Change", ("Change", "Customers", "Together"), ((b.label, b.count, b.change) for b in summary.bands(study))
        )
        sheet.write("Assistance", ("Customers", "Number", *BESIDE), _counted(summary.assistance(study)))
        sheet.write("Typical bill", ("Line", *BESIDE), ((r.label, *_beside(r)) for r in summary.typical_lines(study)))
        sheet.write("Customers", ("Account", "Class", "Discount", "Bills", "kWh", *BESIDE), _customers(study))
        sheet.write("Left out", ("Why", "Customers"), summary.left_out(study))
    return held.getvalue()


class _Sheets:
    def __init__(self, book: Any, formats: dict[str, Any]) -> None:
        self._book, self._formats = book, formats

    def write(self, name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, len(head), 14)
        sheet.freeze_panes(1, 0)
        for column, words in enumerate(head):
            sheet.write_string(0, column, words, self._formats["head"])
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                self._cell(sheet, at, column, value)

    def _cell(self, sheet: Any, row: int, column: int, value: object) -> None:
        match value:
            case Money():
                sheet.write_number(row, column, float(value.dollars), self._formats["money"])  # a cell is a float
            case int() | float():
                sheet.write_number(row, column, value, self._formats["number"])
            case None:
                sheet.write_blank(row, column, None)
            case _:
                sheet.write_string(row, column, str(value))


def _about(study: Study) -> list[tuple[str, object]]:
    whole, found = summary.whole(study), study.result
    return [
        ("Name", study.name), ("Rate", study.schedule.code), ("Tariff SHA-256", study.source_id),
        ("Year before", study.until.isoformat()), ("Who", study.get_scope_display()), ("Customers", found["customers"]),
        ("Priced", found["priced"]), ("Bills", found["bills"]), ("Present", whole.present),
        ("Proposed", whole.proposed), ("Change", whole.change), ("Change %", whole.percent),
        ("Checked by the second calculator", found["checked"]), ("Of these differ", found["differing"]),
    ]  # fmt: skip


def _beside(row: Beside) -> tuple[object, ...]:
    return row.present, row.proposed, row.change, None if row.percent is None else float(row.percent)


def _counted(rows: Iterable[Beside]) -> Iterable[tuple[object, ...]]:
    return ((row.label, row.count, *_beside(row)) for row in rows)


def _months(study: Study) -> Iterable[tuple[object, ...]]:
    return (
        (name, month, present, proposed, proposed - present)
        for name, month, present, proposed in summary.class_months(study)
    )


def _customers(study: Study) -> Iterable[tuple[object, ...]]:
    rows = study.years.select_related("agreement__account").order_by("agreement__account__number", "agreement")
    for row in rows.iterator(chunk_size=2_000):
        both = Beside("", row.present, row.proposed)
        yield (
            row.agreement.account.number, row.customer_class, "yes" if row.assisted else "no", row.months,
            int(row.kwh), *_beside(both),
        )  # fmt: skip
