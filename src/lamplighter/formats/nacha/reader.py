"""Read what a bank sends back: returned entries (addenda 99) and notifications of change (98), from whole files only.

Real files are often trimmed on the right and not blocked; their counts, hashes and totals hold all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from lamplighter.formats.nacha.checker import DEBITS, HASH

NOT_OURS = {"IAT": "international (IAT)", "ADV": "automated accounting advices (ADV)"}
"""Batches whose records are laid out otherwise; the program sends none, so none of ours comes back in one."""
WIDTH, MOST_BYTES = 94, 50 << 20
RETURN, CHANGE, REFUSED_CHANGES = "99", "98", range(61, 70)


class CannotRead(ValueError):
    """The file is refused as a whole; the message says where, what was expected and what was found."""


@dataclass(frozen=True, slots=True)
class Returned:
    """An entry of ours that came back. `trace` is the number that we gave it; `died_on` stands with R14 and R15;
    `settled_on`: when the return itself settled, if the operator stamped its batch."""

    line: int
    code: str
    trace: str
    cents: int
    words: str = ""
    died_on: date | None = None
    settled_on: date | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What is to be changed before the next entry. `corrected` is as the receiving bank wrote it, 29 signs."""

    line: int
    code: str
    trace: str
    corrected: str


@dataclass(frozen=True, slots=True)
class SentBack:
    """What stands in a file, in its order, and the lines that are neither (a forward entry has no place here)."""

    returns: tuple[Returned, ...]
    changes: tuple[Changed, ...]
    others: tuple[int, ...]


@dataclass(slots=True)
class _Count:
    """What was counted since a header."""

    lines: int = 0
    hashed: int = 0
    debits: int = 0
    credits: int = 0


@dataclass(slots=True)
class _Walk:
    batch: _Count = field(default_factory=_Count)
    whole: _Count = field(default_factory=_Count)
    batches: int = 0


def read_sent_back(data: bytes) -> SentBack:
    """Everything that came back. Raises CannotRead for a file that is none, breaks off, or breaks its own totals."""
    returns: list[Returned] = []
    changes: list[Changed] = []
    others: list[int] = []
    entry, told = "", 0
    settled_on: date | None = None
    for number, line in _counted(_lines(data)):
        if line[0] == "5":
            settled_on = _settled(line)
        elif line[0] == "6":
            if entry and not told:
                others.append(number - 1)
            entry, told = line, 0
        elif line[0] == "7" and line[1:3] in {RETURN, CHANGE} and entry:
            told += 1
            if line[1:3] == RETURN:
                returns.append(_returned(number, line, entry, settled_on))
            else:
                changes.append(Changed(number, line[3:6], line[6:21], line[35:64]))
        elif line[0] == "8" and entry:
            if not told:
                others.append(number - 1)
            entry = ""
    return SentBack(tuple(returns), tuple(changes), tuple(others))


def _lines(data: bytes) -> list[tuple[int, str]]:
    if len(data) > MOST_BYTES:
        raise CannotRead(f"The file has {len(data):,} bytes; a file of returns has no more than {MOST_BYTES:,}.")
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as wrong:
        raise CannotRead(f"Byte {wrong.start + 1}: a NACHA file is ASCII.") from wrong
    physical = text.splitlines()
    if len(physical) == 1 and len(physical[0]) > WIDTH and len(physical[0]) % WIDTH == 0:
        physical = [text[place : place + WIDTH] for place in range(0, len(text.rstrip("\r\n")), WIDTH)]
    lines = [(number, line) for number, line in enumerate(physical, 1) if line.strip()]
    for number, line in lines:
        if len(line) > WIDTH:
            raise CannotRead(f"Line {number}: {len(line)} characters; expected {WIDTH}.")
    if not lines or lines[0][1][0] != "1":
        raise CannotRead("Line 1: a NACHA file begins with a record 1. Ask the bank for its return file.")
    return [(number, line.ljust(WIDTH)) for number, line in lines]


def _counted(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines, while the controls are held against what was counted."""
    walk, ended = _Walk(), False
    for number, line in lines:
        if ended:
            if set(line.strip()) != {"9"}:
                raise CannotRead(f"Line {number}: something stands behind the file's control record.")
            continue
        match line[0]:
            case "5":
                if what := NOT_OURS.get(line[50:53]):
                    raise CannotRead(
                        f"Line {number}: the batch is {what}. Ask the bank for a file without such batches."
                    )
                walk.batch, walk.batches = _Count(), walk.batches + 1
            case "6" | "7":
                _add(walk, line, number)
            case "8":
                _hold(number, walk.batch, line[4:10], line[10:20], line[20:32], line[32:44])
            case "9":
                if _figure(line[1:7], number) != walk.batches:
                    raise CannotRead(f"Line {number}: {line[1:7]} batches, counted {walk.batches}.")
                _hold(number, walk.whole, line[13:21], line[21:31], line[31:43], line[43:55])
                ended = True
            case "1":
                pass
            case kind:
                raise CannotRead(f"Line {number}: a record {kind!r} is unknown.")
        yield number, line
    if not ended:
        raise CannotRead("The file breaks off: it has no record 9. Ask the bank to send it again.")


def _add(walk: _Walk, line: str, number: int) -> None:
    for count in (walk.batch, walk.whole):
        count.lines += 1
        if line[0] == "6":
            cents = _figure(line[29:39], number)
            count.hashed += _figure(line[3:11], number)
            count.debits += cents if line[1:3] in DEBITS else 0
            count.credits += 0 if line[1:3] in DEBITS else cents


def _hold(number: int, counted: _Count, *said: str) -> None:
    found = (counted.lines, counted.hashed % HASH, counted.debits, counted.credits)
    for name, text, value in zip(("entries", "entry hash", "debits", "credits"), said, found, strict=True):
        if _figure(text, number) != value:
            raise CannotRead(f"Line {number}: {name} {text}, counted {value}. Ask the bank to send the file again.")


def _settled(header: str) -> date | None:
    """The operator's stamp: the day of the year, of the year in which that is nearest to the effective date."""
    try:
        effective = datetime.strptime(header[69:75], "%y%m%d").date()  # noqa: DTZ007 - a day has no zone
        days = timedelta(int(header[75:78]) - 1)
    except ValueError:
        return None
    stamped = (date(effective.year + years, 1, 1) + days for years in (-1, 0, 1))
    return min(stamped, key=lambda day: abs(day - effective))


def _returned(number: int, line: str, entry: str, settled_on: date | None) -> Returned:
    day = line[21:27].strip()
    try:
        died = datetime.strptime(day, "%y%m%d").date() if day else None  # noqa: DTZ007 - a day has no zone
    except ValueError:
        died = None
    return Returned(number, line[3:6], line[6:21], int(entry[29:39]), line[35:79].strip(), died, settled_on)


def _figure(text: str, number: int) -> int:
    if not text.isdigit():
        raise CannotRead(f"Line {number}: {text!r} is no figure.")
    return int(text)
