"""When in the day more was used: what runs in the same hours of every day since a day, and the sentence to say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lamplighter.accounts.models import Account
from lamplighter.intervals.curves.daily_step import DailyStep, daily_step
from lamplighter.kernel.periods import Period
from lamplighter.rating.refusals import CannotMeasure
from lamplighter.usage.queries.curves import load_curve
from lamplighter.usage.queries.points import points_of_account
from lamplighter.web.ui.parts import Empty, Fact
from lamplighter.web.ui.wording import day

REACH = timedelta(days=120)


def when_used(account: Account, billed: Period) -> dict[str, Any]:
    """Looked for in the bill's days and those before them."""
    period = Period(billed.closed_end - REACH, billed.closed_end)
    try:
        found = daily_step(load_curve(points_of_account(account, period=period), period=period))
    except CannotMeasure:
        return {"facts": [], "empty": Empty("The meter is not read by the hour, so nobody knows.")}
    if found is None:
        return {"facts": [], "empty": Empty("Nothing new runs in the same hours of every day.")}
    hours, part = f"{_clock(found.first)} to {_clock(found.after)}", _part(found)
    say = (
        f"Something has run every {part} from {hours} since about {found.began:%B %-d}. What is new at home since "
        "then? A heater, a pump or a charger would show like this."
    )
    return {"facts": [
        Fact("More by", f"{found.kw:.1f} kW, {hours}, every {part}"), Fact("Since about", day(found.began)),
        Fact("A month of it", f"{found.kw * found.hours * 30:,.0f} kWh"), Fact("Say", f"\u201c{say}\u201d"),
    ]}  # fmt: skip


def _part(found: DailyStep) -> str:
    return "night" if found.by_night else "day"


def _clock(hour: int) -> str:
    return f"{hour % 12 or 12} {'am' if hour < 12 else 'pm'}"
