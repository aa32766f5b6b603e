"""CSV for people's spreadsheets: streamed, and safe to open."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

from lamplighter.kernel.money import Money

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """`name.csv` with every row, sent as it is read."""
    response = StreamingHttpResponse(lines(header, rows), content_type="text/csv; charset=utf-8")
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", name).strip("-")
    response["Content-Disposition"] = f'attachment; filename="{plain}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # spreadsheets take the file for UTF-8 by it
    yield str(writer.writerow([cell(title) for title in header]))
    for row in rows:
        yield str(writer.writerow([cell(value) for value in row]))


def cell(value: Any) -> str:
    """Plain text that a spreadsheet will not run: what begins like a formula gets an apostrophe, numbers stay."""
    text = _plain(value)
    if text.startswith(FORMULA) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case Money():
            return str(value.dollars)
        case datetime():
            return timezone.localtime(value).isoformat(sep=" ", timespec="minutes")
        case Decimal():
            return format(value, "f")
    return str(value)


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line
