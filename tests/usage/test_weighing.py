"""Readings that came in are weighed: against power, switches, empty houses, and what was used before."""

from __future__ import annotations

from datetime import date, timedelta

from lamplighter.kernel.energy import Quality
from lamplighter.kernel.instants import Span, midnight
from lamplighter.metering import operations as metering
from lamplighter.metering.models import SwitchState
from lamplighter.usage.models import IntervalException, Outage
from lamplighter.worklist.models import Item
from tests.town import DANA
from tests.usage.feeds import USUAL, WEEK, ZONE, hours, open_rules, stored


def test_without_power_there_was_nothing(home, feed):
    out = midnight(date(2026, 5, 6), ZONE)
    Outage.objects.create(point=home.point, span=Span(out, out + timedelta(hours=5)), source="oms")
    counts = [*USUAL]
    counts[48:53] = [None] * 5
    imported = feed(hours("2026-05-04", counts))
    block = stored(home.channel, WEEK)
    assert block.values[0, 48:53].tolist() == [0] * 5
    assert set(block.quality[0, 48:53].tolist()) == {Quality.VALIDATED}
    assert (imported.file.estimated, imported.waits) == (5, False)
    feed(hours("2026-05-04", [None] * 48 + [7]))
    assert stored(home.channel, WEEK).values[0, 48] == 7, "a reading that comes after all is believed"


def test_use_while_the_switch_is_off_is_told_once_for_days_in_a_row(home, feed, town):
    metering.switch(point=home.point, state=SwitchState.State.OFF, at=midnight(date(2026, 5, 6), ZONE),
                    reason="nonpayment", by=DANA, recorded_at=town.at)  # fmt: skip
    feed(hours("2026-05-04", USUAL))
    row = IntervalException.objects.get(rule="vee.inactive-use")
    assert (row.day, row.slots, row.proposal) == (date(2026, 5, 6), 5 * 24, "revenue-protection")
    assert row.message == f"{sum(USUAL[48:]):,} Wh were used on 5 days from 2026-05-06, while nobody is served."


def test_a_vacant_house_is_told_day_by_day_as_one_matter(home, feed):
    for day in range(4, 14):
        feed(hours(f"2026-05-{day:02}", [0] * 24))
    row = IntervalException.objects.get(rule="vee.zero-run")
    assert (row.state, row.measured) == ("open", 8), "the newest words count; days beyond a week before are not read"
    assert Item.objects.get().times == 4


def test_a_spike_is_put_in_question_and_resolved_by_a_whole_day(home, feed):
    """Three hours of a day came, one high; when the rest of the day is as high, the day has a shape."""
    day = [500, 500, 500, 9000] + [None] * 20
    feed(hours("2026-05-05", day))
    assert open_rules() == [("vee.spike", "2026-05-05", 3)]
    assert stored(home.channel, WEEK).quality[0, 27] == Quality.QUESTIONABLE
    feed(hours("2026-05-05", [None] * 4 + [9000] * 3 + list(range(600, 617))))
    assert [row.state for row in IntervalException.objects.all()] == ["resolved"]
    assert stored(home.channel, WEEK).quality[0, 27] == Quality.VALIDATED
    assert Item.objects.get().outcome == "resolved"


def test_high_use_is_seen_against_the_weeks_before(home, feed):
    feed(hours("2026-05-01", [500 + hour % 24 + hour // 24 for hour in range(10 * 24)]))
    feed(hours("2026-05-18", [4000 + hour % 24 for hour in range(24)]))
    assert [rule for rule, _, _ in open_rules()] == ["vee.high-low"]
