"""Write a file of credits to customers' bank accounts: one PPD batch, balanced counts, hash and totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

WIDTH, BLOCK = 94, 10
CREDITS = "220"
CHECKING, SAVINGS = "22", "32"
HASH = 10**10
MOST = 10**10 - 1


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
class AchFile:
    """The bytes, and each entry's trace number in order."""

    data: bytes
    traces: tuple[str, ...]


def credits_file(
    origin: Origin, credits_: Sequence[Credit], *, made: datetime, pays_on: date, batch: int, modifier: str = "A"
) -> AchFile:
    """A whole file. `batch` (1 to 9,999,999) makes trace numbers differ from day to day.

    Raises CannotWrite for nothing to send, an amount that is not 1 to 9,999,999,999 cents, a number that does not fit.
    """
    if not credits_:
        raise CannotWrite("There is nothing to send.")
    traces = tuple(f"{origin.routing[:8]}{number:07}" for number in range(1, len(credits_) + 1))
    entries = [_entry(one, trace) for one, trace in zip(credits_, traces, strict=True)]
    count, cents = len(entries), sum(one.cents for one in credits_)
    hashed = sum(int(one.routing[:8]) for one in credits_) % HASH
    odfi, company = origin.routing[:8], _text(origin.company, 10)
    lines = [
        _join("101 ", origin.routing, company, f"{made:%y%m%d%H%M}", modifier, "094101", _text(origin.bank, 23),
              _text(origin.name, 23), " " * 8),
        _join("5", CREDITS, _text(origin.name, 16), " " * 20, company, "PPD", _text("REFUND", 10), f"{made:%y%m%d}",
              f"{pays_on:%y%m%d}", "   1", odfi, f"{batch:07}"),
        *entries,
        _join("8", CREDITS, f"{count:06}{hashed:010}{0:012}{cents:012}", company, " " * 25, odfi, f"{batch:07}"),
    ]  # fmt: skip
    blocks = -(-(len(lines) + 1) // BLOCK)
    lines.append(f"9{1:06}{blocks:06}{count:08}{hashed:010}{0:012}{cents:012}{'':39}")
    lines += ["9" * WIDTH] * (blocks * BLOCK - len(lines))
    assert all(len(line) == WIDTH for line in lines), [line for line in lines if len(line) != WIDTH]
    return AchFile("".join(f"{line}\n" for line in lines).encode("ascii"), traces)


def _entry(one: Credit, trace: str) -> str:
    if not 0 < one.cents <= MOST:
        raise CannotWrite(f"{one.individual}: {one.cents} cents can't be sent in one entry.")
    if len(one.routing) != 9 or not one.routing.isdigit():
        raise CannotWrite(f"{one.individual}: a routing number has nine digits.")
    if not one.account or len(one.account) > 17:
        raise CannotWrite(f"{one.individual}: an account number has at most 17 signs.")
    code = SAVINGS if one.savings else CHECKING
    return (
        f"6{code}{one.routing}{_text(one.account, 17)}{one.cents:010}{_text(one.individual, 15)}{_text(one.name, 22)}"
        f"  0{trace}"
    )


def _join(*parts: str) -> str:
    return "".join(parts)


def _text(words: str, width: int) -> str:
    """Upper case and plain: other signs become spaces."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in " .,&-/'") else " " for sign in words.upper())
    return f"{plain[:width]:<{width}}"
