"""Say where the two calculators differ over a bill; nothing when they agree."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from lamplighter.rating.bill import PricedBill
from lamplighter.rating.columnar.priced import Priced

NEAR = Fraction(1, 10**15)  # the other calculator shows thirds of a cent to twenty places
Ratio: TypeAlias = tuple[int, int]  # a fraction that is never reduced: a handful of them is added up and looked at once


def difference(bill: PricedBill, priced: Priced, at: int) -> str:
    """Where the bill, as priced by `rating.price`, differs from the bill `at` of a columnar pricing.

    They agree when no line differs by a cent, the exact amounts are the same, and so are the banks left behind.
    """
    reason = priced.refused.get(at)
    if reason is not None:
        return f"the columnar calculator refuses the bill: {reason.message}"
    cents: dict[str, int] = defaultdict(int)
    exact: dict[str, Ratio] = defaultdict(lambda: (0, 1))
    for code, whole, dollars, parts in priced.amounts(at):
        cents[code] += whole
        exact[code] = _plus(exact[code], (dollars, parts))
    for line in bill.lines:
        cents[line.code] -= line.amount.cents
        dollars, parts = line.exact.as_integer_ratio()
        exact[line.code] = _plus(exact[line.code], (-dollars, parts))
    for code, (dollars, parts) in exact.items():
        if cents[code] or abs(dollars) * NEAR.denominator > parts:
            before = Decimal(dollars) / parts
            return f"“{code}” differs by {cents[code]} cents, and before rounding by ${before:.6f}"
    if int(priced.totals[at]) != bill.total.cents:
        return f"the total differs by {int(priced.totals[at]) - bill.total.cents} cents"
    for name, balance in priced.balances(at).items():
        if abs(balance - Fraction(bill.banks.get(name, Decimal(0)))) > NEAR:
            return f"the bank “{name}” is left with another balance"
    return ""


def _plus(one: Ratio, other: Ratio) -> Ratio:
    (n, d), (m, e) = one, other
    return n * e + m * d, d * e
