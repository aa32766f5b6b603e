"""Rows reckoned on other lines: percentages, power-factor riders, and what a bill lacks to its minimum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias

from lamplighter.rating.charges import Maximum, Minimum, Percent, PowerFactorForm, PowerFactorRider, Term
from lamplighter.rating.columnar.column import (
    NIL,
    Number,
    below,
    chosen,
    least,
    minus,
    most,
    negative,
    plus,
    reciprocal,
    times,
    total,
)  # fmt: skip
from lamplighter.rating.columnar.counts import count, due
from lamplighter.rating.columnar.masks import Mask, anywhere, both, either, opposite
from lamplighter.rating.columnar.plan import Span
from lamplighter.rating.columnar.powerfactor import power_factor
from lamplighter.rating.columnar.sheet import Row, Sheet

ONE = Fraction(1)
Applied: TypeAlias = Sequence[tuple[Span, Mask]]  # the spans of a line, and for which bills each applies


def percent(charge: Percent, span: Span, where: Mask, sheet: Sheet) -> Row:
    rate = times(sheet.figure(charge.rate, span, (), where), Fraction(1, 100))
    if charge.gross_up:
        rate = _grossed_up(rate, where, sheet)
    amount = times(sheet.base(span), rate)
    return Row(span, chosen(where, negative(amount) if charge.credit else amount))


def rider(charge: PowerFactorRider, span: Span, where: Mask, sheet: Sheet) -> Row:
    """A rider on a power factor below the reference, and above it where that is credited."""
    factor = power_factor(charge.power_factor, span, where, sheet)
    reference = Fraction(charge.reference)
    short = minus(reference, factor)
    match charge.form:
        case PowerFactorForm.PER_POINT:
            rate = times(short, Fraction(charge.per_point))
        case PowerFactorForm.RATIO:
            nothing = both(where, opposite(below(NIL, factor)))
            sheet.refuse(nothing, "power_factor.range", "The power factor is rounded to nothing.")
            rate = minus(times(reference, reciprocal(factor)), ONE)
        case PowerFactorForm.DIFFERENCE:
            rate = short
    due_there = where if charge.credit_above else both(where, below(factor, reference))
    return Row(span, chosen(due_there, times(sheet.base(span), rate)))


def top_up(charges: Sequence[Minimum | Maximum], applied: Applied, sheet: Sheet) -> Iterator[Row]:
    """What brings a bill up to its minimum, or down to its maximum: one row, where the line stands last."""
    tested = [(span, _tested(charge, where, sheet)) for charge, (span, where) in zip(charges, applied, strict=True)]
    bound: Number = NIL
    for charge, (span, where) in zip(charges, tested, strict=True):
        bound = plus(bound, chosen(where, total(_term(term, span, where, sheet) for term in charge.terms)))
    for charge, (span, where) in zip(charges, last_of_each(tested), strict=True):
        if anywhere(where):
            yield Row(span, _lacking(charge, span, where, bound, sheet))


def _tested(charge: Minimum | Maximum, where: Mask, sheet: Sheet) -> Mask:
    """An annual minimum is tested, and its figures are looked up, only on the bill that closes the year."""
    annual = isinstance(charge, Minimum) and charge.annual
    return both(where, sheet.source.closes_year) if annual else where


def last_of_each(applied: Applied) -> Applied:
    """For each span, the bills for which no later span of the line applies."""
    found: list[tuple[Span, Mask]] = []
    later: Mask = False
    for span, where in reversed(applied):
        found.append((span, both(where, opposite(later))))
        later = either(later, where)
    return found[::-1]


def _lacking(charge: Minimum | Maximum, span: Span, where: Mask, bound: Number, sheet: Sheet) -> Number:
    base = sheet.base(span, whole=True)
    if isinstance(charge, Maximum):
        return chosen(where, least(minus(bound, base), NIL))
    if charge.annual:
        base = plus(base, sheet.source.billed_this_year().column())
    return chosen(where, most(minus(bound, most(base, NIL)), NIL))


def _term(term: Term, span: Span, where: Mask, sheet: Sheet) -> Number:
    counted = count(term.quantity, span, (), where, sheet)
    price = sheet.figure(term.price, span, (), where)
    return times(times(counted, price), due(span, term.per, term.quantity, sheet))


def _grossed_up(rate: Number, where: Mask, sheet: Sheet) -> Number:
    """r / (1 - r): the tax on receipts that pay for themselves too."""
    left = minus(ONE, rate)
    message = "A tax of all receipts or more cannot be passed through."
    sheet.refuse(both(where, opposite(below(NIL, left))), "percent.receipts", message)
    return times(rate, reciprocal(left))
