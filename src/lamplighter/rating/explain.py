"""Say in words where each line of a bill came from, with the arithmetic, so that a customer can follow it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from lamplighter.kernel.money import Money
from lamplighter.rating.bill import PricedBill, PricedLine, Step
from lamplighter.rating.exact import plain
from lamplighter.rating.tariff import Kind, RoundingRule

PLACES = 6  # of a quantity or amount in words; the bill itself keeps them exact


def explain(bill: PricedBill) -> tuple[str, ...]:
    """A sentence for each line, and one for the total."""
    return (*(explain_line(line) for line in bill.lines), explain_total(bill))


def explain_line(line: PricedLine) -> str:
    """`Energy, baseline: 211 kWh x $0.13934 = $29.40. This step ends at 211 kWh.`"""
    told = " ".join(_sentence(step) for step in line.steps)
    days = f" For {line.days} days, {line.period}." if line.days else ""
    clause = f" {line.citation.clause[0].upper()}{line.citation.clause[1:]}." if line.citation.clause else ""
    return f"{line.label}: {_arithmetic(line)}.{_spaced(told)}{days}{clause}"


def explain_total(bill: PricedBill) -> str:
    """How the lines became the total."""
    if bill.rounding is RoundingRule.EACH_LINE:
        return f"Total: each line is rounded to the cent, and the lines add up to {bill.total}."
    return (
        f"Total: the lines add up to ${shown(bill.exact)}, rounded once to {bill.total}; "
        "each line is shown to the cent so that they add up to it."
    )


def shown(value: Decimal) -> str:
    """A number for people: no more than six decimals, thousands apart."""
    if -value.as_tuple().exponent > PLACES:  # type: ignore[operator]  # a finite number's exponent is an int
        value = value.quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_UP)
    return f"{plain(value):,f}"


def _arithmetic(line: PricedLine) -> str:
    """The line as a calculation whose parts can be multiplied by hand."""
    result = f"{_dollars(line.exact)}"
    if line.unit == "$":
        word = "off " if line.kind is Kind.DISCOUNT else "of "
        return f"{shown(abs(line.price) * 100)} % {word}${shown(line.quantity)} = {result}{_cents(line)}"
    factors = []
    if line.unit:
        factors.append(f"{shown(line.quantity)} {line.unit}")
    elif line.quantity != 1:
        factors.append(shown(line.quantity))
    if line.times != 1:
        factors.append(shown(line.times))
    if not factors:
        return f"{result}{_cents(line)}"
    return f"{' x '.join([*factors, f'${shown(line.price)}'])} = {result}{_cents(line)}"


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
        return f"{words}: ${shown(step.value)}."
    return f"{words}: {shown(step.value)} {step.unit}".rstrip() + "."


def _spaced(text: str) -> str:
    return f" {text}" if text else ""
