"""The tear-off stub of a printed bill: where the payment goes, how much, and the scan line as text and QR code."""

from __future__ import annotations

from typing import Any

import segno

from lamplighter.billing.documents.words import full_date
from lamplighter.billing.queries.reading_view import BillView

MASK = 3  # any mask is valid; a fixed one saves trying all eight
LONGEST_NAME = 60
QUIET = 4  # modules of white around a code, ISO/IEC 18004
WHITE = 255
SHADES = bytes.maketrans(b"\0\1", b"\xff\0")  # a light module and a dark one


def stub(bill: BillView) -> dict[str, Any]:
    """`qr` has the modules row by row, 0 is dark and 255 white; none without a scan line."""
    owed = bill.amounts.due.cents > 0
    return {
        "account": bill.account,
        "customer": bill.customer if len(bill.customer) <= LONGEST_NAME else f"{bill.customer[:LONGEST_NAME]}…",
        "due": full_date(bill.due_on) if owed else "",
        "label": "Amount due" if owed else "Your credit" if bill.amounts.credit else "Amount due",
        "amount": str(abs(bill.amounts.due)),
        "owed": owed,
        "scan": bill.scan_line,
        "qr": modules(bill.scan_line) if bill.scan_line else [],
    }


def modules(scan_line: str) -> list[list[int]]:
    """The QR code of a scan line: its digits without spaces, error correction M."""
    code = segno.make("".join(scan_line.split()), error="m", micro=False, mask=MASK)
    side = [WHITE] * QUIET
    rows = [[*side, *row.translate(SHADES), *side] for row in code.matrix]
    margin = [[WHITE] * len(rows[0])] * QUIET
    return [*margin, *rows, *margin]
