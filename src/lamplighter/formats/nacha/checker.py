"""Everything that a strict receiver has against a NACHA file: shape, order, counts, hashes, totals, check digits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from stdnum.exceptions import ValidationError
from stdnum.us import rtn

WIDTH, BLOCK, HASH = 94, 10, 10**10
DEBITS = frozenset(["27", "28", "29", "37", "38", "39", "26", "36"])
MODES = frozenset({"200", "220", "225", "280"})
FOLLOWS = {"": "1", "1": "59", "5": "6", "6": "678", "7": "678", "8": "59", "9": "9"}


@dataclass(slots=True)
class _Sums:
    """What was counted since a header."""

    entries: int = 0
    hashed: int = 0
    debits: int = 0
    credits: int = 0

    def add(self, line: str) -> None:
        self.entries += 1
        if line[0] == "6":
            self.hashed += int(line[3:11])
            cents = int(line[29:39])
            self.debits += cents if line[1:3] in DEBITS else 0
            self.credits += 0 if line[1:3] in DEBITS else cents

    def says(self, entries: str, hashed: str, debits: str, credited: str) -> list[str]:
        """How the figures of a control record differ."""
        pairs = (
            ("entries", self.entries, entries), ("entry hash", self.hashed % HASH, hashed),
            ("debits", self.debits, debits), ("credits", self.credits, credited),
        )  # fmt: skip
        return [f"{name} {text}, counted {found}" for name, found, text in pairs if int(text) != found]


@dataclass(slots=True)
class _Walk:
    batch: _Sums = field(default_factory=_Sums)
    whole: _Sums = field(default_factory=_Sums)
    batches: int = 0
    mode: str = ""
    number: str = ""
    trace: str = ""


def faults(data: bytes) -> list[str]:
    """`line 3: entry hash 12, counted 13`; none for a file that a bank would take."""
    try:
        lines = data.decode("ascii").splitlines()
    except UnicodeDecodeError as wrong:
        return [f"byte {wrong.start}: a NACHA file is ASCII"]
    found = [f"line {n}: {len(line)} characters, not {WIDTH}" for n, line in enumerate(lines, 1) if len(line) != WIDTH]
    if found:
        return found
    if len(lines) % BLOCK:
        found.append(f"{len(lines)} lines: not whole blocks of {BLOCK}")
    return found + list(_walked(lines))


def _walked(lines: Sequence[str]) -> Iterator[str]:
    walk, last = _Walk(), ""
    for n, line in enumerate(lines, 1):
        kind = line[0]
        if kind not in FOLLOWS.get(last, ""):
            yield f"line {n}: a record {kind} can't follow {last or 'nothing'}"
            return
        filler = last == "9" and line == "9" * WIDTH
        if not filler:
            if not all(part.isdigit() for part in _figures(line)):
                yield f"line {n}: a figure is not made of digits"
                return
            yield from (f"line {n}: {words}" for words in _record(line, walk, len(lines)))
        last = kind
    if last != "9":
        yield "the file has no control record"


def _figures(line: str) -> list[str]:
    match line[0]:
        case "6":
            return [line[3:11], line[11], line[29:39], line[79:94]]
        case "8":
            return [line[4:10], line[10:20], line[20:32], line[32:44], line[87:94]]
        case "9":
            return [line[1:7], line[7:13], line[13:21], line[21:31], line[31:43], line[43:55]]
    return []


def _record(line: str, walk: _Walk, lines: int) -> Iterator[str]:
    match line[0]:
        case "1" if line[34:40] != "094101":
            yield "the header does not say 094 10 1"
        case "5":
            walk.batch, walk.mode, walk.number, walk.trace = _Sums(), line[1:4], line[87:94], ""
            walk.batches += 1
            if walk.mode not in MODES:
                yield f"service class {walk.mode} is unknown"
        case "6":
            yield from _entry(line, walk)
        case "7":
            walk.batch.add(line)
            walk.whole.add(line)
        case "8":
            yield from walk.batch.says(line[4:10], line[10:20], line[20:32], line[32:44])
            if (line[1:4], line[87:94]) != (walk.mode, walk.number):
                yield "the batch's control names another batch"
        case "9":
            yield from walk.whole.says(line[13:21], line[21:31], line[31:43], line[43:55])
            if int(line[1:7]) != walk.batches:
                yield f"batches {line[1:7]}, counted {walk.batches}"
            if int(line[7:13]) * BLOCK != lines:
                yield f"blocks {line[7:13]}, counted {lines / BLOCK:g}"


def _entry(line: str, walk: _Walk) -> Iterator[str]:
    walk.batch.add(line)
    walk.whole.add(line)
    try:
        rtn.validate(line[3:12])
    except ValidationError:
        yield f"routing number {line[3:12]} has a wrong check digit"
    if line[79:94] <= walk.trace:
        yield "trace numbers do not ascend"
    walk.trace = line[79:94]
    debit = line[1:3] in DEBITS
    if (walk.mode == "220" and debit) or (walk.mode == "225" and not debit):
        yield f"transaction code {line[1:3]} in a batch of class {walk.mode}"
