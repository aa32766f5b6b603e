"""The bank and the check scanner, in their own formats: BAI2 statements and Group 4 TIFF images."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import date


def bai2(account: str, on: date, lines: Sequence[tuple[str, int, str]], opening: int = 0) -> bytes:
    """A day of one account: (code, cents, text) a line; debits have codes from 400 on. Totals are right."""
    closing = opening + sum(cents if int(code) < 400 else -cents for code, cents, _ in lines)
    details = [f"16,{code},{cents},Z,,,{text}" for code, cents, text in lines]
    total = opening + closing + sum(cents for _, cents, _ in lines)
    body = [f"03,{account},USD,010,{opening},,,015,{closing},,/", *details, f"49,{total},{len(details) + 2}/"]
    group = [f"02,OURS,121000358,1,{on:%y%m%d},,USD,2/", *body, f"98,{total},1,{len(body) + 2}/"]
    whole = [f"01,121000358,OURS,{on:%y%m%d},0700,1,,,2/", *group, f"99,{total},1,{len(group) + 2}/"]
    return "\n".join(whole).encode()


def tiff(width: int = 64, height: int = 32) -> bytes:
    """A white page: each row is one vertical-0 code, then the end of the facsimile block (ITU-T T.6)."""
    bits = "1" * height + "000000000001" * 2
    bits += "0" * (-len(bits) % 8)
    data = bytes(int(bits[n : n + 8], 2) for n in range(0, len(bits), 8))
    tags = [(256, 3, width), (257, 3, height), (258, 3, 1), (259, 3, 4), (262, 3, 0), (273, 4, 8), (277, 3, 1),
            (278, 3, height), (279, 4, len(data))]  # fmt: skip
    place = 8 + len(data) + len(data) % 2
    head = b"II*\0" + struct.pack("<I", place) + data + b"\0" * (len(data) % 2)
    entries = b"".join(
        struct.pack("<HHI", tag, kind, 1) + (struct.pack("<HH", value, 0) if kind == 3 else struct.pack("<I", value))
        for tag, kind, value in tags
    )
    return head + struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0)
