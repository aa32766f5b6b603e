"""OFX (Open Financial Exchange) bank statements, SGML 1.x and XML 2.x: transactions by FITID, the ledger balance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from html import unescape

from lamplighter.formats.banking.statements import BankLine, CannotRead, Statement

MOST_BYTES = 20 << 20
ELEMENT = re.compile(r"<(/?)([A-Za-z0-9.]+)>([^<]*)")
CODES = {"CHECK": "475", "DEP": "174", "DIRECTDEP": "165", "SRVCHG": "698", "FEE": "698"}
"""What a transaction type is in the codes by which lines are matched (BAI2's)."""


@dataclass(slots=True)
class _Reading:
    account: str = ""
    currency: str = ""
    closing: int | None = None
    closed_on: date | None = None
    seen: set[str] = field(default_factory=set)
    days: dict[date, list[BankLine]] = field(default_factory=dict)


def statements(data: bytes) -> list[Statement]:
    """A statement for each day of each account, since a file may span many; the balance belongs to the last day. A
    transaction that stands twice (by FITID) counts once. Raises CannotRead."""
    if len(data) > MOST_BYTES:
        raise CannotRead(f"The file has {len(data):,} bytes; a bank's file has no more than {MOST_BYTES:,}.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    found: list[Statement] = []
    for body in re.findall(r"<STMTRS>(.*?)</STMTRS>", text, re.DOTALL | re.IGNORECASE):
        found += _statements(_read(body))
    if not found:
        raise CannotRead("The file has no bank statement (STMTRS) with a balance. Ask the bank for one.")
    return found


def _read(body: str) -> _Reading:
    reading, fields, where = _Reading(), dict[str, str](), ""
    for closes, name, value in _elements(body):
        if name in {"STMTTRN", "LEDGERBAL", "BANKACCTFROM"}:
            if closes:
                _take(reading, name, fields)
            where, fields = "" if closes else name, {}
        elif not closes and where:
            fields[name] = value
        elif not closes and name == "CURDEF":
            reading.currency = value
    if where:
        raise CannotRead(f"The file breaks off inside {where}.")
    return reading


def _take(reading: _Reading, name: str, fields: dict[str, str]) -> None:
    match name:
        case "BANKACCTFROM":
            reading.account = fields.get("ACCTID", "")
        case "LEDGERBAL":
            reading.closing, reading.closed_on = _cents(fields.get("BALAMT", "")), _day(fields.get("DTASOF", ""))
        case "STMTTRN":
            key = fields.get("FITID", "")
            if not key or key in reading.seen:
                if not key:
                    raise CannotRead("A transaction has no FITID: it could not be known again.")
                return
            reading.seen.add(key)
            line = _line(fields)
            reading.days.setdefault(line.on, []).append(line)


def _line(fields: dict[str, str]) -> BankLine:
    kind = fields.get("TRNTYPE", "").upper()
    text = " ".join(filter(None, (fields.get("NAME", ""), fields.get("MEMO", ""))))
    return BankLine(
        _day(fields.get("DTPOSTED", "")), _cents(fields.get("TRNAMT", "")), CODES.get(kind, kind), text,
        fields["FITID"], fields.get("CHECKNUM", "") or fields.get("REFNUM", ""),
    )  # fmt: skip


def _statements(reading: _Reading) -> Iterator[Statement]:
    """One a day; the balance before and after each follows backwards from the last one, where it is known."""
    if reading.closing is None or reading.closed_on is None:
        raise CannotRead("The statement has no ledger balance (LEDGERBAL).")
    reading.days.setdefault(reading.closed_on, [])
    later = [day for day in reading.days if day > reading.closed_on]
    if later:
        raise CannotRead(f"The balance is of {reading.closed_on}, but a transaction of {max(later)}.")
    closing, made = reading.closing, []
    for on in sorted(reading.days, reverse=True):
        lines = tuple(reading.days[on])
        opening = closing - sum(line.cents for line in lines)
        made.append(Statement(reading.account, on, reading.currency, lines, opening, closing))
        closing = opening
    yield from reversed(made)


def _elements(body: str) -> Iterator[tuple[bool, str, str]]:
    for slash, name, value in ELEMENT.findall(body):
        yield bool(slash), name.upper(), unescape(value).strip()


def _cents(text: str) -> int:
    try:
        cents = Decimal(text.replace(",", ".")) * 100
    except InvalidOperation as wrong:
        raise CannotRead(f"{text!r} is no amount.") from wrong
    if not cents.is_finite() or cents != cents.to_integral_value():
        raise CannotRead(f"{text!r} is no amount in whole cents.")
    return int(cents)


def _day(text: str) -> date:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError as wrong:
        raise CannotRead(f"{text!r} is no day; expected YYYYMMDD.") from wrong


def is_ofx(data: bytes) -> bool:
    return b"<OFX>" in data[:4000].upper()
