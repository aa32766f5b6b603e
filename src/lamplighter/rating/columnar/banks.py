"""Rows that move credit into and out of a bank: carried forward, drawn on, settled at the true-up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lamplighter.rating.charges import Carry, Draw, Settle
from lamplighter.rating.columnar.column import NIL, Number, chosen, differs, least, minus, most, negative, times
from lamplighter.rating.columnar.masks import Mask, anywhere, both
from lamplighter.rating.columnar.plan import Span
from lamplighter.rating.columnar.reckoned import Applied, last_of_each
from lamplighter.rating.columnar.sheet import Row, Sheet


def bank_rows(charges: Sequence[Carry | Draw | Settle], applied: Applied, sheet: Sheet) -> Iterator[Row]:
    """One row for each bill, by the wording that stands last; the bank is left with its new balance."""
    for charge, (span, where) in zip(charges, last_of_each(applied), strict=True):
        if anywhere(where):
            yield Row(span, _moved(charge, span, where, sheet))


def _moved(charge: Carry | Draw | Settle, span: Span, where: Mask, sheet: Sheet) -> Number:
    held = sheet.bank(charge.bank)
    match charge:
        case Carry():
            moved = negative(least(sheet.base(span, whole=True), NIL))
            left = minus(held, negative(moved))
        case Draw():
            drawn = least(held, most(sheet.base(span, whole=True), NIL))
            moved, left = negative(drawn), minus(held, drawn)
        case Settle():
            where = both(where, sheet.source.settles)
            price = sheet.figure(charge.price, span, (), both(where, differs(held)))
            moved, left = negative(times(held, price)), NIL
    sheet.banks[charge.bank] = chosen(where, left, held)
    return chosen(where, moved)
