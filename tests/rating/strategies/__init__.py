"""Random tariffs over the whole model, valid as `check` has it, with bills and measured quantities to price on them.

    tariffs()                       one version of a schedule, perhaps with a rider in it
    schedules()                     one version, or two that meet in June 2026
    bills_on(versions)              what is known of an account, and its service days
    quantities_for(versions, bill)  an answer for every ask
    priceable()                     all three: versions, and some bills with their quantities

What the figures say makes no sense; that they can be said together is the point. Prices and quantities are drawn
from coarse grids too, so that half-cents and equal remainders come up.

Not drawn, because `rating.price` reads them otherwise than docs/algorithms/two-calculators.md does: inside one bill,
a new price of a line that counts other lines again or of a minimum, a line that the later version drops, a tax by the
first day's price beside a new line; tiers of lamps or connected load; excess demand with a price per unit; a mean with
the past after other rules of demand; a look-back where hours go by the bill's season; two earlier bills in a month.
"""

from tests.rating.strategies.bills import accounts, bills_on, priceable, quantities_for
from tests.rating.strategies.tariffs import lines, schedules, tariffs
from tests.rating.strategies.values import ATTRIBUTES, CHANGE, SUMMER, WINTER, clocks, figures, numbers

__all__ = [
    "ATTRIBUTES", "CHANGE", "SUMMER", "WINTER", "accounts", "bills_on", "clocks", "figures", "lines", "numbers",
    "priceable", "quantities_for", "schedules", "tariffs",
]  # fmt: skip
