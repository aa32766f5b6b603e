"""Power factors of many bills: told by the account, else measured with kVArh."""

from __future__ import annotations

from fractions import Fraction

from lamplighter.rating.charges import PowerFactor
from lamplighter.rating.columnar.column import NIL, Number, below, chosen
from lamplighter.rating.columnar.facts import Amounts
from lamplighter.rating.columnar.masks import Mask, both, either, opposite
from lamplighter.rating.columnar.plan import Span
from lamplighter.rating.columnar.rounding import to_multiple
from lamplighter.rating.columnar.sheet import Sheet
from lamplighter.rating.columnar.slots import power_factor_slot


def power_factor(factor: PowerFactor, span: Span, where: Mask, sheet: Sheet) -> Number:
    """As a fraction of one, rounded as the tariff says. Where it is not between 0 and 1 the bill is refused."""
    value: Number = NIL
    told: Mask = False
    if factor.attribute:
        fact = sheet.facts[span.version][factor.attribute]
        assert isinstance(fact, Amounts), f"{factor.attribute} is a number"
        value, told = fact.number, fact.told
    if told is not True:
        measured = sheet.metered(power_factor_slot(sheet.plan), both(where, opposite(told)))
        value = chosen(told, value, measured)
    one = Fraction(1)
    beyond = either(opposite(below(NIL, value)), below(one, value))
    message = "The power factor is not between 0 and 1."
    sheet.refuse(both(where, beyond), "power_factor.range", message)
    if factor.rounded is not None:
        value = to_multiple(value, Fraction(factor.rounded.size), factor.rounded.to)
    return value
