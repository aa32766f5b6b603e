"""What the files of agencies have in common: lines of commas under a named header, money in dollars, and findings."""

from __future__ import annotations

import csv
import io
import re

from lamplighter.kernel.findings import Finding, Place
from lamplighter.kernel.money import Money

DOLLARS = re.compile(r"-?\d{1,12}(\.\d{1,2})?", re.ASCII)
MEND = "Correct the line and send the file again."


def rows_of(text: str, *, name: str, least: int, what: str, file: str) -> list[list[str]] | Finding:
    """The lines under a header H,name,... of at least so many fields; or why they can't be read."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=None)) if row]
    except csv.Error as broken:
        return found(file, 1, "line", f"The file cannot be read as lines: {broken}.")
    if not rows or rows[0][:2] != ["H", name] or len(rows[0]) < least:
        return found(file, 1, "header", f"The file does not begin with H,{name}.", f"Ask the agency for its {what}.")
    return rows


def money(text: str) -> Money | None:
    """Dollars and cents; None for anything else."""
    return Money.exactly(text) if DOLLARS.fullmatch(text) else None


def found(file: str, line: int, field: str, message: str, remedy: str = MEND) -> Finding:
    return Finding(f"agency.{field}", message, place=Place(file, line, field), remedy=remedy)
