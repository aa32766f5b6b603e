"""Metro 2, the file by which a furnisher tells credit bureaus of debts: a header, base segments, a trailer of totals.

The character format of the CDIA's Credit Reporting Resource Guide: every record is 426 bytes, text is in capitals on
the left and blank filled, figures are zero filled, money is whole dollars with the cents cut off, days are MMDDYYYY.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lamplighter.kernel.money import Money

LENGTH = 426
UTILITY = "92"
OPEN_ACCOUNT, ON_DEMAND, INDIVIDUAL = "O", "001", "1"
SSN = slice(297, 306)
ACCOUNT = slice(42, 72)
SSN_TOTALS = (slice(326, 335), slice(335, 344))
STATUSES = (
    "05", "11", "13", "61", "62", "63", "64", "65", "71", "78", "80", "82", "83", "84", "88", "89", "93", "94", "95",
    "96", "97",
)  # fmt: skip
"""In the order in which the trailer counts them, after DF and DA."""


class Status(StrEnum):
    """How a written-off debt stands."""

    PAID = "64"
    UNPAID = "97"
    DELETE = "DA"


class Dispute(StrEnum):
    """The compliance condition code: the consumer disputes it, or did and it was looked into."""

    NONE = ""
    OPEN = "XB"
    ANSWERED = "XH"
    OVER = "XR"


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who furnishes, and by which numbers the bureaus know it ("" where one does not)."""

    name: str
    address: str
    phone: str
    equifax: str = ""
    experian: str = ""
    transunion: str = ""
    innovis: str = ""


@dataclass(frozen=True, slots=True)
class Furnished:
    """One debt as it stands on `as_of`. `first_late` is the day from which the seven years of 15 USC 1681c(c) run."""

    account: str
    family: str
    given: str
    street: str
    unit: str
    city: str
    state: str
    postcode: str
    phone: str
    opened: date
    closed: date
    first_late: date
    last_paid: date | None
    written_off: Money
    owed: Money
    status: Status
    dispute: Dispute
    indicator: str
    as_of: date
    history: str


def write_metro2(
    several: Sequence[Furnished], *, reporter: Reporter, activity_on: date, made_on: date, version: str
) -> str:
    """The file without anybody's Social Security number: `with_numbers` fills these in when it is sent."""
    records = [_header(reporter, activity_on, made_on, version), *(_base(one, reporter) for one in several)]
    records.append(_trailer(several))
    return "".join(f"{record}\r\n" for record in records)


def with_numbers(text: str, numbers: Mapping[str, str]) -> str:
    """The same file with the numbers that are known, by account, and its totals of them."""
    head, *bases, last = text.split("\r\n")[:-1]
    filled = []
    for base in bases:
        number = _figures(numbers.get(base[ACCOUNT].strip(), ""), 9)
        filled.append(base[: SSN.start] + number + base[SSN.stop :])
    count = sum(base[SSN] != "0" * 9 for base in filled)
    for where in SSN_TOTALS:
        last = last[: where.start] + f"{count:09}" + last[where.stop :]
    return "".join(f"{record}\r\n" for record in (head, *filled, last))


def _header(reporter: Reporter, activity_on: date, made_on: date, version: str) -> str:
    return _record(
        f"{LENGTH:04}", _text("HEADER", 6), " " * 2, _text(reporter.innovis, 10), _text(reporter.equifax, 10),
        _text(reporter.experian, 5), _text(reporter.transunion, 10), _day(activity_on), _day(made_on), "0" * 16,
        _text(reporter.name, 40), _text(reporter.address, 96), _figures(reporter.phone, 10), _text("Lamplighter", 40),
        _text(version, 5), " " * 10, " " * 146,
    )  # fmt: skip


def _base(one: Furnished, reporter: Reporter) -> str:
    return _record(
        f"{LENGTH:04}", "1", "0" * 14, "0", _text(reporter.name, 20), " " * 2, _text(one.account, 30), OPEN_ACCOUNT,
        UTILITY, _day(one.opened), "0" * 9, _dollars(one.written_off), ON_DEMAND, " ", "0" * 9, "0" * 9,
        _text(one.status, 2), " ", _text(one.history, 24), " " * 2, _text(one.dispute, 2), _dollars(one.owed),
        _dollars(one.owed), _dollars(one.written_off), _day(one.as_of), _day(one.first_late), _day(one.closed),
        _day(one.last_paid), " ", " " * 17, _text(one.family, 25), _text(one.given, 20), " " * 20, " ", "0" * 9,
        "0" * 8, _figures(one.phone, 10), INDIVIDUAL, _text(one.indicator, 2), "US", _text(one.street, 32),
        _text(one.unit, 32), _text(one.city, 20), _text(one.state, 2), _text(one.postcode, 9), " ", " ",
    )  # fmt: skip


def _trailer(several: Sequence[Furnished]) -> str:
    """Totals by status; what this file never has is zero."""
    counts = Counter(str(one.status) for one in several)
    phones = sum(_figures(one.phone, 10) != "0" * 10 for one in several)
    return _record(
        f"{LENGTH:04}", _text("TRAILER", 7), f"{len(several):09}", " " * 9, "0" * 9, "0" * 18, f"{len(several) + 2:09}",
        f"{counts['DA']:09}", *(f"{counts[code]:09}" for code in STATUSES), "0" * 9 * 15, f"{phones:09}", " " * 19,
    )  # fmt: skip


def _record(*fields: str) -> str:
    made = "".join(fields)
    assert len(made) == LENGTH, len(made)
    return made


def _text(words: str, length: int) -> str:
    """Capitals of ASCII: accents fall away, other letters become blanks."""
    plain = unicodedata.normalize("NFKD", str(words)).encode("ascii", "ignore").decode().upper()
    return re.sub(r"[^A-Z0-9 .,&/#-]", " ", plain)[:length].ljust(length)


def _figures(words: str, length: int) -> str:
    """The last digits, without the country's 1; zeros where there are none."""
    return "".join(each for each in words if each.isdigit())[-length:].rjust(length, "0")


def _dollars(amount: Money) -> str:
    return f"{max(amount.cents, 0) // 100:09}"


def _day(day: date | None) -> str:
    return f"{day:%m%d%Y}" if day else "0" * 8
