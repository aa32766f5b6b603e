"""Work out every line of a plan for a group of bills, each after the lines that it is reckoned on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from lamplighter.rating.charges import Carry, Charge, Draw, Maximum, Minimum, Percent, PerUnit, PowerFactorRider, Settle
from lamplighter.rating.columnar.banks import bank_rows
from lamplighter.rating.columnar.book import Book
from lamplighter.rating.columnar.facts import holds
from lamplighter.rating.columnar.masks import Mask
from lamplighter.rating.columnar.perunit import PerUnitRows
from lamplighter.rating.columnar.plan import Plan, Span
from lamplighter.rating.columnar.reckoned import Applied, percent, rider, top_up
from lamplighter.rating.columnar.refusals import CannotCompile
from lamplighter.rating.columnar.rounding import to_cents
from lamplighter.rating.columnar.selection import Selection
from lamplighter.rating.columnar.sheet import Row, Sheet
from lamplighter.rating.columnar.source import Source

T = TypeVar("T")


def evaluate(book: Book, plan: Plan, selection: Selection, source: Source) -> tuple[Sheet, list[Row]]:
    """The sheet with banks and refusals, and every row in the order of the rate book."""
    sheet = Sheet(book, plan, selection, source)
    spans = dict(plan.lines)
    for code in selection.order:
        try:
            sheet.rows[code] = [_settled(row, sheet) for row in _rows(spans[code], sheet)]
        except CannotCompile as beyond:
            raise CannotCompile(f"“{code}”: {beyond}") from None
    return sheet, [row for code, _ in plan.lines for row in sheet.rows[code]]


def _rows(spans: tuple[Span, ...], sheet: Sheet) -> Iterator[Row]:
    applied = [(span, where) for span in spans if (where := _applies(span, sheet)) is not False]
    if not applied:
        return
    charges = [sheet.line(span).charge for span, _ in applied]
    match charges[-1]:
        case Minimum() | Maximum() as bound:
            yield from top_up(_alike(charges, type(bound)), applied, sheet)
        case Carry() | Draw() | Settle() as bank:
            yield from bank_rows(_alike(charges, type(bank)), applied, sheet)
        case PerUnit() | Percent() | PowerFactorRider():
            yield from _each(charges, applied, sheet)


def _each(charges: list[Charge], applied: Applied, sheet: Sheet) -> Iterator[Row]:
    for charge, (span, where) in zip(charges, applied, strict=True):
        match charge:
            case PerUnit():
                yield from PerUnitRows(charge, span, where, sheet).rows()
            case Percent():
                yield percent(charge, span, where, sheet)
            case PowerFactorRider():
                yield rider(charge, span, where, sheet)
            case _:
                raise AssertionError(f"{charge} is not charged span by span")


def _applies(span: Span, sheet: Sheet) -> Mask:
    """The bills whose accounts meet the line's condition."""
    return holds(sheet.line(span).when, sheet.facts[span.version], True, sheet.refuse)  # noqa: FBT003 - all bills


def _settled(row: Row, sheet: Sheet) -> Row:
    """A line that is rounded by itself counts with its cents from here on."""
    if not sheet.line(row.span).rounded:
        return row
    return Row(row.span, to_cents(row.amount), row.quantity, row.hours, row.tier)


def _alike(charges: list[Charge], kind: type[T]) -> list[T]:
    """A plan has refused a line that turns into another kind of charge inside the bill."""
    found: list[T] = [charge for charge in charges if isinstance(charge, kind)]
    assert len(found) == len(charges)
    return found
