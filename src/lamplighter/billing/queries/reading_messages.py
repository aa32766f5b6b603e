"""What a bill tells its customer besides figures: estimates, corrections, first and final bills, open amounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lamplighter.billing.models import Bill
from lamplighter.billing.queries.reading_lines import number
from lamplighter.billing.queries.reading_view import ComparisonView, Message, SegmentView


def messages(
    bill: Bill, segments: Sequence[SegmentView], comparison: ComparisonView | None
) -> Iterator[Message]:  # fmt: skip
    """In the order of their weight."""
    open_before = bill.previous + bill.received + bill.corrected
    if bill.due.cents < 0:
        yield Message("Nothing to pay", f"You have a credit of {-bill.due}. We take it off your next bill.")
    elif open_before.cents > 0:
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
    if segment.estimated:
        share = f"{number(segment.estimated_kwh, 1)} of {number(segment.kwh, 1)} kWh" if segment.kwh else "Some of it"
        yield Message(
            "Part of your use is estimated",
            f"{share} rests on estimates, because readings did not reach us. If the meter shows otherwise later, we"
            " correct your bill.",
        )
    if segment.new_prices_on is not None:
        yield Message(
            f"New prices from {segment.new_prices_on:%b %-d}",
            "Days before it are charged at the old prices, days from it on at the new ones.",
        )
