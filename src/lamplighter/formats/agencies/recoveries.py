"""The file in which an agency says what it collected, what it keeps, and what it gives back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lamplighter.kernel.findings import Finding, Place
from lamplighter.kernel.money import ZERO, Money, total

NAME = "LAMPLIGHTER-RECOVERY-1"
KINDS = frozenset({"payment", "returned"})
FIELDS = 7


@dataclass(frozen=True, slots=True)
class Recovered:
    """One line: `payment` with the fee that the agency keeps of it, or `returned`: it gives the debt back."""

    line: int
    kind: str
    reference: str
    account: str
    paid_on: date
    amount: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class RecoveryFile:
    """The good lines, and what is wrong with the others. `whole`: its totals agree with its lines."""

    agency: str
    lines: tuple[Recovered, ...]
    findings: tuple[Finding, ...]

    @property
    def collected(self) -> Money:
        return total(one.amount for one in self.lines)

    @property
    def fees(self) -> Money:
        return total(one.fee for one in self.lines)


def read_recoveries(text: str, *, file: str) -> RecoveryFile:
    """H,name,agency,date; D,kind,reference,account,paid_on,amount,fee; T,count,amount,fees. Lines that can't be read
    are findings; so is a file whose totals its lines do not prove."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=None)) if row]
    except csv.Error as broken:
        return RecoveryFile("", (), (_found(file, 1, "line", f"The file cannot be read as lines: {broken}."),))
    if not rows or rows[0][:2] != ["H", NAME] or len(rows[0]) < 3:
        return RecoveryFile("", (), (_found(file, 1, "header", f"The file does not begin with H,{NAME}.",
                                            "Ask the agency for its recovery file."),))  # fmt: skip
    good: list[Recovered] = []
    findings: list[Finding] = []
    for number, row in enumerate(rows[1:], start=2):
        if row[0] == "D":
            read = _line(row, number, file)
            (good if isinstance(read, Recovered) else findings).append(read)  # type: ignore[arg-type]
    findings += _totals(rows, good, file, broken=bool(findings))
    return RecoveryFile(rows[0][2], tuple(good), tuple(findings))


def _line(row: Sequence[str], number: int, file: str) -> Recovered | Finding:
    if len(row) != FIELDS:
        return _found(file, number, "line", f"{len(row)} fields instead of {FIELDS}.")
    _, kind, reference, account, paid_on, amount, fee = (value.strip() for value in row)
    day, money, kept = _day(paid_on), _money(amount), _money(fee)
    wrong = (
        ("kind", kind not in KINDS, f"{kind!r} is neither payment nor returned."),
        ("reference", not reference, "The agency's reference is missing: it could be taken in twice."),
        ("paid_on", day is None, f"{paid_on!r} is no day. It is written as 2026-11-20."),
        ("amount", not _fits(kind, money, kept), f"{amount!r} with a fee of {fee!r} is no amount that could be."),
    )
    for field, is_wrong, message in wrong:
        if is_wrong:
            return _found(file, number, field, message)
    assert day is not None
    assert money is not None
    assert kept is not None
    return Recovered(number, kind, reference, account, day, money, kept)


def _fits(kind: str, money: Money | None, kept: Money | None) -> bool:
    """A payment of something, of which the agency keeps no more than all."""
    if money is None or kept is None:
        return False
    return ZERO <= kept <= money and (kind != "payment" or money > ZERO)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _totals(rows: Sequence[Sequence[str]], good: Sequence[Recovered], file: str, *, broken: bool) -> Iterator[Finding]:
    """Whether the lines prove the totals; of `broken` lines it was said already."""
    last = rows[-1]
    if last[0] != "T" or len(last) < 4:
        yield _found(
            file, len(rows), "trailer", "The file has no line of totals: it may be cut off.", "Ask for it again."
        )
        return
    said = (last[1], _money(last[2]), _money(last[3]))
    is_so = (str(len(good)), total(one.amount for one in good), total(one.fee for one in good))
    if said != is_so and not broken:
        yield _found(file, len(rows), "trailer", f"Its totals are {last[1]}, {last[2]}, {last[3]}; its lines add up to "
                     f"{is_so[0]}, {is_so[1]}, {is_so[2]}.", "Ask for it again.")  # fmt: skip


def _money(text: str) -> Money | None:
    return Money.exactly(text) if DOLLARS.fullmatch(text) else None


DOLLARS = re.compile(r"-?\d{1,12}(\.\d{1,2})?", re.ASCII)
MEND = "Correct the line and send the file again."


def _found(file: str, line: int, field: str, message: str, remedy: str = MEND) -> Finding:
    return Finding(f"agency.{field}", message, place=Place(file, line, field), remedy=remedy)
