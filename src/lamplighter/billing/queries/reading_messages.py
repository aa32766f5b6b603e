"""What a bill tells its customer besides figures: estimates, corrections, first and final bills, open amounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

from lamplighter.billing.models import Bill
from lamplighter.billing.queries.reading_lines import number
from lamplighter.billing.queries.reading_view import BankView, ComparisonView, Message, SegmentView, TrueUpView

Tell = Callable[[Sequence[Bill]], Mapping[int, Message]]
_tellers: list[Tell] = []


def on_reading(tell: Tell) -> Tell:
    """Register who has something to say on bills that stands above billing: a message by the bill's id, out of what
    was known when it was issued. It asks for all bills at once."""
    _tellers.append(tell)
    return tell


def told_by_others(bills: Sequence[Bill]) -> dict[int, list[Message]]:
    """What they say of these bills."""
    found: dict[int, list[Message]] = {}
    for tell in _tellers:
        for pk, message in tell(bills).items():
            found.setdefault(pk, []).append(message)
    return found


def messages(
    bill: Bill, segments: Sequence[SegmentView], comparison: ComparisonView | None, *, listed: bool
) -> Iterator[Message]:  # fmt: skip
    """In the order of their weight. A bill that lists the open ones need not say that there are some."""
    open_before = bill.previous + bill.received + bill.corrected
    if bill.due.cents < 0:
        yield Message("Nothing to pay", f"You have a credit of {-bill.due}. We take it off your next bill.")
    elif open_before.cents > 0 and not listed:
        yield Message(
            "Part of this is from an earlier bill",
            f"{open_before} was still open when we made this bill. If you have paid it since, thank you.",
        )
    for segment in segments:
        yield from _of_segment(segment)
    if bill.kind == Bill.Kind.FINAL:
        yield Message("This is your final bill", "It covers the last days of your service.")
    if comparison is None and any(segment.kind == "First bill" for segment in segments):
        yield Message("This is your first bill", "From next year on we show here how your use compares.")


def _of_segment(segment: SegmentView) -> Iterator[Message]:
    if segment.replaces:
        yield Message(
            f"These charges replace bill {segment.replaces}",
            f"We worked out {segment.period.start:%b %-d} to {segment.period.last_day:%b %-d, %Y} again. What you paid"
            " for those days is counted.",
        )
    if segment.true_up is not None:
        yield from map(partial(_of_bank, segment.true_up), segment.true_up.banks)
    if segment.estimated:
        share = f"{number(segment.estimated_kwh, 1)} of {number(segment.kwh, 1)} kWh" if segment.kwh else "Some of it"
        yield Message(
            "Part of your use is estimated",
            f"{share} rests on estimates, because readings did not reach us.{_band(segment)} If the meter shows"
            " otherwise later, we correct your bill.",
        )
    if segment.new_prices_on is not None:
        yield Message(
            f"New prices from {segment.new_prices_on:%b %-d}",
            "Days before it are charged at the old prices, days from it on at the new ones.",
        )


def _of_bank(true_up: TrueUpView, bank: BankView) -> Message:
    """What became of the year's credit, or what will."""
    left = _credit(bank.balance, bank.unit)
    if true_up.settled:
        paid = f"{bank.worth} is paid out for it on this bill" if bank.worth else "It expires with this bill"
        rest = f"{left} of credit was left at the end of your year. {paid}, and a new year begins."
        return Message("Your true-up", rest if bank.balance else "No credit was left at the end of your year.")
    title = f"Your true-up comes in {true_up.month:%B %Y}"
    now = f"{left} of credit is carried forward. If your year ended with this bill, {bank.worth} would be paid out."
    return Message(title, " ".join(filter(None, [now if bank.balance else "No credit is carried forward.",
                                                 _expected(true_up, bank)])))  # fmt: skip


def _expected(true_up: TrueUpView, bank: BankView) -> str:
    if bank.expected is None:
        return ""
    bills = "next bill goes" if true_up.bills_left == 1 else f"{true_up.bills_left} bills until then go"
    if not bank.expected:
        return f"If the {bills} as a year before, nothing will be left to pay out."
    worth = f", worth {bank.expected_worth}" if bank.unit != "$" and bank.expected_worth is not None else ""
    return f"If the {bills} as a year before, about {_credit(bank.expected, bank.unit)}{worth} will be left."


def _credit(amount: Decimal, unit: str) -> str:
    return f"${amount:,.2f}" if unit == "$" else f"{number(amount, 0)} {unit}"


def _band(segment: SegmentView) -> str:
    """How far the estimate may be off, by what was tried on the meter (docs/algorithms/estimation.md)."""
    if not segment.band_kwh:
        return ""
    band = number(segment.band_kwh, 1)
    return f" Tried on readings of your own meter, such estimates were within {band} kWh nine times in ten."
