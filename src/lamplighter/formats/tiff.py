"""Whether bytes are a TIFF image compressed by Group 4, as cash letters want: the first directory's tags."""

from __future__ import annotations

import struct

COMPRESSION, GROUP_4 = 259, 4
ENTRY = 12


def is_group_4(data: bytes) -> bool:
    """True for a whole TIFF head whose first image says compression 4 (ITU-T T.6)."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(data[:4])
    if order is None or len(data) < 8:
        return False
    (place,) = struct.unpack(f"{order}I", data[4:8])
    if place + 2 > len(data):
        return False
    (count,) = struct.unpack(f"{order}H", data[place : place + 2])
    for n in range(count):
        entry = data[place + 2 + n * ENTRY : place + 2 + (n + 1) * ENTRY]
        if len(entry) < ENTRY:
            return False
        tag, _, _, value = struct.unpack(f"{order}HHIH", entry[:10])
        if tag == COMPRESSION:
            return bool(value == GROUP_4)
    return False
