"""What a file leaves open is filled: gaps by rule, estimates to the register, and late readings in their place."""

from __future__ import annotations

from datetime import date

from lamplighter.accounts.operations import change_rate
from lamplighter.kernel.energy import Quality
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Multiplier
from lamplighter.usage.models import IntervalException, RegisterRead
from lamplighter.usage.operations.registers import correct_read
from lamplighter.worklist.models import Item
from tests.town import FLAT
from tests.usage.conftest import AT, DANA
from tests.usage.feeds import REGISTERS, USUAL, WEEK, hours, open_rules, stored, values


def test_a_short_gap_is_a_line_and_a_long_one_like_days(home, feed):
    counts = [*USUAL]
    counts[30:32] = [None, None]
    counts[100:106] = [None] * 6
    imported = feed(hours("2026-05-04", counts))
    assert imported.file.estimated == 8
    block = stored(home.channel, WEEK, raw=True)
    assert set(block.quality[0, 30:32].tolist()) == {Quality.ESTIMATED_LINEAR}
    assert set(block.quality[0, 100:106].tolist()) == {Quality.ESTIMATED_REFERENCE_DAY}
    third = (USUAL[32] - USUAL[29]) / 3
    assert block.values[0, 30:32].tolist() == [round(USUAL[29] + third), round(USUAL[29] + 2 * third)]
    assert (block.raw[0, 30:32] < -(2**31) + 1).all(), "nothing was read there"
    assert (open_rules(), imported.waits) == ([], False)


def test_what_comes_last_is_not_guessed_at(home, feed):
    feed(hours("2026-05-04", USUAL[:100]))
    assert values(home.channel, WEEK)[100:] == [None] * 68


def test_a_late_reading_takes_the_place_of_an_estimate(home, feed):
    counts = [*USUAL]
    counts[100:106] = [None] * 6
    feed(hours("2026-05-04", counts))
    later = feed(hours("2026-05-04", [None] * 100 + USUAL[100:106]))
    assert (later.file.taken, values(home.channel, WEEK)) == (6, USUAL)
    assert set(stored(home.channel, WEEK).quality[0].tolist()) == {Quality.VALIDATED}


def test_a_gap_between_two_files_is_filled_when_the_second_comes(home, feed):
    feed(hours("2026-05-04", USUAL[:72]))
    assert feed(hours("2026-05-08", USUAL[96:])).file.estimated == 24
    assert None not in values(home.channel, WEEK)


