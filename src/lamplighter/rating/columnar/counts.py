"""How much a line bills: the columns of its quantity over a span, and how often a price is due there."""

from __future__ import annotations

from fractions import Fraction

from lamplighter.rating.charges import Per, PerUnit
from lamplighter.rating.columnar.column import NIL, Number, chosen, minus, most, negative, plus, times
from lamplighter.rating.columnar.masks import Mask
from lamplighter.rating.columnar.peaks import billing_demand
from lamplighter.rating.columnar.plan import Span
from lamplighter.rating.columnar.rounding import to_multiple
from lamplighter.rating.columnar.sheet import Row, Sheet
from lamplighter.rating.columnar.slots import slot_of
from lamplighter.rating.quantities import Demand, Excess, Metered, OfAccount, OfLines, Once, Quantity
from lamplighter.rating.tariff import WHOLE


def count(quantity: Quantity, span: Span, names: tuple[str, ...], where: Mask, sheet: Sheet) -> Number:
    """The quantity of every bill over a span, in the TOU periods `names` (none: those that the quantity says)."""
    match quantity:
        case Metered():
            return _metered(quantity, span, names, where, sheet)
        case Demand():
            return billing_demand(quantity, span, names, where, sheet)
        case Excess(quantity=inner, allowance=allowance, of=of):
            allowed = times(count(of, span, names, where, sheet), Fraction(allowance))
            return most(minus(count(inner, span, names, where, sheet), allowed), NIL)
        case Once():
            return Fraction(1)
        case OfAccount(attribute=attribute, free=free):
            return most(minus(sheet.amount_of(attribute, span, where), Fraction(free)), NIL)
        case OfLines(codes=codes):
            return _of_lines(codes, span, sheet)


def adds_up(quantity: Quantity, sheet: Sheet) -> bool:
    """Whether the parts of a bill have each their own share of it, as energy does; demand and lamps do not."""
    match quantity:
        case Metered():
            return True
        case Excess(quantity=inner):
            return adds_up(inner, sheet)
        case OfLines(codes=codes):
            return all(_adds_up_in(row, sheet) for code in codes for row in sheet.rows.get(code, ()))
        case Demand() | Once() | OfAccount():
            return False


def is_demand(quantity: Quantity, sheet: Sheet) -> bool:
    """Whether it is a peak of the bill, or counts such peaks again."""
    match quantity:
        case Demand():
            return True
        case Excess(quantity=inner):
            return is_demand(inner, sheet)
        case OfLines(codes=codes):
            charges = [sheet.line(row.span).charge for code in codes for row in sheet.rows.get(code, ())]
            return bool(charges) and all(isinstance(c, PerUnit) and is_demand(c.quantity, sheet) for c in charges)
        case Metered() | Once() | OfAccount():
            return False


def due(span: Span, per: Per, quantity: Quantity, sheet: Sheet) -> Fraction:
    """How often a price falls due over the span: for days, for months, or once for what is counted."""
    match per:
        case Per.DAY:
            return Fraction(span.days)
        case Per.MONTH:
            return months(span, quantity, sheet)
        case Per.UNIT:
            return Fraction(1) if adds_up(quantity, sheet) else sheet.plan.share(span)


def months(span: Span, quantity: Quantity, sheet: Sheet) -> Fraction:
    """The months of the bill that fall to the span. Demand is not prorated unless the line says so."""
    rule = sheet.line(span).prorate
    if rule is None:
        rule = WHOLE if is_demand(quantity, sheet) else sheet.tariff(span).proration
    return sheet.plan.months(rule) * sheet.plan.share(span)


def _metered(quantity: Metered, span: Span, names: tuple[str, ...], where: Mask, sheet: Sheet) -> Number:
    """Energy with losses, less what a bank holds, rounded."""
    used = sheet.metered(slot_of(sheet.book, sheet.plan, span, quantity, names), where)
    if quantity.losses is not None:
        used = times(used, sheet.figure(quantity.losses, span, names, where))
    if quantity.bank:
        held = sheet.bank(quantity.bank)
        left = minus(used, held)
        sheet.banks[quantity.bank] = chosen(where, most(negative(left), NIL), held)
        used = most(left, NIL)
    if quantity.rounded is not None:
        used = to_multiple(used, Fraction(quantity.rounded.size), quantity.rounded.to)
    return used


def _of_lines(codes: tuple[str, ...], span: Span, sheet: Sheet) -> Number:
    """What other lines billed on the days of the span: energy by its days, demand as its mean over them."""
    found: Number = NIL
    for code in dict.fromkeys(codes):
        for row in sheet.rows.get(code, ()):
            share = row.span.within(span)
            if not _adds_up_in(row, sheet):
                share = share * row.span.days / span.days
            found = plus(found, times(row.quantity, share))
    return found


def _adds_up_in(row: Row, sheet: Sheet) -> bool:
    charge = sheet.line(row.span).charge
    return isinstance(charge, PerUnit) and adds_up(charge.quantity, sheet)
