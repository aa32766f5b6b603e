"""Say in words where each line of a bill came from, with the arithmetic, so that a customer can follow it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import PricedBill, PricedLine, Step
from lamplighter.rating.charges import Per
from lamplighter.rating.exact import plain
from lamplighter.rating.tariff import Kind, RoundingRule

TIMES = {Per.UNIT: "", Per.MONTH: "months", Per.DAY: "days"}
PLACES = 6  # of a quantity or amount in words; the bill itself keeps them exact


def explain(bill: PricedBill) -> tuple[str, ...]:
    """A sentence or two for each line, and one for the total."""
    return (*(explain_line(line, bill.period) for line in bill.lines), explain_total(bill))


def explain_line(line: PricedLine, whole: Period | None = None) -> str:
    """`Energy, baseline: 211 kWh x $0.13934 = $29.40. This step ends at 211 kWh.`

    The days are told where they are not those of the `whole` bill.
    """
    days = f"For {line.days} days of {line.period}." if (line.period, line.days) != _whole(whole) else ""
    clause = line.citation.clause
    rule = f"{clause[0].upper()}{clause[1:]}." if clause else ""
    parts = (f"{line.label}: {_arithmetic(line)}.", *map(_sentence, line.steps), days, rule)
    return " ".join(part for part in parts if part)


def explain_total(bill: PricedBill) -> str:
    """How the lines became the total."""
    if bill.rounding is RoundingRule.EACH_LINE:
        return f"Total: each line is rounded to the cent, and the lines add up to {bill.total}."
    return (
        f"Total: the lines add up to {_dollars(bill.exact)}, rounded once to {bill.total}; "
        "each line is shown to the cent so that they add up to it."
    )


def shown(value: Decimal) -> str:
    """A number for people: no more than six decimals, thousands apart."""
    if -value.as_tuple().exponent > PLACES:  # type: ignore[operator]  # a finite number's exponent is an int
        value = value.quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_UP)
    return f"{plain(value):,f}"


def _whole(period: Period | None) -> tuple[Period | None, int]:
    return period, 0 if period is None else period.days


def _arithmetic(line: PricedLine) -> str:
    """The line as a calculation whose parts can be multiplied by hand."""
    result = f"{_dollars(line.exact)}{_cents(line)}"
    if line.unit == "$":
        word = "off" if line.kind is Kind.DISCOUNT else "of"
        return f"{shown(abs(line.price) * 100)} % {word} {_dollars(line.quantity)} = {result}"
    factors = []
    if line.unit or line.quantity != 1:
        factors.append(f"{shown(line.quantity)} {line.unit}".rstrip())
    if line.per is Per.DAY or line.times != 1:
        factors.append(f"{shown(line.times)} {TIMES[line.per]}".rstrip())
    return " = ".join(
        part for part in (" x ".join([*factors, _dollars(line.price)]) if factors else "", result) if part
    )


def _cents(line: PricedLine) -> str:
    """Rounded, where that shows more than the calculation does."""
    return "" if line.amount.dollars == line.exact else f", shown as {line.amount}"


def _dollars(value: Decimal) -> str:
    if value == Money.nearest(value).dollars:
        return str(Money.nearest(value))
    return f"{'−' if value < 0 else ''}${shown(abs(value))}"


def _sentence(step: Step) -> str:
    words = step.words[0].upper() + step.words[1:]
    if step.value is None:
        return f"{words}."
    if step.unit == "$":
        return f"{words}: {_dollars(step.value)}."
    return f"{words}: {shown(step.value)} {step.unit}".rstrip() + "."
