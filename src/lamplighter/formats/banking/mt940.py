"""MT940 (SWIFT customer statement): tags, signed lines, balances that must hold; banks' own headers are passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from lamplighter.formats.banking.statements import BankLine, CannotRead, Statement

TAG = re.compile(r"^:(\d{2}[A-Z]?):")
LINE = re.compile(
    r"(?P<value>\d{6})(?P<booked>\d{4}| {4})?(?P<sign>R?[CD])(?P<funds>[A-Z])?(?P<amount>\d{1,15}(?:,\d{0,2})?)"
    r"(?P<code>[A-Z][A-Z0-9 ]{3})?(?P<ours>[^/\n]*(?:/(?!/)[^/\n]*)*)(?://(?P<theirs>[^\n]*))?(?:\n(?P<more>.*))?",
    re.DOTALL,
)
BALANCE = re.compile(r"(?P<sign>[CD])(?P<day>\d{6})(?P<currency>[A-Z]{3})(?P<amount>\d{1,15}(?:,\d{0,2})?)")
ENDS = ("-}", "-")
CODES = {
    ("CHK", True): "174",
    ("CHK", False): "475",
    ("DDT", True): "165",
    ("RTI", False): "555",
    ("CHG", False): "698",
}
"""What a SWIFT transaction type is in the codes by which lines are matched (BAI2's): a deposit of checks, a check paid,
collected debits, a returned item, a fee."""


@dataclass(slots=True)
class _Account:
    """A statement while its tags are read; it may run over several messages (`:60M:`, `:62M:`)."""

    number: str = ""
    currency: str = ""
    opening: int | None = None
    lines: list[BankLine] = field(default_factory=list)


def statements(data: bytes) -> list[Statement]:
    """Every statement of the file. Raises CannotRead with the line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    found: list[Statement] = []
    account, before = _Account(), ""
    for line, tag, body in _tags(text):
        match tag:
            case "25":
                account = _Account(body.strip(), lines=[]) if account.opening is None else account
            case "60F" | "60M":
                _, account.currency, opening = _balance(line, body)
                account.opening = opening if account.opening is None else account.opening
            case "61":
                account.lines.append(_line(line, body))
            case "86" if before == "61":  # after a balance it speaks of the whole statement
                last = account.lines[-1]
                words = " ".join(body.split())
                account.lines[-1] = BankLine(last.on, last.cents, last.code, words, last.bank_reference, last.reference)
            case "62F":
                day, currency, closing = _balance(line, body)
                lines = tuple(account.lines)
                found.append(Statement(account.number, day, currency, lines, account.opening, closing))
                account = _Account()
        before = tag
    if account.opening is not None or account.lines:
        raise CannotRead("The file breaks off: a statement has no closing balance (:62F:).")
    if not found:
        raise CannotRead("The file has no statement: it has no closing balance (:62F:).")
    return found


def _tags(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, tag and body of each; lines without a tag go on with the one before."""
    start, tag, body = 0, "", ""
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.rstrip().replace("\x00", "")
        opened = TAG.match(plain.lstrip())
        if opened:
            if tag:
                yield start, tag, body
            start, tag, body = number, opened[1], plain.lstrip()[opened.end() :]
        elif plain.strip() in ENDS or plain.startswith("{"):
            if tag:
                yield start, tag, body
            tag = ""
        elif tag:
            body += f"\n{plain}"
    if tag:
        yield start, tag, body


def _line(number: int, body: str) -> BankLine:
    found = LINE.match(body)
    if found is None:
        raise CannotRead(f"Line {number}: {body[:40]!r} is no line of a statement (:61:).")
    cents = _cents(number, found["amount"])
    credit = found["sign"] in {"C", "RD"}
    code = (found["code"] or "").strip()
    kind = CODES.get((code[1:], credit), code)
    text = " ".join((found["more"] or "").split())
    day = _booked(_day(number, found["value"]), found["booked"], number)
    return BankLine(
        day, cents if credit else -cents, kind, text, (found["theirs"] or "").strip(), found["ours"].strip()
    )


def _booked(value: date, booked: str | None, number: int) -> date:
    """The day on which it was booked; its year is the value day's, or the neighbouring one at the turn of a year."""
    if booked is None or not booked.strip():
        return value
    days = [date_of(value.year + shift, booked) for shift in (-1, 0, 1)]
    known = [day for day in days if day is not None]
    if not known:
        raise CannotRead(f"Line {number}: {booked!r} is no day; expected MMDD.")
    return min(known, key=lambda day: abs((day - value).days))


def date_of(year: int, month_day: str) -> date | None:
    try:
        return date(year, int(month_day[:2]), int(month_day[2:]))
    except ValueError:
        return None


def _balance(number: int, body: str) -> tuple[date, str, int]:
    found = BALANCE.match(body.strip())
    if found is None:
        raise CannotRead(f"Line {number}: {body[:40]!r} is no balance; expected C or D, YYMMDD, currency, amount.")
    cents = _cents(number, found["amount"])
    return _day(number, found["day"]), found["currency"], cents if found["sign"] == "C" else -cents


def _day(number: int, text: str) -> date:
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError as wrong:
        raise CannotRead(f"Line {number}: {text!r} is no day; expected YYMMDD.") from wrong


def _cents(number: int, text: str) -> int:
    whole, _, part = text.partition(",")
    if not whole.isdigit():
        raise CannotRead(f"Line {number}: {text!r} is no amount; expected digits and a comma.")
    return int(whole) * 100 + int(part.ljust(2, "0") or "0")


def is_mt940(data: bytes) -> bool:
    """Whether it looks like one: a balance and an account among its tags."""
    head: Sequence[bytes] = (b":25:", b":60F:", b":60M:")
    return sum(tag in data[:20000] for tag in head) >= 2
