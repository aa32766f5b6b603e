"""What a register leaves for a gap that nothing of a channel's own tells is spread as others of its class used it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from lamplighter.kernel.energy import Quality
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Multiplier
from lamplighter.usage.models import IntervalException
from tests.usage.feeds import REGISTERS, hours, values

TWO_DAYS = Period(date(2026, 5, 4), date(2026, 5, 6))
EVENING = [300 + at % 5 + 600 * (17 <= at < 21) for at in range(24)]
GAP = slice(1, 47)
"""Of the first day one hour came and of the second the last: neither tells the other anything."""


@pytest.fixture
def street(town, home, feed):
    """Neighbors who use most in the evening. Ada moved in on the day before: of no like day anything is known."""

    def settle(count):
        rate = home.agreement.rates.get().schedule
        for number in range(count):
            neighbor = town.on("2026-05-01").moves_in(f"Neighbor {number}", rate)
            town.uses(f"Neighbor {number}", TWO_DAYS, EVENING * 2, quality=Quality.VALIDATED)
            assert neighbor.channel.pk != home.channel.pk
        town.on("2026-05-20")

    return settle


def reads(feed, last):
    (_, first, _), (_, end, _) = (hours(day, [0])[0] for day in ("2026-05-04", "2026-05-06"))
    feed([("E-0001", first, 1000), ("E-0001", end, 1000 + last)], "register", REGISTERS)


def gap_of(home, feed):
    """Two hours of 200 Wh came of 48; the register says 15 kWh."""
    reads(feed, 15)
    feed(hours("2026-05-04", [200, *[None] * 46, 200]))
    return values(home.channel, TWO_DAYS)


def test_the_remainder_has_the_shape_of_the_class(home, feed, street):
    street(5)
    found = gap_of(home, feed)
    assert sum(found) == 15_000
    gap = np.array(found[GAP])
    theirs = np.array((EVENING * 2)[GAP])
    assert np.abs(gap - theirs * gap.sum() / theirs.sum()).max() <= 1
    assert not IntervalException.objects.filter(rule="estimation.no-basis").exists()


def test_four_neighbors_are_no_class_and_it_is_spread_evenly(home, feed, street):
    street(4)
    found = gap_of(home, feed)
    assert sum(found) == 15_000
    assert max(found[GAP]) - min(found[GAP]) <= 1


def test_only_channels_that_count_the_same_way_are_asked(home, feed, street):
    street(5)
    Channel.objects.exclude(pk=home.channel.pk).filter(interval=3600).update(flow="received")
    assert Multiplier.objects.exists()
    found = gap_of(home, feed)
    assert max(found[GAP]) - min(found[GAP]) <= 1
