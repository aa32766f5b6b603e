"""Where a home's use goes by the weather, its gaps are filled from days that were as warm."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from lamplighter.formats.dayweather import WeatherIn
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.periods import Period
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.models import EstimationScore
from lamplighter.usage.operations.scoring import keep_scores
from lamplighter.usage.operations.weather import record_day_weather
from lamplighter.usage.queries.scoring import scored
from tests.town import NIGHTLY
from tests.usage.feeds import hours, stored

NINE_WEEKS = Period(date(2026, 5, 1), date(2026, 7, 3))


def test_a_station_makes_a_warm_day_tell_a_warm_day(home, feed, town):
    """On Tuesday, July 7, it was 80 °F: 400 Wh an hour and 20 for each degree over 60, twice that after noon, 24 kWh. A
    usual Tuesday has some 16."""
    weeks = np.random.default_rng(7).permutation(np.repeat(np.arange(21), 3))
    over = np.concatenate([weeks, [10, 10, 10, 10, 20, 10]])
    days = [NINE_WEEKS.start + timedelta(days=at) for at in range(len(over))]
    use = (400 + np.arange(24) % 7 + 20 * np.outer(over, 1 + (np.arange(24) > 11))).ravel().tolist()
    told = [
        WeatherIn(day, Decimal(50), Decimal(60 + int(more)), Decimal(99)) for day, more in zip(days, over, strict=True)
    ]
    town.on("2026-07-09")
    with unit_of_work(NIGHTLY):
        record_day_weather(station="KOAK", days=told, by=NIGHTLY, at=town.at)
    feed(hours("2026-05-01", use[: 63 * 24]))
    with unit_of_work(NIGHTLY):
        keep_scores(channels=[home.channel.pk], found=scored([home.channel], until=NINE_WEEKS.closed_end), at=town.at)
    assert EstimationScore.objects.get(best=True, hours=24).method == "proxy-days-3"
    tuesday = slice(4 * 24, 5 * 24)
    late = use[63 * 24 :]
    late[tuesday] = [None] * 24
    feed(hours("2026-07-03", late))
    block = stored(home.channel, Period(days[67], days[68]))
    assert set(block.quality[0].tolist()) == {Quality.ESTIMATED_REFERENCE_DAY}
    assert abs(int(block.values[0].sum()) - 24_000) < 2_000, "days a degree or two cooler"
