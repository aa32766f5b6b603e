"""Price by both calculators, and insist that they agree."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lamplighter.rating import BillInput, CannotPrice, PricedBill, Quantities, Tariff, asks, price
from lamplighter.rating.columnar import Program, compile, difference


def both(versions: Tariff | Sequence[Tariff], bill: BillInput, quantities: Quantities) -> PricedBill:
    """The bill, on which the calculators agree to the cent. Raises what `price` raises, if both refuse."""
    [found] = agreed(compile(versions), versions, [(bill, quantities)])
    if isinstance(found, CannotPrice):
        raise found
    return found


def evenly(versions: Tariff | Sequence[Tariff], bill: BillInput, quantity: str) -> PricedBill:
    """The bill on which they agree where every quantity is the same, and what adds up goes by days."""
    days = {ask: ask.period.days if ask.determinant.what.adds_up else bill.period.days for ask in asks(versions, bill)}
    return both(versions, bill, {ask: Decimal(quantity) * many / bill.period.days for ask, many in days.items()})


def agreed(
    program: Program, versions: Tariff | Sequence[Tariff], bills: Sequence[tuple[BillInput, Quantities]]
) -> list[PricedBill | CannotPrice]:
    """Each bill as `price` has it; the columnar calculator, which gets them all at once, must say the same."""
    priced = program.price([bill for bill, _ in bills], [quantities for _, quantities in bills])
    found: list[PricedBill | CannotPrice] = []
    for i, (bill, quantities) in enumerate(bills):
        try:
            one = price(versions, bill, quantities)
        except CannotPrice as refusal:
            assert i in priced.refused, f"only the exact calculator refuses: {refusal}"
            found.append(refusal)
        else:
            assert difference(one, priced, i) == ""
            found.append(one)
    return found
