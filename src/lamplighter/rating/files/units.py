"""Units of prices as rate books print them: $/kWh, c/kWh, $/kW, $/kW/day, $/month, $/lamp/month."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from lamplighter.rating.charges import Per

TIMES = {"month": Per.MONTH, "day": Per.DAY, "bill": Per.UNIT}
CENTS = {"c", "¢"}


class PriceUnit(NamedTuple):
    """Dollars for one in the price, of which quantity (empty: the bill itself), over which time if any is said."""

    scale: Decimal
    of: str
    per: Per | None


def price_unit(text: str) -> PriceUnit | None:
    """`$/kW/day` is dollars for a kW and day; None when the text is no unit of a price."""
    money, *parts = (part.strip() for part in text.split("/"))
    if not parts or money not in {"$", *CENTS}:
        return None
    scale = Decimal("0.01") if money in CENTS else Decimal(1)
    match parts:
        case [time] if time in TIMES:
            return PriceUnit(scale, "", TIMES[time])
        case [of]:
            return PriceUnit(scale, of, None)
        case [of, time] if time in TIMES and of not in TIMES:
            return PriceUnit(scale, of, TIMES[time])
        case _:
            return None
