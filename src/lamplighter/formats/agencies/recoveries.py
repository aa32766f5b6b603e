"""The file in which an agency says what it collected, what it keeps, and what it gives back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lamplighter.formats.agencies.lines import found, money, rows_of
from lamplighter.kernel.findings import Finding
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
    rows = rows_of(text, name=NAME, least=3, what="recovery file", file=file)
    if isinstance(rows, Finding):
        return RecoveryFile("", (), (rows,))
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
        return found(file, number, "line", f"{len(row)} fields instead of {FIELDS}.")
    _, kind, reference, account, paid_on, amount, fee = (value.strip() for value in row)
    day, paid, kept = _day(paid_on), money(amount), money(fee)
    wrong = (
        ("kind", kind not in KINDS, f"{kind!r} is neither payment nor returned."),
        ("reference", not reference, "The agency's reference is missing: it could be taken in twice."),
        ("paid_on", day is None, f"{paid_on!r} is no day. It is written as 2026-11-20."),
        ("amount", not _fits(kind, paid, kept), f"{amount!r} with a fee of {fee!r} is no amount that could be."),
    )
    for field, is_wrong, message in wrong:
        if is_wrong:
            return found(file, number, field, message)
    assert day is not None
    assert paid is not None
    assert kept is not None
    return Recovered(number, kind, reference, account, day, paid, kept)


def _fits(kind: str, paid: Money | None, kept: Money | None) -> bool:
    """A payment of something, of which the agency keeps no more than all."""
    if paid is None or kept is None:
        return False
    return ZERO <= kept <= paid and (kind != "payment" or paid > ZERO)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _totals(rows: Sequence[Sequence[str]], good: Sequence[Recovered], file: str, *, broken: bool) -> Iterator[Finding]:
    """Whether the lines prove the totals; of `broken` lines it was said already."""
    last = rows[-1]
    if last[0] != "T" or len(last) < 4:
        yield found(
            file, len(rows), "trailer", "The file has no line of totals: it may be cut off.", "Ask for it again."
        )
        return
    said = (last[1], money(last[2]), money(last[3]))
    is_so = (str(len(good)), total(one.amount for one in good), total(one.fee for one in good))
    if said != is_so and not broken:
        yield found(file, len(rows), "trailer", f"Its totals are {last[1]}, {last[2]}, {last[3]}; its lines add up to "
                     f"{is_so[0]}, {is_so[1]}, {is_so[2]}.", "Ask for it again.")  # fmt: skip
