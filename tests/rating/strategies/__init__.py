"""Random tariffs over the whole model, valid as `check` has it, with bills and measured quantities to price on them.

    tariffs()                       one version of a schedule, perhaps with a rider in it
    schedules()                     one version, or two or three that meet in June 2026
    bills_on(versions)              what is known of an account, and its service days
    quantities_for(versions, bill)  an answer for every ask
    priceable()                     all three: versions, and some bills with their quantities

What the figures say makes no sense; that they can be said together is the point. Prices and quantities are drawn
from coarse grids too, so that half-cents and equal remainders come up.

A later version may drop a line, add one anywhere, price it otherwise or, now and then, charge it in another way;
lines may count energy, demand or numbers that other lines bill, and stand in any order; a month may have two earlier
bills, or none. What `check` refuses is not drawn.
"""

from tests.rating.strategies.bills import accounts, bills_on, priceable, quantities_for
from tests.rating.strategies.schedules import schedules
from tests.rating.strategies.tariffs import lines, tariffs
from tests.rating.strategies.values import ATTRIBUTES, CHANGE, SUMMER, WINTER, clocks, figures, numbers

__all__ = [
    "ATTRIBUTES", "CHANGE", "SUMMER", "WINTER", "accounts", "bills_on", "clocks", "figures", "lines", "numbers",
    "priceable", "quantities_for", "schedules", "tariffs",
]  # fmt: skip
