"""Read a file of payments by its sender's layout. Its totals must hold, to the cent, or nothing of it is used.

A payment whose amount is known and of which something else is wrong is told beside the good ones, with the reason: its
money is there.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.formats.refusals import refusal
from lamplighter.formats.remittances.layout import Field, Layout, Line, Record, Role
from lamplighter.kernel.money import ZERO, Money, total

MOST_LINES = 200_000
DIGITS = re.compile(r"\d{1,15}", re.ASCII)
DOLLARS = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)
CODE = "remittance"


@dataclass(frozen=True, slots=True)
class Remitted:
    """One payment as the sender wrote it. `wrong` says why it can't be taken as it is."""

    line: int
    account: str
    scan: str
    amount: Money
    paid_on: date | None
    tender: str
    reference: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class RemittanceFile:
    """The payments in order; `number` is the sender's own of the file, "" where it gives none."""

    number: str
    payments: tuple[Remitted, ...]

    @property
    def amount(self) -> Money:
        return total(one.amount for one in self.payments)


def read_remittance(data: bytes, layout: Layout, *, file: str) -> RemittanceFile:
    """Raises Unreadable for a file of another layout, an amount that is none, a total that does not hold, and for what
    stands behind the totals or lacks them."""
    payments: list[Remitted] = []
    number, proven, since = "", False, 0
    for at, values in _lines(data, layout, file):
        record = _record(values, layout)
        if proven:
            raise refusal(f"{CODE}.after", "A line stands behind the totals.", file=file, line=at, remedy=AGAIN)
        if record is None:
            raise refusal(f"{CODE}.line", f"{values[0][:20]!r} begins no line of {layout.title}.", file=file, line=at,
                          remedy="Is it a file of this sender?")  # fmt: skip
        said = _values(record, values, fixed=bool(layout.width))
        match record.line:
            case Line.HEADER:
                number = said.get(Role.FILE, number)
            case Line.PAYMENT:
                payments.append(_payment(record, said, layout, file, at))
            case Line.BATCH:
                _prove(record, said, payments[since:], file, at)
                since = len(payments)
            case Line.TOTAL:
                _prove(record, said, payments, file, at)
                proven = True
    if not proven:
        raise refusal(f"{CODE}.cut", "The file has no line of totals: it may be cut off.", file=file, remedy=AGAIN)
    return RemittanceFile(number[:40], tuple(payments))


AGAIN = "Nothing of it was taken. Ask the sender for it again."


def _lines(data: bytes, layout: Layout, file: str) -> list[tuple[int, list[str]]]:
    """Each line that is not empty, with its place; a fixed line is one value."""
    try:
        lines = data.decode("ascii").splitlines()
    except UnicodeDecodeError as wrong:
        raise refusal(f"{CODE}.text", "The file has bytes that are no ASCII text.", file=file, remedy=AGAIN) from wrong
    if len(lines) > MOST_LINES:
        raise refusal(f"{CODE}.long", f"The file has more than {MOST_LINES:,} lines.", file=file)
    found = []
    for at, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if layout.width and len(line) != layout.width:
            words = f"The line has {len(line)} columns instead of {layout.width}."
            raise refusal(f"{CODE}.width", words, file=file, line=at, remedy=AGAIN)
        found.append((at, [line] if layout.width else _split(line, layout.delimiter, file, at)))
    return found


def _split(line: str, delimiter: str, file: str, at: int) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error as wrong:
        raise refusal(f"{CODE}.fields", f"The line can't be split: {wrong}.", file=file, line=at) from wrong


def _record(values: Sequence[str], layout: Layout) -> Record | None:
    """By its beginning; the longest one that fits."""
    first = values[0]
    fits = [one for one in layout.records
            if (first.startswith(one.starts) if layout.width or not one.starts else first == one.starts)]  # fmt: skip
    return max(fits, key=lambda one: len(one.starts), default=None)


def _values(record: Record, values: Sequence[str], *, fixed: bool) -> dict[Role, str]:
    """What stands where; "" beyond the end of a delimited line."""
    if fixed:
        return {one.role: values[0][one.first - 1 : one.last].strip() for one in record.fields}
    return {one.role: values[one.first - 1].strip() if one.first <= len(values) else "" for one in record.fields}


def _payment(record: Record, said: Mapping[Role, str], layout: Layout, file: str, at: int) -> Remitted:
    amount = _money(said[Role.AMOUNT], _field(record, Role.AMOUNT))
    if amount is None or amount <= ZERO:
        words = f"{said[Role.AMOUNT]!r} is no amount above nothing."
        raise refusal(f"{CODE}.amount", words, file=file, line=at, field="amount", remedy=AGAIN)
    day, wrong = None, []
    if said.get(Role.PAID_ON):
        day = _day(said[Role.PAID_ON], _field(record, Role.PAID_ON).pattern)
        wrong += [] if day else [f"{said[Role.PAID_ON]!r} is no day"]
    word = said.get(Role.TENDER, "")
    tender = layout.tenders.get(word) if Role.TENDER in said else layout.tender
    if tender is None:
        tender, wrong = layout.tender, [*wrong, f"{word!r} is no tender of this sender"]
    account, scan = said.get(Role.ACCOUNT, "")[:40], said.get(Role.SCAN, "")[:60]
    if not account and not scan:
        wrong.append("it names no account")
    reference = said.get(Role.REFERENCE, "")[:40]
    return Remitted(at, account, scan, amount, day, tender, reference, "; ".join(wrong))


def _prove(record: Record, said: Mapping[Role, str], payments: Sequence[Remitted], file: str, at: int) -> None:
    """Count and sum of a line of totals, against what was read."""
    money = _money(said[Role.SUM], _field(record, Role.SUM))
    count = int(said[Role.COUNT]) if DIGITS.fullmatch(said[Role.COUNT]) else None
    if (count, money) != (len(payments), total(one.amount for one in payments)):
        words = (
            f"The totals say {said[Role.COUNT]} payments and {money or said[Role.SUM]}; the lines before are "
            f"{len(payments)} and {total(one.amount for one in payments)}."
        )
        raise refusal(f"{CODE}.totals", words, file=file, line=at, field="sum", remedy=AGAIN)


def _field(record: Record, role: Role) -> Field:
    return next(one for one in record.fields if one.role is role)


def _money(text: str, field: Field) -> Money | None:
    """With a point; or digits of which the last `scale` are decimals, whole cents all the same."""
    if field.scale is None:
        return Money.exactly(text) if DOLLARS.fullmatch(text) else None
    if not DIGITS.fullmatch(text):
        return None
    cents, rest = divmod(int(text) * 100, 10**field.scale)
    return None if rest else Money(cents)


def _day(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
