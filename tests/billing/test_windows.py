"""Windows from a reading calendar: spread over working days, without overlap or gap, changed only while they may be."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from lamplighter.accounts import operations as accounts
from lamplighter.billing.models import CycleWindow, TrialBill
from lamplighter.billing.operations.windows import change_window, define_windows
from lamplighter.billing.queries.windows import cycle_years, turn_of, turns_to_define
from lamplighter.billing.reading_calendar import LONGEST_TURN, ReadingCalendar, faults
from lamplighter.billing.rules import CannotDefine
from lamplighter.kernel.calendars import HolidayCalendar
from lamplighter.platform.models import Event
from lamplighter.town.calendar import CYCLES, OFFICE, turn
from tests.town import ANALYST

CALENDAR = ReadingCalendar(OFFICE)
CODES = [f"{number:02}" for number in range(1, 21)]
MONTHS = [date(year, month, 1) for year in range(2024, 2030) for month in range(1, 13)]
JAN, FEB = (CALENDAR.turns(["04"], month)[0] for month in (date(2027, 1, 1), date(2027, 2, 1)))


def test_twenty_cycles_are_spread_over_the_working_days_of_a_month():
    """January 2027 has 19 working days: New Year's Day and Dr. King's are none."""
    turns = CALENDAR.turns(CODES, date(2027, 1, 1))
    assert [one.reads_on.day for one in turns] == [
        4, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 19, 20, 21, 22, 25, 26, 27, 28, 29,
    ]  # fmt: skip
    assert turns[0].opens_on == date(2027, 1, 6)
    assert turns[0].closes_on == turns[0].estimate_on == date(2027, 1, 12)


def test_the_demo_city_is_read_by_the_same_rule():
    ten = CODES[:CYCLES]
    for month in MONTHS:
        turns = CALENDAR.turns(ten, month)
        assert [(one.reads_on, one.opens_on) for one in turns] == [
            (turn(number, month).reads_on, turn(number, month).bills_on) for number in range(1, CYCLES + 1)
        ]


def test_a_holiday_moves_the_days_after_it():
    without = ReadingCalendar(HolidayCalendar()).turns(["01"], date(2027, 1, 1))[0]
    assert (without.reads_on, JAN.reads_on) == (date(2027, 1, 1), date(2027, 1, 4))


def test_years_of_windows_neither_overlap_nor_leave_a_gap():
    for code in CODES:
        turns = [CALENDAR.turns(CODES, month)[CODES.index(code)] for month in MONTHS]
        assert list(faults(turns, new=frozenset(turns))) == []
        assert all(b.reads_on - a.reads_on <= LONGEST_TURN for a, b in pairwise(turns))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"opens_on": JAN.closes_on, "reads_on": JAN.closes_on}, "while cycle 04, Jan 2027 is open until Jan 12, 2027"),
        ({"reads_on": JAN.reads_on}, "not after cycle 04, Jan 2027 (Jan 4, 2027)"),
        ({"month": date(2027, 3, 1)}, "no window bills the months between. Define Feb 2027 first"),
        ({"month": JAN.month}, "is defined twice"),
        ({"reads_on": FEB.opens_on + timedelta(1)}, "Put its days in that order"),
        ({"estimate_on": FEB.closes_on + timedelta(1)}, "Choose a day from Feb 3, 2027 to Feb 9, 2027, or none"),
        ({"reads_on": date(2027, 2, 9), "opens_on": date(2027, 2, 9)}, "Choose a read day up to Feb 8, 2027"),
    ],
)  # fmt: skip
def test_an_overlap_or_a_gap_is_told_with_what_to_do(change, said):
    later = replace(FEB, **change)
    assert any(said in fault for fault in faults([JAN, later], new=frozenset([later])))
    assert list(faults([JAN, later], new=frozenset())) == [], "what stood before is let be"


@pytest.fixture
def cycles(town):
    accounts.define_cycle(code="05", name="Hill", by=ANALYST, at=town.at)
    return town.on("2026-11-20")


def year_of(town, year=2027):
    return turns_to_define(calendar=CALENDAR, year=year, on=town.today)


def test_a_year_of_windows_is_defined_at_once_and_each_is_told(cycles):
    made = define_windows(turns=year_of(cycles), by=ANALYST, at=cycles.at)
    assert len(made) == 24
    assert [sorted(one.windows) for one in cycle_years(2027)] == [list(range(1, 13))] * 2
    told = Event.objects.filter(name="billing.window.defined")
    assert {event.subject for event in told} == {window.subject for window in made}
    assert told.first().data["reads_on"] == "2027-01-04"
    with pytest.raises(CannotDefine, match="Every cycle has its windows of 2027"):
        year_of(cycles)


def test_a_cycle_goes_on_after_its_last_window(cycles):
    """04 has December; 05 has none and begins with this month."""
    cycles.window("2026-11-01", "2026-11-04")
    cycles.window("2026-12-01", "2026-12-03")
    turns = year_of(cycles, 2026)
    assert [(one.cycle, one.month) for one in turns] == [("05", date(2026, 11, 1)), ("05", date(2026, 12, 1))]
    turns = year_of(cycles)
    assert turns[0].month == date(2027, 1, 1)
    assert len(turns) == 24


def test_a_year_after_a_gap_is_refused(cycles):
    cycles.window("2026-09-01", "2026-09-03")
    with pytest.raises(CannotDefine, match="Cycle 04, Jan 2027 comes after cycle 04, Sep 2026: no window bills"):
        year_of(cycles)


def test_nothing_is_defined_when_one_window_does_not_fit(cycles):
    turns = year_of(cycles)
    with pytest.raises(CannotDefine, match="is defined twice"):
        define_windows(turns=[*turns, replace(turns[0], reads_on=turns[0].reads_on - timedelta(1))], by=ANALYST,
                       at=cycles.at)  # fmt: skip
    assert not CycleWindow.objects.exists()


def changed(town, window, *, freeze=True, **days):
    return change_window(window=window, turn=replace(turn_of(window), **days), freeze=freeze, by=ANALYST, at=town.at)


def test_a_window_is_changed_and_what_it_was_is_told(town):
    window = town.window("2026-08-01", "2026-09-01", estimate_on=date(2026, 9, 3))
    assert changed(town, window, estimate_on=None, freeze=False).estimate_on is None
    event = Event.objects.get(name="billing.window.changed")
    assert (event.data["was"]["estimate_on"], event.data["now"]["estimate_on"]) == ("2026-09-03", None)
    assert (event.data["was"]["freeze"], event.data["now"]["freeze"]) == (True, False)


def test_a_trial_that_ends_leaves_no_trial_bills(town):
    rate = town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")
    town.on("2026-08-01").moves_in("Ada", rate, interval=None)
    town.reads("Ada", ("2026-08-01", 10_000), ("2026-09-01", 10_744))
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01", freeze=False)
    assert TrialBill.objects.count() == 1
    changed(town, CycleWindow.objects.get())
    assert TrialBill.objects.count() == 0


def test_what_bills_stand_on_is_not_changed(town):
    rate = town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")
    town.on("2026-08-01").moves_in("Ada", rate, interval=None)
    town.reads("Ada", ("2026-08-01", 10_000), ("2026-09-01", 10_744))
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    window = CycleWindow.objects.get()
    for change in ({"reads_on": date(2026, 8, 31)}, {"freeze": False}):
        with pytest.raises(CannotDefine, match="Bills are issued in this window"):
            changed(town, window, **change)
    assert changed(town, window, closes_on=date(2026, 9, 8)).closes_on == date(2026, 9, 8)


def test_a_changed_window_keeps_clear_of_its_neighbors(town):
    town.window("2026-08-01", "2026-09-01")
    later = town.window("2026-09-01", "2026-10-01")
    with pytest.raises(CannotDefine, match="Close the one sooner or open the other later"):
        changed(town, later, reads_on=date(2026, 9, 3), opens_on=date(2026, 9, 3))
