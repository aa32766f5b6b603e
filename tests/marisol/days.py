"""Days on which the tiny city is built."""

import os
from datetime import date

BUILT = [
    date(2027, 1, 1),  # the year has just ended
    date(2028, 2, 29),
    date(2026, 11, 2),  # yesterday had 25 hours
]
DAYS = [date(2026, 11, 20), date(2027, 3, 15), *BUILT]  # of the second, yesterday had 23 hours
ASKED = "LAMPLIGHTER_CITY_DAYS"
"""Names other days, for the long run."""


def built() -> list[date]:
    return [date.fromisoformat(day) for day in os.environ.get(ASKED, "").split()] or BUILT
