"""Say where the two calculators differ over a bill; nothing when they agree."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from lamplighter.rating.bill import PricedBill
from lamplighter.rating.columnar.priced import Priced

NEAR = Fraction(1, 10**15)  # the other calculator shows thirds of a cent to twenty places


def difference(bill: PricedBill, priced: Priced, at: int) -> str:
    """Where the bill, as priced by `rating.price`, differs from the bill `at` of a columnar pricing.

    They agree when no line differs by a cent, the exact amounts are the same, and so are the banks left behind.
    """
    reason = priced.refused.get(at)
    if reason is not None:
        return f"the columnar calculator refuses the bill: {reason.message}"
    left: dict[str, list[int]] = {}
    for code, cents, dollars, parts in priced.amounts(at):
        _add(left, code, cents, dollars, parts)
    for line in bill.lines:
        dollars, parts = line.exact.as_integer_ratio()
        _add(left, line.code, -line.amount.cents, -dollars, parts)
    for code, (cents, dollars, parts) in left.items():
        if cents or (dollars and abs(dollars) * NEAR.denominator > parts):
            before = Decimal(dollars) / parts
            return f"“{code}” differs by {cents} cents, and before rounding by ${before:.6f}"
    if int(priced.totals[at]) != bill.total.cents:
        return f"the total differs by {int(priced.totals[at]) - bill.total.cents} cents"
    for name, balance in priced.balances(at).items():
        if abs(balance - Fraction(bill.banks.get(name, Decimal(0)))) > NEAR:
            return f"the bank “{name}” is left with another balance"
    return ""


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
