"""What makes a city quick to build changes nothing of what comes out."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.intervals.channeldays import ChannelDays, offsets_of
from lamplighter.intervals.compaction import compact
from lamplighter.intervals.datafiles import KEPT
from lamplighter.intervals.published import Published
from lamplighter.intervals.slots import slot_calendar
from lamplighter.intervals.store import IntervalStore
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput
from lamplighter.rating.exact import PLACES, decimal
from lamplighter.rating.files import parse
from lamplighter.rating.price import asks, laid_out, price
from lamplighter.town.rates import FOLDER

ZONE = ZoneInfo("America/Los_Angeles")
MARCH = slot_calendar(Period(date(2026, 3, 1), date(2026, 4, 1)), seconds=3600, zone=ZONE)


def channel_days(channels, wh):
    widths = np.tile(np.diff(MARCH.firsts), len(channels))
    return ChannelDays(
        3600, np.repeat(np.array(channels, dtype=np.int64), MARCH.days), np.tile(MARCH.ordinals, len(channels)),
        offsets_of(widths), np.full(widths.sum(), wh, dtype=np.int32), np.zeros(widths.sum(), dtype=np.uint8),
    )  # fmt: skip


def test_what_was_read_a_moment_ago_is_never_stale(tmp_path):
    """Files are kept by their path and never changed: corrections and compaction make new ones."""
    store = IntervalStore.create(tmp_path / "intervals")
    ids = np.array([1, 2], dtype=np.int64)

    def total(watermark):
        return int(store.read(ids, MARCH, published=Published(watermark, frozenset())).values.sum())

    store.append([channel_days([1, 2], 100)], revision=1)
    assert total(1) == total(1) == 100 * 2 * MARCH.slots
    store.append([channel_days([2], 300)], revision=2)
    assert total(2) == (100 + 300) * MARCH.slots
    assert total(1) == 100 * 2 * MARCH.slots, "and the past can still be read"
    assert compact(store, "2026-03") == 2
    assert total(2) == (100 + 300) * MARCH.slots


def test_only_so_much_is_kept(tmp_path):
    store = IntervalStore.create(tmp_path / "intervals")
    for revision in range(1, KEPT + 6):
        store.append([channel_days([revision], 100)], revision=revision)
        ids = np.array([revision], dtype=np.int64)
        store.read(ids, MARCH, published=Published(revision, frozenset()))
    assert len(store.files._lately) == KEPT


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_a_layout_of_a_bill_that_is_alike_prices_the_same(path):
    tariff = parse(path.read_text("utf-8"), path.name).tariff
    start = tariff.valid.start
    days = Period(start, date.fromordinal(start.toordinal() + 30))
    bill = BillInput(period=days, attributes={"power_factor": Decimal("0.95")}, since=start)
    layout = laid_out(tariff, bill)
    for kwh in ("0", "431.5", "98000"):
        measured = {ask: Decimal(kwh) for ask in asks(tariff, bill)}
        assert price(tariff, bill, measured, layout=layout) == price(tariff, bill, measured)


@given(st.fractions(max_denominator=10**7))
def test_a_decimal_is_plain_and_exact_or_to_twenty_places(value):
    written = decimal(value)
    _, digits, exponent = written.as_tuple()
    assert -PLACES <= exponent <= 0 or value.denominator > 1
    assert exponent == 0 or digits[-1] != 0
    assert abs(Fraction(written) - value) <= Fraction(1, 2 * 10**PLACES)
