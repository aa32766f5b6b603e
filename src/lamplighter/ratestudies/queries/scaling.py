"""A forecast handed to the rate lab: by what each bill of the year before is multiplied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from lamplighter.billing.rules import months_before
from lamplighter.ratestudies.models import Forecast

YEAR = 12


def scale_of(forecast: Forecast) -> Callable[[str, date], Decimal]:
    """By what the use of a class in a month of the year before a forecast is multiplied to be the year that it
    foretells; 1 where it tells nothing."""
    factors = {
        (row.customer_class, months_before(row.month, YEAR)): row.kwh / row.base_kwh
        for row in forecast.rows.all() if row.base_kwh
    }  # fmt: skip
    return lambda customer_class, month: factors.get((customer_class, month), Decimal(1))
