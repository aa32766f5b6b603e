"""What of a bill's change the weather made, in dollars."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from lamplighter.accounts.models import Agreement
from lamplighter.billing.queries.comparison import Why
from lamplighter.formats.dayweather import WeatherIn
from lamplighter.kernel.money import total
from lamplighter.keyaccounts.queries.changes import explained
from lamplighter.usage.operations.weather import record_day_weather
from tests.keyaccounts.conftest import BEGAN, JOEL, READS, TODAY, billed, brew, warmth


def knows_the_weather(town):
    days = [BEGAN + timedelta(days=n) for n in range((TODAY - BEGAN).days)]
    mean = [Decimal(round(warmth(day), 1)).quantize(Decimal("0.1")) for day in days]
    told = [WeatherIn(day, m - 6, m, m + 7) for day, m in zip(days, mean, strict=True)]
    record_day_weather(station="Bay", days=told, by=JOEL, at=town.at)


def test_the_weathers_part_of_the_use_is_told_in_dollars(town):
    """July beside June: chillers take 24 kWh a day for each degree, and it was 1.95 warmer."""
    home = brew(town)
    billed(town, READS[:12])
    knows_the_weather(town)
    service = Agreement.objects.get(account=home.account, kind="energy")
    month = explained(service, on=READS[11], alone=True)[0]
    assert total(cause.amount for cause in month.causes) == month.shown.change
    told = {cause.words.partition(":")[0]: cause for cause in month.causes}
    use = next(one.amount for one in month.shown.causes if one.why == (Why.USE,))
    assert told["Weather"].words.startswith("Weather: 70 °F on average instead of 68 °F, 46.9 kWh more a day")
    assert told["Weather"].amount.cents > 0
    assert told["Weather"].amount + told["Use apart from the weather"].amount == use
    others = explained(service, on=READS[11], alone=False)[0].causes
    assert "Weather" not in {one.words.partition(":")[0] for one in others}, "another service's use is in it"
