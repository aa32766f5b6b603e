"""A period of the books as another finance system takes it: comma-separated, or in a fixed layout of 100 characters.

One line for each accounting day and code, debits and credits apart. docs/algorithms/ledger-extract.md has the layouts.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH = 100
HEADER = ("date", "fund", "account", "name", "debit", "credit", "postings")


@dataclass(frozen=True, slots=True)
class JournalLine:
    """What one code was moved by on one accounting day. Cents; both are zero or more."""

    on: date
    fund: str
    number: str
    name: str
    debit: int
    credit: int
    postings: int


def as_csv(lines: Sequence[JournalLine]) -> bytes:
    """With a header; dollars with two decimals."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(HEADER)
    rows.writerows(
        (one.on.isoformat(), one.fund, one.number, one.name, _dollars(one.debit), _dollars(one.credit), one.postings)
        for one in lines
    )
    return text.getvalue().encode()


def as_fixed(lines: Sequence[JournalLine], *, month: date) -> bytes:
    """`H` with the month, a `D` for each line, `T` with their number and the two sums; cents with leading zeros."""
    made = [f"H{month:%Y%m}LAMPLIGHTER"]
    made += [
        f"D{one.on:%Y%m%d}{one.fund[:20]:<20}{one.number[:20]:<20}{one.debit:015}{one.credit:015}{one.postings:08}"
        for one in lines
    ]
    debit, credit = sum(one.debit for one in lines), sum(one.credit for one in lines)
    made.append(f"T{len(lines):08}{debit:015}{credit:015}")
    return "".join(f"{line:<{WIDTH}}\r\n" for line in made).encode("ascii", "replace")


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
