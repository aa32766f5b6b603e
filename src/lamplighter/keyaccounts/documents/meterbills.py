"""Months of use as the spreadsheet that ENERGY STAR Portfolio Manager takes (docs/algorithms/benchmarking.md)."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import xlsxwriter

from lamplighter.keyaccounts.benchmarking import THRESHOLD
from lamplighter.keyaccounts.queries.benchmarks import ReleaseDraft

SHEET = "Meter Consumption Data"
HEAD = ("Portfolio Manager Meter ID", "Meter Type", "Start Date", "End Date", "Usage/Quantity", "Usage Units",
        "Cost ($)", "Estimation")  # fmt: skip
METER_TYPE, UNITS = "Electric - Grid", "kWh (thousand Watt-hours)"


def workbook(draft: ReleaseDraft, *, meter: str, receiver: str, at: datetime) -> bytes:
    """A line for each month that is given; on a second sheet what it is, and what was left out and why."""
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": at.replace(tzinfo=None)})
        day = book.add_format({"num_format": "mm/dd/yyyy"})
        sheet = book.add_worksheet(SHEET)
        sheet.set_column(0, len(HEAD) - 1, 20)
        sheet.write_row(0, 0, HEAD)
        for row, one in enumerate(draft.given, start=1):
            sheet.write_string(row, 0, meter)
            sheet.write_string(row, 1, METER_TYPE)
            sheet.write_datetime(row, 2, one.month.start, day)
            sheet.write_datetime(row, 3, one.month.last_day, day)
            sheet.write_number(row, 4, float(one.kwh))  # as spreadsheets hold numbers; a Decimal keeps its zeros
            sheet.write_string(row, 5, UNITS)
            sheet.write_string(row, 7, "Yes" if one.estimated else "No")
        about = book.add_worksheet("About")
        about.set_column(0, 1, 60)
        for row, pair in enumerate(_about(draft, receiver)):
            about.write_row(row, 0, pair)
    return held.getvalue()


def _about(draft: ReleaseDraft, receiver: str) -> list[tuple[str, str]]:
    premise = draft.service.premise
    assert premise is not None, "a service has a premise"
    whole = f"All electric services at {premise.street}, summed ({THRESHOLD})"
    return [
        ("What", whole if draft.building else f"One electric service at {premise.address}"),
        ("Given to", receiver),
        *((f"{one.month.start:%B %Y}", "; ".join(one.notes)) for one in draft.given if one.notes),
        *((f"{one.month.start:%B %Y} is left out", one.why) for one in draft.left),
    ]
