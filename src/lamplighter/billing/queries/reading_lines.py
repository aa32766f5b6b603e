"""Lines of a kept statement in words: "412 kWh × $0.14218", "7.5% of $196.10"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lamplighter.billing.canonical import Statement
from lamplighter.billing.lines_kept import lines_told
from lamplighter.billing.queries.reading_view import Group, LineView
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import PricedLine, Said, Step
from lamplighter.rating.charges import Per
from lamplighter.rating.tariff import Citation, Kind

QUANTITY_PLACES = 3
PRICE_PLACES = 8


def lines_of(kept: Statement) -> tuple[LineView, ...]:
    """The lines of a segment's statement, in their places."""
    return tuple(_view(place, priced_line(line)) for place, line in enumerate(lines_told(kept)))


def priced_line(line: Mapping[str, Any]) -> PricedLine:
    """A kept line as the value that pricing made."""
    first, end = line["period"]
    said = Said(
        code=line["code"],
        label=line["label"],
        kind=Kind(line["kind"]),
        unit=line["unit"],
        price=Decimal(line["price"]),
        times=Decimal(line["times"]),
        period=Period(date.fromisoformat(first), date.fromisoformat(end)),
        days=line["days"],
        tariff=line["tariff"],
        citation=Citation(**line["citation"]),
        gl=line["gl"],
        fund=line["fund"],
        per=Per(line["per"]),
    )
    return PricedLine(
        quantity=Decimal(line["quantity"]),
        exact=Decimal(line["exact"]),
        amount=Money(line["cents"]),
        steps=tuple(
            Step(s["words"], None if s["value"] is None else Decimal(s["value"]), s["unit"]) for s in line["steps"]
        ),
        said=said,
        components=tuple((tag, Decimal(dollars)) for tag, dollars in line["components"]),
    )


def group_of(line: PricedLine) -> Group:
    """Taxes; discounts, and credits that some fund bears; everything else is what the service costs."""
    if line.kind is Kind.TAX:
        return Group.TAX
    if line.kind is Kind.DISCOUNT or (line.fund and line.amount.cents < 0):
        return Group.DISCOUNT
    return Group.CHARGE


def arithmetic(line: PricedLine) -> str:
    """How a line's amount comes about, short enough to print beside it."""
    if line.unit == "$":
        return f"{percent(abs(line.price))} of {Money.nearest(line.quantity)}"
    counts_itself = not line.unit and line.quantity == 1
    if counts_itself and line.per is Per.UNIT:
        return "; ".join(step_words(step) for step in line.steps)
    parts = [] if counts_itself else [f"{number(line.quantity)} {line.unit}".strip()]
    if line.times != 1 or counts_itself:
        parts.append(_times(line))
    parts.append(price(abs(line.price)))
    credited = line.exact < 0 < line.price and line.quantity > 0
    return " × ".join(parts) + (" credited" if credited else "")


def step_words(step: Step) -> str:
    """ "highest demand measured: 42.5 kW" """
    if step.value is None:
        return step.words
    if step.unit == "$":
        return f"{step.words} {Money.nearest(step.value)}"
    return f"{step.words}: {number(step.value)} {step.unit}".rstrip()


def number(value: Decimal, places: int = QUANTITY_PLACES) -> str:
    """12,412.5: thousands apart, at most `places` decimals, no zeros at the end."""
    text = f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "\u2212") if text.strip("-0") else "0"


def price(dollars: Decimal) -> str:
    """$0.14218, $12.50: every decimal of a price, and two at least."""
    text = number(dollars, PRICE_PLACES)
    whole, _, decimals = text.partition(".")
    return f"${whole}.{decimals:0<2}"


def percent(fraction: Decimal) -> str:
    return f"{number(fraction * 100, 4)}%"


def _view(place: int, line: PricedLine) -> LineView:
    return LineView(place, line, arithmetic(line), group_of(line))


def _times(line: PricedLine) -> str:
    """ "31 days", "1 month", "0.6667 months" """
    noun = "day" if line.per is Per.DAY else "month"
    return f"{number(line.times, 4)} {noun if line.times == 1 else noun + 's'}"
