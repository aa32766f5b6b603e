"""What every bill says of the true-up to come: what would be settled today, and about what the year will leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from lamplighter.billing.canonical import Statement, number
from lamplighter.billing.lines_kept import lines_told
from lamplighter.billing.models import Segment
from lamplighter.billing.rules import shifted_months
from lamplighter.rating.bill import BillInput, PricedBill, Quantities
from lamplighter.rating.charges import Carry, Draw, PerUnit, Settle
from lamplighter.rating.price import Layout, price
from lamplighter.rating.reach import banks_in, members
from lamplighter.rating.tariff import Line, Tariff

NOTHING = Decimal(0)
Banks: TypeAlias = Mapping[str, Decimal]
Moves: TypeAlias = Mapping[date, Decimal]


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
    today = priced if bill.settles else price(versions, bill._replace(settles=True), quantities, layout=layout)
    return {
        "month": ends.isoformat(),
        "settled": bill.settles,
        "banks": [_of_bank(line, versions[-1], today, bill, ends=ends, earlier=earlier) for line in lines],
    }


def _of_bank(
    line: Line, tariff: Tariff, today: PricedBill, bill: BillInput, *, ends: date, earlier: Sequence[Segment]
) -> Statement:
    settled = next(iter(today.line(line.code)), None)
    balance = settled.quantity if settled else NOTHING
    worth = -settled.exact if settled else NOTHING
    found: Statement = {
        "bank": bank_of(line),
        "unit": "$" if in_dollars(tariff, bank_of(line)) else "kWh",
        "balance": number(balance),
        "worth": number(worth),
    }
    moves = _moves(line, tariff, bill, today, earlier)
    months = _months(bill.month, ends)
    if not bill.settles and moves:
        expected = _expected(balance, months, moves)
        rate = settled.price if settled else _price_known(line, earlier)
        found |= {"expected": number(expected), "bills_left": len(months)}
        found |= {} if rate is None else {"expected_worth": number(expected * rate)}
    return found


def _expected(balance: Decimal, months: Sequence[date], moves: Moves) -> Decimal:
    """The bank after those months: it moves as in the same month of the year before, and never below nothing."""
    usual = sum(moves.values(), NOTHING) / len(moves)
    for month in months:
        balance = max(NOTHING, balance + moves.get(shifted_months(month, -12), usual))
    return balance.quantize(Decimal("0.01"))


def _moves(line: Line, tariff: Tariff, bill: BillInput, today: PricedBill, earlier: Sequence[Segment]) -> Moves:
    """What each bill of the last thirteen months put into the bank or needed from it, this one included: below nothing
    where it needed more than the bank had."""
    made = [(row.code, row.exact, row.quantity) for row in today.lines]
    found = {bill.month: _moved(line, tariff, made, bill.banks, today.banks)}
    for segment in earlier:
        kept = segment.statement
        if segment.period.closed_end <= bill.period.start and bank_of(line) in kept["banks"]:
            rows = [(one["code"], Decimal(one["exact"]), Decimal(one["quantity"])) for one in lines_told(kept)]
            before, after = (_numbers(kept[name]) for name in ("banks_before", "banks"))
            found[segment.month] = found.get(segment.month, NOTHING) + _moved(line, tariff, rows, before, after)
    return found


def _moved(
    line: Line, tariff: Tariff, rows: Sequence[tuple[str, Decimal, Decimal]], before: Banks, after: Banks
) -> Decimal:
    """Of dollars: the lines that the bank is set against, turned round. Of kWh: its own move, less what was billed
    beyond it. The settlement apart."""
    bank = bank_of(line)
    if in_dollars(tariff, bank):
        codes = {code for one in tariff.lines if _sets_against(one, bank) for code in members(tariff.lines, one)}
        return -sum((exact for code, exact, _ in rows if code in codes), NOTHING)
    netted = {one.code for one in tariff.lines if bank in banks_in(one) and isinstance(one.charge, PerUnit)}
    billed = sum((quantity for code, _, quantity in rows if code in netted), NOTHING)
    paid_out = sum((quantity for code, _, quantity in rows if code == line.code), NOTHING)
    return after.get(bank, NOTHING) + paid_out - before.get(bank, NOTHING) - billed


def _price_known(line: Line, earlier: Sequence[Segment]) -> Decimal | None:
    """The price at which the bank was settled last."""
    for segment in earlier:
        for one in lines_told(segment.statement):
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
    return any(_sets_against(line, bank) for line in tariff.lines)


def bank_of(line: Line) -> str:
    assert isinstance(line.charge, Settle), f"{line.code} settles a bank"
    return line.charge.bank


def _sets_against(line: Line, bank: str) -> bool:
    return isinstance(line.charge, Carry | Draw) and line.charge.bank == bank


def _numbers(kept: Mapping[str, str]) -> Banks:
    return {name: Decimal(value) for name, value in kept.items()}
