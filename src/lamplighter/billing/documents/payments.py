"""The tear-off stub of a printed bill: where the payment goes, how much, and the scan line as text and QR code."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import segno

from lamplighter.billing.documents.words import full_date
from lamplighter.billing.queries.reading_view import BillView

MASK = 3  # any mask is valid; a fixed one saves trying all eight
LONGEST_NAME = 60
GROUP = 3  # digits that are encoded together, ISO/IEC 18004
SHADES = bytes.maketrans(b"01", b"\xff\0")  # a light module and a dark one


def stub(bill: BillView) -> dict[str, Any]:
    """`qr` has the modules row by row, 0 is dark and 255 white, and how many a side has; none without a scan line."""
    owed = bill.amounts.due.cents > 0
    return {
        "account": bill.account,
        "customer": bill.customer if len(bill.customer) <= LONGEST_NAME else f"{bill.customer[:LONGEST_NAME]}…",
        "due": full_date(bill.due_on) if owed else "",
        "label": "Amount due" if owed else "Your credit" if bill.amounts.credit else "Amount due",
        "amount": str(abs(bill.amounts.due)),
        "owed": owed,
        "scan": bill.scan_line,
        "qr": modules(bill.scan_line) if bill.scan_line else None,
    }


def modules(scan_line: str) -> dict[str, Any]:
    """The QR code of a scan line: its digits without spaces, error correction M.

    A code of one size and mask is linear in its bits, three digits to ten of them: it is the code of as many zeros, but
    for what each bit that is set turns over. To make each anew takes ten times as long.
    """
    digits = "".join(scan_line.split())
    side, dark = _blank(len(digits))
    for place in range(0, len(digits), GROUP):
        for bit, one in enumerate(f"{int(digits[place : place + GROUP]):b}"[::-1]):
            if one == "1":
                dark ^= _turned(len(digits), place, 1 << bit)
    return {"side": side, "modules": list(f"{dark:0{side * side}b}".encode().translate(SHADES))}


@lru_cache
def _blank(length: int) -> tuple[int, int]:
    """How many modules a side has, and which are dark in the code of zeros, as the bits of a number."""
    return _code("0" * length)


@lru_cache(maxsize=512)
def _turned(length: int, place: int, bit: int) -> int:
    """The modules that one bit of the group of digits at a place turns over."""
    group = min(GROUP, length - place)
    set_alone = "0" * place + f"{bit:0{group}}" + "0" * (length - place - group)
    return _code(set_alone)[1] ^ _blank(length)[1]


def _code(digits: str) -> tuple[int, int]:
    code = segno.make(digits, error="m", mode="numeric", micro=False, mask=MASK)
    return len(code.matrix), int("".join(str(module) for row in code.matrix for module in row), 2)
