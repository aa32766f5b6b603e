"""BAI2 (Cash Management Balance Reporting, version 2): records, continuations, and the totals that must hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from lamplighter.formats.banking.statements import BankLine, CannotRead, Statement

OPENING, CLOSING = "010", "015"
CREDITS, DEBITS = range(100, 400), range(400, 700)
TOLD = "890"
"""Words without money: they stand in a statement and are no line of it."""
NOT_BOOKED = {"2": "deleted", "3": "corrected", "4": "only a test"}
"""States of a group that is no statement to be booked; 1, an update, is."""
AMOUNT = re.compile(r"[+-]?\d{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Record:
    """A record with its continuations: where it begins, its kind, its fields, and how many lines it is."""

    line: int
    kind: str
    fields: tuple[str, ...]
    lines: int


@dataclass(slots=True)
class _Account:
    number: str
    currency: str
    on: date
    total: int = 0
    records: int = 0
    balances: dict[str, int] = field(default_factory=dict)
    lines: list[BankLine] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    on: date
    currency: str
    total: int = 0
    accounts: int = 0
    records: int = 1


def statements(data: bytes) -> list[Statement]:
    """Every account of every group. Raises CannotRead with the line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    found: list[Statement] = []
    group: _Group | None = None
    account: _Account | None = None
    whole, groups, records, last = 0, 0, 0, ""
    for one in _records(text):
        records += one.lines
        last = one.kind
        match one.kind, group, account:
            case "01", None, None:
                pass
            case "02", None, None:
                _refuse_unbooked(one)
                group = _Group(_day(one, 3), _at(one, 5))
            case "03", _Group(), None:
                account = _opened(one, group)
            case "16", _Group(), _Account():
                account.lines.extend(_detail(one, account))
                account.records += one.lines
            case "49", _Group(), _Account():
                account.records += one.lines
                _hold(one, account.total, account.records)
                group.total += account.total
                group.accounts += 1
                group.records += account.records
                found.append(_statement(account))
                account = None
            case "98", _Group(), None:
                group.records += one.lines
                _hold(one, group.total, group.records, group.accounts)
                whole, groups, group = whole + group.total, groups + 1, None
            case "99", None, None:
                _hold(one, whole, records, groups)
            case _:
                raise CannotRead(f"Line {one.line}: a record {one.kind} can't stand here.")
    if last != "99":
        raise CannotRead("The file breaks off: it has no record 99.")
    return found


def _records(text: str) -> Iterator[_Record]:
    """Physical lines joined to records; what stands after `/` is filler."""
    kept: list[tuple[int, str]] = [(n, line.rstrip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    place = 0
    while place < len(kept):
        line, first = kept[place]
        kind, _, rest = first.partition(",")
        ended = rest.endswith("/")
        body, count = rest.removesuffix("/"), 1
        while place + count < len(kept) and kept[place + count][1].startswith("88,"):
            more = kept[place + count][1][3:]
            body += ("," if ended else " ") + more.removesuffix("/")
            ended = more.endswith("/")
            count += 1
        yield _Record(line, kind, tuple(body.split(",")), count)
        place += count


def _refuse_unbooked(group: _Record) -> None:
    if what := NOT_BOOKED.get(_at(group, 2)):
        status = _at(group, 2)
        raise CannotRead(f"Line {group.line}: this group is {what} (status {status}). Ask the bank for its update.")


def _opened(one: _Record, group: _Group) -> _Account:
    account = _Account(_at(one, 0), _at(one, 1) or group.currency, group.on, records=one.lines)
    fields = list(one.fields[2:])
    while len(fields) >= 2:
        code, amount = fields[0].strip(), fields[1].strip()
        used = 4 + _funds(fields[3] if len(fields) > 3 else "", fields[4:])
        fields = fields[used:]
        if amount:
            cents = _cents(one, amount)
            account.total += cents
            account.balances[code] = cents
    return account


def _detail(one: _Record, account: _Account) -> tuple[BankLine, ...]:
    """Its line; none where it only tells something."""
    code, cents = _at(one, 0).strip(), _cents(one, _at(one, 1) or "0")
    more = 3 + _funds(_at(one, 2), one.fields[3:])
    rest = one.fields[more:]
    account.total += cents
    number = _whole(code) or 0
    if code == TOLD and not cents:
        return ()
    if number not in CREDITS and number not in DEBITS:
        raise CannotRead(f"Line {one.line}: {code!r} is neither a credit (100 to 399) nor a debit (400 to 699).")
    line = BankLine(
        account.on, cents if number in CREDITS else -cents, code, ",".join(rest[2:]).strip(),
        rest[0].strip() if rest else "", rest[1].strip() if len(rest) > 1 else "",
    )  # fmt: skip
    return (line,)


def _funds(kind: str, after: Sequence[str]) -> int:
    """How many fields follow a funds type: availability by day (S), by value date (V), or a list of days (D)."""
    match kind.strip():
        case "S":
            return 3
        case "V":
            return 2
        case "D":
            return 1 + 2 * ((_whole(after[0]) if after else 0) or 0)
    return 0


def _hold(one: _Record, total: int, records: int, parts: int | None = None) -> None:
    """The trailer's own figures, against what was counted."""
    said = _cents(one, _at(one, 0))
    if said != total:
        raise CannotRead(f"Line {one.line}: control total {said}, counted {total}.")
    if parts is not None and _whole(_at(one, 1) or "0") != parts:
        raise CannotRead(f"Line {one.line}: {_at(one, 1)} parts, counted {parts}.")
    count = _at(one, 1 if parts is None else 2)
    if _whole(count) != records:
        raise CannotRead(f"Line {one.line}: {count} records, counted {records}.")


def _statement(account: _Account) -> Statement:
    return Statement(
        account.number, account.on, account.currency or "USD", tuple(account.lines), account.balances.get(OPENING),
        account.balances.get(CLOSING),
    )  # fmt: skip


def _whole(text: str) -> int | None:
    """A count or a code; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _at(one: _Record, place: int) -> str:
    return one.fields[place].strip() if place < len(one.fields) else ""


def _day(one: _Record, place: int) -> date:
    try:
        return datetime.strptime(_at(one, place), "%y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as wrong:
        raise CannotRead(f"Line {one.line}: {_at(one, place)!r} is no day; expected YYMMDD.") from wrong


def _cents(one: _Record, text: str) -> int:
    if not AMOUNT.fullmatch(text):
        raise CannotRead(f"Line {one.line}: {text!r} is no amount; expected whole cents.")
    return int(text)
