"""Write a forward cash letter of one bundle: each check with its detail, endorsement and both sides."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

EBCDIC = "cp037"
WIDTH = 80
MOST_ITEMS = 9999


class CannotSend(ValueError):
    """A cash letter can't be made of these checks; the message says why."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Who sends to which bank: its routing number, names, our account there, and who answers questions."""

    bank: str
    routing: str
    sender: str
    account: str
    contact: str
    phone: str
    number: str


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A check as scanned: the paying bank's nine digits, the on-us field, its cents, front and back as TIFF."""

    routing: str
    on_us: str
    cents: int
    front: bytes
    back: bytes


def cash_letter(letter: Letter, checks: Sequence[CheckItem], *, at: datetime) -> bytes:
    """The bytes of the file. Raises CannotSend for nothing to send, or more than one bundle holds."""
    if not checks or len(checks) > MOST_ITEMS:
        raise CannotSend(f"A cash letter has 1 to {MOST_ITEMS:,} checks, not {len(checks)}.")
    records = list(_records(letter, checks, at))
    return b"".join(struct.pack(">I", len(record)) + record for record in records)


def _records(letter: Letter, checks: Sequence[CheckItem], at: datetime) -> Iterator[bytes]:
    day, time, total = f"{at:%Y%m%d}", f"{at:%H%M}", sum(one.cents for one in checks)
    routing, items = letter.routing, len(checks)
    phone = "".join(filter(str.isdigit, letter.phone))[:10]
    yield _plain("01", "35", "P", routing, routing, day, time, "N", _text(letter.bank, 18), _text(letter.sender, 18),
                 "A", "US", " " * 5)  # fmt: skip
    yield _plain("10", "01", routing, routing, day, day, time, "I", "G", _text(letter.number, 8),
                 _text(letter.contact, 14), _text(phone, 10), " " * 4)  # fmt: skip
    yield _plain("20", "01", routing, routing, day, day, _text(letter.number, 10), "0001", "01", " " * 26)
    for place, one in enumerate(checks, 1):
        yield from _check(letter, one, place, day)
    yield _plain("70", f"{items:04}", f"{total:012}", f"{total:012}", f"{items * 2:05}", " " * 45)
    yield _plain("90", f"{1:06}", f"{items:08}", f"{total:014}", f"{items * 2:09}", _text(letter.sender, 18), day,
                 " " * 15)  # fmt: skip
    count = 3 + items * 6 + 3
    yield _plain("99", f"{1:06}", f"{count:08}", f"{items:08}", f"{total:016}", _text(letter.contact, 14),
                 _text(phone, 10), " " * 16)  # fmt: skip


def _check(letter: Letter, one: CheckItem, place: int, day: str) -> Iterator[bytes]:
    """Detail, the endorsement of the first bank, and for each side what it is and the image itself."""
    if len(one.routing) != 9 or not one.routing.isdigit() or len(one.on_us) > 20:
        raise CannotSend(f"Check {place}: its MICR line can't be sent. Scan it again.")
    item = f"{place:015}"
    yield _plain("25", " " * 15, " ", one.routing, f"{one.on_us:>20}", f"{one.cents:010}", item, "G", " ", "1", "Y",
                 "01", " ", " ")  # fmt: skip
    yield _plain("26", "1", letter.routing, day, item, _text(letter.account, 18), " " * 5, _text(letter.sender, 15),
                 "Y", "0", " " * 5)  # fmt: skip
    for side, image in enumerate((one.front, one.back)):
        yield _plain("50", "1", letter.routing, day, "00", "00", f"{len(image):07}", str(side), "00", "0", " " * 45)
        head = ("52", letter.routing, day, "01", item, " " * 48, "0", " " * 16, "0000", "00000", f"{len(image):07}")
        yield "".join(head).encode(EBCDIC) + image


def _plain(*parts: str) -> bytes:
    record = "".join(parts)
    assert len(record) == WIDTH, (record[:2], len(record))
    return record.encode(EBCDIC)


def _text(words: str, width: int) -> str:
    plain = "".join(sign if sign.isascii() and sign.isprintable() else " " for sign in words)
    return f"{plain[:width]:<{width}}"
