"""Say where the two calculators differ over a bill; nothing when they agree."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from lamplighter.rating.bill import PricedBill, PricedLine
from lamplighter.rating.columnar.priced import Priced

Amount: TypeAlias = tuple[str, int, int, int]  # a line's code, the cents, and the exact dollars as a fraction

NEAR = Fraction(1, 10**15)  # the other calculator shows thirds of a cent to twenty places


def difference(bill: PricedBill, priced: Priced, at: int) -> str:
    """Where the bill, as priced by `rating.price`, differs from the bill `at` of a columnar pricing.

    They agree when no line differs by a cent, the exact amounts are the same, and so are the banks left behind.
    """
    reason = priced.refused.get(at)
    if reason is not None:
        return f"the columnar calculator refuses the bill: {reason.message}"
    rows = list(priced.amounts(at))
    if not _row_by_row(bill.lines, rows):
        for code, (cents, dollars, parts) in _left(bill.lines, rows).items():
            if cents or not _near(dollars, parts):
                before = Decimal(dollars) / parts
                return f"“{code}” differs by {cents} cents, and before rounding by ${before:.6f}"
    if int(priced.totals[at]) != bill.total.cents:
        return f"the total differs by {int(priced.totals[at]) - bill.total.cents} cents"
    for name, balance in priced.balances(at).items():
        if abs(balance - Fraction(bill.banks.get(name, Decimal(0)))) > NEAR:
            return f"the bank “{name}” is left with another balance"
    return ""


def _near(dollars: int, parts: int) -> bool:
    """Whether a fraction is as good as nothing."""
    return not dollars or abs(dollars) * NEAR.denominator <= parts


def _row_by_row(lines: Sequence[PricedLine], rows: Sequence[Amount]) -> bool:
    """Whether both have the same lines in the same order, as nearly always."""
    if len(lines) != len(rows):
        return False
    for (_, exact, amount, _, said, _), (code, cents, dollars, parts) in zip(lines, rows, strict=True):
        over, under = exact.as_integer_ratio()
        if amount.cents != cents or said.code != code or not _near(dollars * under - over * parts, parts * under):
            return False
    return True


def _left(lines: Sequence[PricedLine], rows: Sequence[Amount]) -> dict[str, list[int]]:
    """By the code of a line, what is left when what one calculator billed is taken from what the other did."""
    left: dict[str, list[int]] = {}
    for code, cents, dollars, parts in rows:
        _add(left, code, cents, dollars, parts)
    for line in lines:
        dollars, parts = line.exact.as_integer_ratio()
        _add(left, line.code, -line.amount.cents, -dollars, parts)
    return left


def _add(left: dict[str, list[int]], code: str, cents: int, dollars: int, parts: int) -> None:
    """To the cents of a line, and to its exact dollars: a fraction that is never reduced, since a handful of them is
    added up and looked at once."""
    so_far = left.get(code)
    if so_far is None:
        left[code] = [cents, dollars, parts]
        return
    so_far[0] += cents
    if parts == so_far[2]:
        so_far[1] += dollars
    else:
        so_far[1] = so_far[1] * parts + dollars * so_far[2]
        so_far[2] *= parts
