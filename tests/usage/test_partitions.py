"""However the readings of a file are cut up and in whatever order they come, the same is stored in the end."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.kernel.energy import ESTIMATED
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.files import store_file
from lamplighter.usage.intake.options import ImportOptions
from lamplighter.usage.operations.importing import take_in
from tests.town import NIGHTLY
from tests.usage.feeds import ZONE, meter_file, stored

DAYS = Period(date(2026, 10, 25), date(2026, 11, 8))
"""Two weeks with the day of 25 hours."""

HOURS = 14 * 24 + 1
FIRST = int(midnight(DAYS.start, ZONE).timestamp())
SEEN = Period(DAYS.start - timedelta(days=7), DAYS.closed_end + timedelta(days=7))
serial = count(1)


@st.composite
def files(draw):
    """Readings of two weeks with holes and with readings of two hours, and parts of them; parts may share readings."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    counts = rng.integers(200, 2000, HOURS).tolist()
    holes = draw(st.lists(st.tuples(st.integers(0, HOURS - 1), st.integers(1, 60)), max_size=4))
    gone = {hour for first, length in holes for hour in range(first, first + length)}
    doubled = draw(st.sets(st.integers(0, HOURS - 2), max_size=3))
    rows, hour = [], 0
    while hour < HOURS:
        long = hour in doubled and hour + 1 not in gone
        if hour not in gone:
            rows.append((FIRST + hour * 3600, 7200 if long else 3600, counts[hour]))
        hour += 2 if long else 1
    parts = [[] for _ in range(draw(st.integers(1, 4)))]
    cuts = draw(st.booleans())
    for at, row in enumerate(rows):
        whole = {at * len(parts) // len(rows)}
        for part in whole if cuts else draw(st.sets(st.integers(0, len(parts) - 1), min_size=1, max_size=2)):
            parts[part].append(row)
    return rows, draw(st.permutations([part for part in parts if part]))


def take(town, who, rows):
    badge = town.homes[who].channel.meter.badge
    file, _ = store_file(
        [f"{badge} {next(serial)}".encode()], name="made.csv", media_type="text/csv", by=NIGHTLY, at=town.at
    )
    return take_in(file=file, read=meter_file(badge, rows), options=ImportOptions(), by=NIGHTLY, at=town.at)


@pytest.fixture
def flat(town):
    return town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(files())
def test_any_partition_in_any_order_ends_in_the_same_values(town, flat, drawn):
    rows, parts = drawn
    town.on("2026-12-01")
    whole, pieces = f"whole {next(serial)}", f"pieces {next(serial)}"
    for who in (whole, pieces):
        town.moves_in(who, flat, on=date(2026, 10, 1))
    take(town, whole, rows)
    for part in parts:
        take(town, pieces, part)
    one, other = (stored(town.homes[who].channel, SEEN, raw=True) for who in (whole, pieces))
    assert one.values.tolist() == other.values.tolist()
    assert one.quality.tolist() == other.quality.tolist()
    assert one.raw.tolist() == other.raw.tolist()
    read = one.present & ~np.isin(one.quality, list(ESTIMATED))
    assert int(one.values[read].sum()) == sum(count for _, _, count in rows), "nothing is lost or counted twice"
