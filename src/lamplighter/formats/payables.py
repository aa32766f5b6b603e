"""Refund vouchers for a city's accounts payable, and its answer: two comma-separated layouts that close with totals.

docs/algorithms/refund-vouchers.md has both. Amounts are dollars with two decimals, days are ISO 8601, UTF-8, CRLF.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MOST_BYTES = 20 << 20
AMOUNT = re.compile(r"(\d{1,9})\.(\d{2})")
CHECK = re.compile(r"\d{1,18}")
LONGEST_REASON = 100


class CannotRead(ValueError):
    """An answer that is not used at all; the message names line and field, what was expected and what to do."""


@dataclass(frozen=True, slots=True)
class Voucher:
    """What accounts payable is asked to pay: to whom, how much (cents), for which account, charged to which code."""

    number: str
    made_on: date
    payee: str
    address: str
    account: str
    fund: str
    charged_to: str
    cents: int


@dataclass(frozen=True, slots=True)
class Paid:
    """A voucher was paid on a day by the city's own check."""

    line: int
    number: str
    on: date
    cents: int
    check: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A voucher is not paid, and why."""

    line: int
    number: str
    on: date
    cents: int
    reason: str


Answer = Paid | Refused


def voucher_file(vouchers: Sequence[Voucher], *, made_on: date) -> bytes:
    """`H` with the day, a `V` for each voucher, `T` with their number and sum."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(["H", made_on.isoformat(), "REFUND VOUCHERS"])
    rows.writerows(
        ["V", one.number, one.made_on.isoformat(), one.payee, one.address, one.account, one.fund, one.charged_to,
         dollars(one.cents)]
        for one in vouchers
    )  # fmt: skip
    rows.writerow(["T", len(vouchers), dollars(sum(one.cents for one in vouchers))])
    return text.getvalue().encode()


def read_answer(data: bytes) -> list[Answer]:
    """What became of vouchers: `P` paid, `R` refused, closed by `T`. Raises CannotRead for a file that breaks off, does
    not hold its own totals, or has a line that is none of these: nothing of it is used."""
    rows = _rows(data)
    if not rows or rows[-1][1][0] != "T":
        raise CannotRead("The file does not end with its T line: it broke off. Ask accounts payable to send it again.")
    answers = [_answer(number, row) for number, row in rows[:-1]]
    number, last = rows[-1]
    _fields(number, last, 3)
    found = (str(len(answers)), dollars(sum(one.cents for one in answers)))
    if (last[1], last[2]) != found:
        raise CannotRead(
            f"Line {number}, T: {last[1]} lines of {last[2]} in all are announced, {found[0]} of {found[1]} are there. "
            "Ask accounts payable to send it again."
        )
    return answers


def dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _rows(data: bytes) -> list[tuple[int, list[str]]]:
    """Lines that are not empty, with their numbers."""
    if len(data) > MOST_BYTES:
        raise CannotRead(f"The file has {len(data):,} bytes; an answer has no more than {MOST_BYTES:,}.")
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        return [(reader.line_num, [field.strip() for field in row]) for row in reader if row]
    except UnicodeDecodeError as wrong:
        raise CannotRead(f"Byte {wrong.start + 1}: the file is not UTF-8.") from wrong
    except csv.Error as wrong:
        raise CannotRead(f"Line {reader.line_num}: not comma-separated text ({wrong}).") from wrong


def _answer(line: int, row: list[str]) -> Answer:
    if row[0] not in {"P", "R"}:
        raise CannotRead(f"Line {line}, kind: expected P (paid), R (refused) or T (totals), found {row[0][:20]!r}.")
    _fields(line, row, 5)
    number, on, cents = row[1], _day(line, row[2]), _cents(line, row[3])
    if row[0] == "R":
        if not row[4]:
            raise CannotRead(f"Line {line}, reason: expected why the voucher was refused, found nothing.")
        return Refused(line, number, on, cents, row[4][:LONGEST_REASON])
    if not (CHECK.fullmatch(row[4]) and row[4].isascii()):
        raise CannotRead(f"Line {line}, check number: expected up to 18 digits, found {row[4][:20]!r}.")
    return Paid(line, number, on, cents, int(row[4]))


def _fields(line: int, row: list[str], expected: int) -> None:
    if len(row) != expected:
        raise CannotRead(f"Line {line}: expected {expected} fields, found {len(row)}.")


def _day(line: int, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise CannotRead(f"Line {line}, day: expected YYYY-MM-DD, found {text[:20]!r}.") from wrong


def _cents(line: int, text: str) -> int:
    found = AMOUNT.fullmatch(text)
    if found is None or not text.isascii():
        raise CannotRead(f"Line {line}, amount: expected dollars such as 123.45, found {text[:20]!r}.")
    return int(found[1]) * 100 + int(found[2])
