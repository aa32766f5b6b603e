"""The bank, simulated: the statement of a day in its own format, BAI2 version 2."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

DEBITS_FROM = 400
"""BAI2's detail codes from here on leave the account."""
Line = tuple[str, int, str]


def bai2(account: str, on: date, lines: Sequence[Line], opening: int = 0) -> bytes:
    """A day of one account: (code, cents, text) a line. Totals and counts are right."""
    details = [f"16,{code},{cents},Z,,,{text}" for code, cents, text in lines]
    closing = opening + moved(lines)
    total = opening + closing + sum(cents for _, cents, _ in lines)
    body = [f"03,{account},USD,010,{opening},,,015,{closing},,/", *details, f"49,{total},{len(details) + 2}/"]
    group = [f"02,OURS,121000358,1,{on:%y%m%d},,USD,2/", *body, f"98,{total},1,{len(body) + 2}/"]
    whole = [f"01,121000358,OURS,{on:%y%m%d},0700,1,,,2/", *group, f"99,{total},1,{len(group) + 2}/"]
    return "\n".join(whole).encode()


def moved(lines: Sequence[Line]) -> int:
    """What the lines change of the balance, in cents."""
    return sum(cents if int(code) < DEBITS_FROM else -cents for code, cents, _ in lines)
