"""Write files of ACH entries: credits and debits in batches by SEC code, with balanced counts, hashes and totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

WIDTH, BLOCK = 94, 10
MIXED, CREDITS, DEBITS = "200", "220", "225"
CHECKING, SAVINGS = "22", "32"
CHECKING_DEBIT, SAVINGS_DEBIT = "27", "37"
CHECKING_PRENOTE, SAVINGS_PRENOTE = "28", "38"
PRENOTES = frozenset({CHECKING_PRENOTE, SAVINGS_PRENOTE})
DEBIT_CODES = frozenset({CHECKING_DEBIT, SAVINGS_DEBIT}) | PRENOTES
RECURRING = {"TEL", "WEB"}
"""Batches whose entries say in their discretionary data that they recur (`R`)."""
HASH = 10**10
MOST = 10**10 - 1
TRACES = 10**7


class CannotWrite(ValueError):
    """A file can't be made of these entries; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who sends, and through which bank. `routing` is that bank's nine digits; `company` ten signs as it assigned."""

    routing: str
    bank: str
    company: str
    name: str


@dataclass(frozen=True, slots=True)
class Credit:
    """One credit: to which account, how much, for whom. `individual` is our own number of it."""

    routing: str
    account: str
    cents: int
    individual: str
    name: str
    savings: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of any kind: `code` is its transaction code. A prenote carries no money."""

    code: str
    routing: str
    account: str
    cents: int
    individual: str
    name: str

    @property
    def debit(self) -> bool:
        return self.code in DEBIT_CODES


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries of one SEC code and description, which settle on one day."""

    sec: str
    description: str
    pays_on: date
    entries: tuple[Entry, ...]

    @property
    def service(self) -> str:
        kinds = {one.debit for one in self.entries}
        return MIXED if len(kinds) > 1 else DEBITS if kinds == {True} else CREDITS


@dataclass(frozen=True, slots=True)
class AchFile:
    """The bytes, and each entry's trace number in order."""

    data: bytes
    traces: tuple[str, ...]


def credits_file(
    origin: Origin, credits_: Sequence[Credit], *, made: datetime, pays_on: date, batch: int, first_trace: int = 1,
    modifier: str = "A",
) -> AchFile:  # fmt: skip
    """A file of one batch of PPD credits."""
    entries = tuple(
        Entry(SAVINGS if one.savings else CHECKING, one.routing, one.account, one.cents, one.individual, one.name)
        for one in credits_
    )
    batches = [Batch("PPD", "REFUND", pays_on, entries)]
    return ach_file(origin, batches, made=made, first_batch=batch, first_trace=first_trace, modifier=modifier)


def ach_file(
    origin: Origin, batches: Sequence[Batch], *, made: datetime, first_batch: int, first_trace: int, modifier: str = "A"
) -> AchFile:
    """A whole file. `first_batch` and `first_trace` (1 to 9,999,999) go on from the file before, so that a return can
    name one entry among all of them.

    Raises CannotWrite for nothing to send, an amount that is not 1 to 9,999,999,999 cents, a number that does not fit.
    """
    if not batches or not all(one.entries for one in batches):
        raise CannotWrite("There is nothing to send.")
    numbers = iter(range(first_trace, first_trace + sum(len(one.entries) for one in batches)))
    lines, traces = [_header(origin, made, modifier)], []
    for number, batch in enumerate(batches, first_batch):
        mine = [f"{origin.routing[:8]}{next(numbers) % TRACES:07}" for _ in batch.entries]
        lines += _batch(origin, batch, mine, number % TRACES, made)
        traces += mine
    lines.append(_control(batches, len(lines)))
    lines += ["9" * WIDTH] * (-len(lines) % BLOCK)
    return AchFile(("\n".join(lines) + "\n").encode("ascii"), tuple(traces))


def _header(origin: Origin, made: datetime, modifier: str) -> str:
    return _join("101 ", origin.routing, _text(origin.company, 10), f"{made:%y%m%d%H%M}", modifier, "094101",
                 _text(origin.bank, 23), _text(origin.name, 23), " " * 8)  # fmt: skip


def _batch(origin: Origin, batch: Batch, traces: Sequence[str], number: int, made: datetime) -> list[str]:
    company, odfi = _text(origin.company, 10), origin.routing[:8]
    debits, credited = _sums([batch])
    hashed = sum(int(one.routing[:8]) for one in batch.entries) % HASH
    return [
        _join("5", batch.service, _text(origin.name, 16), " " * 20, company, batch.sec, _text(batch.description, 10),
              f"{made:%y%m%d}", f"{batch.pays_on:%y%m%d}", "   1", odfi, f"{number:07}"),
        *(_entry(one, batch.sec, trace) for one, trace in zip(batch.entries, traces, strict=True)),
        _join("8", batch.service, f"{len(batch.entries):06}{hashed:010}{debits:012}{credited:012}", company, " " * 25,
              odfi, f"{number:07}"),
    ]  # fmt: skip


def _control(batches: Sequence[Batch], lines: int) -> str:
    debits, credited = _sums(batches)
    entries = [one for batch in batches for one in batch.entries]
    hashed = sum(sum(int(one.routing[:8]) for one in batch.entries) % HASH for batch in batches) % HASH
    blocks = -(-(lines + 1) // BLOCK)
    figures = f"9{len(batches):06}{blocks:06}{len(entries):08}{hashed:010}{debits:012}{credited:012}"
    return _join(figures, " " * 39)


def _sums(batches: Sequence[Batch]) -> tuple[int, int]:
    entries = [one for batch in batches for one in batch.entries]
    debits = sum(one.cents for one in entries if one.debit)
    return debits, sum(one.cents for one in entries) - debits


def _entry(one: Entry, sec: str, trace: str) -> str:
    prenote = one.code in PRENOTES
    if (one.cents != 0) if prenote else not 0 < one.cents <= MOST:
        raise CannotWrite(f"{one.individual}: {one.cents} cents is no amount of an ACH entry.")
    if len(one.routing) != 9 or not one.routing.isdigit() or not 0 < len(one.account) <= 17:
        raise CannotWrite(f"{one.individual}: the bank account does not fit an ACH entry.")
    more = "R " if sec in RECURRING else "  "
    return _join("6", one.code, one.routing, one.account.ljust(17), f"{one.cents:010}", _text(one.individual, 15),
                 _text(one.name, 22), more, "0", trace)  # fmt: skip


def _text(text: str, width: int) -> str:
    """Upper case ASCII, cut and filled: what banks take. What ASCII has no sign for becomes a space."""
    plain = text.upper().encode("ascii", "replace").decode().replace("?", " ")
    return "".join(sign if sign.isprintable() else " " for sign in plain)[:width].ljust(width)


def _join(*parts: str) -> str:
    line = "".join(parts)
    assert len(line) == WIDTH, f"{len(line)} characters: {line}"
    return line
