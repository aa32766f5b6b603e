"""An account's use of the last two weeks at a glance: a line, yesterday in figures, and the way to all of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from lamplighter.accounts.queries import Profile
from lamplighter.kernel.periods import Period
from lamplighter.usage.queries.points import points_of_account
from lamplighter.usage.queries.series import days
from lamplighter.web.ui.charts import Spark
from lamplighter.web.ui.parts import Empty
from lamplighter.web.ui.wording import quantity, short_day

DAYS = 14


def recent_use(known: Profile, *, on: date) -> dict[str, Any]:
    """Up to yesterday, since today is not read yet; words instead where no interval came."""
    fortnight = Period(on - timedelta(days=DAYS), on)
    found = days(points_of_account(known.account, period=fortnight), period=fortnight)
    read = [one for one in found if one.use.delivered is not None]
    url = reverse("desk:account-usage", args=[known.account.number])
    if not read:
        return {"empty": Empty("No intervals in the last two weeks."), "url": url}
    last, most = read[-1], max(read, key=lambda one: one.use.delivered or 0)
    words = f"{quantity(last.use.delivered, 'kWh', 1)} on {short_day(last.day)}"
    sentence = f"{words}; most on {short_day(most.day)}, {quantity(most.use.delivered, 'kWh', 1)}."
    return {"spark": Spark(sentence, [one.use.delivered for one in found]), "sentence": sentence, "url": url}
