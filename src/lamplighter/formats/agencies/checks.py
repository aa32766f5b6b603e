"""The file in which an assistance agency says what one check or transfer pays: a line for each pledge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lamplighter.formats.agencies.lines import found, money, rows_of
from lamplighter.kernel.findings import Finding
from lamplighter.kernel.money import ZERO, Money, total

NAME = "LAMPLIGHTER-ASSISTANCE-1"
FIELDS = 4


@dataclass(frozen=True, slots=True)
class Paid:
    """One line: the agency's own number of the pledge, the customer's account as it knows it, and how much."""

    line: int
    reference: str
    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class CheckFile:
    """The check or transfer that it belongs to, its lines, and everything that is wrong. One with a finding is not
    taken in: a part of a check can't be."""

    agency: str
    number: str
    lines: tuple[Paid, ...]
    findings: tuple[Finding, ...]

    @property
    def amount(self) -> Money:
        return total(one.amount for one in self.lines)


def read_check(text: str, *, file: str) -> CheckFile:
    """H,name,agency,check,day; D,reference,account,amount; T,count,amount."""
    rows = rows_of(text, name=NAME, least=5, what="file of its check", file=file)
    if isinstance(rows, Finding):
        return CheckFile("", "", (), (rows,))
    good: list[Paid] = []
    wrong: list[Finding] = []
    for number, row in enumerate(rows[1:], start=2):
        if row[0] == "D":
            read = _line(row, number, file)
            (good if isinstance(read, Paid) else wrong).append(read)  # type: ignore[arg-type]
    wrong += [] if wrong else _totals(rows, good, file)
    return CheckFile(rows[0][2].strip(), rows[0][3].strip(), tuple(good), tuple(wrong))


def write_check(lines: Iterable[tuple[str, str, Money]], *, agency: str, number: str, on: date) -> str:
    """What an agency would send: reference, account and amount of each line."""
    several = list(lines)
    text = [f"H,{NAME},{agency},{number},{on.isoformat()}"]
    text += [f"D,{reference},{account},{amount.dollars}" for reference, account, amount in several]
    text.append(f"T,{len(several)},{total(amount for _, _, amount in several).dollars}")
    return "\r\n".join(text) + "\r\n"


def _line(row: Sequence[str], number: int, file: str) -> Paid | Finding:
    if len(row) != FIELDS:
        return found(file, number, "line", f"{len(row)} fields instead of {FIELDS}.")
    _, reference, account, said = (value.strip() for value in row)
    amount = money(said)
    if not reference:
        return found(file, number, "reference", "The agency's number of the pledge is missing.")
    if amount is None or amount <= ZERO:
        return found(file, number, "amount", f"{said!r} is no amount above zero.")
    return Paid(number, reference[:40], account[:20], amount)


def _totals(rows: Sequence[Sequence[str]], good: Sequence[Paid], file: str) -> Iterator[Finding]:
    last = rows[-1]
    if last[0] != "T" or len(last) < 3:
        yield found(
            file, len(rows), "trailer", "The file has no line of totals: it may be cut off.", "Ask for it again."
        )
        return
    made = total(one.amount for one in good)
    if (last[1], money(last[2])) != (str(len(good)), made):
        words = f"Its totals are {last[1]} and {last[2]}; its lines are {len(good)} and add up to {made}."
        yield found(file, len(rows), "trailer", words, "Ask for it again.")
