"""The file that tells an agency what it has: a header, a line for each piece of news, and totals that prove it.

No standard exists for these; most agencies take a CSV in their client's layout. Ours is named in its header, so that a
reader can refuse another. Money is written in dollars and cents, days as YYYY-MM-DD.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lamplighter.kernel.money import Money, total

NAME = "LAMPLIGHTER-AGENCY-1"
COLUMNS = (
    "D", "what", "account", "name", "address", "service_address", "telephone", "amount", "owed", "owed_since",
    "written_off_on", "happened_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placement:
    """One piece of news about one debt. `amount` is what is placed, paid or recalled, `owed` what is left."""

    what: str
    account: str
    name: str
    address: str
    service_address: str
    telephone: str
    amount: Money
    owed: Money
    owed_since: date
    written_off_on: date
    happened_on: date


def write_placements(lines: Sequence[Placement], *, utility: str, agency: str, on: date, serial: int) -> str:
    """H, then D for each line under a row of names, then T with the count and the sum of what is placed."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(["H", NAME, utility, agency, on.isoformat(), serial])
    out.writerow(COLUMNS)
    for one in lines:
        out.writerow([
            "D", one.what, one.account, one.name, one.address, one.service_address, one.telephone, one.amount.dollars,
            one.owed.dollars, one.owed_since.isoformat(), one.written_off_on.isoformat(), one.happened_on.isoformat(),
        ])  # fmt: skip
    placed = total(one.amount for one in lines if one.what == "placed")
    out.writerow(["T", len(lines), placed.dollars])
    return text.getvalue()
