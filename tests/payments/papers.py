"""The check scanner in its own format: Group 4 TIFF images. The bank's is the demo city's."""

from __future__ import annotations

import struct

from lamplighter.town.bank import bai2

__all__ = ["bai2", "tiff"]


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