def test_a_gap_of_many_weeks_waits_for_a_person(home, feed, town):
    feed(hours("2026-05-04", USUAL))
    town.on("2026-07-01")
    feed(hours("2026-06-20", USUAL))
    (row,) = IntervalException.objects.all()
    assert (row.rule, row.day, row.slots) == ("vee.missing", date(2026, 5, 11), 40 * 24)
    assert row.message.endswith("That is too long to be estimated without a look.")
    feed(hours("2026-05-11", [700 + hour % 24 + hour // 24 for hour in range(40 * 24)]))
    row.refresh_from_db()
    assert (row.state, Item.objects.get(kind="usage.exceptions", ended_at__isnull=False).outcome) == (
        "resolved", "resolved",
    )  # fmt: skip


def test_estimates_come_to_what_the_register_counted(home, feed):
    """The 156 hours that came are 79,722 Wh, the register says 90 kWh: 10,278 Wh for the twelve that are missing."""
    feed([("E-0001", hours("2026-05-04", [0])[0][1], 1000), ("E-0001", hours("2026-05-11", [0])[0][1], 1090)],
         "register", REGISTERS)  # fmt: skip
    counts = [500 + (hour % 24) for hour in range(168)]
    counts[60:72] = [None] * 12
    feed(hours("2026-05-04", counts))
    found = values(home.channel, WEEK)
    assert (sum(found), sum(found[60:72])) == (90_000, 10_278)
    assert found[:60] == counts[:60]


def test_a_register_read_that_comes_later_scales_the_estimates(home, feed):
    counts = [500 + (hour % 24) for hour in range(168)]
    counts[60:72] = [None] * 12
    feed(hours("2026-05-04", counts))
    assert sum(values(home.channel, WEEK)) != 90_000
    feed([("E-0001", hours("2026-05-04", [0])[0][1], 1000), ("E-0001", hours("2026-05-11", [0])[0][1], 1090)],
         "register", REGISTERS)  # fmt: skip
    assert sum(values(home.channel, WEEK)) == 90_000


def test_intervals_that_disagree_with_the_register_wait(home, feed):
    feed(hours("2026-05-04", [500] * 100 + [501] * 68))
    feed([("E-0001", hours("2026-05-04", [0])[0][1], 1000), ("E-0001", hours("2026-05-11", [0])[0][1], 1200)],
         "register", REGISTERS)  # fmt: skip
    rows = {row.rule: row for row in IntervalException.objects.all()}
    row = rows["vee.sum-check"]
    assert (row.measured, row.threshold, row.severity) == (84_068, 200_000, 2)


def test_registers_by_time_of_use_together_stand_for_the_total_that_a_meter_lacks(home, feed):
    """60 and 24 kWh are the 84 of the intervals; 60 and 120 are not, and neither register alone would be held
    against them. While one of the two was not read, nothing is."""
    total = Channel.objects.get(name="register")
    Channel.objects.filter(pk=total.pk).update(name="peak", tou="peak")
    off = Channel.objects.create(meter=total.meter, name="off", unit="Wh", power=3, dials=5, tou="off-peak")
    Multiplier.objects.create(channel=off, factor=1, period=Period(date(2026, 1, 1)))
    (_, first, _), (_, last, _) = (hours(day, [0])[0] for day in ("2026-05-04", "2026-05-11"))
    feed(hours("2026-05-04", [500] * 100 + [501] * 68))
    feed([("E-0001", first, 1000), ("E-0001", last, 1060)], "peak", REGISTERS)
    feed([("E-0001", first, 99_990)], "off", REGISTERS)
    assert "vee.sum-check" not in open_rules(), "60 kWh alone say nothing of 84"
    feed([("E-0001", last, 14)], "off", REGISTERS)
    assert "vee.sum-check" not in open_rules(), "60 and 24"
    correct_read(read=RegisterRead.objects.get(channel=off, count=14), count=110, quality=Quality.EDITED, by=DANA,
                 at=AT, remark="Read once more.")  # fmt: skip
    feed(hours("2026-05-04", [499] + [500] * 99 + [501] * 68))
    row = IntervalException.objects.get(rule="vee.sum-check")
    assert (row.channel, row.threshold) == (home.channel, 180_000)


PEAK_RATE = (
    FLAT.replace('"FLAT"', '"TOU"')
    + """
[[calendar.clock]]
name = "energy"
[[calendar.clock.period]]
name = "peak"
label = "On-peak"
windows = [{ from = "16:00", to = "21:00" }]
[[calendar.clock.period]]
name = "off-peak"
label = "Off-peak"
"""
)


def test_estimates_come_to_each_register_by_time_of_use_in_its_own_hours(town, home, feed):
    """Of a Tuesday afternoon and evening nothing came. The on-peak register leaves 4,100 Wh for its five hours, the
    other 2,000 for two."""
    change_rate(agreement=home.agreement, schedule=town.adopts(PEAK_RATE), on=date(2026, 5, 2), by=DANA, at=town.at)
    total = Channel.objects.get(name="register")
    Channel.objects.filter(pk=total.pk).update(name="on", tou="peak")
    off = Channel.objects.create(meter=total.meter, name="off", unit="Wh", power=3, dials=5, tou="off-peak")
    Multiplier.objects.create(channel=off, factor=1, period=Period(date(2026, 1, 1)))
    counts = [500 + (hour % 24) for hour in range(168)]
    gap = slice(24 + 15, 24 + 22)
    fixed = {hour: count for hour, count in enumerate(counts) if not gap.start <= hour < gap.stop}
    peak = sum(count for hour, count in fixed.items() if 16 <= hour % 24 < 21)
    rest = sum(fixed.values()) - peak
    counts[gap] = [None] * 7
    (_, first, _), (_, last, _) = (hours(day, [0])[0] for day in ("2026-05-04", "2026-05-11"))
    units = [-(-(peak + 4_000) // 1000), -(-(rest + 1_900) // 1000)]
    for name, used in zip(("on", "off"), units, strict=True):
        feed([("E-0001", first, 1000), ("E-0001", last, 1000 + used)], name, REGISTERS)
    feed(hours("2026-05-04", counts))
    found = values(home.channel, WEEK)
    in_peak = sum(found[24 + 16 : 24 + 21])
    assert (in_peak, sum(found[gap]) - in_peak) == (units[0] * 1000 - peak, units[1] * 1000 - rest)
    assert [found[hour] for hour in fixed] == list(fixed.values())


def test_register_reads_are_recorded_once(home, feed):
    at = hours("2026-05-04", [0])[0][1]
    rows = [("E-0001", at + 86_400 * day, 100 + 20 * day) for day in range(10)]
    first = feed(rows, "register", REGISTERS)
    again = feed([*rows, ("E-0001", at + 86_400 * 10, 300)], "register", REGISTERS)
    assert (first.file.taken, again.file.taken, again.file.unchanged) == (10, 1, 10)
    assert RegisterRead.objects.count() == 11


def test_a_register_read_with_another_count_waits(home, feed):
    at = hours("2026-05-04", [0])[0][1]
    feed([("E-0001", at, 100)], "register", REGISTERS)
    imported = feed([("E-0001", at, 700)], "register", REGISTERS)
    assert [read.count for read in RegisterRead.objects.all()] == [100]
    row = IntervalException.objects.get()
    assert (row.rule, row.measured, row.threshold, imported.exceptions) == ("read.conflict", 700, 100, 1)
    assert Item.objects.get().kind == "usage.exceptions"


def test_a_read_that_no_dial_shows_is_left_out(home, feed):
    at = hours("2026-05-04", [0])[0][1]
    imported = feed([("E-0001", at, 100), ("E-0001", at + 86_400, 123_456)], "register", REGISTERS)
    assert [read.count for read in RegisterRead.objects.all()] == [100]
    assert imported.file.tally == {"import.dials": 1}
