"""The last 24 hours of a service point that were read, as a line and in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from lamplighter.kernel.periods import Period
from lamplighter.usage.measuring import PointUse
from lamplighter.usage.queries.series import intervals
from lamplighter.web.ui.charts import Spark
from lamplighter.web.ui.parts import Empty
from lamplighter.web.ui.wording import moment

BACK = 7
DAY = 24 * 3600


def week_until(at: datetime) -> Period:
    """Today and the days before it that are looked at."""
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    return Period(on - timedelta(days=BACK), on + timedelta(days=1))


def last_day(uses: Sequence[PointUse], *, at: datetime) -> dict[str, Any]:
    """The newest 24 hours of which anything was read, in the last week."""
    nothing = {"empty": Empty("No intervals in the last week.")}
    week = week_until(at)
    found = intervals(uses, period=week)
    read = np.flatnonzero(~np.isnan(found.delivered))
    if not read.size:
        return nothing
    last = int(found.starts[read[-1]]) + found.seconds
    within = (found.starts >= last - DAY) & (found.starts < last)
    values = [None if np.isnan(one) else Decimal(str(round(float(one), 3))) for one in found.delivered[within]]
    known = [one for one in values if one is not None]
    until = datetime.fromtimestamp(last, tz=at.tzinfo)
    words = f"{sum(known, Decimal(0)):.1f} kWh in the 24 hours to {moment(until, week.last_day)}"
    flat = " Nothing was used." if not any(known) else ""
    return {"spark": Spark(words, values), "sentence": f"{words}.{flat}"}
