"""Read a bank's file, whatever its format."""

from __future__ import annotations

from lamplighter.formats.banking import bai2, camt, mt940, ofx
from lamplighter.formats.banking.statements import CannotRead, Statement


def read(data: bytes) -> list[Statement]:
    """Whatever it is. Raises CannotRead when it is none of the formats, or breaks its own totals."""
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:400]
    if head.startswith(b"01,"):
        return bai2.statements(data)
    if head.startswith(b"<") and b"camt.05" in data[:2000]:
        return camt.statements(data)
    if ofx.is_ofx(data):
        return ofx.statements(data)
    if mt940.is_mt940(data):
        return mt940.statements(data)
    raise CannotRead("This is no BAI2, CAMT.053, MT940 or OFX file. Ask the bank for one of them.")
