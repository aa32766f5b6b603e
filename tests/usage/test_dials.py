"""Each morning registers are judged by their own reads: high, low, still, unserved, times of use against the total."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from lamplighter.journeys import reading
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Multiplier
from lamplighter.platform.transactions import unit_of_work
from lamplighter.usage.models import IntervalException, RegisterRead
from lamplighter.usage.operations.deciding import estimate
from lamplighter.usage.operations.dials import look_at_registers
from lamplighter.usage.operations.registers import ReadIn, record_reads
from lamplighter.usage.queries.decisions import CannotDecide
from lamplighter.usage.queries.dials import registers_read
from lamplighter.usage.queries.exceptions import seen
from lamplighter.worklist.models import Item
from tests.town import DANA, FLAT, NIGHTLY, ZONE

AUTUMN = (("2026-09-02", 1000), ("2026-10-02", 1300))  # 10 kWh a day


@pytest.fixture
def ada(town):
    home = town.on("2026-08-01").moves_in("Ada", town.adopts(FLAT), interval=None)
    town.on("2026-11-02")
    town.reads("Ada", *AUTUMN)
    return home


def look(town):
    with unit_of_work(NIGHTLY):
        registers = registers_read(since=town.at - timedelta(days=3))
        return look_at_registers(registers=registers, by=NIGHTLY, at=town.at)


def waiting():
    rows = IntervalException.objects.filter(state="open").order_by("rule")
    return [(row.rule, row.measured, row.threshold) for row in rows]


def test_a_register_that_reads_high_waits_until_the_right_read_is_entered(town, ada):
    (high,) = town.reads("Ada", ("2026-11-02", 2230))
    assert look(town).opened == 1
    assert waiting() == [("registers.high-low", 930, 621)], "30 kWh a day; twice ten a day over 31 days and an hour"
    row = IntervalException.objects.get()
    assert (row.account, row.day, row.message) == (
        ada.account.pk, date(2026, 11, 2),
        "The register counted 930,000 Wh from Oct 2 to Nov 2, 2026: much, where its history lets expect 621,000 Wh.",
    )  # fmt: skip
    assert seen(row).rule.label == "Register high or low"
    assert look(town).opened == 0, "a second morning finds the same matter"
    with pytest.raises(CannotDecide, match="not estimated here"):
        estimate(exceptions=[row.pk], seen=0, by=DANA, at=town.at, remark="?")
    reading.correct_read(read=high, count=1610, by=DANA, at=town.at, remark="Two digits were exchanged.")
    assert look(town).resolved == 1
    assert Item.objects.get(subject=f"channel:{ada.channel.pk}").state == "done"


def test_what_is_entered_on_the_matter_itself_corrects_the_read(town, ada):
    (low,) = town.reads("Ada", ("2026-11-02", 1301))
    look(town)
    row = IntervalException.objects.get()
    values = {(row.day, row.slot): 1612}
    reading.edit(exceptions=[row.pk], values=values, seen=0, by=DANA, at=town.at, remark="Read again.")
    assert RegisterRead.objects.get(supersedes=low).count == 1612
    assert look(town).opened == 0


def test_what_a_person_accepted_is_not_asked_again(town, ada):
    town.reads("Ada", ("2026-11-02", 1300))
    look(town)
    assert waiting() == [("registers.zero", 31, 25)]
    row = IntervalException.objects.get()
    reading.accept(exceptions=[row.pk], seen=0, by=DANA, at=town.at, remark="They were away.")
    assert look(town).opened == 0
    assert waiting() == []


def test_a_register_that_moves_while_nobody_is_served_and_one_that_was_estimated(town):
    home = town.on("2026-11-02").moves_in("Ben", town.adopts(FLAT), interval=None)
    meter = home.channel.meter
    meter.installations.update(span=(datetime(2026, 7, 1, tzinfo=ZONE), None))
    town.reads("Ben", *AUTUMN)
    look(town)
    assert waiting() == [("registers.inactive-use", 300, 0)]
    guess = ReadIn(home.channel, datetime.combine(date(2026, 11, 1), time(9), ZONE), 9000, quality=Quality(8))
    record_reads(reads=[guess], by=NIGHTLY, at=town.at)
    assert look(town).opened == 0, "an estimate tells nothing of the register"


def test_times_of_use_beside_a_total(town, ada):
    parts = [
        Channel.objects.create(meter=ada.channel.meter, name=tou, unit="Wh", power=3, dials=5, tou=tou)
        for tou in ("on-peak", "off-peak")
    ]
    for part, counts in zip(parts, ((0, 100, 200), (0, 200, 390)), strict=True):
        Multiplier.objects.create(channel=part, factor=1, period=Period(date(2026, 1, 1)))
        days = (date(2026, 9, 2), date(2026, 10, 2), date(2026, 11, 2))
        rows = [
            ReadIn(part, datetime.combine(day, time(9), ZONE), count) for day, count in zip(days, counts, strict=True)
        ]
        record_reads(reads=rows, by=NIGHTLY, at=town.at)
    town.reads("Ada", ("2026-11-02", 1610))
    look(town)
    assert waiting() == [("registers.time-of-use", 290, 310)]
