"""What every bill says of the true-up to come: what would be settled today, and about what the year will leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from lamplighter.billing.models import Segment
from lamplighter.billing.rules import shifted_months
from lamplighter.billing.statement import Statement, number
from lamplighter.rating.bill import BillInput, PricedBill, Quantities
from lamplighter.rating.charges import Carry, Draw, Settle
from lamplighter.rating.price import Layout, price
from lamplighter.rating.tariff import Line, Tariff

NOTHING = Decimal(0)


def projected(
    versions: Sequence[Tariff], bill: BillInput, quantities: Quantities, priced: PricedBill, *,
    layout: Layout, ends: date | None, earlier: Sequence[Segment],
) -> Statement | None:  # fmt: skip
    """For each bank that is settled: its balance, what that is worth at the price of the surplus, and what both come to
    in the month of the true-up if the bills until then move it as those of the same months did a year before (where
    none is known, as the bills known did on average). None on a tariff without a true-up.

    On the bill that settles, the balance is the one that was settled, and nothing is expected any more.
    """
    lines = [line for line in versions[-1].lines if isinstance(line.charge, Settle)]
    if not lines or ends is None:
        return None
    today = priced if bill.settles else price(versions, replace(bill, settles=True), quantities, layout=layout)
    return {
        "month": ends.isoformat(),
        "settled": bill.settles,
        "banks": [_of_bank(line, versions[-1], today, bill, ends=ends, earlier=earlier) for line in lines],
    }


def _of_bank(
    line: Line, tariff: Tariff, today: PricedBill, bill: BillInput, *, ends: date, earlier: Sequence[Segment]
) -> Statement:
    assert isinstance(line.charge, Settle), f"{line.code} settles a bank"
    settled = next(iter(today.line(line.code)), None)
    balance = settled.quantity if settled else NOTHING
    worth = -settled.exact if settled else NOTHING
    found: Statement = {
        "bank": line.charge.bank,
        "unit": "$" if in_dollars(tariff, line.charge.bank) else "kWh",
        "balance": number(balance),
        "worth": number(worth),
    }
    moves = _moves(line, bill, balance, earlier)
    months = _months(bill.month, ends)
    if not bill.settles and moves:
        expected = _expected(balance, months, moves)
        rate = settled.price if settled else _price_known(line, earlier)
        found |= {"expected": number(expected), "bills_left": len(months)}
        found |= {} if rate is None else {"expected_worth": number(expected * rate)}
    return found


def _expected(balance: Decimal, months: Sequence[date], moves: dict[date, Decimal]) -> Decimal:
    """The bank after those months: it moves as in the same month of the year before, and never below nothing."""
    usual = sum(moves.values(), NOTHING) / len(moves)
    for month in months:
        balance = max(NOTHING, balance + moves.get(shifted_months(month, -12), usual))
    return balance.quantize(Decimal("0.01"))


def _moves(line: Line, bill: BillInput, balance: Decimal, earlier: Sequence[Segment]) -> dict[date, Decimal]:
    """By how much each bill of the last thirteen months moved the bank, this one included."""
    assert isinstance(line.charge, Settle)
    bank = line.charge.bank
    found = {bill.month: balance - bill.banks.get(bank, NOTHING)}
    for segment in earlier:
        kept = segment.statement
        if segment.period.closed_end > bill.period.start or bank not in kept["banks"]:
            continue
        paid_out = sum((Decimal(one["quantity"]) for one in kept["lines"] if one["code"] == line.code), NOTHING)
        moved = Decimal(kept["banks"][bank]) + paid_out - Decimal(kept["banks_before"].get(bank, 0))
        found[segment.month] = found.get(segment.month, NOTHING) + moved
    return found


def _price_known(line: Line, earlier: Sequence[Segment]) -> Decimal | None:
    """The price at which the bank was settled last."""
    for segment in earlier:
        for one in segment.statement["lines"]:
            if one["code"] == line.code:
                return Decimal(one["price"])
    return None


def _months(month: date, ends: date) -> list[date]:
    """The billing months after this one, up to and with the true-up."""
    found = []
    while month < ends:
        month = shifted_months(month, 1)
        found.append(month)
    return found


def in_dollars(tariff: Tariff, bank: str) -> bool:
    """Whether a bank holds dollars, or else kWh."""
    return any(isinstance(line.charge, Carry | Draw) and line.charge.bank == bank for line in tariff.lines)
